"""The words of the dashboard, Chinese and English: `words/LANGUAGE/PAGE.toml`, asked for as `page.key`."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request

LANGUAGES = ("zh", "en")
COOKIE = "lang"
_FOLDER = Path(__file__).parent / "words"
_PLURAL = {"one", "other"}


@cache
def book(language: str) -> dict[str, str | dict[str, str]]:
    """Every word of a language by its key; one that has a plural is {"one", "other"}."""
    found: dict[str, str | dict[str, str]] = {}
    for path in sorted((_FOLDER / language).glob("*.toml")):
        found.update(_flat(path.stem, tomllib.loads(path.read_text("utf-8"))))
    return found


def _flat(prefix: str, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict) and value.keys() != _PLURAL:
            yield from _flat(name, value)
        else:
            yield name, value


class Words:
    """The words of one language: `words("feed.heading")`, `words("feed.count", n=3)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._book = book(language)

    def __call__(self, key: str, /, **given: Any) -> str:
        """The word of `key` with `given` put in; `n`, a number, chooses between singular and plural. KeyError: none."""
        found = self._book[key]
        if isinstance(found, dict):
            found = found["one" if given["n"] in (1, "1") else "other"]
        return found.format(**given) if given else found

    def maybe(self, key: str, default: str) -> str:
        """The word of `key`, or `default`: for values that a later version may have more of."""
        found = self._book.get(key, default)
        return found if isinstance(found, str) else default


@cache
def words(language: str) -> Words:
    """The words of `language`."""
    return Words(language)


def language_of(request: Request) -> str:
    """What the reader chose, else what the browser asks for first, else Chinese."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return next(_asked(request.headers.get("accept-language", "")), LANGUAGES[0])


def _asked(header: str) -> Iterator[str]:
    """Those of our languages that an Accept-Language header names, best first (RFC 9110, 12.5.4)."""
    wanted = []
    for part in header.split(",")[:20]:
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        wanted.append((-quality, name.strip().lower().partition("-")[0]))
    return (name for quality, name in sorted(wanted, key=lambda one: one[0]) if quality and name in LANGUAGES)
