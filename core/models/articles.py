"""Written by ingest; only an article's work columns are the extractor's."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made, Moment, Work

HEALTH = ("ok", "dead", "empty", "changed", "challenged", "silent")
"""How a source is: dead (no answer), empty (an answer without articles), changed (nothing is found where there always
was something), challenged (a page that wants a browser or a captcha), silent (far longer than its rhythm)."""

_HOST = "lower(substring(url, '^[^:]+://([^/?#]+)'::text))"


class Source(Base):
    """Where articles come from. Times in seconds, `zone` where its naive times are read.

    `interval` is a fixed one; without it the source's own `rhythm` (seconds between its articles, smoothed) decides
    within `shortest_interval` and `longest_interval`. `host` is its server's name and port. `selector`: CSS, of a list
    page's links. `full_text`: what its items only point to, or cut, is fetched. `alert_backlog`: what the source held
    at its first poll, or is old, alerts too (the demo asks for it). `items`: how many its last changed body held,
    `seen`: marks of that body and of its items (ingest/seen.py).
    `health` is one of HEALTH; its answers have held nothing since `hollow_since`.
    """

    __tablename__ = "source"

    id: Mapped[Id]
    name: Mapped[str]
    url: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str | None] = mapped_column(Computed(_HOST, persisted=True))
    kind: Mapped[str]
    zone: Mapped[str] = mapped_column(server_default="Asia/Shanghai")
    enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    interval: Mapped[float | None]
    shortest_interval: Mapped[float | None]
    longest_interval: Mapped[float | None]
    selector: Mapped[str | None]
    full_text: Mapped[bool] = mapped_column(server_default=sql("false"))
    alert_backlog: Mapped[bool] = mapped_column(server_default=sql("false"))
    created_at: Mapped[Made]
    due_at: Mapped[Made]
    lease_until: Mapped[Moment | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    first_polled_at: Mapped[Moment | None]
    last_polled_at: Mapped[Moment | None]
    last_success_at: Mapped[Moment | None]
    last_item_at: Mapped[Moment | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    rhythm: Mapped[float | None]
    items: Mapped[int | None]
    seen: Mapped[bytes | None]
    health: Mapped[str] = mapped_column(server_default="ok")
    health_since: Mapped[Moment | None]
    health_reason: Mapped[str | None]
    hollow_since: Mapped[Moment | None]

    __table_args__ = (Index("ix_source_due", "due_at", postgresql_where=sql("enabled")),)


class Link(Work, Base):
    """A page that a source named and that is still to be fetched: its title and times as told there.

    `text`: what the source itself gave of it, kept where the page cannot be had. `depth`: how many links led to it from
    the source's own body. Work that needs no message: the ingest process claims it as it claims due sources. `done`
    pages are articles, or were found to be none; failed ones are never asked for again. `quiet` makes what is found
    there join the history without alerting.
    """

    __tablename__ = "link"

    id: Mapped[Id]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    url: Mapped[str]
    canonical_url: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str | None] = mapped_column(Computed(_HOST, persisted=True))
    title: Mapped[str | None]
    text: Mapped[str | None]
    published: Mapped[Moment | None]
    updated: Mapped[Moment | None]
    depth: Mapped[int] = mapped_column(server_default="0")
    quiet: Mapped[bool] = mapped_column(server_default=sql("false"))
    created_at: Mapped[Made]

    indexes = (
        Index("ix_link_source", "source_id", "created_at"),
        Index("ix_link_turn", "host", "quiet", "due_at", postgresql_where=sql("state = 'open'")),
    )


class Host(Base):
    """A web server, asked politely: its robots.txt (None: there is none) until when it holds, and whose turn is when.

    `delay` in seconds between two requests, as its robots.txt asks; `next_at` before which no process asks it.
    """

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(primary_key=True)
    robots: Mapped[str | None]
    robots_until: Mapped[Moment | None]
    delay: Mapped[float | None]
    next_at: Mapped[Moment | None]


class SourceError(Base):
    """What could not be fetched, read or kept: `input` names it (an address, an item's place), `reason` says why."""

    __tablename__ = "source_error"

    id: Mapped[Id]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    at: Mapped[Made]
    input: Mapped[str]
    reason: Mapped[str]

    __table_args__ = (Index("ix_source_error_source", "source_id", "at"),)


class Article(Work, Base):
    """One item as collected. `quiet` updates the history without alerting; `canary` shows nowhere; `later`: history,
    which is read after all that is news.

    `content_hash` is the SHA-256 (hex) of title and text; `published` is the source's own time, None if untold.
    `sketched`: near-duplicates of it can be found (only articles of versions before 0.2 had yet to be sketched).
    `forgotten_at`: its text was let go after its time (core/retention/texts.py) and is empty since; its quotes stay.
    """

    __tablename__ = "article"

    id: Mapped[Id]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"))
    url: Mapped[str | None]
    canonical_url: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    text: Mapped[str]
    author: Mapped[str | None]
    source_name: Mapped[str | None]
    published: Mapped[Moment | None]
    fetched_at: Mapped[Made]
    content_hash: Mapped[str] = mapped_column(unique=True)
    quiet: Mapped[bool] = mapped_column(server_default=sql("false"))
    canary: Mapped[bool] = mapped_column(server_default=sql("false"))
    later: Mapped[bool] = mapped_column(server_default=sql("false"))
    sketched: Mapped[bool] = mapped_column(server_default=sql("true"))
    forgotten_at: Mapped[Moment | None]

    indexes = (
        Index("ix_article_unsketched", "id", postgresql_where=sql("NOT sketched")),
        Index("ix_article_recent", "fetched_at", "id", postgresql_where=sql("NOT canary")),
        Index("ix_article_canary", "fetched_at", postgresql_where=sql("canary")),
        Index("ix_article_source", "source_id", "fetched_at"),
        Index("ix_article_text", "fetched_at", postgresql_where=sql("forgotten_at IS NULL AND NOT canary")),
        Index("ix_article_outlet", "source_name", postgresql_where=sql("source_name IS NOT NULL")),
        Index("ix_article_failed", "fetched_at", "id", postgresql_where=sql("state = 'failed'")),
        CheckConstraint(
            "CASE WHEN forgotten_at IS NULL THEN length(text) BETWEEN 1 AND 5000000 ELSE text = '' END",
            name="text_length",
        ),
    )
