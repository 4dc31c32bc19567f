"""News of an event is kept and told before the rest of its article; whatever happens between, once in effect."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic
from time import sleep as wait
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import work
from core.models import Article, Event, Extraction, Indicator, Mention, Notice
from extractor import process as processing
from extractor import store
from extractor.process import process
from tests.extractor.telling import stored, watch
from tests.flow.test_corrections import GRANT, amounts, notices, read, told
from tests.overtaken import claimed_and_then
from tests.queued import given, lying

FIGURE = "截至9月末，杭州银行科技型企业贷款余额1200亿元，同比增长15%。\n"


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles stay fresh while the lexicon is loaded."""
    monkeypatch.setattr(processing, "_NEWS", timedelta(hours=1))


def _between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let this happen once when the events are kept and the rest is not."""
    record, due = store.record_extraction, [happens]

    def recorded(*args: Any, **columns: Any) -> None:
        while due:
            due.pop()()
        record(*args, **columns)

    monkeypatch.setattr(store, "record_extraction", recorded)


def _fails() -> None:
    raise RuntimeError("the rest failed")


def _kept(session: Session, table: Any) -> list[Any]:
    session.rollback()
    return list(session.scalars(select(table)))


@pytest.mark.parametrize("is_watched", [False, True], ids=["no word", "a watched word"])
def test_an_event_stands_where_the_rest_failed_and_is_told_once(
    seeded: Session, monkeypatch: pytest.MonkeyPatch, is_watched: bool
) -> None:
    if is_watched:
        watch(seeded, ("word", "流动资金"))
    article = stored(seeded, GRANT.format("8000万元") + FIGURE)
    _between(monkeypatch, _fails)
    assert work.attempt(work.EXTRACT, article.id, process) == "failed"
    [event], [notice] = _kept(seeded, Event), _kept(seeded, Notice)
    assert [given(one) for one in lying("alerts")] == [{"id": str(notice.id), "ahead": True}]
    assert [_kept(seeded, one) for one in (Indicator, Extraction)] == [[], []]
    assert any(one.kind == "word" for one in _kept(seeded, Mention)) is is_watched, "what an alert asks for"
    assert seeded.get_one(Article, article.id).state == "open"
    seeded.execute(text("UPDATE article SET due_at = now()"))
    seeded.commit()
    read(article.id)
    assert [one.id for one in _kept(seeded, Event)] == [event.id]
    assert {one.id for one in _kept(seeded, Notice) if one.event_id} == {notice.id}
    assert all(_kept(seeded, one) for one in (Indicator, Extraction, Mention))


def test_all_of_an_article_is_kept_in_the_end(seeded: Session) -> None:
    told(GRANT.format("8000万元") + FIGURE)
    [article] = _kept(seeded, Article)
    read(article.id)
    assert len(_kept(seeded, Event)) == len(_kept(seeded, Indicator)) == len(_kept(seeded, Extraction)) == 1
    assert {one.kind for one in _kept(seeded, Mention)} == {"bank", "firm"}


def test_the_rest_leaves_the_machine_to_the_alert_once_its_event_stands(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[bool, int]] = []

    def left(seconds: float) -> None:
        stands = any(_kept(seeded, Event) for _ in _moments())
        found.append((stands, len(_kept(seeded, Extraction))))

    monkeypatch.setattr(processing, "sleep", left)
    read(told(GRANT.format("8000万元") + FIGURE))
    assert found == [(True, 0)]
    monkeypatch.setattr(processing, "_NEWS", timedelta())
    read(stored(seeded, GRANT.format("300万元")).id)
    assert len(found) == 1, "in a backlog nobody waits for it"


def _moments() -> Iterator[float]:
    """Now, and again a little later, for ten seconds: a commit that was sent is carried out in a moment."""
    until = monotonic() + 10
    while (moment := monotonic()) < until:
        yield moment
        wait(0.01)


def test_a_text_that_is_replaced_after_its_event_was_kept_is_read_anew(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_id = told(GRANT.format("8000万元") + FIGURE)
    _between(monkeypatch, lambda: told(GRANT.format("300万元")))
    assert work.attempt(work.EXTRACT, article_id, process) == "overtaken"
    assert amounts(seeded) == {"live": [80_000_000]} and not _kept(seeded, Indicator)
    read(article_id)
    assert amounts(seeded) == {"retracted": [80_000_000], "live": [3_000_000]}
    assert sorted(notices(seeded)) == ["event.created", "event.created", "event.retracted"], "not read to its end"
    assert not _kept(seeded, Indicator)


def test_a_text_that_is_replaced_before_its_event_is_kept_tells_nothing(seeded: Session) -> None:
    article_id = told(GRANT.format("8000万元"))
    corrected = claimed_and_then(lambda: told(GRANT.format("300万元")))
    assert work.attempt(work.EXTRACT, article_id, process, claiming=corrected) == "overtaken"
    assert amounts(seeded) == {} and notices(seeded) == []
