"""What watched names mean: a stock code, pinyin or initials stands for the one bank or firm that it can mean."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from api.naming import search, store
from api.naming.ranking import Kind, Typed
from core.models import WatchItem
from core.names import fold

SHORTEST = 3  # letters that may be initials: two stand for too many
MOST_ASKED = 20  # unknown names of one list for which near ones are looked up
MOST_TOLD = 3  # suggestions for each


def mean(session: Session, items: Iterable[WatchItem]) -> None:
    """Let items of banks and firms stand for what was typed: where nothing is called so, and it is the stock code, the
    whole pinyin or the initials of exactly one, `resolved` is its name and `key` that name's. All else stays."""
    for kind, unknown in _unknown(session, items):
        typed = [Typed.of(item.name) for item in unknown]
        meant = store.meant(session, kind, [one for one in typed if one.code or _may_be_spelt(one)])
        for item, one in zip(unknown, typed, strict=True):
            names = meant.get(one.key, set())
            if len(names) == 1:
                item.resolved = next(iter(names))
                item.key = fold(item.resolved)


def suggestions(session: Session, items: Iterable[WatchItem]) -> dict[str, list[str]]:
    """For names that nothing knows, as typed, the names of what may have been meant; those with none are left out.

    A stock code, pinyin or initials of several is one of them. Of long lists only the first few are looked up.
    """
    asked = [(kind, item) for kind, unknown in _unknown(session, items) for item in unknown][:MOST_ASKED]
    found = {item.name: search.find(session, [kind], item.name, MOST_TOLD) for kind, item in asked}
    return {name: list(dict.fromkeys(fit.row.name for fit in fits)) for name, fits in found.items() if fits}


def _unknown(session: Session, items: Iterable[WatchItem]) -> Iterable[tuple[Kind, list[WatchItem]]]:
    """Items of each kind whose names no register and no article told."""
    given = list(items)
    for kind in search.KINDS:
        own = [item for item in given if item.kind == kind and not item.resolved]
        known: Collection[str] = store.known(session, kind, [item.key for item in own]) if own else ()
        if unknown := [item for item in own if item.key not in known]:
            yield kind, unknown


def _may_be_spelt(typed: Typed) -> bool:
    return typed.latin and len(typed.key) >= SHORTEST
