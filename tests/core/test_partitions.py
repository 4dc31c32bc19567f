"""Tables in monthly parts: nothing is lost where a part is missing, and one article's rows are never in two."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import catch_up, database, migrate, partitions
from core.clock import first_id, now
from core.models import Attempt, Mention
from core.partitions import PARTED, bounds
from core.retention import KINDS
from extractor.catching_up import DUTIES
from tests.api import rows
from tests.core.test_migrations import alembic, empty

__all__ = ["empty"]
MENTION, ATTEMPT = PARTED


def _mention(session: Session, moment: datetime, name: str = "甲") -> Mention:
    told = rows.article(session, id=UUID(int=first_id(moment).int + uuid4().int % 2**60))
    row = Mention(article_id=told.id, kind="firm", name=name, start=0, end=1, where="text")
    session.add(row)
    session.commit()
    return row


def _part_of(session: Session, row: Mention) -> str:
    where = text("SELECT tableoid::regclass::text FROM mention WHERE id = :id")
    found: str = session.scalar(where, {"id": row.id})
    return found


def test_there_is_a_part_for_this_month_and_three_ahead(session: Session) -> None:
    moment = now()
    for one in PARTED:
        months = partitions.parts(session, one)
        assert months[0] == date(moment.year, moment.month, 1)
        assert len(months) == 4
    assert partitions.settle(session) == 0


def test_a_row_lies_in_the_month_of_its_article(session: Session) -> None:
    moment = now()
    assert _part_of(session, _mention(session, moment)) == f"mention_{moment:%Y_%m}"


@pytest.mark.parametrize("month", [date(2026, 1, 1), date(2026, 12, 1), date(2028, 2, 1)])
def test_the_bounds_of_a_month_are_its_first_and_last_millisecond(month: date) -> None:
    first, after = bounds(month)
    begins = datetime(month.year, month.month, 1, tzinfo=UTC)
    ends = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    assert first <= first_id(begins) and first_id(begins - timedelta(milliseconds=1)) < first
    assert after <= first_id(ends) and first_id(ends - timedelta(milliseconds=1)) < after


def test_what_came_while_no_part_was_there_is_moved_to_its_month(session: Session) -> None:
    old, older = datetime(2025, 3, 31, 23, 59, tzinfo=UTC), datetime(2024, 12, 1, tzinfo=UTC)
    strays = [_mention(session, moment) for moment in (old, older, old)]
    assert {_part_of(session, row) for row in strays} == {MENTION.default}
    assert [partitions.settle(session) for _ in range(3)] == [1, 1, 0]
    session.commit()
    assert [_part_of(session, row) for row in strays] == ["mention_2025_03", "mention_2024_12", "mention_2025_03"]


def test_the_scheduler_makes_parts_ahead_and_for_what_lies_in_none(session: Session) -> None:
    stray = _mention(session, datetime(2025, 3, 1, tzinfo=UTC))
    last = max(partitions.parts(session, ATTEMPT))
    session.execute(text(f"DROP TABLE {ATTEMPT.part(last)}"))
    session.commit()
    assert partitions.settle.__name__ in {duty.name for duty in DUTIES}
    assert catch_up.once([catch_up.Duty(partitions.settle)]) == 2
    assert last in partitions.parts(session, ATTEMPT)
    assert _part_of(session, stray) == "mention_2025_03"


def test_what_has_an_id_without_a_time_stays_in_the_default_part(session: Session) -> None:
    told = rows.article(session, id=uuid4())
    row = Mention(article_id=told.id, kind="firm", name="甲", start=0, end=1, where="text")
    session.add(row)
    session.commit()
    assert partitions.settle(session) == 0
    assert _part_of(session, row) == MENTION.default


def test_a_mention_stands_once_whatever_parts_there_are(session: Session) -> None:
    first = _mention(session, now())
    again = Mention(article_id=first.article_id, kind="firm", name=first.name, start=5, end=6, where="text")
    session.add(again)
    with pytest.raises(IntegrityError, match=r"mention_\d{4}_\d\d"):
        session.flush()


def test_months_that_are_over_go_at_once_and_others_stay(session: Session) -> None:
    january, march = (_mention(session, datetime(2025, month, 5, tzinfo=UTC)) for month in (1, 3))
    young = _mention(session, now())
    while partitions.settle(session):
        session.commit()
    assert partitions.drop_before(session, MENTION, datetime(2025, 1, 31, 23, tzinfo=UTC)) == 0
    assert partitions.drop_before(session, MENTION, datetime(2025, 2, 2, tzinfo=UTC)) == 1
    session.commit()
    kept = set(session.scalars(select(Mention.id)))
    assert kept == {march.id, young.id} and january.id not in kept


def test_what_is_over_its_time_goes_by_whole_months_and_of_the_last_row_by_row(session: Session) -> None:
    moments = [datetime(2025, 1, 5, tzinfo=UTC), datetime(2025, 1, 6, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)]
    kept = [_mention(session, moment).id for moment in (*moments, datetime(2025, 3, 20, tzinfo=UTC))][-1]
    while partitions.settle(session):
        session.commit()
    [mentions] = [kind for kind in KINDS if kind.name == "mentions"]
    before = datetime(2025, 3, 15, tzinfo=UTC)
    assert [mentions.act(session, before, 1000) for _ in range(3)] == [2, 1, 0]
    session.commit()
    assert session.scalars(select(Mention.id)).all() == [kept]
    assert partitions.parts(session, MENTION)[0] == date(2025, 3, 1)


def test_a_month_that_somebody_reads_goes_later_and_its_rows_meanwhile(session: Session) -> None:
    _mention(session, datetime(2025, 1, 5, tzinfo=UTC))
    while partitions.settle(session):
        session.commit()
    with Session(database.engine()) as reader:
        reader.scalars(select(Mention.id)).all()
        before = datetime(2025, 3, 15, tzinfo=UTC)
        assert partitions.drop_before(session, MENTION, before) == 0
        session.commit()
        assert partitions.parts(session, MENTION)[0] == date(2025, 1, 1)
    assert partitions.drop_before(session, MENTION, before) == 1


def test_an_article_that_goes_takes_its_mentions_along(session: Session) -> None:
    row = _mention(session, now())
    session.execute(text("DELETE FROM article"))
    session.commit()
    assert session.scalars(select(Mention.id).where(Mention.id == row.id)).all() == []


def test_one_articles_rows_are_looked_for_in_one_part(session: Session) -> None:
    for one, column in ((Mention, "article_id"), (Attempt, "delivery_id")):
        plan = session.scalars(
            text(f"EXPLAIN SELECT * FROM {one.__tablename__} WHERE {column} = :id"), {"id": first_id(now())}
        )
        read = {line for line in plan if "Scan" in line}
        assert len(read) <= 2 and not any("default" in line for line in read), read


def test_old_rows_are_carried_into_their_months_and_back(empty: Engine) -> None:
    with empty.connect() as connection:
        command.upgrade(alembic(connection), "0036")
        connection.commit()
        ids = [first_id(datetime(2025, month, 2, tzinfo=UTC)) for month in (1, 4)] + [uuid4(), first_id(now())]
        for number, article in enumerate(ids):
            told = {"id": article, "hash": str(number)}
            connection.execute(
                text("INSERT INTO article (id, title, text, content_hash) VALUES (:id, 't', 't', :hash)"), told
            )
            insert = (
                'INSERT INTO mention (article_id, kind, name, start, "end", "where") VALUES (:id, :k, :n, 0, 1, :w)'
            )
            for kind, name in (("firm", "甲"), ("word", "乙")):
                connection.execute(text(insert), {"id": article, "k": kind, "n": name, "w": "text"})
        connection.commit()
        before = connection.execute(text("SELECT * FROM mention ORDER BY id")).all()
    migrate.migrate(empty, "0037")
    with Session(empty) as session:
        assert session.execute(text("SELECT * FROM mention ORDER BY id")).all() == before
        assert {date(2025, 1, 1), date(2025, 4, 1)} <= set(partitions.parts(session, MENTION))
        assert session.scalar(text("SELECT count(*) FROM mention_default")) == 2
        assert partitions.settle(session) == 0
    with empty.connect() as connection:
        command.downgrade(alembic(connection), "0036")
        connection.commit()
        assert connection.execute(text("SELECT * FROM mention ORDER BY id")).all() == before
