"""Firms without a telling suffix, by what is said of them: 澄砺航芯董事长, 借给砺芯星禾的, 子公司无锡澄砺.

The name itself must be no run of dictionary words: jieba does not know a brand, and so cuts it into odd pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.data import one_of, table, word_set
from extractor.jieba_words import cut, is_word, tag_of
from extractor.recognisers.base import BrandHit, Mark
from extractor.remembered import remembered

if TYPE_CHECKING:
    from extractor.page import Page

_IS = "(?:一家|国内|全国|全球|国家级|省级|当地|几家)"
_SAID = re.compile(
    r"创始人|联合创始人|创办人|董事长|总经理|财务总监|财务负责人|首席执行官|CEO|CFO|相关负责人|有关负责人|负责人"
    rf"|是{_IS}|为{_IS}|成立(?:于|才|不|至今)|做的是|做的|主营|专注|专做|主打|手里|手握|名下|账上"
    r"|的(?:账上|产品|订单|财务|创始人|董事长|老板|厂房|生产线|负责人)|公告|披露|董事会|控股股东"
    r"|昨晚(?:公告|披露)|晚间(?:公告|披露)|昨日(?:公告|披露)|今日(?:公告|披露)|日前(?:公告|披露)|近日(?:公告|披露)"
)
"""Each choice begins with a plain sign: so `re` knows with which signs a match may begin, and skips to them."""
_TOLD_OF = re.compile(
    r"(?:借给|贷给|放给|投给|批给|授予|借予|轮到|选中|挑中|看中|来自|全资子公司|控股子公司|子公司|孙公司|的主人)(?=[一-龥A-Za-z])"
)
_BEFORE = re.compile(r"[一-龥A-Za-z0-9]{2,10}\Z")
_CHINESE = re.compile(r"[一-龥]{1,4}")
_AFTER = re.compile(r"[一-龥A-Za-z0-9]{2,8}")


class Brands:
    """Names told by their context; the weakest of the firm recognisers."""

    kind = "brand"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is a `BrandHit`."""
        text = page.text
        for match in _SAID.finditer(text):
            left = _BEFORE.search(text, max(0, match.start() - 10), match.start())
            name = _ending(left.group()) if left else ""
            if name:
                yield Mark(self.kind, match.start() - len(name), match.start(), BrandHit("said"))
        for match in _TOLD_OF.finditer(text):
            right = _AFTER.match(text, match.end())
            name = _beginning(right.group()) if right else ""
            if name:
                yield Mark(self.kind, match.end(), match.end() + len(name), BrandHit("told_of"))
        yield from _repeated(page)


def _repeated(page: Page) -> Iterator[Mark]:
    """Runs of words that jieba does not know, told at least twice: 澄砺星汇, and behind a place 无锡澄砺."""
    spots: dict[str, list[int]] = {}
    acts: set[str] = set()
    for at, run, following in _runs(page):
        spots.setdefault(run, []).append(at)
        if following in word_set("firm_verbs"):
            acts.add(run)
    for run, starts in spots.items():
        if one_of("no_brands").search(run):
            continue
        if len(starts) >= 2 or run in page.title or run in acts:
            for start in starts:
                yield Mark("brand", start, start + len(run), BrandHit("repeated"))


def _runs(page: Page) -> Iterator[tuple[int, str, str]]:
    """Unknown runs of four to six signs, of which a place may be the first, each with the word that follows."""
    kinds, starts = bytes(map(_kind, page.cut)), page.starts
    for match in _RUN.finditer(kinds):
        first, last = match.span()
        if last == len(kinds):
            return
        begin, end = starts[first], starts[last]
        if end - begin == 4 or (4 < end - begin <= 6 and kinds[first] in _PLACES):
            yield begin, page.text[begin:end], page.cut[last]


_KNOWN, _PLACE, _LONG_PLACE, _UNKNOWN, _LONG_UNKNOWN = range(5)
_PLACES = (_PLACE, _LONG_PLACE)
_RUN = re.compile(b"[\1-\4](?:[\3\4]+|(?<=[\2\4]))")
"""A place and what is unknown behind it, or either alone; no word by itself that is shorter than a run."""


@remembered(50_000)
def _kind(word: str) -> int:
    """Whether a word is unknown (jieba's dictionary lacks it, or it is a single sign of no grammar), or a place; and
    whether it is as long as a run, by itself."""
    if _CHINESE.fullmatch(word) and word not in _stops() and (len(word) == 1 or not is_word(word)):
        return _LONG_UNKNOWN if len(word) >= 4 else _UNKNOWN
    if word in table("places", "name", "kind"):
        return _LONG_PLACE if len(word) >= 4 else _PLACE
    return _KNOWN


def _stops() -> frozenset[str]:
    return word_set("name_stops", "generic_brands")


def _ending(left: str) -> str:
    """The name at the end of `left`, or nothing."""
    kept: list[str] = []
    for token in reversed(cut(left)):
        if token in _stops() or len("".join(kept)) + len(token) > 6:
            break
        kept.insert(0, token)
    return _name(kept)


def _beginning(right: str) -> str:
    """The name at the beginning of `right`, or nothing."""
    kept: list[str] = []
    for token, tag in [(word, tag_of(word)) for word in cut(right)]:
        if token in _stops() or tag[0] in "pcudmtrx" or (tag in ("v", "vn", "d", "ad") and kept and is_word(token)):
            break
        kept.append(token)
    return _name(kept)


def _name(tokens: list[str]) -> str:
    """The tokens as a name: two to six signs, of which jieba knows the words only of a place at the beginning."""
    places = table("places", "name", "kind")
    while len(tokens) > 1 and _everyday(tokens[0]) and tokens[0] not in places:
        tokens.pop(0)
    name = "".join(tokens)
    inner = tokens[1:] if tokens and tokens[0] in places else tokens
    unknown = bool(inner) and not any(_everyday(token) for token in inner)
    if one_of("no_brands").search(name):
        return ""
    return name if 2 <= len(name) <= 6 and unknown and not name.isdecimal() and len("".join(inner)) >= 2 else ""


def _everyday(token: str) -> bool:
    """Whether a token is a dictionary word of two signs or more that is no name, or a lone sign of grammar."""
    if len(token) == 1:
        return tag_of(token)[0] in "pcudmrxy"
    return is_word(token) and tag_of(token) not in ("nz", "nt", "j", "nrt")
