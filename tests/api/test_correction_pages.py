"""Correcting an event on its page: who may, what is sent on, what is refused, and what another's hand does to it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.dashboard.correction_form import CorrectionForm, changed, correction, of_facts
from core.models import Correction, Event
from core.views import facts
from tests.api import rows
from tests.api.reader import Reader


@pytest.fixture
def event(session: Session) -> Event:
    told = rows.article(session, "样例银行向示例机器人发放贷款。")
    return rows.event(session, rows.bank(session, "样例银行"), rows.firm(session), told)


def filled(event: Event, reader: Reader, **fields: str) -> dict[str, str]:
    """The form as its page has it, with some fields filled in anew."""
    form = {"csrf": reader.token("/account"), "version": str(event.version), "note": ""}
    return form | of_facts(facts(event)) | fields


def looks(session: Session) -> int:
    return int(session.scalar(select(func.count(Correction.id))) or 0)


def test_only_operators_are_offered_the_form_and_only_theirs_is_taken(
    reader: Reader, session: Session, event: Event, new_subscriber: Callable[..., str]
) -> None:
    reader.sign_in(new_subscriber("bob", scopes=("read", "write")))
    assert "/correct" not in reader.get(f"/events/{event.id}").text
    assert reader.get(f"/events/{event.id}/correct").status_code == 403
    assert reader.send(f"/events/{event.id}/correct", filled(event, reader, status="agreed")).status_code == 403
    verdict = {"csrf": reader.token("/account"), "version": "1", "verdict": "reject"}
    assert reader.send(f"/events/{event.id}/verdict", verdict).status_code == 403
    assert looks(session) == 0


def test_operators_are_led_to_the_form_from_the_events_page(signed_in: Reader, event: Event) -> None:
    assert f'href="/events/{event.id}/correct"' in signed_in.get(f"/events/{event.id}").text
    assert signed_in.get(f"/events/{event.id}/correct").status_code == 200


def test_only_what_was_changed_is_corrected(signed_in: Reader, session: Session, event: Event) -> None:
    answer = signed_in.send(f"/events/{event.id}/correct", filled(event, signed_in, term_months="24", note=" 合同 "))
    assert answer.headers["location"] == f"/events/{event.id}?done=corrected"
    [look] = session.scalars(select(Correction))
    assert (look.facts, look.previous, look.note) == ({"term_months": 24}, {"term_months": None}, "合同")


def test_a_form_in_which_nothing_was_changed_is_no_correction(
    signed_in: Reader, session: Session, event: Event
) -> None:
    answer = signed_in.send(f"/events/{event.id}/correct", filled(event, signed_in))
    assert answer.status_code == 422 and "没有改动任何要素" in answer.text
    assert looks(session) == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"bank": ""}, "bank"),
        ({"bank": "无此银行"}, "bank"),
        ({"firm": "公司"}, "firm"),
        ({"firm": "另一家样例有限公司", "firm_description": "某公司"}, "firm_description"),
        ({"instrument": "gift"}, "instrument"),
        ({"status": ""}, "status"),
        ({"tech": ""}, "tech"),
        ({"date": "昨天"}, "date"),
        ({"term_months": "两年"}, "term_months"),
        ({"amount_min": "三千万"}, "amount_min"),
        ({"qualifier": "range", "amount_max": "1"}, "amount_min"),
        ({"qualifier": "nearly"}, "qualifier"),
        ({"currency": "元"}, "currency"),
        ({"branch": "x" * 201}, "branch"),
        ({"note": "x" * 2001, "branch": "滨江支行"}, "f-note"),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_changes_nothing(
    signed_in: Reader, session: Session, event: Event, given: dict[str, str], field: str
) -> None:
    answer = signed_in.send(f"/events/{event.id}/correct", filled(event, signed_in, **given))
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    [told] = re.findall(rf'id="e-{field}"><li>(.*?)</li></ul>', answer.text)
    assert re.search(r"[\u3400-\u9fff]", told) and "没有接受" not in told, "told in the reader's language"
    session.expire_all()
    assert looks(session) == 0 and session.get_one(Event, event.id).version == 1


def test_a_change_of_another_hand_meanwhile_is_shown_and_not_undone(
    signed_in: Reader, session: Session, event: Event
) -> None:
    mine = filled(event, signed_in, branch="滨江支行")
    assert signed_in.send(f"/events/{event.id}/correct", filled(event, signed_in, status="agreed")).status_code == 303
    late = signed_in.send(f"/events/{event.id}/correct", mine)
    assert late.status_code == 409
    assert 'value="agreed" selected' in late.text, "what the other set"
    assert 'value="滨江支行"' in late.text, "and what was filled in"
    assert 'name="version" value="2"' in late.text
    session.expire_all()
    again = filled(session.get_one(Event, event.id), signed_in, branch="滨江支行")
    assert signed_in.send(f"/events/{event.id}/correct", again).status_code == 303
    session.expire_all()
    kept = session.get_one(Event, event.id)
    assert (kept.status, kept.branch, sorted(kept.held or {})) == ("agreed", "滨江支行", ["branch", "status"])


def test_beside_a_field_set_by_hand_stands_what_the_machine_read(
    signed_in: Reader, session: Session, event: Event
) -> None:
    for status in ("agreed", "planned"):
        session.expire_all()
        form = filled(session.get_one(Event, event.id), signed_in, status=status)
        assert signed_in.send(f"/events/{event.id}/correct", form).status_code == 303
    page = signed_in.get(f"/events/{event.id}/correct").text
    assert "机器读作：已发放（现为人工所定）" in page


def test_who_looked_is_named_to_operators_alone(
    signed_in: Reader, base_url: str, event: Event, new_subscriber: Callable[..., str]
) -> None:
    form = {"csrf": signed_in.token("/account"), "version": "1", "verdict": "confirm", "note": "核对过"}
    assert signed_in.send(f"/events/{event.id}/verdict", form).status_code == 303
    assert "alice" in history(signed_in, event)
    bob = Reader(base_url)
    bob.sign_in(new_subscriber("bob", scopes=("read",)))
    told = history(bob, event)
    assert "alice" not in told and "核对过" in told and "人工" in told
    bob.http.close()


def history(reader: Reader, event: Event) -> str:
    return reader.get(f"/events/{event.id}").text.partition('<ol class="versions">')[2].partition("</ol>")[0]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"amount_min": "1,500,000", "amount_max": ""}, {"min": 1500000, "max": 1500000, "qualifier": "exact"}),
        ({"amount_min": "", "amount_max": "90000", "qualifier": "at_most"}, {"min": None, "max": 90000}),
        ({"amount_min": "1", "amount_max": "2", "qualifier": "range", "currency": "usd"}, {"currency": "USD"}),
        ({"amount_min": "", "amount_max": ""}, None),
    ],
)
def test_a_sum_is_read_as_it_is_filled_in(event: Event, fields: dict[str, str], told: dict[str, Any] | None) -> None:
    form = CorrectionForm.model_validate({"version": 1} | of_facts(facts(event)) | fields)
    assert changed(of_facts(facts(event)), form) == ["amount"]
    amount = correction(form, ["amount"]).fields()["amount"]
    assert amount == told if told is None else told.items() <= amount.items()
