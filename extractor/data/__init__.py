"""Word lists of the extractor: data, not code. Each file's first line names its columns."""

import csv
import re
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `name`.csv by column name."""
    with resources.files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of `name`.txt: any number a line, set apart by blanks; a line from # on is a comment."""
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(word for line in text.splitlines() for word in line.split("#")[0].split())


@cache
def one_of(name: str) -> re.Pattern[str]:
    """Finds whether any of the words of `name`.txt stands in a text: one look instead of one for each."""
    return re.compile("|".join(map(re.escape, words(name))))


@cache
def word_set(*names: str) -> frozenset[str]:
    """The words of all these files, to ask whether a word is one of them."""
    return frozenset(word for name in names for word in words(name))


@cache
def table(name: str, key: str, value: str) -> dict[str, str]:
    """`name`.csv as a mapping from column `key` to column `value`."""
    return {row[key]: row[value] for row in rows(name)}


@cache
def numbers(name: str, key: str, value: str) -> dict[str, float]:
    """`name`.csv as a mapping from column `key` to the number in column `value`."""
    return {word: float(number) for word, number in table(name, key, value).items()}
