"""The statements that keep an article or find what it is the same as, composed once (core/sql.py tells why)."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Text,
    Uuid,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from core.models import Article, ArticleBand, ArticleRevision, Extraction, Reprint, WorkState
from core.sql import Query, table
from ingest.draft import Draft

NEWEST = 8  # articles of a band that are looked at: of a template's texts thousands may share one
MOST = 4  # articles that a new one is compared with
LARGEST = 800_000  # bytes of a text that is compared
MOST_REPRINTS = 100  # kept of one article; further ones are known, and no row is made for them

_article, _band, _reprint, _revision = map(table, (Article, ArticleBand, Reprint, ArticleRevision))
_key: Any = bindparam("canonical_url", type_=_article.c.canonical_url.type)
_hash: Any = bindparam("content_hash", type_=_article.c.content_hash.type)
_id = bindparam("article_id", type_=Uuid)
_PLACES = (_article, _reprint)
_GIVEN = (*Draft.__slots__, "source_id", "quiet", "later")


def _as_it_is(value: Any) -> Any:
    """A value that stands in the statement itself: no parameter to be sent, and the planner knows it."""
    return literal_column(str(value))


def _array(name: str, of: Any) -> Any:
    return bindparam(name, type_=ARRAY(of))


# The articles that share a band with the new one, those first that share what few others do. For each band the newest
# are read off the end of its part of the index; so the number of stored articles does not matter.
_own = func.unnest(_array("bands", BigInteger)).table_valued("band").render_derived()
_newest = (
    select(_band.c.article_id)
    .where(_band.c.band == _own.c.band)
    .order_by(_band.c.article_id.desc())
    .limit(_as_it_is(NEWEST))
    .lateral()
)
_met = (
    select(
        _newest.c.article_id, (_as_it_is("1.0::float8") / func.count().over(partition_by=_own.c.band)).label("weight")
    )
    .select_from(_own.join(_newest, true()))
    .subquery()
)
_near = (
    select(_met.c.article_id, func.sum(_met.c.weight).label("weight"))
    .group_by(_met.c.article_id)
    .order_by(func.sum(_met.c.weight).desc(), _met.c.article_id)
    .limit(_as_it_is(MOST))
    .cte("near")
)
_known_elsewhere = or_(
    select(_reprint.c.id).where(or_(_reprint.c.canonical_url == _key, _reprint.c.content_hash == _hash)).exists(),
    select(_revision.c.number).where(_revision.c.content_hash == _hash).exists(),
)


def _adding(*conditions: Any) -> tuple[Any, Any]:
    """The article's row with its bands, made where the conditions hold and neither its key nor its hash is there."""
    values: list[Any] = [func.coalesce(bindparam("own_id", type_=Uuid), func.uuidv7(type_=Uuid))]
    values += [bindparam(name, type_=_article.c[name].type) for name in _GIVEN]
    # what no message is sent for is found by the next sweep that has room
    values.append(case((bindparam("announced"), func.now())))
    made = (
        insert(_article)
        .from_select(["id", *_GIVEN, "sent_at"], select(*values).where(*conditions))
        .on_conflict_do_nothing()
        .returning(_article.c.id)
        .cte("made")
    )
    own = func.unnest(_array("bands", BigInteger)).table_valued("band").render_derived()
    banded = insert(_band).from_select(
        ["band", "article_id"], select(own.c.band, made.c.id).select_from(own.join(made, true()))
    )
    return made, banded.cte("banded")


def _may_hold(one: Any) -> Any:
    """Whether it may hold all numbers of the new text: judge.py's quick look, which spares most texts of a template
    from being answered and compared. Like there, other digits may hide what is looked for."""
    whole = func.translate(one.c.title + literal_column(r"E'\n'") + one.c.text, *map(literal_column, (r"E',\n'", "''")))
    told = select(whole.label("plain")).offset(_as_it_is(0)).correlate(one).lateral("told")
    number = func.unnest(_array("numbers", Text)).column_valued("number")
    lacks: Any = literal_column("strpos(told.plain, number) = 0 AND told.plain !~ '[０-９]'")
    return ~select(told.c.plain, number).where(lacks).exists()


def _alike(one: Any, article_id: Any) -> Any:
    compared = func.octet_length(one.c.text) <= _as_it_is(LARGEST)
    found = select(article_id.label("id"), one.c.title, one.c.text, _near.c.weight)
    return found.join(_near, _near.c.article_id == article_id).where(compared, _may_hold(one))


