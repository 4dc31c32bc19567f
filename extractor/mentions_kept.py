"""The mentions of an article as rows: names that resolve, and watched ones, which only their watchers are shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.models import Article
from core.names import fold
from extractor import model, store


def keep(session: Session, article: Article, mentions: Sequence[model.Mention]) -> int:
    """Keep the article's mentions, one row for each bank and firm at its first place; returns how many."""
    names: dict[str, list[str]] = {"bank": [], "firm": []}
    for mention in mentions:
        names[mention.kind].append(mention.name)
    ids = store.entity_ids(session, names["bank"], names["firm"]) if mentions else {}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for mention in mentions:
        entity = ids.get((mention.kind, fold(mention.name)))
        if entity is not None or mention.watched:
            rows.setdefault((mention.kind, mention.name), _row(article, mention, entity))
    store.add_mentions(session, list(rows.values()))
    return len(rows)


def _row(article: Article, mention: model.Mention, entity: UUID | None) -> dict[str, Any]:
    return {
        "article_id": article.id,
        "kind": mention.kind,
        "name": mention.name,
        "bank_id": entity if mention.kind == "bank" else None,
        "firm_id": entity if mention.kind == "firm" else None,
        "start": mention.start,
        "end": mention.end,
        "where": mention.where,
    }
