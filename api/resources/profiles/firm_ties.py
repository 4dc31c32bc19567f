"""Why firms are related to a firm, as one statement of (other, reason, count)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, column, func, literal, select, true, union_all, values
from sqlalchemy.orm import Session, aliased

from api.resources.profiles.store import Ties
from core.models import Event, Evidence, Firm, FirmAlias, Referral
from extractor.kinship import kin, stem

MOST_ARTICLES = 500  # the last of a firm's articles, in which others are looked for
MOST_BANKS = 50
MOST_EVENTS = 2000  # the last of each bank's events
MOST_NAMES = 500  # that begin alike and are compared


def ties(session: Session, firm: Firm, ids: Sequence[UUID]) -> Ties:
    """Every firm that is related to `firm`, whose rows are `ids`; a firm has a row for each reason."""
    alike = _same_name(_alike(session, firm, ids))
    there, here = Referral.to_firm_id, Referral.from_firm_id
    recommended = (_referred("recommended", there, here, ids), _referred("recommended_by", here, there, ids))
    return union_all(*recommended, alike, _same_article(ids), _same_bank(ids))


def _referred(reason: str, other: Any, own: Any, ids: Sequence[UUID]) -> Select[Any]:
    """Firms that it recommended to a bank, or that recommended it; counted are the articles that tell it."""
    found = _others(reason, func.count(Referral.article_id.distinct()), ids).select_from(Referral)
    return found.join(Firm, Firm.id == other).where(own.in_(ids)).group_by(_head())


def _same_bank(ids: Sequence[UUID]) -> Select[Any]:
    """Firms among the last events of the banks that financed it; counted are the banks."""
    own = select(Event.bank_id).where(Event.firm_id.in_(ids), Event.state == "live")
    banks = own.group_by(Event.bank_id).order_by(func.count().desc(), Event.bank_id).limit(MOST_BANKS).subquery()
    last = (
        select(Event.firm_id, Event.bank_id)
        .where(Event.bank_id == banks.c.bank_id, Event.state == "live", Event.firm_id.is_not(None))
        .order_by(Event.first_seen.desc(), Event.id.desc())
        .limit(MOST_EVENTS)
        .lateral()
    )
    found = _others("same_bank", func.count(last.c.bank_id.distinct()), ids)
    return found.select_from(banks).join(last, true()).join(Firm, Firm.id == last.c.firm_id).group_by(_head())


def _same_article(ids: Sequence[UUID]) -> Select[Any]:
    """Firms of which one of its articles tells an event too; counted are the articles."""
    own = select(Evidence.article_id).join(Event, Event.id == Evidence.event_id)
    own = own.where(Event.firm_id.in_(ids), Event.state == "live").order_by(Evidence.article_id.desc()).distinct()
    articles = own.limit(MOST_ARTICLES).subquery()
    other, told = aliased(Event), aliased(Evidence)
    found = _others("same_article", func.count(articles.c.article_id.distinct()), ids).select_from(articles)
    found = found.join(told, told.article_id == articles.c.article_id)
    found = found.join(other, (other.id == told.event_id) & (other.state == "live"))
    return found.join(Firm, Firm.id == other.firm_id).group_by(_head())


def _same_name(alike: dict[UUID, int]) -> Select[Any]:
    """Firms whose names may be of one house with its own; counted are the names."""
    rows = values(column("other", Uuid), column("count", type_=func.count().type), name="alike")
    given = rows.data(list(alike.items()))
    if not alike:
        return _others("same_name", func.count(), ()).where(literal(False)).group_by(_head())
    return select(given.c.other, literal("same_name").label("reason"), given.c.count)


def _alike(session: Session, firm: Firm, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many names of other firms are kin to one of the firm's (extractor/kinship.py)."""
    own = {alias.alias for alias in firm.aliases} | {firm.name}
    near = select(_head(), FirmAlias.alias).join(Firm, Firm.id == FirmAlias.firm_id)
    near = near.where(FirmAlias.stem.in_({stem(name) for name in own} - {""}), _head().not_in(ids))
    names = session.execute(near.order_by(FirmAlias.key).limit(MOST_NAMES))
    return Counter(row_id for row_id, name in names if any(kin(name, one) for one in own))


def _head() -> Any:
    """The firm that stands for one."""
    return func.coalesce(Firm.merged_into, Firm.id)


def _others(reason: str, count: Any, ids: Sequence[UUID]) -> Select[Any]:
    """Other firms with a reason and a count."""
    found = select(_head().label("other"), literal(reason).label("reason"), count.label("count"))
    return found.where(_head().not_in(ids))