# what those articles say now, and what they said before they were corrected
_likest = union_all(_alike(_article, _article.c.id), _alike(_revision, _revision.c.article_id)).cte("likest")
_made, _banded = _adding(~select(_likest.c.id).exists(), ~_known_elsewhere)
KEEP = Query(
    union_all(
        select(_made.c.id.label("added"), *(null().label(name) for name in ("id", "title", "text", "weight"))),
        select(null(), *_likest.c["id", "title", "text", "weight"]),
    ).add_cte(_banded)
)
"""Adds what is new at first sight, in one statement; else answers the articles that it may be a reprint of."""

_made, _banded = _adding(~_known_elsewhere)
ADD = Query(select(_made.c.id.label("added")).add_cte(_banded))
"""Adds what is new once it has been compared."""

TURN = Query(select(func.pg_advisory_xact_lock(bindparam("band", type_=BigInteger))))

MET = Query(
    union_all(
        select(_article.c.id, (_article.c.canonical_url == _key).label("by_address"))
        .add_columns(literal("article").label("place"), (_article.c.content_hash == _hash).label("by_content"))
        .where(or_(_article.c.canonical_url == _key, _article.c.content_hash == _hash)),
        select(
            _reprint.c.article_id,
            _reprint.c.canonical_url == _key,
            literal("reprint"),
            _reprint.c.content_hash == _hash,
        ).where(or_(_reprint.c.canonical_url == _key, _reprint.c.content_hash == _hash)),
        select(_revision.c.article_id, literal(False), literal("revision"), literal(True)).where(
            _revision.c.content_hash == _hash
        ),
    )
)

_COPIED = ("source_id", "url", "canonical_url", "content_hash", "title", "source_name", "published")
_few = (
    select(func.count())
    .select_from(select(_reprint.c.id).where(_reprint.c.article_id == _id).limit(MOST_REPRINTS).subquery())
    .scalar_subquery()
)
ADD_REPRINT = Query(
    insert(_reprint)
    .from_select(
        ["article_id", *_COPIED],
        select(_id, *(bindparam(name, type_=_reprint.c[name].type) for name in _COPIED)).where(_few < MOST_REPRINTS),
    )
    .on_conflict_do_nothing()
)

_replaced = select(func.max(_revision.c.replaced_at)).where(_revision.c.article_id == _id).scalar_subquery()
CURRENT = Query(
    select(*_article.c["id", "source_id", "title", "text", "fetched_at", "forgotten_at"])
    .add_columns(_replaced.label("replaced_at"), func.now().label("moment"))
    .where(_article.c.id == _id)
    .with_for_update()
)
_next = select(func.count() + 1).where(_revision.c.article_id == _id).scalar_subquery()
_kept = insert(_revision).from_select(
    ["article_id", "number", "title", "text", "content_hash", "published"],
    select(_article.c.id, _next, *_article.c["title", "text", "content_hash", "published"]).where(_article.c.id == _id),
)
KEEP_VERSION = Query(_kept)
_was_read = select(_extraction_id := table(Extraction).c.article_id).where(_extraction_id == _id).exists()
_CORRECTED = ("title", "text", "content_hash")
REPLACE = Query(
    update(_article)
    .where(_article.c.id == _id)
    .values({name: bindparam(name, type_=_article.c[name].type) for name in _CORRECTED})
    .values(
        published=func.coalesce(bindparam("published", type_=_article.c.published.type), _article.c.published),
        quiet=or_(_article.c.quiet, _was_read),
        state=literal(str(WorkState.OPEN)),
        attempts=0,
        due_at=func.now(),
        sent_at=func.now(),
        lease_until=None,
        reason=None,
        sketched=True,
    )
)
ADD_BANDS = Query(
    insert(_band)
    .from_select(["band", "article_id"], select(_own.c.band, _id).select_from(_own))
    .on_conflict_do_nothing()
)
_like = _band.c.band == func.any(_array("bands", BigInteger))
SHARES_BAND = Query(select(_band.c.band).where(_band.c.article_id == _id, _like).limit(1))
RELEASE_KEY = Query(update(_article).where(_article.c.id == _id).values(canonical_url=None))

# one look for all that a body holds: which addresses and texts are known, wherever
_urls, _hashes = _array("urls", Text), _array("hashes", Text)
KNOWN = Query(
    union_all(
        *(select(one.c.canonical_url.label("key")).where(one.c.canonical_url == func.any(_urls)) for one in _PLACES),
        *(
            select(one.c.content_hash.label("key")).where(one.c.content_hash == func.any(_hashes))
            for one in (*_PLACES, _revision)
        ),
    )
)
