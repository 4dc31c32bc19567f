"""All SQL of knowing articles again; what every article runs is in `statements`."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.models import Article, ArticleBand
from core.sql import Asker
from ingest.draft import Draft
from ingest.same import statements
from ingest.same.judge import Text, sure_numbers


def known(session: Asker, drafts: Sequence[Draft]) -> set[str]:
    """Those canonical addresses and content hashes of `drafts` that are known already."""
    urls = [draft.canonical_url for draft in drafts if draft.canonical_url]
    hashes = [draft.content_hash for draft in drafts]
    return {row.key for row in statements.KNOWN(session, urls=urls, hashes=hashes)} if drafts else set()


def wait_turn(session: Asker, bands: Sequence[int]) -> None:
    """Let no other article of the same sketch be kept until the transaction ends, so that the second sees the first."""
    if bands:
        statements.TURN(session, band=min(bands))


def keep(session: Asker, draft: Draft, bands: Sequence[int], **row: Any) -> tuple[UUID | None, list[tuple[UUID, Text]]]:
    """Add an article that is new at first sight, and its id; else the articles that it may be a reprint of, the likest
    first.

    Neither where its address or its content is known, or where the one that it looked like is gone.

    `row` has source_id, quiet, later, announced, and own_id: what it is to be called, or None.
    """
    numbers = sure_numbers(draft.title, draft.text)
    rows = statements.KEEP(session, **_values(draft), bands=bands, numbers=numbers, **row).fetchall()
    added = next((row.added for row in rows if row.added), None)
    likest = sorted((row for row in rows if row.id), key=lambda row: (-row.weight, row.id))
    return added, [(row.id, Text(row.title, row.text)) for row in likest]


def add(session: Asker, draft: Draft, bands: Sequence[int], **row: Any) -> UUID | None:
    """Add an article that was compared; None where its address or content is known, whoever stored it a moment ago."""
    made = statements.ADD(session, **_values(draft), bands=bands, **row).fetchone()
    return made.added if made else None


def met(session: Asker, draft: Draft) -> list[Any]:
    """What has the draft's address or content: rows of an article's `id`, `place` (article, reprint, revision),
    `by_address`, `by_content`."""
    return statements.MET(session, content_hash=draft.content_hash, canonical_url=draft.canonical_url).fetchall()


def add_reprint(session: Asker, draft: Draft, article_id: UUID, *, source_id: UUID | None) -> None:
    """Keep where an article stands once more."""
    told = {name: value for name, value in _values(draft).items() if name not in ("text", "author")}
    statements.ADD_REPRINT(session, **told, article_id=article_id, source_id=source_id)


def current(session: Asker, article_id: UUID) -> Any:
    """An article as it is, held until the transaction ends; `replaced_at` of its last correction, the `moment`."""
    return statements.CURRENT(session, article_id=article_id).fetchone()


def shares_band(session: Asker, article_id: UUID, bands: Sequence[int]) -> bool:
    """Whether a text of these bands is like the article's, or one of its earlier versions."""
    return statements.SHARES_BAND(session, article_id=article_id, bands=list(bands)).fetchone() is not None


def revise(session: Asker, draft: Draft, bands: Sequence[int], article_id: UUID) -> None:
    """Put the draft's text into an article's place, keep what was there, and open it to be read again.

    Quietly, where it was read before. It is found by the bands of each of its versions.
    """
    statements.KEEP_VERSION(session, article_id=article_id)
    told = {name: getattr(draft, name) for name in ("title", "text", "content_hash", "published")}
    statements.REPLACE(session, **told, article_id=article_id)
    statements.ADD_BANDS(session, bands=list(bands), article_id=article_id)


def release_key(session: Asker, article_id: UUID) -> None:
    """Take an article's address as its key away: something else stands there now."""
    statements.RELEASE_KEY(session, article_id=article_id)


def unsketched(session: Session, count: int) -> list[tuple[UUID, str]]:
    """Up to `count` articles whose near-duplicates cannot be found yet, the newest first: id and text."""
    statement = select(Article.id, Article.text).where(~Article.sketched).order_by(Article.id.desc()).limit(count)
    return [(row.id, row.text) for row in session.execute(statement.with_for_update(skip_locked=True))]


def add_sketches(session: Session, sketches: Iterable[tuple[UUID, Sequence[int]]]) -> None:
    """Keep the sketches of articles that had none."""
    made = dict(sketches)
    rows = [{"band": band, "article_id": article_id} for article_id, bands in made.items() for band in bands]
    if rows:
        session.execute(insert(ArticleBand), rows)
    session.execute(update(Article).where(Article.id.in_(made)).values(sketched=True))


def _values(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__slots__}
