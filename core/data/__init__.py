"""Words of the core: data, not code. A file holds any number of words a line; a line from # on is a comment."""

from functools import cache
from importlib import resources


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of `name`.txt, in order."""
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(word for line in text.splitlines() for word in line.split("#")[0].split())
