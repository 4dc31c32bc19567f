"""What speaks for a lender and a borrower together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.features.facts import Fact
from extractor.frames import Frame, Unit
from extractor.scene import Ref, Scene

_Tie = tuple[bool, int, tuple[str, ...], tuple[Fact, ...]]


def of_pair(frame: Frame, lender: Unit, borrower: Unit) -> Iterator[Fact]:
    """What speaks for a lender and a borrower together."""
    yield _placed, lender.place, borrower.place, frame.anchor.kind
    yield _ranked, lender.rank, borrower.rank, frame.aligned
    if lender.at == borrower.at >= 0 and lender.how == borrower.how == "near":
        same, gap, senses, words = _tie(frame.scenes[lender.at], lender.ref, borrower.ref)
        yield _ordered, _order(frame, lender, borrower), frame.anchor.kind, same, gap, senses
        yield from words
    elif lender.at >= 0 and borrower.at >= 0:
        yield _apart, max(-3, min(3, lender.at - borrower.at)), lender.place


def _placed(lender: str, borrower: str, kind: str) -> Iterator[str]:
    yield f"P:{lender}+{borrower}"
    yield f"P:{lender}+{borrower}|{kind}"


def _ranked(lender: int, borrower: int, aligned: bool) -> Iterator[str]:
    yield f"P:ranks={lender}{borrower}"
    if aligned:
        yield "P:aligned"


def _apart(scenes: int, lender: str) -> Iterator[str]:
    yield f"P:apart={scenes}|{lender}"


def _order(frame: Frame, lender: Unit, borrower: Unit) -> str:
    """In which order bank (b), firm (f) and, where it is near, anchor (a) stand."""
    spots = [(lender.ref.start, "b"), (borrower.ref.start, "f")]
    if lender.at == frame.at:
        spots.append((frame.anchor.start, "a"))
    return "".join(who for _, who in sorted(spots))


def _ordered(order: str, kind: str, same: bool, gap: int, senses: Sequence[str]) -> Iterator[str]:
    yield f"P:order={order}|{kind}"
    yield f"P:clause={same}|{order}"
    yield f"P:gap={gap}|{order}"
    yield from (f"P:between={sense}|{order}" for sense in senses)


def _tie(scene: Scene, bank: Ref, firm: Ref) -> _Tie:
    """What lies between two names of a sentence: whether a comma, how many words, which senses and which words."""
    key = (bank.start, firm.start)
    known: _Tie | None = scene.kept.get(key)
    if known is None:
        known = scene.kept[key] = _tied(scene, bank, firm)
    return known


def _tied(scene: Scene, bank: Ref, firm: Ref) -> _Tie:
    order = "bf" if (bank.start, "b") < (firm.start, "f") else "fb"
    first, second = (bank, firm) if bank.start <= firm.start else (firm, bank)
    between = scene.stream.between(first.end, second.start)
    words: list[Fact] = []
    if len(between) <= 8:
        words += [(_word, word, order) for word in dict.fromkeys(between)]
    if len(between) <= 3:
        words.append((_between, " ".join(between), order))
    same = scene.sentence.clause(bank.start) == scene.sentence.clause(firm.start)
    return same, min(len(between), 12) // 2, scene.senses.within(first.end, second.start), tuple(words)


def _word(word: str, order: str) -> Iterator[str]:
    yield f"P:w={word}|{order}"


def _between(words: str, order: str) -> Iterator[str]:
    yield f"P:btw={words}|{order}"
