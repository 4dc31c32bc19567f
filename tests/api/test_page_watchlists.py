"""The pages of watchlists over HTTP: forms without JavaScript, refusals in the reader's language, one's own only."""

import re
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.dashboard import refusals
from api.dashboard.wording import LANGUAGES, words
from api.errors import FieldError
from core import catch_up
from core.models import Watchlist
from extractor.catching_up import DUTIES
from tests.api import rows, test_watchlists
from tests.api.reader import Reader

FORM = {"triggers": "created", "tech_only": "true", "enabled": "true", "logic": "any", "rhythm": "immediate"}


def _cases() -> list[dict[str, Any]]:
    """What tests/api/test_watchlists.py has the API refuse."""
    tests = (
        test_watchlists.test_what_makes_no_sense_is_refused_with_its_field_and_reason,
        test_watchlists.test_a_time_that_makes_no_sense_is_refused_with_its_field_and_reason,
    )
    return [case[0] for test in tests for mark in test.pytestmark for case in mark.args[1]]  # type: ignore[attr-defined]


def _send(reader: Reader, path: str = "/watchlists/new", **fields: Any) -> httpx.Response:
    return reader.send(path, {**FORM, "csrf": reader.token("/account"), **fields})


def _kept(session: Session) -> Watchlist:
    session.rollback()
    return session.scalars(select(Watchlist)).one()


def _field(page: str, name: str) -> str:
    """What a field of the form holds."""
    area, line = rf'<textarea id="f-{name}"[^>]*>(.*?)</textarea>', rf'<input[^>]* id="f-{name}"[^>]*? value="([^"]*)"'
    found = re.search(f"{area}|{line}", page, re.DOTALL)
    assert found, name
    return found[1] or found[2] or ""


def test_every_refusal_is_told_in_the_readers_language(alice: httpx.Client) -> None:
    told: set[str] = set()
    for changed in _cases():
        if "colour" in changed:  # no form has it
            continue
        for error in alice.post("/v1/watchlists", json={**test_watchlists.LIST, **changed}).json()["errors"]:
            told |= {error["reason"]}
    assert len(told) > 20
    for language in LANGUAGES:
        unsaid = words(language)("refusal.other", reason="").strip()
        said = {reason: refusals.said(words(language), FieldError(field="body.x", reason=reason)) for reason in told}
        assert [reason for reason, text in said.items() if text.startswith(unsaid)] == []
        assert language == "en" or [text for text in said.values() if not re.search(r"[\u3400-\u9fff]", text)] == []


def test_a_list_is_made_without_javascript_and_leads_to_its_page(signed_in: Reader, session: Session) -> None:
    answer = _send(
        signed_in, firms="示例机器人\r\n\r\n又一家科技 ", banks="招商银行 / 苏州分行", min_amount="1,000", unit="10000",
        min_confidence="60", hours_days="0:1", hours_from="08:30", hours_until="00:00", muted_until="2199-01-01T08:00",
        exclude_words="转让", instruments="tech_loan", changed="amount",
    )  # fmt: skip
    assert answer.status_code == 303
    row = _kept(session)
    assert answer.headers["location"] == f"/watchlists/{row.id}?saved=new#main"
    assert row.name == "示例机器人等4项"
    assert {(one.kind, one.name, one.branch, one.excludes) for one in row.items} == {
        ("firm", "示例机器人", None, False), ("firm", "又一家科技", None, False),
        ("bank", "招商银行", "苏州分行", False), ("word", "转让", None, True),
    }  # fmt: skip
    assert (row.min_amount, row.min_confidence, row.changed) == (10_000_000, 0.6, ["amount"])
    assert row.hours == [{"days": [1], "from": "08:30", "until": "24:00"}]
    page = signed_in.get(f"/watchlists/{row.id}").text
    held = {name: _field(page, name) for name in ("firms", "banks", "min_amount", "min_confidence", "exclude_words")}
    assert held == {
        "firms": "示例机器人\n又一家科技", "banks": "招商银行 / 苏州分行", "min_amount": "1000", "min_confidence": "60",
        "exclude_words": "转让",
    }  # fmt: skip
    assert _field(page, "until-0") == "00:00" and _field(page, "muted_until") == "2199-01-01T08:00"


def test_a_saved_form_that_is_sent_as_it_stands_changes_nothing(
    reader: Reader, alice: httpx.Client, session: Session
) -> None:
    reader.sign_in(alice.headers["authorization"].removeprefix("Bearer "))
    given = {**test_watchlists.LIST, **test_watchlists.TIMES, "exclude": {"sectors": ["coal"]}, "min_amount": 12345.5}
    made = alice.post("/v1/watchlists", json=given).json()
    page = reader.get(path := f"/watchlists/{made['id']}").text
    assert reader.http.post(path, data=_all_fields(page), headers={"origin": reader.origin}).status_code == 303
    told = alice.get(f"/v1{path}").json()
    assert {**told, "changed": sorted(told["changed"])} == {**made, "changed": sorted(made["changed"])}


def _all_fields(page: str) -> dict[str, list[str]]:
    """Every field of the page's form, as a browser sends it."""
    form = page[page.index('<form class="fill"') : page.rindex("</form>")]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        kind, name = re.search(r'type="(\w[\w-]*)"', tag), re.search(r' name="(\w+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if kind and name and value and (kind[1] not in ("checkbox", "radio") or " checked" in tag):
            sent.setdefault(name[1], []).append(value[1])
    for name, text in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = [text]
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else ""]
    return sent


