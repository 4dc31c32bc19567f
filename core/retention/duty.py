"""A duty of catching up: one batch of the kind of row that was not looked at for longest."""

from datetime import timedelta
from typing import Any

from sqlalchemy import any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.orm import Session

from core.clock import now
from core.models import Retention
from core.retention.base import Kind
from core.retention.kinds import KINDS

PAUSE = timedelta(minutes=10)
"""Between two looks at a kind of which nothing was over its time."""
_FREE: Any = {"skip_locked": True}
_OURS = Retention.kind == any_(array([kind.name for kind in KINDS]))
_DUE = select(Retention).where(_OURS, Retention.next_at <= func.now())
OPEN = select(literal(1)).where(
    or_(_DUE.exists(), select(func.count(Retention.kind)).where(_OURS).scalar_subquery() < len(KINDS))
)


def let_go(session: Session) -> int:
    """Let go one batch of what is over its time; how many rows. While one process is about a kind no other is."""
    kinds = {kind.name: kind for kind in KINDS}
    row = session.scalar(_DUE.order_by(Retention.next_at).limit(1).with_for_update(**_FREE))
    if row is None:
        return _begin(session, kinds)
    gone = _batch(session, kinds[row.kind])
    row.gone += gone
    if gone < kinds[row.kind].most:
        row.settled_at = func.now()
        row.next_at = func.now() + PAUSE
    else:  # there is more, once each of the others had its turn
        row.next_at = func.now()
    return gone


def _batch(session: Session, kind: Kind) -> int:
    return 0 if kind.kept is None else kind.act(session, now() - kind.kept, kind.most)


def _begin(session: Session, kinds: dict[str, Kind]) -> int:
    """Rows for kinds that have none, as in a new installation."""
    missing = kinds.keys() - set(session.scalars(select(Retention.kind)))
    if missing:
        session.execute(insert(Retention).values([{"kind": name} for name in sorted(missing)]).on_conflict_do_nothing())
    return 0
