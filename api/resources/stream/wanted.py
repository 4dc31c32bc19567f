"""Who wants which news: filters are asked of the database, once for all that came, watchlists as alerts ask them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from alerts import wants
from alerts.store import Told
from alerts.wants import Item
from api.errors import Invalid
from api.resources.events.filters import EventFilter, matching
from api.resources.stream import store
from api.terms import Terms

log = structlog.get_logger(__name__)
Names = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What one listener wants: events that pass `filter` (the JSON of an EventFilter), of these `types` (all where
    there is none), and where watchlists are named, those that one of them is told of. Alike ones are judged once."""

    filter: str = "{}"
    types: frozenset[str] = frozenset()
    watchlists: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, asked: EventFilter, *, types: Collection[str] = (), watchlists: Collection[UUID] = ()) -> "Wanted":
        """What `asked` means; the state of events is of no concern, since a stream tells how it changes."""
        chosen = {name: getattr(asked, name) for name in EventFilter.model_fields if name != "state"}
        plain = EventFilter.model_validate(chosen).model_dump_json(exclude_defaults=True)
        return cls(plain, frozenset(types), tuple(sorted(set(watchlists))))


@dataclass
class Batch:
    """Some rows of the news, with what is told of each, which is read where it is wanted and once."""

    session: Session
    rows: Sequence[Any]
    _told: dict[int, Told] = field(default_factory=dict)

    def told(self, row: Any) -> Told:
        """What is told of a row."""
        if row.number not in self._told:
            self._told[row.number] = store.told(self.session, row)
        return self._told[row.number]


def sift(batch: Batch, asked: Collection[Wanted]) -> dict[Wanted, dict[int, Names]]:
    """For each of `asked` the numbers of the rows that it wants, with the names of its watchlists that do."""
    lists = store.watchlists(batch.session, {one for wanted in asked for one in wanted.watchlists})
    by_filter = {one: _passing(batch, one) for one in {wanted.filter for wanted in asked}}
    by_list = _hits(batch, lists)
    return {wanted: dict(_chosen(batch, wanted, by_filter[wanted.filter], lists, by_list)) for wanted in asked}


def _chosen(
    batch: Batch,
    wanted: Wanted,
    passing: Callable[[Any], bool],
    lists: Mapping[UUID, Any],
    by_list: Mapping[int, set[UUID]],
) -> Any:
    for row in batch.rows:
        hit = [one for one in wanted.watchlists if one in by_list.get(row.number, ())]
        if wanted.watchlists and not hit:
            continue
        if passing(row) and (not wanted.types or row.type in wanted.types):
            yield row.number, tuple(lists[one].name for one in hit)


def _passing(batch: Batch, filter_: str) -> Callable[[Any], bool]:
    """Whether a row's event passes the filter; none does where the filter names what is not known any more."""
    if filter_ == "{}":
        return lambda _: True
    asked = EventFilter.model_validate_json(filter_)
    try:
        found = matching(batch.session, asked.model_copy(update={"state": "all", "q": None}))
        ids = store.passing(batch.session, found, batch.rows)
    except Invalid as error:
        log.info("stream.filter_refused", reason=str(error))
        ids = set()
    quoted = _quoted(batch, asked.q)
    return lambda row: row.event_id in ids and quoted(row)


def _quoted(batch: Batch, q: str | None) -> Callable[[Any], bool]:
    """Whether a quote of a row's event says `q`; read in the quotes, which are indexed only after they were told."""
    if q is None:
        return lambda _: True
    terms = Terms.of(q)
    return lambda row: any(terms.stand_in(one.quote) for one in batch.told(row).tellings)


def _hits(batch: Batch, lists: Mapping[UUID, Any]) -> dict[int, set[UUID]]:
    """Which watchlists are told of each row; when they are told (hours, digests) plays no part."""
    watched = {
        one: [Item(it.kind, it.key, it.branch, bool(it.excludes)) for it in row.items] for one, row in lists.items()
    }
    found: dict[int, set[UUID]] = {}
    for row in batch.rows if watched else ():
        offer = batch.told(row).offer
        found[row.number] = {
            one
            for one, items in watched.items()
            if lists[one].enabled and wants.refusal(lists[one], wants.hits(items, offer), offer) is None
        }
    return found
