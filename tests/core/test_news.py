"""The order of the news: whoever reads on after the last number misses nothing and sees nothing twice."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.resources.stream import store
from core import database
from core.models import Event, News
from core.news import number_news
from tests.api import rows

ACTS = st.sampled_from(["begin", "commit", "roll back", "number", "read"])


@pytest.fixture
def told(session: Session) -> Event:
    """An event whose versions are the news."""
    return rows.event(session, rows.bank(session), None)


@pytest.fixture
def writers(environment: dict[str, str]) -> Iterator[list[Session]]:
    """Transactions that overlap."""
    opened = [Session(database.engine()) for _ in range(3)]
    yield opened
    for one in opened:
        one.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.tuples(st.integers(0, 2), ACTS), max_size=30))
def test_reading_on_after_the_last_number_loses_and_repeats_nothing_whoever_commits_when(
    session: Session, told: Event, writers: list[Session], script: list[tuple[int, str]]
) -> None:
    """Three writers begin, commit and roll back in any order; a reader reads on at any moment."""
    session.execute(text("TRUNCATE news"))
    version = session.execute(text("SELECT max(version) FROM event_version")).scalar_one()
    session.commit()
    position, seen, written = 0, [], {0: set(), 1: set(), 2: set()}
    committed: set[int] = set()
    for who, act in [*script, (0, "commit"), (1, "commit"), (2, "commit"), (0, "number"), (0, "read")]:
        if act == "begin":
            version += 1
            written[who].add(version)
            add(writers[who], told, version)
        elif act == "commit":
            writers[who].commit()
            committed |= written[who]
            written[who] = set()
        elif act == "roll back":
            writers[who].rollback()
            written[who] = set()
        elif act == "number":
            number_news(session)
            session.commit()
        else:
            found = store.after(session, position, 1)  # and is cut off after each
            session.commit()
            seen += [row.version for row in found]
            position = found[-1].number if found else position
    while found := store.after(session, position, 2):
        seen += [row.version for row in found]
        position = found[-1].number
    session.commit()
    assert sorted(seen) == sorted(committed)


def add(session: Session, event: Event, version: int) -> None:
    """A version as the extractor records it when it tells it."""
    session.execute(
        text(
            "WITH made AS (INSERT INTO event_version (event_id, version, type, facts) "
            "VALUES (:event, :version, 'event.updated', '{}')) "
            "INSERT INTO news (event_id, version) VALUES (:event, :version)"
        ),
        {"event": event.id, "version": version},
    )


def test_one_process_numbers_at_a_time(session: Session, told: Event, writers: list[Session]) -> None:
    add(session, told, 2)
    session.commit()
    assert number_news(writers[0]) == 1
    assert number_news(writers[1]) == 0, "the other is about it, and nobody waits"
    writers[0].commit()
    assert session.scalars(select(News.number)).all() == [1]
