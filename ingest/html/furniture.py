"""Lines that stand around an article and are none of it; what they are is data (`furniture.txt`, `page_facts.csv`)."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain

from ingest.html.dates import find_date
from ingest.html.words import facts, patterns

_LONGEST = 160  # characters of a line of furniture; a longer one is a paragraph
_SHORT = 60  # characters of a headline at most
_VALUE = r"[^\s|｜。；;【】\[\]]{0,24}(?:[ 、，,/][\u4e00-\u9fff·]{2,4}(?![：:\u4e00-\u9fff]))*"
_SIGNS = re.compile(r"[\W_]+")
_ENDS_SENTENCE = re.compile(r"[。！？；!?;][”』」\"）)]*$")


def is_furniture(line: str) -> bool:
    """Whether a line, blanks made single, is labels, buttons and counters alone, or begins as furniture does."""
    if len(line) > _LONGEST:
        return False
    if patterns("furniture.txt", "line").match(line):
        return True
    rest = line
    told = find_date(rest)
    labels = 0
    for pattern in (_labels(), patterns("furniture.txt", "piece")):
        rest, count = pattern.subn(" ", rest)
        labels += count
    if not labels:
        return False
    if told:
        rest = re.sub(
            r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?", " ", rest
        )
    left = _SIGNS.sub("", rest)
    return not left or (told is not None and len(left) <= 12 and len(left) < len(line) / 2)


def without_furniture(paragraphs: Sequence[str], title: str = "") -> list[str]:
    """The paragraphs of an article without what is furniture, a repeated title, and lists of other articles."""
    kept: list[str] = []
    in_tail = False
    for paragraph in paragraphs:
        line = " ".join(paragraph.split())
        if in_tail and _is_headline(line):
            continue
        in_tail = len(line) <= _LONGEST and patterns("furniture.txt", "tail").match(line) is not None
        if in_tail or is_furniture(line) or (not kept and _folded(line) == _folded(title)):
            continue
        kept.append(patterns("furniture.txt", "end").sub("", paragraph) or paragraph)
    return kept


def label(fact: str) -> re.Pattern[str]:
    """A label of this fact before a colon, its value as group `value`."""
    return _label(facts(fact, "label"))


@cache
def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    told = "|".join(r"\s?".join(word) for word in sorted(words, key=len, reverse=True))
    slash = "(?<=文)/|" if "文" in words else ""
    return re.compile(rf"(?<![\u4e00-\u9fff])(?:{told})\s?(?:{slash}[:：])\s?(?P<value>{_VALUE})")


@cache
def _labels() -> re.Pattern[str]:
    return _label(
        tuple(chain.from_iterable(facts(fact, "label") for fact in ("published", "source", "author", "credit")))
    )


def _is_headline(line: str) -> bool:
    return len(line) <= _SHORT and not _ENDS_SENTENCE.search(line)


def _folded(text: str) -> str:
    return _SIGNS.sub("", text)
