"""A duty of catching up: past articles in which a newly watched name or word stands get their mentions, quietly.

What is watched is looked for once, from the newest article to the oldest, a batch at a time; how far it came stands on
the watch item. Items begin a few seconds old, when every worker knows their names: what is read later is found as it
is read. Names that the registers brought were always recognised and need no look back.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from core.models import Article, ArticleIndex, BankAlias, Evidence, Firm, FirmAlias, Mention, WatchItem
from core.models.watchlists import TO_LOOK_FOR
from core.plain import grams, plain
from extractor.text_index import is_behind

BATCH = 200  # articles looked through in one transaction
SETTLED = timedelta(seconds=5)  # after which every worker knows a new name (lexicon_live.CHECK_EVERY) and used it
MOST_PASSED = 1000  # items that need no look back, passed in one transaction
INDEXED = timedelta(seconds=1)  # after which an article is found by its text, unless the index is behind
OPEN = select(WatchItem.id).where(TO_LOOK_FOR)
_FREE: Any = {"skip_locked": True, "of": WatchItem}
Place = tuple[str, int, int]


def look_back(session: Session) -> int:
    """Look through one batch of articles for the oldest item that is still to be looked for; how many items it was
    about, those that need no look back among them."""
    if is_behind(session, INDEXED):
        return 0
    passed = _pass_known(session)
    item = session.scalar(select(WatchItem).where(*_open()).order_by(WatchItem.id).limit(1).with_for_update(**_FREE))
    if item is None:
        return passed
    word = plain(item.resolved or item.name).text
    found = _candidates(session, item, word) if len(word) >= 2 else []
    _keep(session, item, [(row, list(_places(row, word))) for row in found])
    if len(found) < BATCH:
        item.past_at = func.now()
    else:
        item.past_before = found[-1].id
    return passed + 1


def _open() -> tuple[TextClause | ColumnElement[bool], ...]:
    made = func.uuid_extract_timestamp(WatchItem.id)
    return TO_LOOK_FOR, made < func.now() - SETTLED


def _pass_known(session: Session) -> int:
    """Items whose articles are known: names of the registers, and those under whose key another was looked for."""
    other = aliased(WatchItem)
    same = (other.kind == WatchItem.kind) & (other.key == WatchItem.key)
    done = select(other.id).where(same, other.past_at.is_not(None)).exists()
    seeded = select(FirmAlias.key).join(Firm).where(FirmAlias.key == WatchItem.key, Firm.origin == "seed").exists()
    banks = select(BankAlias.key).where(BankAlias.key == WatchItem.key).exists()
    known = or_(done, (WatchItem.kind == "firm") & seeded, (WatchItem.kind == "bank") & banks)
    ids = select(WatchItem.id).where(*_open(), known).limit(MOST_PASSED).with_for_update(**_FREE)
    passed = update(WatchItem).where(WatchItem.id.in_(ids.scalar_subquery())).values(past_at=func.now())
    return len(session.execute(passed.returning(WatchItem.id)).all())


def _candidates(session: Session, item: WatchItem, word: str) -> Sequence[Any]:
    """The next articles that hold all pairs of signs of a word."""
    found = (
        select(Article.id, Article.title, Article.text)
        .join(ArticleIndex, ArticleIndex.article_id == Article.id)
        .where(ArticleIndex.grams.contains(grams(word)))
    )
    if item.past_before is not None:
        found = found.where(ArticleIndex.article_id < item.past_before)
    return session.execute(found.order_by(ArticleIndex.article_id.desc()).limit(BATCH)).all()


def _places(row: Any, word: str) -> Iterator[Place]:
    for where, text in (("title", row.title), ("text", row.text)):
        yield from ((where, start, end) for start, end in plain(text).find(word))


def _keep(session: Session, item: WatchItem, found: list[tuple[Any, list[Place]]]) -> None:
    """Rows as the extractor writes them: of a name its first place, of a word those that matching asks for."""
    standing = {row.id: places for row, places in found if places}
    spans = _evidence(session, list(standing)) if item.kind == "word" else {}
    name = item.key if item.kind == "word" else item.resolved or item.name
    rows = [
        {"article_id": article, "kind": item.kind, "name": name, "where": where, "start": start, "end": end}
        for article, places in standing.items()
        for where, start, end in _asked(places, spans.get(article, []), every=item.kind == "word")
    ]
    if rows:
        session.execute(insert(Mention).values(rows).on_conflict_do_nothing())


def _asked(places: list[Place], spans: list[tuple[int, int]], *, every: bool) -> list[Place]:
    """The first place in title and text and (of a word) in each evidence; of a name the first alone."""
    if not every:
        return places[:1]
    wanted = {next((place for place in places if place[0] == where), None) for where in ("title", "text")}
    in_text = [place for place in places if place[0] == "text"]
    for first, last in spans:
        wanted.add(next((place for place in in_text if first <= place[1] and place[2] <= last), None))
    return sorted(place for place in wanted if place)


def _evidence(session: Session, articles: list[UUID]) -> dict[UUID, list[tuple[int, int]]]:
    spans: dict[UUID, list[tuple[int, int]]] = {}
    columns = select(Evidence.article_id, Evidence.start, Evidence.end).where(Evidence.article_id.in_(articles))
    for article, start, end in session.execute(columns):
        spans.setdefault(article, []).append((start, end))
    return spans
