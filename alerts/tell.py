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
from core.ahead import locking_made
from core.database import keep_now
from core.messages import Message, send
from core.models import Notice
from core.sql import Asker
from core.work import DELIVER, MATCH, attempt, claiming

log = structlog.get_logger(__name__)


def tell(notice_id: UUID, *, ahead: bool = False) -> None:
    """Match one notice, whose row is still being made where its message went `ahead`, and send what can be sent."""
    made: list[Alert] = []
    held: dict[UUID, Held] = {}
    asked: list[store.Asked] = []

    def asking(session: Asker) -> None:
        asked.append(store.ask(session, notice_id))

    def act(session: Asker, notice: Notice) -> None:
        made.extend(match(session, notice, asked=asked[0], lease=lease()))
        if made:
            keep_now(session)  # what is told outside must not be forgotten inside
        for one in made:
            if one.begun:  # made ready while its row is made and goes to the disk
                held[one.begun] = post().hold(one.channel, Waiting(one.begun, one.columns["body"]))

    how, stand = locking_made if ahead else claiming, set[UUID]()
    try:
        if attempt(MATCH, notice_id, act, claiming=how, counted=not ahead, asking=asking) == "done":
            stand = {row.id for one in made for row in one.rows}  # the others' channels have been told already
    finally:
        for delivery_id, letter in held.items():
            letter.let_go() if delivery_id in stand else letter.drop()
    send([Message(DELIVER.task, delivery_id) for delivery_id in sorted(stand - held.keys())])
    for delivery_id in stand & held.keys():
        held[delivery_id].await_answer()
    for delivery_id in sorted(stand):  # which takes the interpreter from what is being sent
        log.info("delivery.made", delivery_id=str(delivery_id))
