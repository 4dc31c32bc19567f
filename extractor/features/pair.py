"""What speaks for a lender and a borrower together."""

from __future__ import annotations

from typing import NamedTuple

from extractor.features.facts import Fact, Telling, Told
from extractor.frames import Frame, Unit
from extractor.scene import Ref, Scene

Names = tuple[str, ...]


class _Tie(NamedTuple):
    """What lies between two names of a sentence: whether no comma, how many words, which senses, which words."""

    same: bool
    gap: int
    senses: Names
    words: tuple[Told, ...]


def of_pair(frame: Frame, lender: Unit, borrower: Unit) -> Telling:
    """What speaks for a lender and a borrower together."""
    kind = frame.anchor.kind
    laid = frame.laid is not None and frame.laid[0] == lender.ref.bank and frame.laid[1] is borrower.ref.firm
    ranked: Fact = (_ranked, lender.rank, borrower.rank, frame.aligned, laid)
    if lender.at == borrower.at >= 0 and lender.how == borrower.how == "near":
        same, gap, senses, words = _tie(frame.scenes[lender.at], lender.ref, borrower.ref)
        ordered: Fact = (_ordered, _order(frame, lender, borrower), kind, same, gap, senses)
        return (ranked, (_placed, lender.place, borrower.place, kind, None), ordered), words
    apart = max(-3, min(3, lender.at - borrower.at)) if lender.at >= 0 and borrower.at >= 0 else None
    return (ranked, (_placed, lender.place, borrower.place, kind, apart)), ()


def _placed(lender: str, borrower: str, kind: str, apart: int | None) -> Names:
    names = (f"P:{lender}+{borrower}", f"P:{lender}+{borrower}|{kind}")
    return names if apart is None else (*names, f"P:apart={apart}|{lender}")


def _ranked(lender: int, borrower: int, aligned: bool, laid: bool) -> Names:
    return (f"P:ranks={lender}{borrower}", *["P:aligned"] * aligned, *["P:laid"] * laid)


def _order(frame: Frame, lender: Unit, borrower: Unit) -> str:
    """In which order bank (b), firm (f) and, where it is near, anchor (a) stand."""
    spots = [(lender.ref.start, "b"), (borrower.ref.start, "f")]
    if lender.at == frame.at:
        spots.append((frame.anchor.start, "a"))
    return "".join([who for _, who in sorted(spots)])


def _ordered(order: str, kind: str, same: bool, gap: int, senses: Names) -> Names:
    names = (f"P:order={order}|{kind}", f"P:clause={same}|{order}", f"P:gap={gap}|{order}")
    return (*names, *(f"P:between={sense}|{order}" for sense in senses))


def _tie(scene: Scene, bank: Ref, firm: Ref) -> _Tie:
    key = (bank.start, firm.start)
    known: _Tie | None = scene.kept.get(key)
    if known is None:
        known = scene.kept[key] = _tied(scene, bank, firm)
    return known


def _tied(scene: Scene, bank: Ref, firm: Ref) -> _Tie:
    order, first, second = ("bf", bank, firm) if bank.start <= firm.start else ("fb", firm, bank)
    between = scene.stream.between(first.end, second.start)
    words: list[Fact] = []
    if len(between) <= 8:
        words += [(_word, word, order) for word in dict.fromkeys(between)]
    if len(between) <= 3:
        words.append((_between, " ".join(between), order))
    same = scene.sentence.clause(bank.start) == scene.sentence.clause(firm.start)
    senses = scene.senses.within(first.end, second.start)
    return _Tie(same, min(len(between), 12) // 2, senses, (Told(words),) if words else ())


def _word(word: str, order: str) -> Names:
    return (f"P:w={word}|{order}",)


def _between(words: str, order: str) -> Names:
    return (f"P:btw={words}|{order}",)