def test_what_is_refused_stands_at_its_field_and_what_was_typed_is_kept(signed_in: Reader, session: Session) -> None:
    page = _send(signed_in, name="我的", firms="示例机器人\n公司", min_amount="很多", zone="Asia/Peking").text
    assert (_field(page, "name"), _field(page, "min_amount")) == ("我的", "很多")
    assert _field(page, "firms") == "示例机器人\n公司"
    told = dict(re.findall(r'<ul class="refused" id="e-(\w+)"><li>(.*?)</li>', page))
    assert told == {
        "firms": "“公司”几乎每篇文章都有，不能单独关注。",
        "min_amount": "请填数字。",
        "zone": "没有叫“Asia/Peking”的时区，例如 Asia/Shanghai。",
    }
    assert "details open" in page
    assert not session.scalar(select(func.count()).select_from(Watchlist))


def test_a_second_list_of_one_name_is_refused_at_the_name(signed_in: Reader) -> None:
    assert _send(signed_in, name="甲", words="专精特新").status_code == 303
    assert '<ul class="refused" id="e-name"><li>您已有同名的' in _send(signed_in, name="甲", words="专精特新").text


def test_names_are_found_by_any_alias_and_looked_up_without_javascript(signed_in: Reader, session: Session) -> None:
    rows.bank(session, "招商银行", "招行", "招商")
    rows.firm(session, "示例机器人股份有限公司", "示例机器人", origin="learnt")
    rows.firm(session, "示例微电子股份有限公司", origin="learnt")
    taken = _send(signed_in, do="find", find_bank="招行苏州分行").text
    assert _field(taken, "banks") == "招商银行 / 苏州分行"
    asked = _send(signed_in, do="find", find_firm="示例").text
    assert _field(asked, "firms") == "" and _field(asked, "find_firm") == "示例"
    assert set(re.findall(r'name="add" value="([^"]+)"', asked)) == {
        "firm:示例机器人股份有限公司", "firm:示例微电子股份有限公司", "firm:示例",
    }  # fmt: skip
    chosen = _send(signed_in, add="firm:示例微电子股份有限公司", find_firm="示例", firms="另一家").text
    assert _field(chosen, "firms") == "另一家\n示例微电子股份有限公司"
    assert _send(signed_in, do="save", find_firm="示例机器人").status_code == 303
    assert _kept(session).name == "示例机器人股份有限公司"
    piece = signed_in.get("/watchlists/names/region", params={"find_region": "苏州"}).text
    assert "江苏" in piece and "<html" not in piece


def test_a_name_that_nothing_knows_is_watched_and_what_was_meant_is_one_click_away(
    signed_in: Reader, session: Session
) -> None:
    rows.bank(session, "样例银行")
    while catch_up.once(DUTIES):
        pass
    path = _send(signed_in, banks="样木银行").headers["location"].partition("?")[0]
    [value] = re.findall(r'name="replace" value="([^"]+)"', signed_in.get(path).text)
    assert value == "banks:样木银行|样例银行"
    assert _send(signed_in, path, banks="样木银行", name="x", replace=value).status_code == 303
    assert [one.name for one in _kept(session).items] == ["样例银行"]


def test_a_draft_is_tried_out_and_leaves_nothing_behind(signed_in: Reader, session: Session) -> None:
    told = rows.article(session, "样例银行向示例机器人发放贷款。", title="一笔贷款")
    event = rows.event(session, rows.bank(session, "样例银行"), rows.firm(session), told)
    page = _send(signed_in, do="test", banks="样例银行", days="30").text
    assert f'href="/events/{event.id}"' in page and "<blockquote" in page and "会提醒1次" in page
    assert "还没有保存" in page
    page = _send(signed_in, do="test", banks="样例银行", min_amount="100", unit="100000000").text
    assert "会提醒0次" in page and "1次：金额不到。" in page
    assert not session.scalar(select(func.count()).select_from(Watchlist))


def test_a_list_begins_with_the_firm_or_bank_that_led_here(signed_in: Reader, session: Session) -> None:
    bank, firm = rows.bank(session, "样例银行"), rows.firm(session, origin="learnt")
    page = signed_in.get(f"/watchlists/new?firm={firm.id}&bank={bank.id}").text
    assert (_field(page, "firms"), _field(page, "banks")) == (firm.name, bank.name)
    assert signed_in.get(f"/watchlists/new?firm={bank.id}").status_code == 404


def test_a_list_is_switched_off_and_deleted_after_a_question(signed_in: Reader, session: Session) -> None:
    path = _send(signed_in, words="专精特新").headers["location"].partition("?")[0]
    form = {"csrf": signed_in.token("/account")}
    assert signed_in.send(f"{path}/switch", form).status_code == 303
    assert _kept(session).enabled is False
    assert "删除“专精特新”？" in signed_in.get(f"{path}/delete").text
    assert _kept(session).name == "专精特新", "asking deletes nothing"
    assert "已删除“专精特新”" in signed_in.get(signed_in.send(f"{path}/delete", form).headers["location"]).text
    assert signed_in.get(path).status_code == 404


def test_a_key_that_may_only_read_looks_and_changes_nothing(looker: Reader, session: Session) -> None:
    assert _send(looker, words="专精特新").status_code == 403
    assert looker.get("/watchlists/new").status_code == 403
    assert "/watchlists/new" not in looker.get("/watchlists").text
