"""Subscribers and their keys, made here for the API, its pages and the terminal alike."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import keys
from core.errors import RejectedInput
from core.models import ApiKey, Subscriber


def named(session: Session, name: str) -> Subscriber | None:
    """The subscriber who is called so."""
    return session.scalar(select(Subscriber).where(Subscriber.name == name))


def add(session: Session, name: str) -> Subscriber | None:
    """A new subscriber of that name; None where another has it."""
    made = insert(Subscriber).values(name=name).on_conflict_do_nothing().returning(Subscriber)
    return session.scalar(made)


def add_key(
    session: Session,
    owner: UUID,
    scopes: Iterable[str],
    *,
    name: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A further key of the owner's and its plain form, which is kept nowhere."""
    made = keys.new_key()
    told = {"name": name, "scopes": list(scopes), "expires_at": expires_at}
    key = ApiKey(subscriber_id=owner, prefix=made.prefix, hash=made.hash, **told)
    session.add(key)
    session.flush()
    session.refresh(key)
    return key, made.plain


def add_with_key(session: Session, name: str, scopes: Iterable[str], *, expires_at: datetime | None = None) -> str:
    """A new subscriber with a first key; returns its plain form. RejectedInput where another has the name."""
    subscriber = add(session, name)
    if subscriber is None:
        raise RejectedInput(f"there is a subscriber called {name!r} already")
    _, plain = add_key(session, subscriber.id, scopes, expires_at=expires_at)
    return plain
