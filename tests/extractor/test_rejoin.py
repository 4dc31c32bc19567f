"""What the operator says of firms and banks, in the history that articles tell: it holds, and nobody is told anew."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.registers import edit
from api.registers.edit import Hand
from api.registers.kinds import BANKS, FIRMS, Register
from core import database, work
from core.errors import TemporaryFailure
from core.models import (
    Bank,
    Event,
    EventVersion,
    Firm,
    FirmAlias,
    Indicator,
    IndicatorSeries,
    Notice,
)
from core.names import fold
from core.register import FirmEntry
from extractor import lexicon_live
from extractor.indicators import store as figures
from extractor.process import process
from tests.api.rows import bank
from tests.extractor.telling import stored, tell

BY_HAND = Hand(None, "terminal")
YUNFAN, QINGHE = "滨海市云帆智能制造科技有限公司", "青禾智造科技有限公司"
ONE = "北海银行向滨海市云帆智能制造科技有限公司发放流动资金贷款800万元。"
OTHER = "记者获悉，青禾智造科技有限公司获得北海银行800万元流动资金贷款。"


@pytest.fixture(autouse=True)
def _registers(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lexicon_live, "CHECK_EVERY", 0.0)
    for name in ("北海银行", "北海城商银行"):
        bank(session, name, kind="city")
    lexicon_live.forget()
    yield
    lexicon_live.forget()


def live(session: Session) -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).where(Event.state == "live").order_by(Event.id)))


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.event_id.is_not(None))))


def firm_id(session: Session, name: str) -> UUID:
    found = session.scalar(select(FirmAlias.firm_id).where(FirmAlias.key == fold(name)))
    assert found is not None
    return found


def bank_id(session: Session, name: str) -> UUID:
    return session.scalars(select(Bank.id).where(Bank.name == name)).one()


def merge(register: Register, gone: UUID, into: UUID) -> int:
    with database.transaction() as session:
        return edit.merge(session, BY_HAND, register, gone, into)[1]


def test_what_two_firms_were_told_to_have_is_one_event_when_they_are_one(session: Session) -> None:
    tell(session, ONE)
    tell(session, OTHER)
    older, newer = live(session)
    told = notices(session)
    assert merge(FIRMS, firm_id(session, QINGHE), firm_id(session, YUNFAN)) == 1
    [event] = live(session)
    assert event.id == older.id and len(event.evidence) == 2
    assert session.get_one(Event, newer.id).merged_into == older.id
    assert notices(session) == told, "nobody is told anew"


def test_later_tellings_by_either_name_are_of_one_event(session: Session) -> None:
    tell(session, ONE)
    tell(session, "青禾智造科技有限公司获得西山银行授信5000万元。")
    merge(FIRMS, firm_id(session, QINGHE), firm_id(session, YUNFAN))
    tell(session, OTHER)
    tell(session, "北海银行给予青禾智造科技有限公司综合授信3亿元。", day="2026-06-01")
    tell(session, "滨海市云帆智能制造科技有限公司获北海银行3亿元综合授信。", day="2026-06-01")
    amounts = sorted((int(event.amount_min or 0), len(event.evidence)) for event in live(session))
    assert amounts == [(8_000_000, 2), (50_000_000, 1), (300_000_000, 2)]
    assert len({event.firm_id for event in live(session)}) == 1
    assert session.scalar(select(func.count(Firm.id)).where(Firm.merged_into.is_(None))) == 1


def test_a_version_says_what_a_merge_changed(session: Session) -> None:
    tell(session, "青禾智造科技有限公司获得北海银行授信5000万元。")
    tell(session, ONE)
    [event, _] = live(session)
    merge(FIRMS, firm_id(session, QINGHE), firm_id(session, YUNFAN))
    last = session.scalars(
        select(EventVersion).where(EventVersion.event_id == event.id, EventVersion.version == 2)
    ).one()
    assert last.previous == {"firm": "青禾智造科技有限公司"}
    assert last.facts["firm"] == "滨海市云帆智能制造科技有限公司"


def test_two_banks_that_are_one_have_one_event(session: Session) -> None:
    tell(session, ONE)
    tell(session, ONE.replace("北海银行", "北海城商银行"))
    older, newer = live(session)
    told = notices(session)
    assert merge(BANKS, bank_id(session, "北海城商银行"), bank_id(session, "北海银行")) == 1
    [event] = live(session)
    assert (event.id, event.bank.name, len(event.evidence)) == (older.id, "北海银行", 2)
    assert session.get_one(Event, newer.id).merged_into == older.id
    tell(session, "北海城商银行已向滨海市云帆智能制造科技有限公司发放流动资金贷款800万元。")
    [event] = live(session)
    assert len(event.evidence) == 3
    assert notices(session) == told


@pytest.mark.parametrize("renamed", [False, True])
def test_a_worker_that_has_not_heard_of_it_yet_tells_of_the_bank_as_it_is_now(
    session: Session, monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    tell(session, ONE.replace("北海银行", "北海城商银行"))
    monkeypatch.setattr(lexicon_live, "CHECK_EVERY", 3600.0)
    with database.transaction() as own:
        lexicon_live.current(own)
    if renamed:
        with database.transaction() as own:
            edit.change(own, BY_HAND, BANKS, bank_id(session, "北海城商银行"), {"name": "北海商行"})
    else:
        merge(BANKS, bank_id(session, "北海城商银行"), bank_id(session, "北海银行"))
    tell(session, "北海城商银行已向滨海市云帆智能制造科技有限公司发放流动资金贷款800万元。")
    [event] = live(session)
    assert len(event.evidence) == 2
    assert event.bank.name == ("北海商行" if renamed else "北海银行")


def test_merging_amid_twenty_articles_ends_in_one_event_without_a_failed_article(session: Session) -> None:
    tell(session, ONE)
    tell(session, OTHER)
    first = live(session)[0].id
    articles = [stored(session, (ONE, OTHER)[n % 2] + f"这是第{n}次报道。") for n in range(20)]
    gone, into = firm_id(session, QINGHE), firm_id(session, YUNFAN)
    with ThreadPoolExecutor(6) as workers:  # each holds up to two of the pool's twenty connections
        done = [workers.submit(work.attempt, work.EXTRACT, article.id, process) for article in articles]
        merged = workers.submit(merge, FIRMS, gone, into)
    assert [one.result() for one in done] == ["done"] * 20
    assert merged.result() >= 1
    [event] = live(session)
    assert event.id == first and len(event.evidence) == 22
    assert session.scalar(select(func.count(Event.id)).where(Event.firm_id == gone)) == 0
    assert notices(session).count("event.created") <= 2 and "event.retracted" not in notices(session)


def test_a_bank_that_is_told_of_while_the_locks_are_taken_is_waited_for(session: Session) -> None:
    """Locks taken one by one could meet in a ring: who finds one missing begins anew."""
    tell(session, ONE)
    into = firm_id(session, YUNFAN)
    banks = iter([{"北海银行"}, {"北海银行", "西山银行"}])
    from extractor import rejoin

    with database.transaction() as own, pytest.raises(TemporaryFailure, match="try again"):
        rejoin._hold(own, lambda: next(banks))
    assert live(session)[0].firm_id == into


def test_a_name_that_the_operator_took_is_not_learnt_again(session: Session) -> None:
    tell(session, "滨海市云帆智能制造科技有限公司（以下简称“青禾智造”）获得北海银行流动资金贷款800万元。")
    own = firm_id(session, "青禾智造")
    with database.transaction() as opened:
        edit.remove_alias(opened, BY_HAND, FIRMS, own, "青禾智造")
    tell(session, "滨海市云帆智能制造科技有限公司（以下简称“青禾智造”）已获得北海银行流动资金贷款800万元。")
    assert session.scalars(select(FirmAlias.key).where(FirmAlias.key == "青禾智造")).all() == []
    [event] = live(session)
    assert event.firm_id == own and len(event.evidence) == 2


def test_what_the_operator_says_of_a_firm_no_article_changes(session: Session) -> None:
    tell(session, ONE)
    own = firm_id(session, YUNFAN)
    assert live(session)[0].tech is True
    with database.transaction() as opened:
        given = {"tech": False, "sector": "food", "region": "苏州", "name": "云帆"}
        edit.change(opened, BY_HAND, FIRMS, own, given)
    said = (False, "food", ["江苏", "苏州"], "云帆")
    [event] = live(session)
    assert event.firm is not None
    assert (event.tech, event.sector, event.regions, event.firm.name) == said
    tell(session, "国家高新技术企业滨海市云帆智能制造科技有限公司获得北海银行800万元贷款。")
    [event] = live(session)
    assert event.firm is not None and len(event.evidence) == 2
    assert (event.tech, event.sector, event.regions, event.firm.name) == said
    assert notices(session) == ["event.created"]


def test_a_learnt_firm_that_the_operator_had_in_hand_is_known_by_its_names_at_the_next_article(
    session: Session,
) -> None:
    tell(session, ONE)
    lexicon = lexicon_live.current(session)
    assert lexicon.entry("云帆智造") is lexicon.entry("滨海市云帆智能制造科技有限公司") is None
    with database.transaction() as own:
        edit.add_alias(own, BY_HAND, FIRMS, firm_id(session, YUNFAN), "穹天智造")
    entry = lexicon_live.current(session).entry("穹天智造")
    assert isinstance(entry, FirmEntry)
    assert (entry.name, entry.tech) == ("滨海市云帆智能制造科技有限公司", None)


def test_the_figures_of_two_banks_stand_in_the_series_of_the_one(session: Session) -> None:
    kept, gone = bank_id(session, "北海银行"), bank_id(session, "北海城商银行")
    article = stored(session, "截至6月末，北海银行科技贷款余额100亿元。")
    same: dict[str, Any] = {"kind": "loan_balance", "subject": "tech", "region": [], "unit": "CNY", "period": "end"}
    for number, owner in enumerate((kept, gone)):
        figures.ADD_SERIES(session, **figures._identified({**figures_of(same), "bank_id": owner}))
        [series] = session.scalars(select(IndicatorSeries.id).where(IndicatorSeries.bank_id == owner))
        row = Indicator(series_id=series, article_id=article.id, position=number, subject_text="科技贷款", value=1)
        row.start, row.end, row.quote, row.confidence, row.qualifier = 0, 3, "截至6", 0.9, "exact"
        session.add(row)
        session.commit()
    merge(BANKS, gone, kept)
    [series] = session.scalars(select(IndicatorSeries))
    assert series.bank_id == kept
    assert session.scalars(select(Indicator.series_id)).all() == [series.id, series.id]


def figures_of(told: dict[str, Any]) -> dict[str, Any]:
    """A series' columns in the order from which its id follows."""
    order = ("kind", "subject", "programme", "bank_id", "branch", "region", "unit", "period")
    return {name: told.get(name, "" if name == "programme" else None) for name in order}
