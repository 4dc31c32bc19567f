"""Whether one article says nothing that another does not say: the exact and cautious part of finding reprints.

A reprint's every sentence stands in the first article, in the same order, from seam to seam (see `fold`), furniture
aside. So another number, date or name, by a single sign, makes an article of its own, and so does a sentence more. When
in doubt two articles stay two: their events are merged, while an article taken for a reprint is never read.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from ingest.same.fold import Folded, fold
from ingest.same.furniture import Body, body, headline
from ingest.same.headline import brings

LEAST = 20  # signs that a text must share to be a reprint
LONGEST = 200_000  # characters of a text that is compared
_TOP = 4  # lines of a text among which its headline may stand
_CUT = re.compile(r"(?:…|\.{3,}|。{3,})\s*\Z")
_FRAGMENT = 20  # signs of a last sentence that was cut without a mark
_WIDE = re.compile("[０-９]")
_NUMBER = re.compile(r"[0-9]+")
_OTHERS = re.compile("[^一-龥]+")
_SURE = re.compile("(?<=[一-龥])[0-9]+(?=[一-龥])")
_FEW = 8  # numbers that a quick look in the database asks for
_COUNTS = re.compile(r"[0-9a-z.%〇零一二三四五六七八九十百千万亿两]")
_ENDED = "。！？!?；;.”’」』\"'）)】]"


@dataclass(frozen=True)
class Text:
    """An article to be compared. What that takes is worked out once, when it is asked for."""

    title: str
    text: str

    @cached_property
    def said(self) -> Folded:
        """Its text without furniture and without its own headline."""
        lines = self._body.text.strip().split("\n", _TOP)
        own = self.headline.signs
        if own and len(lines) > 1:  # it may stand above the text once more
            lines = [line for line in lines if len(line) > 2 * len(own) + 8 or fold(line).signs != own]
        return fold("\n".join(lines))

    @cached_property
    def headline(self) -> Folded:
        """Its headline without a site's name."""
        return fold(headline(self.title))

    @property
    def days(self) -> frozenset[str]:
        """The days that its datelines tell."""
        return self._body.days

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of its text, digits alone."""
        return frozenset(_NUMBER.findall(self.said.joined.signs.replace("|", " ")))

    @cached_property
    def cut(self) -> str:
        """How its text ends: "marked" with dots as a cut one, "open" without a full stop, "" as a whole one."""
        told = self._body.text.rstrip()
        return "marked" if _CUT.search(told) else "open" if told and told[-1] not in _ENDED else ""

    @cached_property
    def _body(self) -> Body:
        return body(self.text)


def sure_numbers(title: str, text: str) -> list[str]:
    """The longest few of the article's `Text.numbers` of which it is sure without folding anything: what stands between
    Chinese characters is folded into itself, and a line that has more of them than the headline has signs is not it."""
    if len(text) > LONGEST:
        return []
    lines = (line for line in body(text).text.split("\n") if _has_more_chinese(line, len(title)))
    found = {number for line in lines for number in _SURE.findall(line)}
    return sorted(found, key=lambda number: (-len(number), number))[:_FEW]


def _has_more_chinese(line: str, count: int) -> bool:
    return len(line) - sum(map(len, _OTHERS.findall(line))) > count


def is_reprint(new: Text, old: Text) -> bool:
    """Whether `new` is told whole by `old`, under the same or another headline that brings nothing new."""
    if len(new.text) > LONGEST or len(old.text) > LONGEST or not _may_hold(old, new):
        return False
    return is_within(new, old) and not brings(new.headline, new.said, old.headline, old.said)


def is_within(new: Text, old: Text) -> bool:
    """Whether every sentence of `new` stands in `old`."""
    if new.days and old.days and not new.days <= old.days:
        return False
    sentences = _without_headline(new.said, old.headline)
    if sum(map(len, sentences)) < LEAST and new.said.strict != old.said.strict:
        return False
    at = 0
    for number, sentence in enumerate(sentences):
        end = _find(sentence, old, at)
        if end is None and number == len(sentences) - 1:
            end = _find_cut(sentence, old, at, new.cut, alone=number == 0)
        if end is None:
            return False
        at = end
    return bool(sentences)


def _without_headline(said: Folded, headline: Folded) -> list[str]:
    """The sentences of a text above which the other article's headline may stand."""
    first, *others = said.sentences or [""]
    length = len(headline.strict)
    if length and first.startswith(headline.strict) and said.seams[length]:
        first = first[length:]
    return [first, *others] if first else others


def _may_hold(old: Text, new: Text) -> bool:
    """A quick look: whether all numbers of `new` stand somewhere in `old`, unless those are written in other digits."""
    raw = f"{old.title}\n{old.text}"
    if _WIDE.search(raw):
        return True
    raw = raw.replace(",", "").replace("\n", "")
    return all(number in raw for number in new.numbers)


def _find(sentence: str, old: Text, at: int) -> int | None:
    """Where a sentence ends in the other text from `at` on, or in its headline (then `at`); None where it stands in
    neither. A line break inside a number may be a mere wrap, in one of the two."""
    plain = sentence.replace("\n", " ")
    said = old.said
    for told in dict.fromkeys((plain, sentence.replace("\n", ""))):
        if span := said.find(told, at):
            return span[1]
    if "\n" in said.signs:
        before = said.signs.count("\n", 0, at)
        if span := said.joined.find(plain, at - before):
            return _unjoined(said.signs, span[1])
    return at if old.headline.find(plain) else None


def _unjoined(signs: str, end: int) -> int:
    """The place in `signs` after which `end` of them, line breaks not counted, have passed."""
    place = 0
    for sign in signs:
        if end == 0:
            break
        end -= sign != "\n"
        place += 1
    return place


def _find_cut(sentence: str, old: Text, at: int, cut: str, *, alone: bool) -> int | None:
    """The same for a last sentence that was cut: it must begin at a seam, and may not end inside a number.

    Without dots at its end it must be long and not the only one, and a whole number must not have lost its end.
    """
    said = old.said.strict
    told = sentence.replace("\n", " ")
    if not cut or (cut == "open" and (alone or len(told) < _FRAGMENT)):
        return None
    start = said.find(told, at)
    while start >= 0 and not old.said.seams[start]:
        start = said.find(told, start + 1)
    if start < 0:
        return None
    end = start + len(told)
    return None if cut == "open" and end < len(said) and _COUNTS.match(told[-1]) else end
