"""An article whose text went is never read again, and nothing that reads the history fails over it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.registers import edit
from api.registers.edit import Hand
from api.registers.kinds import FIRMS
from core import catch_up, work
from core.models import (
    Article,
    ArticleIndex,
    Event,
    Evidence,
    Extraction,
    Firm,
    Mention,
    WatchItem,
)
from core.register import BankEntry
from extractor import lexicon_live, past, text_index
from extractor.catching_up import DUTIES
from extractor.process import process
from seeds.load import load
from tests.core.aged import forget
from tests.extractor.telling import tell, watch

ONE = "北海银行向滨海市云帆智能制造科技有限公司发放流动资金贷款800万元。产线上用的是鹤鸣轴承。"
OTHER = "记者获悉，青禾智造科技有限公司获得北海银行800万元流动资金贷款。"


@pytest.fixture(autouse=True)
def _registers(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(past, "SETTLED", past.SETTLED * 0)
    monkeypatch.setattr(past, "INDEXED", past.INDEXED * 0)
    monkeypatch.setattr(lexicon_live, "CHECK_EVERY", 0.0)
    load(session, banks=[BankEntry(name="北海银行", kind="city")], firms=[], sources=())
    session.commit()
    lexicon_live.forget()
    yield
    lexicon_live.forget()


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_it_keeps_what_was_read_in_it_whatever_opens_it_again(session: Session) -> None:
    article = tell(session, ONE, day=None)
    forget(session, article)
    before = [count(session, model) for model in (Event, Evidence, Mention, Extraction)]
    assert before[:2] == [1, 1]
    session.execute(update(Article).values(state="open", attempts=0))  # as a later engine's reading anew would
    session.commit()
    assert work.attempt(work.EXTRACT, article.id, process) == "done"
    assert [count(session, model) for model in (Event, Evidence, Mention, Extraction)] == before
    assert session.scalars(select(Event.state)).all() == ["live"]


def test_one_that_failed_is_not_opened_again(session: Session) -> None:
    gone, kept = (Article(title="t", text="x", content_hash=name, state="failed") for name in ("gone", "kept"))
    session.add_all([gone, kept])
    session.commit()
    forget(session, gone)
    assert work.requeue(session, work.EXTRACT, row_id=gone.id) == 0
    assert work.requeue(session, work.EXTRACT) == 1
    session.commit()
    assert (gone.state, kept.state) == ("failed", "open")


def test_two_firms_are_found_to_be_one_although_the_articles_texts_are_gone(session: Session) -> None:
    forget(session, tell(session, ONE, day=None), tell(session, OTHER, day=None))
    yunfan, qinghe = (
        session.scalars(select(Firm).where(Firm.name.endswith(name))).one()
        for name in ("云帆智能制造科技有限公司", "青禾智造科技有限公司")
    )
    edit.merge(session, Hand(None, "terminal"), FIRMS, qinghe.id, yunfan.id)
    session.commit()
    session.expire_all()
    assert len(session.scalars(select(Event).where(Event.state == "live")).all()) == 1
    assert count(session, Evidence) == 2


def test_looking_back_for_what_is_newly_watched_passes_over_it(session: Session) -> None:
    forget(session, tell(session, ONE, day=None))
    watch(session, ("word", "鹤鸣轴承"), ("word", "流动资金"))
    while catch_up.once(DUTIES):
        pass
    session.rollback()
    assert not session.scalars(select(WatchItem.name).where(WatchItem.past_at.is_(None))).all()
    assert not session.scalars(select(Mention).where(Mention.kind == "word")).all()


def test_to_be_indexed_by_its_quotes_holds_up_no_look_back(session: Session) -> None:
    article = tell(session, ONE, day=None)
    assert text_index.is_behind(session, past.INDEXED)
    forget(session, article)
    session.execute(update(ArticleIndex).values(grams=None))
    assert not text_index.is_behind(session, past.INDEXED)
