"""Who is found, before any event is weighed: python -m tests.quality.names [GOLD] [--bare] [--list KIND ...]

Against the gold's firms, undisclosed firms, banks and branches: what the reading lacks and what it has too much.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor import Lexicon
from extractor.extract import Reading
from extractor.identity import Firm
from seeds.registers import read_banks, read_firms
from tests.quality.measure import bank_key, plain
from train.known import DATA, Known, articles

_NEAR = 150
OTHERS = Path(__file__).resolve().parents[2] / "train" / "others.jsonl"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing judged: `kind` is what was looked at, `cause` is right or what is wrong with it."""

    kind: str
    cause: str
    article: str
    told: str


def findings(known: Known, others: frozenset[str]) -> Iterator[Finding]:
    """Everything judged in one article; `others` are names of firms there that no event is about."""
    reading = known.reading
    gold = _families(known.events)
    firms = list({id(firm): firm for firm in reading.firms.values()}.values())
    for names, main in gold:
        cause = "right" if any(_is(firm, names, reading) for firm in firms) else _missed(names, firms, reading)
        yield Finding("firm", cause, known.id, main)
    yield from _aliases(known.id, gold, firms, reading)
    yield from _spurious(known.id, gold, reading, others)
    yield from _roles(known, reading)


def _families(events: list[dict[str, Any]]) -> list[tuple[frozenset[str], str]]:
    """The names of each gold firm together, with the fullest."""
    found: dict[str, tuple[set[str], str]] = {}
    for event in events:
        if event["firm"]:
            names, _ = found.setdefault(plain(event["firm"]), (set(), event["firm"]))
            names |= {plain(name) for name in [event["firm"], *(event["firm_aliases"] or ())]}
    return [(frozenset(names), main) for names, main in found.values()]


def _told(firm: Firm, reading: Reading) -> set[str]:
    return {plain(reading.page.folded.surface(*span)) for span in firm.names.values()}


def _is(firm: Firm, names: frozenset[str], reading: Reading) -> bool:
    return plain(reading.name(firm)) in names


def _missed(names: frozenset[str], firms: list[Firm], reading: Reading) -> str:
    """Why a gold firm is not found."""
    if reading.marks is None:
        return "article not read"
    owner = next((firm for firm in firms if _told(firm, reading) & names), None)
    if owner is not None:
        return f"another's alias, of {reading.name(owner)}"
    marked = {reading.page.folded.surface(mark.start, mark.end) for mark in reading.marks.names if mark.kind != "bank"}
    near = sorted(told for told in marked if any(plain(told) in name or name in plain(told) for name in names))
    if near:
        return "wrong edges: " + " ".join(near)
    bank = next(
        (m for m in reading.marks.names if any(n in plain(reading.page.text[m.start : m.end]) for n in names)), None
    )
    return "inside a bank or description" if bank else "unseen"


def _aliases(
    key: str, gold: list[tuple[frozenset[str], str]], firms: list[Firm], reading: Reading
) -> Iterator[Finding]:
    for names, main in gold:
        firm = next((firm for firm in firms if _is(firm, names, reading)), None)
        if firm is None:
            continue
        told = _told(firm, reading)
        yield from (Finding("alias told", "right" if n in names else "wrong", key, f"{n} ({main})") for n in told)
        yield from (Finding("alias gold", "right" if n in told else "lacking", key, f"{n} ({main})") for n in names)


def _spurious(
    key: str, gold: list[tuple[frozenset[str], str]], reading: Reading, others: frozenset[str]
) -> Iterator[Finding]:
    """Names marked as firms: one for each distinct string."""
    known = {name for names, _ in gold for name in names}
    counted: set[str] = set()
    for mark in reading.marks.names if reading.marks else ():
        if mark.kind not in ("firm", "short_firm", "brand"):
            continue
        told = plain(reading.page.folded.surface(mark.start, mark.end))
        if told in counted:
            continue
        counted.add(told)
        form = f"{mark.kind} {getattr(mark.value, 'form', '')}".strip()
        cause = "right" if told in known else "another firm" if told in others else f"no firm ({form})"
        around = reading.page.text[max(0, mark.start - 8) : mark.start] + "[" + told + "]"
        yield Finding("mark", cause, key, around + reading.page.text[mark.end : mark.end + 6])


def _roles(known: Known, reading: Reading) -> Iterator[Finding]:
    """Undisclosed firms, banks and branches near each gold event's evidence."""
    if reading.marks is None:
        return
    scenes = list(reading.scenes())
    for event in known.events:
        at = reading.page.folded.original.find(event["evidence"])
        near = [s for s in scenes if _meets(reading, s.sentence.start, s.sentence.end, at, at + len(event["evidence"]))]
        banks = [ref for scene in near for ref in [*scene.banks, *([scene.bank_before] if scene.bank_before else [])]]
        mine = [ref for ref in banks if bank_key(ref.bank) == bank_key(event["bank"])]
        yield Finding("bank", "right" if mine else "lacking", known.id, f"{event['bank']}: {event['evidence']}")
        if event["branch"] and mine:
            told = {plain(ref.branch) for ref in mine}
            good = plain(event["branch"]) in told
            yield Finding("branch", "right" if good else "lacking", known.id, f"{event['branch']}: {told}")
        if not event["firm"]:
            refs = [
                ref for scene in near for ref in [*scene.firms, *([scene.firm_before] if scene.firm_before else [])]
            ]
            good = any(ref.firm is not None and not ref.firm.names for ref in refs)
            told_as = f"{event['firm_description']}: {event['evidence']}"
            yield Finding("undisclosed", "right" if good else "lacking", known.id, told_as)


def _meets(reading: Reading, start: int, end: int, first: int, last: int) -> bool:
    a, b = reading.page.folded.origin(start, end)
    return a < last and first < b


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="?", default=DATA)
    parser.add_argument("--bare", action="store_true", help="without the register of firms: as for firms in none")
    parser.add_argument("--list", nargs="*", default=[], help="kinds whose errors are listed")
    options = parser.parse_args(arguments)
    rows = map(json.loads, OTHERS.read_text(encoding="utf-8").splitlines())
    others = {row["id"]: frozenset(map(plain, [*row.get("firms", ()), *row.get("unclear", ())])) for row in rows}
    lexicon = Lexicon.build(read_banks(), () if options.bare else read_firms())
    found = [
        finding
        for known in articles(options.gold, lexicon)
        for finding in findings(known, others.get(known.id, frozenset()))
    ]
    for kind in dict.fromkeys(finding.kind for finding in found):
        mine = [finding for finding in found if finding.kind == kind]
        counts = Counter(finding.cause.split(":")[0].split(",")[0] for finding in mine)
        print(f"{kind:12} {counts['right'] / len(mine):.3f}  {dict(counts.most_common())}")
    for finding in found:
        if finding.kind in options.list and finding.cause not in ("right", "another firm"):
            print(f"{finding.kind}\t{finding.article}\t{finding.cause}\t{finding.told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
