"""All SQL of answers that are kept."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from core.database import transaction
from core.models import Idempotency
from core.models.answers import KEPT

LEASE = timedelta(minutes=2)  # longer than any request takes; after a crash it may be carried out again
_OLD = Idempotency.created_at < func.now() - KEPT
_CLEARED = 100  # rows that are too old, with each that comes


def claim(*, api_key: str, route: str, key: str, digest: str) -> UUID | Idempotency:
    """A token for who carries the request out, or the row of who does or did."""
    own = {"api_key": api_key, "route": route, "key": key}
    while True:
        with transaction() as session:
            _clear(session)
            token: UUID | None = session.scalar(_claiming(own, digest))
            found = None if token else session.scalars(select(Idempotency).filter_by(**own)).one_or_none()
        if token or found:  # neither: it was forgotten in between
            return token or cast("Idempotency", found)


def _claiming(own: dict[str, str], digest: str) -> Any:
    """A new row, or one that is too old, or whose process died over the same request."""
    given = {"digest": digest, "token": uuid4(), "lease_until": func.now() + LEASE}
    blank = {"created_at": func.now(), "status": None, "media_type": None, "body": None}
    died = and_(Idempotency.status.is_(None), Idempotency.lease_until < func.now(), Idempotency.digest == digest)
    return (
        insert(Idempotency)
        .values(**own, **given)
        .on_conflict_do_update(index_elements=[*own], set_=given | blank, where=or_(_OLD, died))
        .returning(Idempotency.token)
    )


def _clear(session: Any) -> None:
    """Those of a day ago, without waiting for others that do the same."""
    old = select(Idempotency.id).where(_OLD)
    old = old.limit(_CLEARED).with_for_update(skip_locked=True)
    session.execute(delete(Idempotency).where(Idempotency.id.in_(old.scalar_subquery())))


def keep(token: UUID, *, status: int, media_type: str | None, body: bytes) -> None:
    """What was answered; nothing where another took the request over meanwhile."""
    with transaction() as session:
        values = {"status": status, "media_type": media_type, "body": body}
        session.execute(update(Idempotency).where(Idempotency.token == token).values(**values))


def forget(token: UUID) -> None:
    """The request may be carried out again: nothing came of it."""
    with transaction() as session:
        session.execute(delete(Idempotency).where(Idempotency.token == token))
