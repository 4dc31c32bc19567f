"""A notice to its end: match it, try its first delivery at once, and announce the others.

The worker that matched is free, so that sending the first delivery itself saves its alert a walk through the broker,
and its attempt is begun in the transaction that makes it; the others go to whichever worker is free. A worker killed
in between loses nothing: the rows stand, and are swept.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from alerts.deliver import Begun, carry_out, lease
from alerts.match import Alert, match
from core.database import keep_now
from core.models import Notice
from core.work import DELIVER, MATCH, announce_found, attempt


def tell(notice_id: UUID) -> None:
    """Match one notice and send what can be sent here."""
    alerts: list[Alert] = []

    def act(session: Session, notice: Notice) -> None:
        alerts[:] = match(session, notice, lease=lease())
        if alerts:
            keep_now(session)  # what is told outside must not be forgotten inside
        for other in alerts[1:]:
            announce_found(session, DELIVER, other.rows)

    if attempt(MATCH, notice_id, act) == "done":
        for first in alerts[:1]:
            for row in first.rows:
                carry_out(Begun(row.id, 1, first.channel, first.columns["body"]))
