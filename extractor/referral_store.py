"""What is kept of referrals: an article's tellings, by their places in it.

What an article told before and does not tell again goes where its evidence goes (TAKE_BACK in extractor/statements.py).
"""

from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from core.models import Article, Referral
from core.sql import Asker, Query, table
from extractor import model

_SAID = ("from_firm_id", "to_firm_id", "bank_id", "branch", "quote", "start", "end", "confidence")
_fresh = insert(table(Referral)).values({name: bindparam(name) for name in ("article_id", "position", *_SAID)})
_REFER = Query(
    _fresh.on_conflict_do_update(
        index_elements=["article_id", "position"], set_={name: _fresh.excluded[name] for name in _SAID}
    )
)


def refer(session: Asker, article: Article, position: int, told: model.Referral, **ids: UUID) -> None:
    """Keep a telling of a referral (`ids`: from_firm_id, to_firm_id, bank_id); its place keeps its row."""
    where = {"branch": told.branch, "quote": told.evidence, "start": told.start, "end": told.end}
    _REFER(session, article_id=article.id, position=position, **ids, **where, confidence=told.confidence)
