"""The operator's hand in the registers: names given and taken, rows changed and merged, each edit kept."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import match
from core import work
from core.models import Article, Bank, Event, Evidence, Firm, LexiconChange, Mention, Notice, RegisterEdit
from core.views import facts
from extractor.kinship import stem
from tests.api import rows
from tests.api.conftest import Subscribe
from yinqi import Client


def firm(session: Session, name: str, *aliases: str, **fields: Any) -> Firm:
    """A firm with the stems that the scheduler gives to names."""
    row = rows.firm(session, name, *aliases, **fields)
    for alias in row.aliases:
        alias.stem = stem(alias.alias)
    session.commit()
    return row


def told(session: Session, bank: Bank, of: Firm, **fields: Any) -> Event:
    """An event with one telling as the extractor keeps it."""
    event = rows.event(session, bank, of, rows.article(session), **fields)
    [row] = session.scalars(select(Evidence).where(Evidence.event_id == event.id))
    row.facts = facts(event) | {"published": "2026-03-02", "confidence": 0.9, "sector": None}
    row.names, row.keys = [of.name], [f"{bank.name}|{stem(of.name)}"]
    session.commit()
    return event


def reason(answer: httpx.Response) -> str:
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    return f"{error['field']}: {error['reason']}"


def test_a_name_that_is_added_is_found_and_told_to_the_extractors(alice: httpx.Client, session: Session) -> None:
    row = firm(session, "样例机器人股份有限公司")
    answer = alice.post(f"/v1/firms/{row.id}/aliases", json={"alias": "澄砺机器人"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["aliases"] == ["澄砺机器人"]
    assert [one["id"] for one in alice.get("/v1/firms", params={"q": "澄砺"}).json()["items"]] == [str(row.id)]
    assert session.scalars(select(LexiconChange.what)).all() == ["alias"]
    assert alice.post(f"/v1/firms/{row.id}/aliases", json={"alias": "澄砺 机器人"}).json()["aliases"] == ["澄砺机器人"]
    [edit] = alice.get(f"/v1/firms/{row.id}/edits").json()["items"]
    assert (edit["what"], edit["after"], edit["by"], edit["via"]) == (
        "alias_added",
        {"alias": "澄砺机器人"},
        "alice",
        "api",
    )


@pytest.mark.parametrize(
    ("alias", "why"),
    [
        ("澄", "is too short"),
        ("科技", "is a generic word"),
        ("有限公司", "is a generic word"),
        ("商业银行", "is a generic word"),
        ("苏州市", "it is the name of a place"),
        ("2026", "it has no letter"),
        ("云帆科技", "is ambiguous: it is a name of the firm 云帆科技股份有限公司"),
        ("工行", "is ambiguous: it is a name of the bank 工商银行"),
        ("云帆", "is ambiguous: it may mean the firm 云帆科技股份有限公司"),
    ],
)
def test_a_name_that_says_too_little_is_refused_with_the_reason(
    alice: httpx.Client, session: Session, alias: str, why: str
) -> None:
    row = firm(session, "样例机器人股份有限公司")
    firm(session, "云帆科技股份有限公司", "云帆科技")
    rows.bank(session, "工商银行", "工行")
    refused = reason(alice.post(f"/v1/firms/{row.id}/aliases", json={"alias": alias}))
    assert refused.startswith("body.alias: ") and why in refused


def test_a_full_legal_name_says_itself_whose_it_is(alice: httpx.Client, session: Session) -> None:
    row = firm(session, "样例机器人")
    firm(session, "云帆科技")
    path = f"/v1/firms/{row.id}/aliases"
    assert alice.post(path, json={"alias": "滨海市云帆科技有限公司"}).status_code == 200


def test_a_name_that_is_taken_is_gone_and_its_own_name_stays(alice: httpx.Client, session: Session) -> None:
    row = firm(session, "样例机器人", "小样")
    path = f"/v1/firms/{row.id}/aliases"
    assert "is its own name" in reason(alice.delete(path, params={"alias": "样例机器人"}))
    assert alice.delete(path, params={"alias": "小样"}).json()["aliases"] == []
    assert alice.delete(path, params={"alias": "小样"}).status_code == 404
    assert alice.get("/v1/firms", params={"q": "小样"}).json()["items"] == []
    session.refresh(row)
    assert row.refused == ["小样"]
    assert alice.post(path, json={"alias": "小样"}).json()["aliases"] == ["小样"]
    session.refresh(row)
    assert row.refused == []


def test_what_a_firm_was_called_before_stays_its_name(alice: httpx.Client, session: Session) -> None:
    bank, row = rows.bank(session, "样例银行"), firm(session, "样例机器人", region="上海")
    event = told(session, bank, row)
    given = {
        "name": "澄砺机器人",
        "sector": "机器人与智能硬件",
        "tech": False,
        "region": "苏州市",
        "stock_code": "sh688001",
    }
    answer = alice.patch(f"/v1/firms/{row.id}", json=given).json()
    assert (answer["name"], answer["aliases"], answer["sector"]) == ("澄砺机器人", ["样例机器人"], "robotics")
    assert (answer["region"], answer["stock_code"]) == ("苏州", "688001.SH")
    assert answer["edited"] == ["name", "region", "sector", "stock_code", "tech"]
    [edit] = alice.get(f"/v1/firms/{row.id}/edits").json()["items"]
    assert edit["before"]["name"] == "样例机器人" and edit["after"]["tech"] is False
    [found] = alice.get("/v1/events", params={"firm": "样例机器人"}).json()["items"]
    assert (found["id"], found["version"]) == (str(event.id), 2)
    assert (found["tech"], found["sector"], found["regions"]) == (False, "robotics", ["江苏", "苏州"])
    assert session.scalars(select(Notice.kind)).all() == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "科技"}, "body.name"),
        ({"name": None}, "body.name"),
        ({"sector": "baking"}, "body.sector"),
        ({"region": "火星"}, "body.region"),
        ({"stock_code": "abc"}, "body.stock_code"),
        ({"colour": "red"}, "body.colour"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    alice: httpx.Client, session: Session, given: dict[str, Any], field: str
) -> None:
    row = firm(session, "样例机器人")
    answer = alice.patch(f"/v1/firms/{row.id}", json=given)
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert session.scalars(select(RegisterEdit.what)).all() == []


def test_a_bank_has_a_new_name_in_its_events_and_subsidiaries(alice: httpx.Client, session: Session) -> None:
    bank, row = rows.bank(session, "样例农商银行", kind="rural"), firm(session, "样例机器人")
    child = rows.bank(session, "样例金租", kind="leasing")
    child.parent = "样例农商银行"
    session.commit()
    event = told(session, bank, row)
    answer = alice.patch(f"/v1/banks/{bank.id}", json={"name": "样例银行", "kind": "city"}).json()
    assert (answer["name"], answer["aliases"], answer["kind"]) == ("样例银行", ["样例农商银行"], "city")
    assert alice.get(f"/v1/banks/{child.id}").json()["parent"] == "样例银行"
    versions = alice.get(f"/v1/events/{event.id}/versions").json()["items"]
    assert [one["facts"]["bank"] for one in versions] == ["样例农商银行", "样例银行"]
    assert versions[1]["previous"] == {"bank": "样例农商银行"}
    assert session.scalars(select(Notice.kind)).all() == []
    assert "no bank is called" in reason(alice.patch(f"/v1/banks/{bank.id}", json={"parent": "没有的银行"}))


def test_a_merged_firm_still_answers_and_its_events_and_mentions_are_the_others(
    alice: httpx.Client, session: Session
) -> None:
    bank = rows.bank(session, "样例银行")
    kept, gone = firm(session, "样例机器人", tech=True), firm(session, "穹天航芯", "航芯", sector="aerospace")
    older = firm(session, "老名字", merged_into=gone.id)
    event = told(session, bank, gone)
    [article_id] = session.scalars(select(Evidence.article_id))
    place = {"article_id": article_id, "start": 0, "end": 4, "where": "text"}
    session.add(Mention(kind="firm", name="穹天航芯", firm_id=gone.id, **place))
    session.commit()
    answer = alice.post(f"/v1/firms/{gone.id}/merge", json={"into": str(kept.id)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["firm"]["aliases"] == ["穹天航芯", "航芯"]
    assert answer.json()["firm"]["sector"] == "aerospace"  # which the firm that stays did not know
    for row in (gone, older):
        assert alice.get(f"/v1/firms/{row.id}").json()["merged_into"] == str(kept.id)
    assert alice.get(f"/v1/events/{event.id}").json()["firm"]["id"] == str(kept.id)
    assert session.scalar(select(Mention.firm_id)) == kept.id
    assert alice.post(f"/v1/firms/{gone.id}/merge", json={"into": str(kept.id)}).json()["events_merged"] == 0
    assert {one["what"] for one in alice.get(f"/v1/firms/{gone.id}/edits").json()["items"]} == {"merged"}
    assert "was merged into" in reason(alice.patch(f"/v1/firms/{gone.id}", json={"tech": True}))


def test_what_cannot_be_merged_is_refused_by_name(alice: httpx.Client, session: Session) -> None:
    one, other, third = (firm(session, name) for name in ("样例机器人", "穹天航芯", "青禾智造"))
    assert "into itself" in reason(alice.post(f"/v1/firms/{one.id}/merge", json={"into": str(one.id)}))
    missing = "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"
    assert alice.post(f"/v1/firms/{one.id}/merge", json={"into": missing}).status_code == 404
    assert alice.post(f"/v1/firms/{one.id}/merge", json={"into": str(other.id)}).status_code == 200
    assert "was merged into" in reason(alice.post(f"/v1/firms/{third.id}/merge", json={"into": str(one.id)}))
    assert "was merged into" in reason(alice.post(f"/v1/firms/{one.id}/merge", json={"into": str(third.id)}))


def test_two_banks_are_one(alice: httpx.Client, session: Session) -> None:
    kept, gone = rows.bank(session, "样例银行"), rows.bank(session, "样例城商银行", "样城行")
    event = told(session, gone, firm(session, "样例机器人"))
    answer = alice.post(f"/v1/banks/{gone.id}/merge", json={"into": str(kept.id)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["bank"]["aliases"] == ["样例城商银行", "样城行"]
    assert alice.get(f"/v1/banks/{gone.id}").json()["merged_into"] == str(kept.id)
    assert [one["name"] for one in alice.get("/v1/banks").json()["items"]] == ["样例银行"]
    assert alice.get(f"/v1/events/{event.id}").json()["bank"]["id"] == str(kept.id)
    for name in ("样城行", str(gone.id), str(kept.id)):
        [found] = alice.get("/v1/events", params={"bank": name}).json()["items"]
        assert found["id"] == str(event.id)
    assert alice.patch(f"/v1/banks/{kept.id}", json={"name": "样例城商银行"}).json()["name"] == "样例城商银行"


def test_lists_that_watch_either_of_two_merged_firms_are_told_of_the_one(alice: httpx.Client, session: Session) -> None:
    hook = {"kind": "webhook", "name": "desk", "config": {"url": "http://127.0.0.1:9/hook"}}
    channel = alice.post("/v1/channels", json=hook).json()["id"]
    bank, kept, gone = rows.bank(session, "样例银行"), firm(session, "样例机器人"), firm(session, "穹天航芯")
    for name in ("样例机器人", "穹天航芯"):
        assert alice.post("/v1/watchlists", json={"name": name, "firms": [name], "channels": [channel]}).is_success
    alice.post(f"/v1/firms/{gone.id}/merge", json={"into": str(kept.id)})
    event = told(session, bank, kept)
    notice = Notice(kind="event.created", event_id=event.id, version=1, article_id=session.scalar(select(Article.id)))
    session.add(notice)
    session.commit()
    assert work.attempt(work.MATCH, notice.id, match.match) == "done"
    [delivery] = alice.get("/v1/deliveries").json()["items"]
    assert set(delivery["watchlists"]) == {"样例机器人", "穹天航芯"}


def test_only_the_operator_edits(subscribe: Subscribe, session: Session) -> None:
    row, bank = firm(session, "样例机器人"), rows.bank(session, "样例银行")
    reader = subscribe("reader", scopes=("read", "write"))
    for path in (f"/v1/firms/{row.id}", f"/v1/banks/{bank.id}"):
        assert reader.patch(path, json={"region": "上海"}).status_code == 403
        assert reader.post(f"{path}/aliases", json={"alias": "小样"}).status_code == 403
        assert reader.delete(f"{path}/aliases", params={"alias": "小样"}).status_code == 403
        assert reader.post(f"{path}/merge", json={"into": str(row.id)}).status_code == 403
        assert reader.get(f"{path}/edits").status_code == 403


def test_lists_are_narrowed(alice: httpx.Client, session: Session) -> None:
    bank = rows.bank(session, "样例银行", kind="city")
    idle = rows.bank(session, "空闲银行", kind="rural")
    busy = firm(session, "样例机器人", sector="robotics", tech=True, region="苏州", stock_code="688001.SH")
    firm(session, "穹天航芯", region="上海")
    rows.event(session, bank, busy, rows.article(session), sector="robotics")
    bank.region, idle.region = "江苏", "浙江"
    for name, letters in {"样例机器人": ("yanglijiqiren", "yljqr")}.items():
        [alias] = [one for one in busy.aliases if one.alias == name]
        alias.pinyin, alias.initials = letters
    session.commit()

    def names(path: str, **asked: Any) -> set[str]:
        return {one["name"] for one in alice.get(path, params=asked).json()["items"]}

    for asked in ({"region": "江苏省"}, {"has_events": True}, {"q": "yljq"}, {"q": "yangli"}, {"q": "688001"}):
        assert names("/v1/firms", **asked) == {"样例机器人"}, asked
    assert names("/v1/firms", has_events=False) == names("/v1/firms", region="上海") == {"穹天航芯"}
    for asked in ({"region": "江苏"}, {"has_events": True}, {"tech": True}, {"sector": "robotics"}):
        assert names("/v1/banks", **asked) == {"样例银行"}, asked
    assert names("/v1/banks", has_events=False) == {"空闲银行"}
    assert names("/v1/banks", sector="aerospace") == names("/v1/banks", tech=False) == set()
    assert alice.get("/v1/firms", params={"region": "火星"}).json()["errors"][0]["field"] == "query.region"
    assert session.scalar(select(Event.id)) is not None


def test_the_client_edits_as_the_api_does(base_url: str, new_subscriber: Any, session: Session) -> None:
    one, other, bank = firm(session, "样例机器人"), firm(session, "穹天航芯"), rows.bank(session, "样例银行")
    bank_too = rows.bank(session, "样例城商银行")
    with Client(base_url, new_subscriber("client")) as client:
        assert client.add_firm_alias(one.id, "小样机器人").aliases == ["小样机器人"]
        assert client.remove_firm_alias(one.id, "小样机器人").aliases == []
        assert client.update_firm(one.id, tech=False).tech is False
        assert client.merge_firm(other.id, one.id).firm.aliases == ["穹天航芯"]
        assert [edit.what for edit in client.firm_edits(one.id)] == [
            "merged",
            "changed",
            "alias_removed",
            "alias_added",
        ]
        assert client.add_bank_alias(bank.id, "样行").aliases == ["样行"]
        assert client.remove_bank_alias(bank.id, "样行").aliases == []
        assert client.update_bank(bank.id, region="江苏").region == "江苏"
        assert client.merge_bank(bank_too.id, bank.id).bank.id == bank.id
        assert len(list(client.bank_edits(bank.id))) == 4
        assert [row.id for row in client.banks(region="江苏")] == [client.bank(bank.id).id]
        assert [row.id for row in client.firms(q="穹天")] == [client.firm(one.id).id]
