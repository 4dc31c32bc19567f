"""Watchlists that ask for nothing, or for what cannot be: refused with the field and the reason."""

from collections.abc import Iterable, Iterator, Mapping

from api.errors import FieldError, Invalid
from api.resources.watchlists import subjects
from core import watching
from core.models import WatchItem, Watchlist

Items = Mapping[tuple[str, bool], list[WatchItem]]  # by kind and whether they exclude, in the order in which they show


def check(watchlist: Watchlist, items: Items, fields: Mapping[str, str]) -> None:
    """Raise Invalid with all that is wrong; `fields` tells what the API calls each kind of subject."""
    errors = [FieldError(field=field, reason=reason) for field, reason in _wrong(watchlist, items, fields)]
    if errors:
        raise Invalid(*errors)


def _wrong(watchlist: Watchlist, items: Items, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    triggers, named = set(watchlist.triggers), {kind for kind, excludes in items if not excludes}
    if triggers != {"source"} and not (named or watchlist.instruments or watchlist.min_amount is not None):
        told = "in `banks`, `firms`, `sectors`, `regions` or `words`, or set `instruments` or `min_amount`"
        yield "body", f"watches nothing: name something {told}"
        return
    yield from _of_mentions(watchlist, triggers, named)
    if "retracted" in triggers and not triggers & {"created", "updated", "evidence"}:
        told = "retracted tells those who were told of an event that it no longer stands"
        yield "body.triggers", f"{told}: add created, updated or evidence"
    yield from _of_sectors(watchlist, items, named)
    for kind, field in fields.items():
        yield from _excluded(items.get((kind, False), []), items.get((kind, True), []), field)
    for number, item in enumerate(items.get(("instrument", True), [])):
        if item.key in watchlist.instruments:
            yield f"body.exclude.instruments.{number}", f"{item.name!r} is in `instruments` too"


def _of_mentions(watchlist: Watchlist, triggers: set[str], named: set[str]) -> Iterator[tuple[str, str]]:
    if "mention" in triggers and not named & watching.IN_ARTICLES:
        yield "body.triggers", "mention needs a name in `banks`, `firms` or `words`: an article has nothing else"
    elif "mention" in triggers and watchlist.logic == "all" and named - watching.IN_ARTICLES:
        told = "and this list needs one: leave mention out, or set `logic` to any"
        yield "body.triggers", f"mention: an article has no sector and no region, {told}"
    if not triggers & {*watching.EVENT, "evidence"}:
        told = "applies to events, and `triggers` asks for none"
        if watchlist.min_amount is not None:
            yield "body.min_amount", told
        if watchlist.instruments:
            yield "body.instruments", told


def _of_sectors(watchlist: Watchlist, items: Items, named: set[str]) -> Iterator[tuple[str, str]]:
    """Only a watched firm is told of whether it is a technology firm or not."""
    told = {item.key for item in items.get(("sector", False), [])}
    known = {one.slug: one.tech for one in subjects.sectors()}
    if watchlist.tech_only is False or not told or (watchlist.logic == "all" and "firm" in named):
        return
    if all(known.get(slug) is False for slug in told):
        reason = f"no firm of {', '.join(sorted(told))} is a technology firm: set it to false, or name other `sectors`"
        yield "body.tech_only", reason


def _excluded(watched: Iterable[WatchItem], excluded: Iterable[WatchItem], field: str) -> Iterator[tuple[str, str]]:
    """What is watched and excluded at once, also a branch of a bank that is excluded as a whole."""
    names = {one: item.name for item in watched for one in {item.key, watching.token(item.key, item.branch)}}
    whole = {watching.token(item.key, item.branch) for item in watched}
    for number, item in enumerate(excluded):
        own = watching.token(item.key, item.branch)
        if own in whole or (item.branch is None and own in names):
            yield f"body.exclude.{field}.{number}", f"{item.name!r} is in `{field}` too"
