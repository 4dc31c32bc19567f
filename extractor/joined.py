"""Names that stand together: a bank or firm with those that 、 or 和 ties to it, each told once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extractor.scene import Ref, Scene

_PATTERNS = {
    "B": re.compile(r"(?:、|和|与|及|以及|联合|携手|共同|牵头|组成|任|\([^)]{0,30}\)|，由|，)*\Z"),
    "F": re.compile(r"(?:、|和|与|及|以及|，|联合|携手|\([^)]{0,30}\)|分别|还有|连同)*\Z"),
}
"""What may stand between two joined banks (B) or firms (F)."""
GROUP_LIMIT = 14
_NOBODY: frozenset[object] = frozenset()


class Joined(NamedTuple):
    """A name with those joined to it, itself among them; `key` is whom it means, `whole` whom several mean together."""

    ref: Ref
    group: tuple[Ref, ...]
    key: object
    whole: frozenset[object]


def joined(scene: Scene, side: str) -> Sequence[Joined]:
    """A scene's banks or firms in order, each with those joined to it; made once."""
    known: Sequence[Joined] | None = scene.kept.get(side)
    if known is None:
        refs = scene.refs(side)
        known = [_alone(refs[0])] if len(refs) == 1 else [one for run in _runs(scene, side) for one in _of_run(run)]
        scene.kept[side] = known
    return known


def _alone(ref: Ref) -> Joined:
    return Joined(ref, (ref,), meant(ref), _NOBODY)


def _runs(scene: Scene, side: str) -> list[list[Ref]]:
    """The names in runs that nothing parts but what joins."""
    runs: list[list[Ref]] = []
    for ref in scene.refs(side):
        if runs and _PATTERNS[side].fullmatch(scene.page_text[runs[-1][-1].end : ref.start]):
            runs[-1].append(ref)
        else:
            runs.append([ref])
    return runs


def _of_run(run: list[Ref]) -> list[Joined]:
    if len(run) < 2 or len(run) > GROUP_LIMIT:
        return [_alone(ref) for ref in run]
    group = tuple(distinct(run))
    whole = frozenset(map(meant, group))
    return [Joined(ref, group, meant(ref), whole) for ref in run]


def meant(ref: Ref) -> object:
    """Whom a name means: a bank by its name, a firm itself."""
    return ref.bank or id(ref.firm)


def distinct(refs: Sequence[Ref]) -> list[Ref]:
    """The names without those that mean one named before."""
    kept: dict[object, Ref] = {}
    for ref in refs:
        kept.setdefault(meant(ref), ref)
    return list(kept.values())
