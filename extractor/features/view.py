"""How features look at a page: a sentence's stream and senses, where a candidate stands, what fills the 给 … slot."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.frames import Frame, Unit
from extractor.memory import Scene
from extractor.senses import Sense, senses
from extractor.stream import Stream, stream


def told(scene: Scene) -> Stream:
    """The scene's stream, made once."""
    if scene.stream is None:
        spans = [(ref.start, ref.end, "<B>" if ref.named else "<b>") for ref in scene.banks]
        spans += [(ref.start, ref.end, "<F>" if ref.named else "<f>") for ref in scene.firms]
        spans += [(m.start, m.end, "<A>") for m in scene.within("amount")]
        spans += [(m.start, m.end, "<D>") for m in scene.within("date")]
        spans += [(m.start, m.end, "<T>") for m in scene.within("term")]
        spans += [(m.start, m.end, f"<{m.value}>") for m in scene.within("instrument")]
        sentence = scene.sentence
        scene.stream = stream(scene.page.words, scene.page.word_starts, sentence.start, sentence.end, spans)
    return scene.stream


def meant(scene: Scene) -> Sequence[Sense]:
    """The scene's senses outside names, sums and the like, found once."""
    if scene.senses is None:
        names = [*scene.banks, *scene.firms]
        scene.senses = [
            sense
            for sense in senses(scene.page_text, scene.sentence.start, scene.sentence.end)
            if not any(ref.start <= sense.start and sense.end <= ref.end for ref in names)
        ]
    return scene.senses


def within(found: Sequence[Sense], start: int, end: int) -> set[str]:
    """The senses told in a span."""
    return {name for sense in found if start <= sense.start < end for name in sense.names}


def bounds(scene: Scene) -> list[int]:
    """Where the scene's clauses begin, and where the last ends."""
    return [scene.sentence.start, *(comma + 1 for comma in scene.sentence.commas), scene.sentence.end]


def where(frame: Frame, unit: Unit) -> str:
    """The coarse place of a candidate: 0b and 0a before and after the anchor in its sentence, else sentences away."""
    if unit.how != "near":
        return unit.how
    gap = unit.at - frame.at
    if gap == 0:
        return "0b" if unit.ref.end <= frame.anchor.start else "0a"
    return str(max(gap, -4)) if gap < 0 else f"+{gap}"
