"""How the watchlists that want something are found: what a list asks meets what an event or article offers as hashes.

A list is posted under the hashes of what must stand together: with logic any each subject is one; with logic all one
of each kind that it names. Instruments, which must always hold, are joined to either. An event offers every such
combination of its own names, in the shapes (sets of kinds) that are in use. So 100,000 lists on one bank and as many
firms are not visited for an event of another firm. What else the index knows (what a list is told of, its least sum
and confidence) keeps out most that would not match; `alerts/wants.py` decides about those that are found.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from math import prod
from typing import Any

from core import script
from core.names import fold

KINDS = ("firm", "word", "bank", "region", "sector", "instrument")  # the most selective first
IN_ARTICLES = frozenset({"firm", "word", "bank"})  # an article as such has no region, sector or instrument
EVENT = ("created", "updated", "retracted")  # what the trigger `event` stands for
TRIGGERS = (*EVENT, "evidence", "mention", "source")
CHANGED = ("amount", "status", "instrument")  # a change of which is told of unless a list asks otherwise
HEAD_OFFICE = "总行"
NO_AMOUNT = -1.0  # what an event without a sum in 元 reaches, and a list without a least sum asks for
WIDTH = 3  # kinds in one hash, at most
MOST = 2000  # hashes that joining one more kind may make
CREATED, UPDATED, UPDATED_OTHERWISE, EVIDENCE, MENTION = 1, 2, 4, 8, 16
_BITS = {"created": CREATED, "evidence": EVIDENCE}
_TOWN = re.compile(r"(?<=..)[省市](?=(?:分行|支行|营业部|管理部))")
_BRANCH = r"(?:(?:(?!银行)[\u4e00-\u9fff、]){0,12}?(?:总行|分行|支行|营业部|分理处)){1,3}"
_NEXT = re.compile(r"(?<=[行部处])[与及、]")
_PERHAPS_NEXT = re.compile(r"(?<=[行部处])和")  # 苏州分行和无锡分行 are two, 苏州分行和平支行 is one
_PARTS = re.compile(r"(?<=总行)|(?<=分行)|(?<=支行)|(?<=营业部)|(?<=分理处)")


@dataclass(frozen=True, slots=True)
class Key:
    """One way to find a list. `shape` tells the kinds that `hash` joins, as bits; `asks` what it is told of; `tech`
    whether of tech firms only; `level` its least confidence in tenths, rounded down; `least` its least sum."""

    hash: int
    shape: int
    asks: int
    tech: bool
    level: int
    least: float


def token(key: str, branch: str | None = None) -> str:
    """How a thing is compared: a folded name, and with a bank's the branch (folded names hold no blank)."""
    return f"{key} {branch_key(branch)}" if branch else key


def branch_key(branch: str) -> str:
    """The folded name of a branch, 上海市分行 as 上海分行."""
    return _TOWN.sub("", fold(branch))


def branches(told: str | None) -> set[str]:
    """The keys of an event's branch: 苏州分行园区支行 is that, 苏州分行 and 园区支行. None told is the head office."""
    parts = [part for part in _PARTS.split(branch_key(told or HEAD_OFFICE)) if part]
    return {"".join(parts[first : last + 1]) for first in range(len(parts)) for last in range(first, len(parts))}


def branches_told(text: str, bank: str) -> set[str]:
    """The keys of branches that stand right after a bank's folded name in a text, in either script."""
    found: set[str] = set()
    for told in re.findall(rf"{re.escape(bank)}({_BRANCH})", fold(script.fold(text))):
        for one in _NEXT.split(told):
            for way in {one, *_PERHAPS_NEXT.split(one)}:
                found |= branches(way)
    return found


def region_key(path: Iterable[str]) -> str:
    """How a region (core/regions.py) is compared."""
    return "/".join(path)


def expanded(triggers: Iterable[str]) -> list[str]:
    """Triggers with the shorthand `event` written out, in the order of TRIGGERS."""
    given = set(triggers)
    wanted = given | set(EVENT) if "event" in given else given
    return [name for name in TRIGGERS if name in wanted]


def subjects(items: Iterable[Any]) -> dict[str, set[str]]:
    """The tokens of what a list watches, by kind."""
    found: dict[str, set[str]] = {}
    for item in items:
        if not item.excludes:
            found.setdefault(item.kind, set()).add(token(item.key, item.branch))
    return found


