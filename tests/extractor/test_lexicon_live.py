"""What a running worker knows: new names at once, large registers from a name table that is built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import database
from core.models import Firm, FirmAlias, LexiconChange, NameTable, NameTablePart
from core.names import fold
from core.register import BankEntry, FirmEntry
from extractor import lexicon_live, name_tables, registers
from extractor.lexicon import Lexicon
from seeds.load import load
from tests.extractor import telling

BANKS = (BankEntry(name="澄江银行", kind="city", aliases=("澄行",)),)
FIRMS = tuple(FirmEntry(name=f"澄砺{c}", aliases=(f"上海澄砺{c}科技有限公司",), tech=True) for c in "甲乙丙丁戊己")
TEXT = "澄江银行昨天走访了上海澄砺甲科技有限公司和澄砺乙，穹天航芯也在场。"


@pytest.fixture(autouse=True)
def _fresh(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lexicon_live, "CHECK_EVERY", 0.0)
    monkeypatch.setattr(lexicon_live, "_build_beside", lambda: None)
    load(session, banks=BANKS, firms=FIRMS, sources=())
    session.commit()
    lexicon_live.forget()
    yield
    lexicon_live.forget()


@pytest.fixture(params=["few", "many"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the registers count as few names or as so many that they lie in a table."""
    monkeypatch.setattr(lexicon_live, "FEW", 3 if request.param == "many" else 1000)
    return str(request.param)


def found(lexicon: Lexicon) -> list[str]:
    return [hit.text for hit in lexicon.find(TEXT)]


def add_firm(session: Session, name: str) -> Firm:
    firm = Firm(name=name, origin="operator", tech=True)
    firm.aliases = [FirmAlias(key=fold(name), alias=name)]
    session.add_all([firm, LexiconChange(what="firm")])
    session.commit()
    return firm


def watch(session: Session, name: str) -> None:
    session.add(LexiconChange(what="watchlist"))
    telling.watch(session, ("firm", name))


def test_registers_of_any_size_are_known_with_their_entries(session: Session, size: str) -> None:
    lexicon = lexicon_live.current(session)
    assert found(lexicon) == ["澄江银行", "上海澄砺甲科技有限公司", "澄砺乙"]
    bank, firm = lexicon.entry("澄行"), lexicon.entry("澄砺甲")
    assert bank == BANKS[0]
    assert firm == FIRMS[0]
    assert session.scalar(select(func.count(NameTable.id))) == (1 if size == "many" else 0)


def test_a_new_firm_and_a_watched_name_are_known_at_the_next_article(session: Session, size: str) -> None:
    before = lexicon_live.current(session).version
    add_firm(session, "穹天航芯")
    lexicon = lexicon_live.current(session)
    assert "穹天航芯" in found(lexicon) and lexicon.version != before
    watch(session, "航芯")
    lexicon = lexicon_live.current(session)
    assert lexicon.is_watched("航芯") and [TEXT[a:b] for a, b in lexicon.watched_in(TEXT)] == ["航芯"]
    assert found(lexicon) == ["澄江银行", "上海澄砺甲科技有限公司", "澄砺乙", "穹天航芯"]


def test_a_worker_asks_with_its_claim_and_opens_no_session_while_nothing_changed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heard() -> Lexicon:
        with database.at_once() as flight, database.together(flight):
            lexicon_live.ask(flight)
            return lexicon_live.in_force(flight)

    before = heard()
    with monkeypatch.context() as patched:
        patched.setattr(lexicon_live, "transaction", lambda: pytest.fail("a session was opened"))
        assert heard() is before
    add_firm(session, "穹天航芯")
    assert "穹天航芯" in found(heard())


def test_a_change_that_is_committed_after_a_later_one_is_seen(session: Session) -> None:
    with database.transaction() as slow:
        slow.add(LexiconChange(what="firm"))
        slow.flush()
        session.add(LexiconChange(what="firm"))
        session.commit()
        before = registers.changes(session)
        session.commit()
    assert registers.changes(session) != before


def test_a_second_worker_opens_the_table_and_builds_none(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_live, "FEW", 3)
    version = lexicon_live.current(session).version
    lexicon_live.forget()
    monkeypatch.setattr(name_tables, "built", lambda **_: pytest.fail("a table was built twice"))
    assert lexicon_live.current(session).version == version


def test_a_table_built_anew_is_taken_up_and_the_old_one_goes(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_live, "FEW", 3)
    lexicon_live.current(session)
    firm = add_firm(session, "穹天航芯")
    assert "穹天航芯" in found(lexicon_live.current(session))
    session.delete(session.merge(firm))
    session.commit()
    name_tables.main()
    assert "穹天航芯" not in found(lexicon_live.current(session))
    assert session.scalar(select(func.count(NameTable.id))) == 1
    assert session.scalar(select(func.count(NameTablePart.number.distinct()))) == 1


def test_registers_loaded_anew_have_the_table_built_beside(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_live, "FEW", 3)
    begun: list[int] = []
    monkeypatch.setattr(lexicon_live, "_build_beside", lambda: begun.append(1))
    lexicon_live.current(session)
    watch(session, "航芯")
    lexicon_live.current(session)
    assert begun == []
    load(session, banks=BANKS, firms=(*FIRMS, FirmEntry(name="澄砺庚")), sources=())
    session.commit()
    lexicon = lexicon_live.current(session)
    assert begun == [1] and lexicon.entry("澄砺庚") is not None


def test_many_parts_make_one_table(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_live, "FEW", 3)
    monkeypatch.setattr(registers, "_PART", 100)
    assert found(lexicon_live.current(session)) == ["澄江银行", "上海澄砺甲科技有限公司", "澄砺乙"]
    assert (session.scalar(select(func.count(NameTablePart.number))) or 0) > 10
