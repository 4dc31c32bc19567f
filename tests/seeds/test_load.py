"""Loading the registers into a real database."""

from dataclasses import replace

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.clock import now
from core.models import Bank, BankAlias, Firm, FirmAlias, LexiconChange, Source
from core.register import BankEntry, FirmEntry
from seeds.load import Change, Counts, load
from seeds.registers import read_banks, read_firms, read_sources

BANK = BankEntry(name="甲银行", kind="city", aliases=("甲行",), stock_code="600001.SH", region="甲省")
FIRM = FirmEntry(name="乙科技", aliases=("乙科",), stock_code="300001.SZ", sector="ai", tech=True)
NOTHING = Counts(banks=Change(), firms=Change(), sources=0)


def _load(session: Session, bank: BankEntry = BANK, firm: FirmEntry = FIRM) -> Counts:
    return load(session, banks=[bank], firms=[firm], sources=[])


def _owner(session: Session, alias: str) -> str | None:
    return session.scalar(select(Bank.name).join(BankAlias).where(BankAlias.key == alias))


def test_the_shipped_registers_load_whole_and_twice_changes_nothing(session: Session) -> None:
    first = load(session)
    session.commit()
    assert first.banks.added == len(read_banks()) == session.scalar(select(func.count(Bank.id)))
    assert first.firms.added == len(read_firms()) == session.scalar(select(func.count(Firm.id)))
    assert first.sources == len(read_sources())
    assert _owner(session, "中国工商银行股份有限公司") == "工商银行"
    assert load(session) == NOTHING
    session.commit()
    assert session.scalar(select(func.count(LexiconChange.id))) == 1


def test_every_entry_is_found_by_its_own_name(session: Session) -> None:
    load(session)
    assert session.scalar(select(func.count(FirmAlias.key)).where(FirmAlias.alias.in_(select(Firm.name)))) == len(
        read_firms()
    )


def test_the_default_feeds_are_off(session: Session) -> None:
    load(session, banks=[], firms=[])
    assert not session.scalars(select(Source).where(Source.enabled)).all()


def test_a_feed_that_the_operator_switched_on_stays_on(session: Session) -> None:
    load(session, banks=[], firms=[])
    session.execute(update(Source).values(enabled=True))
    load(session, banks=[], firms=[])
    assert not session.scalars(select(Source).where(~Source.enabled)).all()


def test_a_change_of_the_files_is_followed(session: Session) -> None:
    _load(session)
    counts = _load(session, firm=replace(FIRM, sector="robotics", aliases=("乙科", "乙机器人")))
    assert counts == replace(NOTHING, firms=Change(updated=1, aliases=1))
    assert session.scalar(select(Firm.sector)) == "robotics"


def test_what_the_operator_edited_is_never_overwritten(session: Session) -> None:
    _load(session)
    session.execute(update(Bank).values(region="乙省", edited_at=now()))
    counts = _load(session, bank=replace(BANK, kind="rural", aliases=("甲行", "甲农商行")))
    assert counts == NOTHING
    assert session.execute(select(Bank.kind, Bank.region)).one() == ("city", "乙省")


def test_a_firm_that_was_learnt_stays_as_it_was_learnt(session: Session) -> None:
    learnt = Firm(name="乙科技", origin="learnt", aliases=[FirmAlias(key="乙科技", alias="乙科技")])
    session.add(learnt)
    session.flush()
    assert _load(session).firms == Change()
    assert session.scalars(select(Firm.origin)).all() == ["learnt"]


def test_a_renamed_bank_keeps_its_row_and_its_old_name(session: Session) -> None:
    _load(session)
    before = session.scalar(select(Bank.id))
    counts = _load(session, bank=replace(BANK, name="丙银行", aliases=("甲行", "甲银行"), stock_code=None))
    assert counts.banks == Change(updated=1, aliases=1)
    session.expire_all()
    assert session.execute(select(Bank.id, Bank.name)).one() == (before, "丙银行")
    assert _owner(session, "甲银行") == "丙银行"


def test_a_name_that_the_files_give_to_another_bank_moves(session: Session) -> None:
    load(session, banks=[replace(BANK, aliases=("甲行", "丁银行"))], firms=[], sources=[])
    load(session, banks=[BANK, BankEntry(name="丁银行", kind="city")], firms=[], sources=[])
    assert (_owner(session, "丁银行"), _owner(session, "甲行")) == ("丁银行", "甲银行")


def _merged(session: Session, gone: Firm | Bank, kept: Firm | Bank) -> None:
    """As the operator merges them (api/registers/edit.py)."""
    for alias in list(gone.aliases):
        gone.aliases.remove(alias)
        session.flush()
        session.expunge(alias)
        columns = {"key": alias.key, "alias": alias.alias}
        kept.aliases.append(FirmAlias(**columns) if isinstance(kept, Firm) else BankAlias(**columns))  # type: ignore[arg-type]
    gone.merged_into, kept.edited_at = kept.id, now()
    session.flush()


def test_firms_and_banks_that_the_operator_merged_are_not_brought_back(session: Session) -> None:
    firms = [replace(FIRM, stock_code=None), FirmEntry(name="丙科技", aliases=("丙科",))]
    banks = [BANK, BankEntry(name="丁银行", kind="city", aliases=("丁行",))]
    load(session, banks=banks, firms=firms, sources=[])
    for table in (Firm, Bank):
        kept, gone = session.scalars(select(table).order_by(table.id))
        _merged(session, gone, kept)
    assert load(session, banks=banks, firms=firms, sources=[]) == NOTHING
    assert _owner(session, "丁行") == "甲银行"


def test_a_firm_that_the_operator_renamed_and_whose_former_name_they_took_is_not_brought_back(session: Session) -> None:
    firm = replace(FIRM, stock_code=None)
    _load(session, firm=firm)
    row = session.scalars(select(Firm)).one()
    row.name, row.edited_at, row.refused = "辛科技", now(), ["乙科技"]
    row.aliases = [FirmAlias(key="辛科技", alias="辛科技")]
    session.flush()
    assert _load(session, firm=firm) == NOTHING
    assert session.scalars(select(Firm.name)).all() == ["辛科技"]
