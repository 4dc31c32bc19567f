"""A notice to its end: match it, try its first delivery at once, and announce the others.

The worker that matched is free, so that sending the first delivery itself saves its alert a walk through the broker,
and its attempt is begun in the transaction that makes it; the others go to whichever worker is free. A worker killed
in between loses nothing: the rows stand, and are swept.
"""

from uuid import UUID

import structlog

from alerts import store
from alerts.deliver import lease
from alerts.gather import Waiting
from alerts.match import Alert, match
from alerts.post import Held, post
from core.ahead import claiming_made
from core.database import keep_now
from core.messages import Message, send
from core.models import Notice
from core.sql import Asker
from core.work import DELIVER, MATCH, attempt, claiming

log = structlog.get_logger(__name__)


def tell(notice_id: UUID, *, ahead: bool = False) -> None:
    """Match one notice, whose row is still being made where its message went `ahead`, and send what can be sent."""
    made: list[tuple[Alert, UUID]] = []
    held: list[Held] = []
    asked: list[store.Asked] = []

    def asking(session: Asker) -> None:
        asked.append(store.ask(session, notice_id))

    def act(session: Asker, notice: Notice) -> None:
        alerts = match(session, notice, asked=asked[0], lease=lease())
        if alerts:
            keep_now(session)  # what is told outside must not be forgotten inside
        made[:] = [(alert, row.id) for alert in alerts for row in alert.rows]
        # made ready while the commit goes to the disk
        held[:] = [post().hold(one.channel, Waiting(id, one.columns["body"])) for one, id in made if one.begun]

    done = False
    try:
        how = claiming_made if ahead else claiming
        done = attempt(MATCH, notice_id, act, claiming=how, asking=asking) == "done"
    finally:
        for letter in held:
            letter.let_go() if done else letter.drop()
    if done:
        for _, delivery_id in made:
            log.info("delivery.made", delivery_id=str(delivery_id))
        send([Message(DELIVER.task, delivery_id) for alert, delivery_id in made if not alert.begun])
        for letter in held:
            letter.await_answer()
