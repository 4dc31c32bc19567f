"""Written by the API; alerts may disable a channel, and counts what it takes."""

from datetime import datetime
from datetime import time as Time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    event,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core import watching
from core.models.base import Base, Id, Json, Made, Moment, Words

TO_LOOK_FOR = text("past_at IS NULL AND kind IN ('bank', 'firm', 'word')")


class Channel(Base):
    """One place to send to. `config` is what its kind needs and may be shown; `secret` is encrypted (core/secrets).
    What is for a `paused` one waits; for one that is not `enabled` it is given up.

    `recent`: when it was sent messages in the last minute, for kinds that take only so many. `failures` in a row, since
    when, and when it is probed next (alerts/circuit.py). `old_secret` signs too until `old_secret_until`.
    `confirmed_at`: none where whoever has the e-mail address has not agreed yet; nothing is sent there till then.
    `to_owner`: its owner reads it, and is told there of channels that were disabled.
    """

    __tablename__ = "channel"

    id: Mapped[Id]
    subscriber_id: Mapped[UUID] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    config: Mapped[Json]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    disabled_reason: Mapped[str | None]
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Made]
    recent: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")
    failures: Mapped[int] = mapped_column(server_default="0")
    failing_since: Mapped[Moment | None]
    probe_at: Mapped[Moment | None]
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[Moment | None]
    confirmed_at: Mapped[Moment | None] = mapped_column(DateTime(timezone=True), server_default=func.now())
    to_owner: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        UniqueConstraint("subscriber_id", "name"),
        Index("ix_channel_address", text("lower(config ->> 'to')"), postgresql_where=text("kind = 'email'")),
    )


class Watchlist(Base):
    """What a subscriber watches and where to send it.

    `logic` any or all: whether one kind of `items` is enough or each that is named must hit. `triggers` say of what it
    tells, `changed` which contract fields must change for an update to be told (empty: any). What is told waits outside
    `hours` (in `zone`; null: always) and goes out at once or, by `rhythm`, in a digest at `rhythm_time` (of
    `rhythm_day`, 1 Monday to 7 Sunday, where weekly). After `mention_cap` mentions a day the rest is a digest.

    `named` are the kinds of its subjects, and `keys` how it is found; both follow from the rest at each flush.
    """

    __tablename__ = "watchlist"

    id: Mapped[Id]
    subscriber_id: Mapped[UUID] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    logic: Mapped[str] = mapped_column(server_default="any")
    named: Mapped[Words]
    triggers: Mapped[Words]
    changed: Mapped[Words]
    tech_only: Mapped[bool] = mapped_column(server_default=text("true"))
    instruments: Mapped[Words]
    min_amount: Mapped[Decimal | None] = mapped_column(Numeric(24, 2))
    min_confidence: Mapped[float] = mapped_column(server_default="0")
    zone: Mapped[str] = mapped_column(server_default="Asia/Shanghai")
    hours: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    rhythm: Mapped[str] = mapped_column(server_default="immediate")
    rhythm_time: Mapped[Time | None]
    rhythm_day: Mapped[int | None]
    muted_until: Mapped[Moment | None]
    mention_cap: Mapped[int] = mapped_column(server_default="50")
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[Made]
    items: Mapped[list["WatchItem"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    keys: Mapped[list["WatchKey"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    channels: Mapped[list[Channel]] = relationship(secondary="watchlist_channel", lazy="selectin")

    __table_args__ = (
        UniqueConstraint("subscriber_id", "name"),
        CheckConstraint("logic IN ('any', 'all')", name="logic"),
        CheckConstraint("rhythm IN ('immediate', 'hourly', 'daily', 'weekly')", name="rhythm"),
        Index("ix_watchlist_mention", "id", postgresql_where=text("enabled AND triggers @> '{mention}'::text[]")),
        Index("ix_watchlist_source", "id", postgresql_where=text("enabled AND triggers @> '{source}'::text[]")),
    )


class WatchItem(Base):
    """One thing watched as typed, or, with `excludes`, one whose hit silences its list for an event or article.

    `kind` is bank, firm, sector, region, word or instrument; `key` its folded form, by which an event or article finds
    it. A bank's `branch` narrows it to that branch. `resolved`: the name that was meant by a stock code, pinyin or
    initials; then `key` is that name's. `past_before`: the article back to which past ones were looked through for it;
    `past_at` when all were (extractor/past.py).
    """

    __tablename__ = "watch_item"

    id: Mapped[Id]
    watchlist_id: Mapped[UUID] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"))
    kind: Mapped[str]
    name: Mapped[str]
    key: Mapped[str]
    resolved: Mapped[str | None]
    branch: Mapped[str | None]
    excludes: Mapped[bool] = mapped_column(server_default=text("false"))
    past_before: Mapped[UUID | None]
    past_at: Mapped[Moment | None]

    __table_args__ = (
        UniqueConstraint("watchlist_id", "kind", "key", "branch", "excludes", postgresql_nulls_not_distinct=True),
        Index("ix_watch_item_key", "key", "kind"),
        Index("ix_watch_item_past", "id", postgresql_where=TO_LOOK_FOR),
    )


class WatchKey(Base):
    """One way to find a list that is in force (core/watching.py): columns as those of `Key`."""

    __tablename__ = "watch_key"

    watchlist_id: Mapped[UUID] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    asks: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    tech: Mapped[bool] = mapped_column(primary_key=True)
    shape: Mapped[int] = mapped_column(SmallInteger)
    level: Mapped[int] = mapped_column(SmallInteger)
    least: Mapped[float]

    __table_args__ = (
        Index("ix_watch_key", "hash", "asks", "tech", "level", "least", postgresql_include=["watchlist_id"]),
        Index("ix_watch_key_shape", "shape"),
    )


class WatchlistChannel(Base):
    """Which channels a watchlist sends to."""

    __tablename__ = "watchlist_channel"

    watchlist_id: Mapped[UUID] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True)


@event.listens_for(Session, "before_flush")
def _index(session: Session, *_: object) -> None:
    """Let `named` and `keys` of every list that changes follow, whoever changes it."""
    for row in {*session.new, *session.dirty}:
        if isinstance(row, Watchlist):
            row.triggers = watching.expanded(row.triggers or ())
            row.named = sorted(watching.subjects(row.items))
            _post(row)


def _post(row: Watchlist) -> None:
    wanted = {(key.hash, key.asks, key.tech, key.shape, key.level, key.least): key for key in watching.keys(row)}
    standing = {(key.hash, key.asks, key.tech, key.shape, key.level, key.least): key for key in row.keys}
    for told, key in standing.items():
        if told not in wanted:
            row.keys.remove(key)
    for told in wanted.keys() - standing.keys():
        hash_, asks, tech, shape, level, least = told
        row.keys.append(WatchKey(hash=hash_, asks=asks, tech=tech, shape=shape, level=level, least=least))