def keys(watchlist: Any) -> set[Key]:
    """All ways to find a list (as core.models has it), none where it is not in force."""
    if watchlist.enabled is False:
        return set()
    named = subjects(watchlist.items)
    return {*_of_events(watchlist, named), *_of_mentions(watchlist, named)}


def _of_events(watchlist: Any, named: Mapping[str, set[str]]) -> Iterator[Key]:
    asks = _told_of(watchlist)
    least = NO_AMOUNT if watchlist.min_amount is None else float(watchlist.min_amount)
    held = {"instrument": set(watchlist.instruments)} if watchlist.instruments else {}
    for part in _parts(watchlist, named) if asks else ():
        tech = watchlist.tech_only is not False and "firm" not in part
        for shape, hash_ in _posted({**part, **held}):
            yield Key(hash_, shape, asks, tech, level(watchlist.min_confidence or 0.0), least)


def _of_mentions(watchlist: Any, named: Mapping[str, set[str]]) -> Iterator[Key]:
    """As for events, without what articles do not have."""
    if "mention" not in (watchlist.triggers or ()) or (watchlist.logic == "all" and named.keys() - IN_ARTICLES):
        return
    standing = {kind: tokens for kind, tokens in named.items() if kind in IN_ARTICLES}
    for part in _parts(watchlist, standing) if standing else ():
        for shape, hash_ in _posted(part):
            yield Key(hash_, shape, MENTION, False, 0, NO_AMOUNT)


def _told_of(watchlist: Any) -> int:
    """The bits of what a list is told of about events. Retractions go to who was told, and need no index."""
    asks = sum(bit for name, bit in _BITS.items() if name in (watchlist.triggers or ()))
    if "updated" in (watchlist.triggers or ()):
        changed = set(watchlist.changed or ())
        asks |= UPDATED if not changed or changed & set(CHANGED) else 0
        asks |= UPDATED_OTHERWISE if not changed or changed - set(CHANGED) else 0
    return asks


def asked_bits(trigger: str, changed: Collection[str] = ()) -> int:
    """The bits of which a list must have one to be told: for an update, of those fields."""
    if trigger != "updated":
        return MENTION if trigger == "mention" else _BITS[trigger]
    if not changed:
        return UPDATED | UPDATED_OTHERWISE
    main = UPDATED if set(changed) & set(CHANGED) else 0
    return main | (UPDATED_OTHERWISE if set(changed) - set(CHANGED) else 0)


def asks_with(bits: int) -> list[int]:
    """All values of `asks` that hold one of the bits."""
    return [MENTION] if bits == MENTION else [asks for asks in range(1, MENTION) if asks & bits]


def level(confidence: float) -> int:
    """Tenths, rounded down."""
    return int(confidence * 10)


def _parts(watchlist: Any, named: Mapping[str, set[str]]) -> list[Mapping[str, set[str]]]:
    """What must stand together: all kinds that are named, or each for itself; nothing where none is named."""
    if watchlist.logic == "all" or not named:
        return [named]
    return [{kind: tokens} for kind, tokens in named.items()]


def _posted(part: Mapping[str, set[str]]) -> Iterator[tuple[int, int]]:
    """Shapes and hashes of every combination of the most selective kinds that do not make too many."""
    chosen: list[str] = []
    for kind in (kind for kind in KINDS if kind in part):
        count = prod(len(part[one]) for one in (*chosen, kind))
        if not chosen or (len(chosen) < WIDTH and count <= MOST):
            chosen.append(kind)
    shape = sum(1 << KINDS.index(kind) for kind in chosen)
    for tokens in product(*(part[kind] for kind in chosen)):
        yield shape, _hash(chosen, tokens)


def probes(offered: Mapping[str, Collection[str]], shapes: Iterable[int]) -> list[int]:
    """The hashes of every combination of what is offered, by kind, in the shapes that are in use."""
    found = []
    for shape in shapes:
        kinds = [kind for place, kind in enumerate(KINDS) if shape >> place & 1]
        found += [_hash(kinds, tokens) for tokens in product(*(offered.get(kind, ()) for kind in kinds))]
    return found


def _hash(kinds: Iterable[str], tokens: Iterable[str]) -> int:
    """64 bits, signed as PostgreSQL's bigint. Two that meet by chance cost a look: what is found is then judged."""
    told = "\n".join(f"{kind}:{one}" for kind, one in zip(kinds, tokens, strict=True))
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "big", signed=True)
