"""The words and senses left and right of a name, which hang on the name alone."""

from __future__ import annotations

from extractor.features.facts import Fact, Told
from extractor.scene import Scene

Names = tuple[str, ...]
_FOLLOWING = 6


def words_beside(scene: Scene, start: int, end: int, side: str, near: str) -> Told:
    """What stands beside a name; `near` is 0 where it stands in the anchor's sentence, else -. Told once."""
    key = (start, end, near)
    known: Told | None = scene.kept.get(key)
    if known is None:
        known = scene.kept[key] = Told(
            [*_words_of(scene, start, end, side, near), *_senses_of(scene, start, end, side, near)]
        )
    return known


def _words_of(scene: Scene, start: int, end: int, side: str, near: str) -> list[Fact]:
    stream = scene.stream
    words, at, after = stream.words, stream.number(start), stream.number(end)
    left, left2 = words[at - 1] if at else "^", words[at - 2] if at > 1 else "^"
    right, right2, *_ = *words[after : after + 2], "$", "$"
    following = dict.fromkeys(words[after : min(after + _FOLLOWING, stream.number(_close(scene, end)))])
    facts: list[Fact] = [(_left, side, near, left2, left), (_right, side, near, right, right2)]
    facts += [(_word, side, near, word) for word in following]
    return facts


def _senses_of(scene: Scene, start: int, end: int, side: str, near: str) -> list[Fact]:
    found = scene.senses
    follows, leads = found.after(end), found.before(start)
    before = found.within(scene.edges[scene.sentence.clause(start)], start)
    facts: list[Fact] = [(_spoken, side, near, before, found.within(end, _close(scene, end)))]
    if follows is not None:
        facts.append((_nearest, side, "next", near, follows.names, min((follows.start - end) // 3, 3)))
    if leads is not None:
        facts.append((_nearest, side, "last", near, leads.names, min((start - leads.end) // 3, 3)))
    return facts


def _close(scene: Scene, end: int) -> int:
    """Where the clause that a position stands in ends."""
    commas, number = scene.sentence.commas, scene.sentence.clause(end)
    return commas[number] if number < len(commas) else scene.sentence.end


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
