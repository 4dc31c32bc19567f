"""All kinds of rows that are not kept for ever, and how each goes.

A row of a UUIDv7 is as old as its id; a mention is as old as its article, an attempt as its delivery, since these lie
in months by those (core/partitions.py).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, all_, func, literal, select
from sqlalchemy.orm import Session

from core.clock import first_id
from core.models import (
    Attempt,
    Channel,
    Delivery,
    Digest,
    DigestItem,
    Idempotency,
    Mailbox,
    Mention,
    News,
    Notice,
    Preview,
    SignInTries,
    SourceError,
    WebSession,
    WorkState,
)
from core.models.answers import KEPT
from core.partitions import ATTEMPT, MENTION
from core.retention.base import Kind, months_of, rows_of
from core.retention.texts import forget_texts

_DAY = timedelta(days=1)
_address = func.lower(Channel.config["to"].astext)
_has_channel = select(Channel.id).where(Channel.kind == "email", _address == Mailbox.address).exists()
_waits = select(DigestItem.notice_id).where(DigestItem.notice_id == Notice.id).exists()


def _news(session: Session, before: datetime, most: int) -> int:
    """The low end of the stream alone, so that whoever comes back with a number can be told whether all after it is
    there; the newest stays, to tell where the stream stands."""
    newest = select(func.max(News.number)).scalar_subquery()
    lowest = select(News).where(News.number < newest).order_by(News.number).limit(most)
    gone = 0
    for row in session.scalars(lowest):
        if row.made_at >= before:
            break
        session.delete(row)
        gone += 1
    return gone


def _unused(before: datetime) -> ColumnElement[bool]:
    """Addresses that no channel sends to, of which no bound on how often they are written to need be kept."""
    at = literal(before)
    quiet = (at > all_(Mailbox.asked)) & (at > all_(Mailbox.recent))
    return (Mailbox.id < first_id(before)) & Mailbox.suppressed_at.is_(None) & quiet & ~_has_channel


KINDS = (
    Kind("texts", forget_texts, "keep_texts", most=200),
    Kind(
        "deliveries",
        rows_of(Delivery, Delivery.id, lambda at: (Delivery.id < first_id(at)) & (Delivery.state != WorkState.OPEN)),
        "keep_deliveries",
    ),
    Kind(
        "digests",
        rows_of(Digest, Digest.id, lambda at: (Digest.id < first_id(at)) & (Digest.state != WorkState.OPEN)),
        "keep_deliveries",
    ),
    Kind(
        "notices",
        rows_of(Notice, Notice.id, lambda at: (Notice.id < first_id(at)) & (Notice.state != WorkState.OPEN) & ~_waits),
        "keep_notices",
    ),
    Kind(
        "mentions",
        months_of(MENTION, rows_of(Mention, Mention.article_id, lambda at: Mention.article_id < first_id(at))),
        "keep_mentions",
    ),
    Kind(
        "attempts",
        months_of(ATTEMPT, rows_of(Attempt, Attempt.delivery_id, lambda at: Attempt.delivery_id < first_id(at))),
        "keep_attempts",
    ),
    Kind("news", _news, "keep_news"),
    Kind("errors", rows_of(SourceError, SourceError.id, lambda at: SourceError.id < first_id(at)), "keep_errors"),
    Kind("sessions", rows_of(WebSession, WebSession.expires_at, lambda at: WebSession.expires_at < at)),
    Kind("tries", rows_of(SignInTries, SignInTries.since, lambda at: SignInTries.since < at), fixed=timedelta(hours=1)),
    Kind("answers", rows_of(Idempotency, Idempotency.created_at, lambda at: Idempotency.created_at < at), fixed=KEPT),
    Kind("previews", rows_of(Preview, Preview.id, lambda at: Preview.id < first_id(at)), fixed=_DAY),
    Kind("addresses", rows_of(Mailbox, Mailbox.id, _unused), fixed=_DAY),
)
