"""All SQL of `/v1/channels`; every statement is bound to one subscriber."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.pagination import PageQuery
from core.models import Channel


def page(session: Session, owner: UUID, query: PageQuery) -> tuple[Sequence[Channel], str | None]:
    """The owner's channels, newest first."""
    statement = select(Channel).where(Channel.subscriber_id == owner)
    return pagination.fetch(session, statement, query, what="channels", moment=Channel.created_at, row_id=Channel.id)


def find(session: Session, owner: UUID, channel_id: UUID) -> Channel | None:
    """The owner's channel of that id."""
    return session.scalar(select(Channel).where(Channel.id == channel_id, Channel.subscriber_id == owner))


def save(session: Session, channel: Channel) -> Channel:
    """Write it; Invalid where the owner has another of its name."""
    session.add(channel)
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_channel" not in str(error.orig):
            raise
        raise Invalid.at("body.name", "another channel of yours has this name") from None
    session.refresh(channel)
    return channel


def remove(session: Session, channel: Channel) -> None:
    """Delete it with its deliveries."""
    session.execute(delete(Channel).where(Channel.id == channel.id))
