"""What speaks for a lender and a borrower together."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.features.view import meant, told, where, within
from extractor.frames import Frame, Unit


def of_pair(frame: Frame, lender: Unit, borrower: Unit) -> Iterator[str]:
    """What speaks for a lender and a borrower together."""
    b, f = where(frame, lender), where(frame, borrower)
    yield f"P:{b}+{f}"
    yield f"P:{b}+{f}|{frame.anchor.kind}"
    yield f"P:ranks={lender.rank}{borrower.rank}"
    if frame.aligned:
        yield "P:aligned"
    if lender.at == borrower.at >= 0 and lender.how == borrower.how == "near":
        scene = frame.scenes[lender.at]
        here = lender.at == frame.at
        spots = [(lender.ref.start, "b"), (borrower.ref.start, "f")] + ([(frame.anchor.start, "a")] if here else [])
        order = "".join(who for _, who in sorted(spots))
        yield f"P:order={order}|{frame.anchor.kind}"
        same = scene.sentence.clause(lender.ref.start) == scene.sentence.clause(borrower.ref.start)
        yield f"P:clause={same}|{order}"
        words = told(scene)
        first, second = sorted((lender.ref, borrower.ref), key=lambda ref: ref.start)
        between = words.between(first.end, second.start)
        yield f"P:gap={min(len(between), 12) // 2}|{order}"
        for name in within(meant(scene), first.end, second.start):
            yield f"P:between={name}|{order}"
        if len(between) <= 8:
            for word in between:
                yield f"P:w={word}|{order.replace('a', '')}"
        if len(between) <= 3:
            yield f"P:btw={' '.join(between)}|{order.replace('a', '')}"
    elif lender.at >= 0 and borrower.at >= 0:
        yield f"P:apart={max(-3, min(3, lender.at - borrower.at))}|{b}"
