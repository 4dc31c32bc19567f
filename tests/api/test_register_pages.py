"""Banks and firms edited on their pages: who may, what is sent on, what is refused, what a look at a merge leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.dashboard.register_form import of_row
from api.registers import edit
from api.registers.edit import Hand
from api.registers.kinds import BANKS, FIRMS
from core.models import Bank, Event, Firm, RegisterEdit
from tests.api import rows
from tests.api.reader import Reader


@pytest.fixture
def firm(session: Session) -> Firm:
    return rows.firm(session, "明曜机器人股份有限公司", "明曜机器人", origin="learnt", sector="robotics")


def sent(reader: Reader, path: str, **form: str) -> Any:
    return reader.send(path, {"csrf": reader.token("/account")} | form)


def log(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    return [(one.what, one.via) for one in session.scalars(select(RegisterEdit).order_by(RegisterEdit.id))]


def test_fields_that_were_changed_are_set_and_no_others(signed_in: Reader, session: Session, firm: Firm) -> None:
    form = of_row(FIRMS, firm) | {"region": "江苏", "tech": "yes"}
    assert sent(signed_in, f"/registers/firms/{firm.id}", **form).headers["location"].endswith("?done=changed")
    assert log(session) == [("changed", "dashboard")]
    kept = session.get_one(Firm, firm.id)
    assert (kept.region, kept.tech, sorted(kept.edited)) == ("江苏", True, ["region", "tech"])


def test_what_another_changed_meanwhile_is_not_undone(signed_in: Reader, session: Session, firm: Firm) -> None:
    form = of_row(FIRMS, firm) | {"region": "江苏"}
    edit.change(session, Hand(None, "terminal"), FIRMS, firm.id, {"sector": "biomedicine"})
    session.commit()
    assert sent(signed_in, f"/registers/firms/{firm.id}", **form).status_code == 422
    assert log(session) == [("changed", "terminal")]


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "all"), ({"name": ""}, "name"), ({"name": "公司"}, "name"), ({"stock_code": "12"}, "stock_code"),
     ({"region": "火星"}, "region"), ({"sector": "gold"}, "sector")],
)  # fmt: skip
def test_what_is_refused_is_told_at_its_field(
    signed_in: Reader, session: Session, firm: Firm, given: dict[str, str], field: str
) -> None:
    answer = sent(signed_in, f"/registers/firms/{firm.id}", **(of_row(FIRMS, firm) | given))
    assert answer.status_code == 422 and f'id="e-{field}"' in answer.text
    assert "没有接受" not in answer.text, "told in the reader's language"
    assert log(session) == []


def test_a_bank_is_named_and_its_name_taken(signed_in: Reader, session: Session) -> None:
    bank = rows.bank(session, "样例银行", "样行")
    path = f"/registers/banks/{bank.id}"
    assert sent(signed_in, f"{path}/names", alias="样例银").status_code == 303
    assert sent(signed_in, f"{path}/names/take", alias="样行").status_code == 303
    assert sent(signed_in, f"{path}/names/take", alias="样例银行").status_code == 422, "its own name stays"
    refused = sent(signed_in, f"{path}/names", alias="银行")
    assert refused.status_code == 422 and 'id="e-alias"' in refused.text and 'value="银行"' in refused.text
    assert log(session) == [("alias_added", "dashboard"), ("alias_removed", "dashboard")]
    assert sorted(one.alias for one in session.get_one(Bank, bank.id).aliases) == ["样例银", "样例银行"]


def test_a_look_at_a_merge_tells_what_follows_and_changes_nothing(
    signed_in: Reader, session: Session, firm: Firm
) -> None:
    bank, other = rows.bank(session, "样例银行"), rows.firm(session, "云麓智能有限公司", origin="learnt", region="江苏")
    event = rows.event(session, bank, other)
    look = signed_in.get(f"/registers/firms/{other.id}/merge", params={"into": "明曜机器人"})
    assert look.status_code == 200 and "云麓智能有限公司" in look.text and "江苏" in look.text
    assert log(session) == [] and session.get_one(Event, event.id).firm_id == other.id
    answer = sent(signed_in, f"/registers/firms/{other.id}/merge", into=str(firm.id))
    assert answer.headers["location"] == f"/registers/firms/{firm.id}?done=merged"
    session.expire_all()
    assert session.get_one(Event, event.id).firm_id == firm.id
    assert signed_in.get(f"/registers/firms/{other.id}").headers["location"] == f"/registers/firms/{firm.id}"
    assert "合并" in signed_in.get(f"/registers/firms/{firm.id}").text


@pytest.mark.parametrize("into", ["", "没有这一家", "明曜机器人", "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"])
def test_a_merge_into_nothing_or_itself_is_refused(signed_in: Reader, session: Session, firm: Firm, into: str) -> None:
    answer = signed_in.get(f"/registers/firms/{firm.id}/merge", params={"into": into})
    assert answer.status_code == 422 and 'id="e-into"' in answer.text
    assert log(session) == []


def test_only_operators_edit(reader: Reader, session: Session, firm: Firm, new_subscriber: Callable[..., str]) -> None:
    reader.sign_in(new_subscriber("bob", scopes=("read", "write")))
    assert reader.get(f"/registers/firms/{firm.id}").status_code == 403
    assert sent(reader, f"/registers/firms/{firm.id}/names", alias="明曜").status_code == 403
    assert session.scalar(select(func.count(RegisterEdit.id))) == 0


def test_they_are_found_by_any_name(signed_in: Reader, session: Session, firm: Firm) -> None:
    bank = rows.bank(session, "明曜样例银行")
    page = signed_in.get("/registers", params={"q": "明曜"}).text
    assert f"/registers/firms/{firm.id}" in page and f"/registers/banks/{bank.id}" in page
    assert signed_in.get(f"/registers/banks/{bank.id}").status_code == 200
    assert of_row(BANKS, bank)["kind"] == "state"


def test_operators_alone_are_led_here_from_the_page_of_a_firm(
    reader: Reader, session: Session, firm: Firm, new_subscriber: Callable[..., str]
) -> None:
    for scopes, leads in ((("read", "write", "admin"), True), (("read", "write"), False)):
        reader.http.cookies.clear()
        reader.sign_in(new_subscriber(f"bob {leads}", scopes=scopes))
        page = reader.get(f"/firms/{firm.id}")
        assert page.status_code == 200 and (f"/registers/firms/{firm.id}" in page.text) is leads
