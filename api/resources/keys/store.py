"""All SQL of `/v1/keys`; every statement is bound to its subscribers."""

from collections.abc import Iterable, Sequence
from typing import Any
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


def used(session: Session, owners: Iterable[UUID]) -> dict[UUID, Any]:
    """By owner: how many keys are `good`, and when one of theirs was `last` used; nothing of who has none."""
    lasting = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())
    good = func.count().filter(ApiKey.revoked_at.is_(None), lasting).label("good")
    found = select(ApiKey.subscriber_id, good, func.max(ApiKey.last_used_at).label("last"))
    of_owners = found.where(ApiKey.subscriber_id.in_(list(owners))).group_by(ApiKey.subscriber_id)
    return {row.subscriber_id: row for row in session.execute(of_owners)}
