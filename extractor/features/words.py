"""The words and senses left and right of a name, which hang on the name alone."""

from __future__ import annotations

from bisect import bisect_left

from extractor.features.facts import Fact, Told
from extractor.scene import Scene

Names = tuple[str, ...]
_FOLLOWING = 6


def words_beside(scene: Scene, start: int, end: int, side: str, near: str) -> Told:
    """What stands beside a name; `near` is 0 where it stands in the anchor's sentence, else -. Told once."""
    key = (start, end, near)
    known: Told | None = scene.kept.get(key)
    if known is None:
        commas, number = scene.sentence.commas, scene.sentence.clause(end)
        close = commas[number] if number < len(commas) else scene.sentence.end
        facts = _words_of(scene, start, end, close, side, near)
        facts += _senses_of(scene, start, end, close, side, near)
        known = scene.kept[key] = Told(facts)
    return known


def _words_of(scene: Scene, start: int, end: int, close: int, side: str, near: str) -> list[Fact]:
    """The words beside a name, and those behind it in its clause, which ends at `close`."""
    words, starts = scene.stream
    at, after = bisect_left(starts, start), bisect_left(starts, end)
    left, left2 = words[at - 1] if at else "^", words[at - 2] if at > 1 else "^"
    right, right2, *_ = *words[after : after + 2], "$", "$"
    facts: list[Fact] = [(_left, side, near, left2, left), (_right, side, near, right, right2)]
    following = words[after : min(after + _FOLLOWING, bisect_left(starts, close))]
    facts += [(_word, side, near, word) for word in dict.fromkeys(following)]
    return facts


def _senses_of(scene: Scene, start: int, end: int, close: int, side: str, near: str) -> list[Fact]:
    found = scene.senses
    follows, leads = found.after(end), found.before(start)
    before = found.within(scene.edges[scene.sentence.clause(start)], start)
    facts: list[Fact] = [(_spoken, side, near, before, found.within(end, close))]
    if follows is not None:
        facts.append((_nearest, side, "next", near, follows.names, min((follows.start - end) // 3, 3)))
    if leads is not None:
        facts.append((_nearest, side, "last", near, leads.names, min((start - leads.end) // 3, 3)))
    return facts


def _left(side: str, near: str, left2: str, left: str) -> Names:
    return f"{side}:l={left}|{near}", f"{side}:l2={left2} {left}|{near}"


def _right(side: str, near: str, right: str, right2: str) -> Names:
    return f"{side}:r={right}|{near}", f"{side}:r2={right} {right2}|{near}", f"{side}:r2w={right2}|{near}"


def _word(side: str, near: str, word: str) -> Names:
    return (f"{side}:w={word}|{near}",)


def _spoken(side: str, near: str, before: Names, after: Names) -> Names:
    return (
        *(f"{side}:before={sense}|{near}" for sense in before),
        *(f"{side}:after={sense}|{near}" for sense in after),
    )


def _nearest(side: str, where: str, near: str, senses: Names, gap: int) -> Names:
    return tuple(f"{side}:{where}={sense}{gap}|{near}" for sense in senses)
