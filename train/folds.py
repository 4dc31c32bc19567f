"""Parts for cross-validation: articles that tell the same event stay together, so that none is learnt and asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

FOLDS = 5


def folds(ids: Sequence[str], same: Path | None, count: int = FOLDS) -> list[list[int]]:
    """Indexes of the articles in `count` parts of like size; what a line of `same` ties together stays together.

    A line of `same` is a list of [article id, place in its events]; ids that are not among `ids` are passed over.
    """
    parent = {key: key for key in ids}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for line in same.read_text(encoding="utf-8").splitlines() if same else ():
        tied = [key for key, _ in json.loads(line) if key in parent]
        for key in tied[1:]:
            parent[root(key)] = root(tied[0])
    groups: dict[str, list[int]] = {}
    for index, key in enumerate(ids):
        groups.setdefault(root(key), []).append(index)
    parts: list[list[int]] = [[] for _ in range(count)]
    for group in sorted(groups.values(), key=lambda members: (-len(members), members)):
        min(parts, key=len).extend(group)
    return [sorted(part) for part in parts]
