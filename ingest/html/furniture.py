"""Lines that stand around an article and are none of it; what they are is data (`furniture.txt`, `page_facts.csv`)."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice

from ingest.html.dates import find_date, is_date
from ingest.html.words import facts, patterns

_LONGEST = 160  # characters of a line of furniture; a longer one is a paragraph
_SHORT = 60  # characters of a headline at most
_HEAD = 8  # lines among which an article's head may stand
_VALUE = r"[^\s|｜。；;【】\[\]]{0,24}"
_MORE_NAMES = r"(?:[ 、，,/][\u4e00-\u9fff·]{2,4}(?![：:\u4e00-\u9fff]))*"
_SIGNS = re.compile(r"[\W_]+")
_A_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
_ENDS_SENTENCE = re.compile(r"[。！？；!?;][”』」\"）)]*$")


def is_furniture(line: str) -> bool:
    """Whether a line, blanks made single, is labels, buttons and counters alone, or begins as furniture does."""
    return len(line) <= _LONGEST and (_is_surely(line) or _is_made_of_pieces(line))


def without_furniture(paragraphs: Sequence[str], heads: Sequence[str]) -> list[str]:
    """The paragraphs of an article without what is furniture, lists of other articles, and what its head repeats.

    A line of labels (时间：…) is furniture above the first sentence and below the last line of text; between them it is
    what the article tells. `heads`: title, author and source, which need not stand in the text.
    """
    told = [(at, line) for at, paragraph in enumerate(paragraphs) for line in paragraph.split("\n")]
    told = [(at, patterns("furniture.txt", "end").sub("", line)) for at, line in _without_tails(told)]
    text = [place for place, (_, line) in enumerate(told) if not is_furniture(line)]
    first = next((place for place in text if len(told[place][1]) > _SHORT or _ENDS_SENTENCE.search(told[place][1])), 0)
    inner = range(first, text[-1] + 1 if text else 0)
    kept: dict[int, list[str]] = {}
    for place, (at, line) in enumerate(told):
        if not is_furniture(line) or (place in inner and _is_labels(line)):
            kept.setdefault(at, []).append(line)
    lines = list(kept.values())
    _drop_head(lines, {_folded(head) for head in heads if head})
    return ["\n".join(whole) for one in lines if (whole := list(filter(None, one)))]


def _without_tails(told: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines without lists of other articles."""
    in_tail = False
    for at, line in told:
        in_tail = _opens_tail(line) or (in_tail and _is_headline(patterns("furniture.txt", "end").sub("", line)))
        if not in_tail:
            yield at, line


def _is_surely(line: str) -> bool:
    return patterns("furniture.txt", "line").match(line) is not None


def _is_labels(line: str) -> bool:
    """Whether labels alone make the line furniture."""
    return not _is_surely(line) and not patterns("furniture.txt", "piece").search(_labels().sub(" ", line))


def _is_made_of_pieces(line: str) -> bool:
    rest, told, count = line, find_date(line), 0
    for pattern in (_labels(), patterns("furniture.txt", "piece")):
        rest, found = pattern.subn(" ", rest)
        count += found
    if not count:
        return False
    left = _SIGNS.sub("", _A_DATE.sub(" ", rest) if told else rest)
    return not left or left.isdigit() or (told is not None and len(left) <= 12 and len(left) < len(line) / 2)


def _drop_head(paragraphs: list[list[str]], heads: set[str]) -> None:
    """Drop the short lines at the beginning up to the last that repeats the head or is a date alone."""
    last: tuple[int, int] | None = None
    places = ((at, place, line) for at, lines in enumerate(paragraphs) for place, line in enumerate(lines))
    for at, place, line in islice(places, _HEAD):
        if _folded(line) in heads or is_date(line):
            last = (at, place)
        elif len(line) > _SHORT:
            break
    if last:
        paragraphs[: last[0]] = []
        paragraphs[0] = paragraphs[0][last[1] + 1 :]


def label(fact: str) -> re.Pattern[str]:
    """A label of this fact before a colon, its value as group `value`."""
    return _label(facts(fact, "label"))


@cache
def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    told = "|".join(r"\s?".join(word) for word in sorted(words, key=len, reverse=True))
    slash = "(?<=文)/|" if "文" in words else ""
    value = _VALUE + (_MORE_NAMES if slash else "")
    return re.compile(rf"(?<![\u4e00-\u9fff])(?:{told})\s?(?:{slash}[:：])\s?(?P<value>{value})")


@cache
def _labels() -> re.Pattern[str]:
    return _label(
        tuple(chain.from_iterable(facts(fact, "label") for fact in ("published", "source", "author", "credit")))
    )


def _opens_tail(line: str) -> bool:
    return len(line) <= _LONGEST and patterns("furniture.txt", "tail").match(line) is not None


def _is_headline(line: str) -> bool:
    return len(line) <= _SHORT and not _ENDS_SENTENCE.search(line)


def _folded(text: str) -> str:
    return _SIGNS.sub("", text)
