"""Whether a watchlist wants an event or an article, and if not, why. Pure; alerts and backtests both ask here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.names import fold
from core.watching import branches, region_key, token

Names = Mapping[str, frozenset[str]]


class Item(NamedTuple):
    """One thing that a list watches, or, with `excludes`, that silences it."""

    kind: str
    key: str
    branch: str | None
    excludes: bool

    @property
    def token(self) -> str:
        """How it is compared."""
        return token(self.key, self.branch)


@dataclass(frozen=True)
class Offer:
    """What lists are offered: `trigger` with the tokens of all that is named, by kind; of events also their facts
    (core/views.py), confidence, and the contract fields that changed."""

    trigger: str
    names: Names
    facts: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    changed: frozenset[str] = frozenset()

    @property
    def amount(self) -> float | None:
        """The event's sum in 元; None where none is told, or in another currency."""
        told = self.facts.get("amount") or {}
        most = told.get("max") if told.get("max") is not None else told.get("min")
        return most if told.get("currency") == "CNY" else None


class Refusal(NamedTuple):
    """Why a list does not want it: a slug to count by, and words."""

    slug: str
    words: str


def of_event(
    trigger: str,
    facts: Mapping[str, Any],
    *,
    banks: Iterable[str],
    firms: Iterable[str],
    words: Iterable[str],
    regions: Iterable[str],
    sector: str | None,
    confidence: float,
    changed: Iterable[str] = (),
) -> Offer:
    """What an event offers: `banks` and `firms` are the keys of its bank's and firm's names, `words` those in its title
    and evidence, `regions` a path of core/regions.py."""
    keys = {*banks, fold(facts["bank"])}
    path, own_branches = list(regions), branches(facts["branch"])
    names = {
        "bank": frozenset({*keys, *(f"{key} {branch}" for key in keys for branch in own_branches)}),
        "firm": frozenset({*firms, *([fold(facts["firm"])] if facts["firm"] else [])}),
        "word": frozenset(words),
        "region": frozenset(region_key(path[: end + 1]) for end in range(len(path))),
        "sector": frozenset([sector] if sector else []),
        "instrument": frozenset([facts["instrument"]]),
    }
    return Offer(trigger, names, facts, confidence, frozenset(changed))


def of_article(names: Iterable[str]) -> Offer:
    """What an article offers: its names as kind and token (bank:工行)."""
    found: dict[str, set[str]] = {}
    for name in names:
        kind, _, own = name.partition(":")
        found.setdefault(kind, set()).add(own)
    return Offer("mention", {kind: frozenset(tokens) for kind, tokens in found.items()})


def hits(items: Iterable[Item], offer: Offer) -> list[Item]:
    """Those of a list's items that stand in what is offered, with those that exclude."""
    return [item for item in items if item.token in offer.names.get(item.kind, ())]


def refusal(watchlist: Any, found: Iterable[Item], offer: Offer) -> Refusal | None:
    """Why a list with these hits does not want what is offered; None where it does."""
    return next(_reasons(watchlist, list(found), offer), None)


def _reasons(watchlist: Any, found: list[Item], offer: Offer) -> Iterator[Refusal]:
    standing = [item for item in found if not item.excludes]
    missing = set(watchlist.named) - {item.kind for item in standing}
    if not standing and (missing or offer.trigger == "mention"):
        yield Refusal("subject", "nothing that the list watches stands there")
    elif watchlist.logic == "all" and missing:
        told = " and ".join(f"no watched {kind}" for kind in sorted(missing))
        yield Refusal("logic", f"the list needs every kind that it names, and {told} stands there")
    if silent := [item for item in found if item.excludes]:
        yield Refusal("excluded", f"the list excludes {silent[0].kind} {silent[0].token}")
    if offer.trigger not in watchlist.triggers:
        yield Refusal("trigger", f"the list does not ask for {offer.trigger}")
    if offer.trigger != "mention":
        yield from _filtered(watchlist, standing, offer)


def _filtered(watchlist: Any, standing: list[Item], offer: Offer) -> Iterator[Refusal]:
    """A list takes tech firms only unless told otherwise; naming a firm is telling otherwise. An event without an
    amount, or in another currency than 元, never matches a least amount."""
    facts = offer.facts
    if watchlist.tech_only and not facts["tech"] and not any(item.kind == "firm" for item in standing):
        yield Refusal("tech", "the firm is no technology firm, and the list takes those only")
    if watchlist.instruments and facts["instrument"] not in watchlist.instruments:
        yield Refusal("instrument", f"its instrument is {facts['instrument']}, which the list does not ask for")
    if offer.confidence < watchlist.min_confidence:
        told = f"{offer.confidence:.2f} is below {watchlist.min_confidence:.2f}"
        yield Refusal("confidence", f"its confidence of {told}, the least that the list asks for")
    if watchlist.min_amount is not None and (offer.amount is None or offer.amount < watchlist.min_amount):
        yield _too_little(watchlist.min_amount, offer)
    if offer.trigger == "updated" and watchlist.changed and not offer.changed & set(watchlist.changed):
        told = f"{', '.join(sorted(offer.changed))}; the list asks for changes of {', '.join(watchlist.changed)}"
        yield Refusal("changed", f"what changed is {told}")


def _too_little(least: Any, offer: Offer) -> Refusal:
    asked = f"and the list asks for at least {least:,.0f} yuan"
    if offer.amount is not None:
        return Refusal("amount_below", f"its amount is {offer.amount:,.0f} yuan, {asked}")
    if offer.facts.get("amount"):
        return Refusal("amount_currency", f"its amount is told in {offer.facts['amount']['currency']}, {asked}")
    return Refusal("amount_missing", f"no amount is told, {asked}")
