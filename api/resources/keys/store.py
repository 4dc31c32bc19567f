"""All SQL of `/v1/keys`; every statement is bound to one subscriber."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api import pagination
from api.pagination import PageQuery
from core.models import ApiKey, Subscriber


def page(session: Session, owner: UUID, query: PageQuery) -> tuple[Sequence[ApiKey], str | None]:
    """The owner's keys, those that are no longer good too, newest first."""
    own = select(ApiKey).where(ApiKey.subscriber_id == owner)
    return pagination.fetch(session, own, query, what="keys", moment=ApiKey.created_at, row_id=ApiKey.id)


def find(session: Session, owner: UUID, key_id: UUID) -> ApiKey | None:
    """The owner's key of that id."""
    return session.scalar(select(ApiKey).where(ApiKey.id == key_id, ApiKey.subscriber_id == owner))


def good(session: Session, owner: UUID) -> int:
    """How many keys of the owner's are good; others of the owner's requests wait until this transaction ends."""
    session.execute(select(Subscriber.id).where(Subscriber.id == owner).with_for_update(key_share=True))
    lasting = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())
    own = select(func.count()).where(ApiKey.subscriber_id == owner, ApiKey.revoked_at.is_(None), lasting)
    return session.scalar(own.select_from(ApiKey)) or 0


def save(session: Session, key: ApiKey) -> ApiKey:
    """Write it."""
    session.add(key)
    session.flush()
    session.refresh(key)
    return key
