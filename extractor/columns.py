"""Reading order: paragraphs that a column's or a page's end cut in two are put together again.

A PDF gives a newspaper's columns one after another, so that between the two halves of a paragraph may stand other
stories. Each paragraph that ends amid a sentence is given the later one that goes on with it best: one whose first
characters make a word with its last ones, whose line is as wide, which stands near and begins like no new paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.data import words
from extractor.jieba_words import cut, is_word, tag_of
from extractor.lines import LIST_HEAD, STOPS, Paragraph, column, ends_sentence, paragraphs

_REACH = 12  # paragraphs that may stand between two halves: a page's column has about that many
_BESIDE = 6  # characters at either side of a break in which jieba looks for a word across it
_LEAST = 0.5
_MOST = 200  # paragraphs of a page up to which the whole page is asked whether it tells the words across a break
_LONG = 60  # characters of a paragraph of a flat page from which on it may be half of one
_GOES_ON = re.compile(r"[，、。；：！？”’）)》%％的了等]")

_WIDTHS = (1.5, 1.0, 0.0, -1.0)  # by how many columns the full lines of two halves differ
_HEADLINE = 24  # characters of a headline at most, as a rule
_KINDS = {"v": 0.7, "p": 0.7, "u": 2.0, "d": 0.3, "r": -0.5, "t": -0.5, "n": -0.1, "c": -0.5}
_BINDING = frozenset({"p", "c", "uj"})  # prepositions, conjunctions and 的 end no sentence

Span = tuple[int, int]


def reading_order(text: str) -> list[Span] | None:
    """The spans of a text in the order in which they are read, without the wraps; None where it stands as it is."""
    lines = text.split("\n")
    width = column(lines) if len(lines) >= _BESIDE else 0
    if width:
        found = paragraphs(lines, width)
    elif any(len(line) >= _HEADLINE and "，" in line and not ends_sentence(line) for line in lines):
        found = list(_flat(lines))
    else:
        return None
    follows = _followers(text, found)
    return list(_spans(text, found, follows)) if follows or width else None


def _flat(lines: Sequence[str]) -> Iterator[Paragraph]:
    """The lines of a page that is not wrapped, each a paragraph."""
    at = 0
    for line in lines:
        if line.strip():
            long = len(line) >= _HEADLINE and ("，" in line or "。" in line)
            opened = long and not ends_sentence(line) and line.rstrip()[-1] not in "：:"
            yield Paragraph(at, at + len(line), (), 0, opened, False, 1)
        at += len(line) + 1


def _followers(text: str, found: Sequence[Paragraph]) -> dict[int, int]:
    """For each paragraph that ends amid a sentence the one that goes on with it; the best pairs are made first."""
    plain = text.replace("\n", "") if len(found) <= _MOST else ""
    pairs = []
    for i, half in enumerate(found):
        if half.open and _is_half(text[half.start : half.end], half):
            near = range(i + 1, min(i + 1 + (_REACH if half.width else 1), len(found)))
            pairs += [(_fit(text, plain, half, found[j], j - i), -i, -j) for j in near]
    follows: dict[int, int] = {}
    taken: set[int] = set()
    for fit, i, j in sorted(pairs, reverse=True):
        if fit >= _LEAST and -i not in follows and -j not in taken:
            follows[-i] = -j
            taken.add(-j)
    return follows


def _is_half(told: str, half: Paragraph) -> bool:
    """Whether an unfinished paragraph is one, and no headline."""
    return "。" in told or (STOPS.search(told) is not None and (half.lines > 1 or len(told) > _HEADLINE))


def _fit(text: str, plain: str, half: Paragraph, other: Paragraph, away: int) -> float:
    """How well a paragraph goes on with an unfinished one; below 0.5 it does not."""
    end, begin = text[half.start : half.end].rstrip(), text[other.start : other.end]
    if other.lead or LIST_HEAD.match(begin) or not STOPS.search(begin):
        return -9.0
    fit = (1.0 if away == 1 else 0.0) - 0.1 * away
    fit += 4 * bool(_GOES_ON.match(begin)) - 3 * begin.startswith(words("openers"))
    fit += 2.5 * _word_across(end, begin) + 2.5 * (plain.count(end[-2:] + begin[:2]) > 1)
    fit += _beginning(end, begin)
    if half.width:
        fit += _WIDTHS[min(abs(half.width - other.width), 3)] if other.lines > 1 else 0.5
    elif half.end - half.start < _LONG:
        fit -= 1
    return fit


def _beginning(end: str, begin: str) -> float:
    """What the first word says: a verb goes on, a name, time or pronoun rather begins; after a colon speech begins."""
    if begin[0] == "“":
        return 1.5 if end[-1] in "：，”" else -0.5
    binds = tag_of(cut(end[-_BESIDE:])[-1]) in _BINDING
    return binds + _KINDS.get(tag_of(cut(begin[:_BESIDE])[0])[0], 0.0)


def _word_across(end: str, begin: str) -> bool:
    """Whether jieba reads a word of its dictionary across the break."""
    left = end[-_BESIDE:]
    at = 0
    for word in cut(left + begin[:_BESIDE].split("\n")[0]):
        if at < len(left) < at + len(word):
            return is_word(word)
        at += len(word)
    return False


def _spans(text: str, found: Sequence[Paragraph], follows: dict[int, int]) -> Iterator[Span]:
    """The paragraphs in reading order, each followed by what goes on with it; blank lines stay with what is before."""
    later = set(follows.values())
    if found and found[0].start:
        yield 0, found[0].start
    for i in range(len(found)):
        if i in later:
            continue
        at: int | None = i
        while at is not None:
            following = follows.get(at)
            stop = found[at + 1].start if at + 1 < len(found) else len(text)
            yield from _inside(text, found[at], stop if following is None else found[at].end)
            at = following


def _inside(text: str, paragraph: Paragraph, stop: int) -> Iterator[Span]:
    at = paragraph.start
    for start, end in paragraph.cuts:
        yield at, start
        at = end
    if stop == paragraph.end:
        stop = paragraph.start + len(text[paragraph.start : paragraph.end].rstrip())
    if at < stop:
        yield at, stop
