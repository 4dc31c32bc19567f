"""One sum that several banks lend together is one facility, whoever tells it and in whatever order."""

from datetime import date
from decimal import Decimal
from itertools import product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.models import Event
from extractor import store
from extractor.facilities import Shared, facilities, group_shared
from tests.api import rows

MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))
DAYS = st.sampled_from([None, MARCH, APRIL, (date(2026, 1, 1), date(2026, 12, 31))])
ARTICLES = st.frozensets(st.sampled_from("abc"), min_size=1, max_size=2)
EVENTS = st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from((1, 2)), DAYS, ARTICLES), max_size=8).map(
    lambda told: [Shared(UUID(int=number), *one) for number, one in enumerate(told)]
)


def _shared(
    number: int, bank: str, *, grant: int = 1, days: tuple[date, date] | None = MARCH, told: str = "a"
) -> Shared:
    return Shared(UUID(int=number), bank, grant, days, frozenset(told))


def _groups(*events: Shared) -> list[list[int]]:
    found = facilities(events)
    return sorted(sorted(one.int for one in found if found[one] == head) for head in set(found.values()))


def test_banks_of_one_sum_in_one_article_are_one_facility() -> None:
    assert _groups(_shared(1, "甲"), _shared(2, "乙"), _shared(3, "丙")) == [[1, 2, 3]]


def test_what_no_article_tells_together_stays_apart_unless_a_third_joins_it() -> None:
    apart = _shared(1, "甲", told="a"), _shared(2, "乙", told="b")
    assert _groups(*apart) == [[1], [2]]
    assert _groups(*apart, _shared(3, "丙", told="ab")) == [[1, 2, 3]]


def test_another_sum_firm_or_instrument_is_another_facility() -> None:
    assert _groups(_shared(1, "甲"), _shared(2, "乙", grant=2)) == [[1], [2]]


def test_two_facilities_of_the_same_banks_are_told_apart_by_their_dates() -> None:
    events = [_shared(number, bank, days=days) for number, (days, bank) in enumerate(product((MARCH, APRIL), "甲乙"))]
    assert _groups(*events) == [[0, 1], [2, 3]]


def test_an_undated_telling_joins_and_a_second_grant_of_one_bank_never_does() -> None:
    assert _groups(_shared(1, "甲"), _shared(2, "乙", days=None)) == [[1, 2]]
    assert _groups(_shared(1, "甲"), _shared(2, "甲"), _shared(3, "乙")) == [[1, 3], [2]]


@given(EVENTS, st.randoms())
def test_no_order_changes_the_facilities_and_each_holds_one_sum_once_a_bank(
    events: list[Shared], chance: object
) -> None:
    found = facilities(events)
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert facilities(shuffled) == found
    for head in set(found.values()):
        members = [event for event in events if found[event.id] == head]
        assert head == min(event.id for event in members)
        assert len({event.grant for event in members}) == 1
        assert len({event.bank for event in members}) == len(members)


def test_the_duty_groups_what_is_new_and_groups_anew_what_changed(session: Session) -> None:
    told, firm = rows.article(session), rows.firm(session)
    banks = [rows.bank(session, name) for name in ("样例银行", "例样银行")]
    one, other = (rows.event(session, bank, firm, None, shared_amount=True) for bank in banks)
    plain = rows.event(session, banks[0], firm)
    for position, event in enumerate((one, other)):
        rows.tell(session, event, told, position)
    assert group_shared(session) == 2
    assert _heads(session, one, other, plain) == [one.id, one.id, None]
    other.amount_min = other.amount_max = Decimal(7)
    other.facility_id = None
    session.commit()
    assert group_shared(session) == 1
    assert _heads(session, one, other) == [one.id, other.id]
    assert group_shared(session) == 0


def test_facilities_follow_when_two_firms_are_found_to_be_one(session: Session) -> None:
    told = rows.article(session)
    firms = [rows.firm(session, name) for name in ("样例机器人有限公司", "例样机器人有限公司")]
    one, other = (
        rows.event(session, rows.bank(session, bank), firm, None, shared_amount=True)
        for bank, firm in zip(("样例银行", "例样银行"), firms, strict=True)
    )
    for position, event in enumerate((one, other)):
        rows.tell(session, event, told, position)
    group_shared(session)
    assert _heads(session, one, other) == [one.id, other.id]
    store.join_firms(session, kept=firms[0], gone=firms[1])  # as an article does that proves it
    group_shared(session)
    assert _heads(session, one, other) == [one.id, one.id]


def test_what_is_left_of_a_facility_whose_eldest_is_another_firms_is_one_of_its_own(session: Session) -> None:
    told, firm = rows.article(session), rows.firm(session)
    banks = [rows.bank(session, name) for name in ("样例银行", "例样银行", "样本银行")]
    events = [rows.event(session, bank, firm, None, shared_amount=True) for bank in banks]
    for position, event in enumerate(events):
        rows.tell(session, event, told, position)
    group_shared(session)
    eldest, second, _ = events
    eldest.firm, eldest.facility_id = rows.firm(session, "另一家样例有限公司"), None
    session.commit()
    group_shared(session)
    assert _heads(session, *events) == [eldest.id, second.id, second.id]


def test_an_event_that_no_longer_stands_shares_nothing(session: Session) -> None:
    told, bank = rows.article(session), rows.bank(session)
    gone = rows.event(session, bank, None, told, shared_amount=True, firm_description="某公司", state="retracted")
    second = rows.event(session, rows.bank(session, "例样银行"), None, shared_amount=True, firm_description="某公司")
    rows.tell(session, second, told, 1)
    group_shared(session)
    assert _heads(session, gone, second) == [gone.id, second.id]


def _heads(session: Session, *events: Event) -> list[UUID | None]:
    session.expire_all()
    return [event.facility_id for event in events]
