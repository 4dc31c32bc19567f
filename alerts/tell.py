"""A notice to its end: match it, try its first delivery at once, and announce the others.

The worker that matched is free, so that sending the first delivery itself saves its alert a walk through the broker;
the others go to whichever worker is free. A worker killed in between loses nothing: the rows stand, and are swept.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from alerts.deliver import deliver
from alerts.match import match
from core.models import Notice
from core.work import DELIVER, MATCH, announce, attempt


def tell(notice_id: UUID) -> None:
    """Match one notice and send what can be sent here."""
    first: list[UUID] = []

    def act(session: Session, notice: Notice) -> None:
        made = match(session, notice)
        first[:] = made[:1]
        for delivery_id in made[1:]:
            announce(session, DELIVER, delivery_id)

    attempt(MATCH, notice_id, act)
    for delivery_id in first:
        deliver(delivery_id)
