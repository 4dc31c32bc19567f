"""Firms by their form: full legal names with their left edge right, listed names with a code, register, short names.

jieba decides two things here: where a full name begins (the way back from 有限公司 ends at a word that never stands
in a name) and whether a short register name stands mid-word or is an everyday word (太阳能, 机器人).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from core.register import FirmEntry
from extractor.data import table, word_set, words
from extractor.jieba_words import cut, is_word, tag_of
from extractor.kinship import in_order
from extractor.places import place_before
from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page
    from extractor.stories import Block

_PARTNERS = r"(?:\(有限合伙\))?"
_LIMITED = rf"(?:有限责任公司|有限公司|有限合伙企业|股份公司){_PARTNERS}"
_LEGAL = re.compile(
    rf"集团(?:股份)?{_LIMITED}|股份{_LIMITED}|有限责任公司{_PARTNERS}|有限公司{_PARTNERS}|有限合伙企业{_PARTNERS}"
    rf"|股份公司{_PARTNERS}|集团公司|总公司|合伙企业{_PARTNERS}"
    r"|公司(?<=(?:科技|技术|生物|医药|能源|电子|智能|电站|工程|制药|材料|装备)公司)"
)
"""Each choice begins with a plain sign: `re` skips to them."""
_NAME_SIGNS = re.compile(r"(?:[^\s，。；：、！？“”‘’《》()\[\]【】|,;:•>/*\-—…]|\([^()\s]{1,6}\))+")
_CODE = re.compile(
    r"\((?:股票代码|证券代码|代码)?[:：]?\s?(?:(?:SH|SZ|HK|BJ)[.:]?)?"
    r"(?P<code>\d{4,6})(?:[.](?:SH|SZ|HK|BJ))?(?:[.、，/ ][^()]{0,18})?\)"
)
_CODED = re.compile(r"[一-龥A-Za-z0-9*·]{2,10}\Z")
_DEFINES = re.compile(r"\((?:以下|下文|下)?(?:简称|称)(?:为)?[:：]?[“‘](?P<alias>[一-龥A-Za-z0-9]{2,10})[”’]\)")
_NO_FIRM = re.compile(r"银行|分行|支行|办法|通知|报告|方案|局$|会$|委$|部$|基金|指数|意见|计划|公告|协议")
_LABEL = re.compile(r"(?:证券简称|股票简称|公司简称)[:：]\s?(?P<name>[一-龥A-Za-z0-9*]{2,8})")
_HEAD = re.compile(
    r"(?P<name>[一-龥A-Za-z0-9*]{2,8})(?:\(\d{4,6}(?:\.[A-Z]{2})?\))?[:：](?=[^\n]{0,60}(?:贷款|授信|借款|融资|银行|承诺函|额度|保函))"
)
_BANK_BEFORE = re.compile(r"\A.*(?:银行|分行|支行|该行)(?:给予|[为向给对与和同跟将已的]|分别)*")
_LETTER = re.compile(r"[一-龥][A-Z][一-龥]")
_LEADING_BRACKET = re.compile(r"\A\([^()]*\)")
_GLUED = frozenset("在叫由从把被向给对跟与让使有到做造是")
_TRADES = frozenset(["服务", "投资", "生产", "研发", "设计", "管理", "咨询", "销售", "运营", "开发", "建设"])
_NAME_TAGS = ("nz", "nr", "nt", "nrt", "j", "x", "eng")
_TITLE = re.compile(r"[一-龥A-Za-z0-9]{2,10}")
_PARENT = re.compile(r"(?:公司|企业)(?!法人|类|所得)")


@dataclass(frozen=True, slots=True)
class FirmHit:
    """A firm as it stands: `form` is full, short, code, label, head or register; `entry` where a register has it."""

    form: str
    entry: FirmEntry | None = None


class Firms:
    """Full names, names with a stock code, headline heads, register and watched names."""

    kind = "firm"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is a `FirmHit`; they may overlap."""
        yield from _full_names(page)
        yield from _coded(page)
        yield from _defined(page)
        yield from _heads(page)
        yield from _listed(page)


def _full_names(page: Page) -> Iterator[Mark]:
    for match in _LEGAL.finditer(page.text):
        window = _window(page.text, match.start() - 36, match.start())
        if window:
            start = match.start() - len(left_edge(window))
            name = page.text[start : match.start()]
            if len(name.strip("()")) >= 2 and not _is_bank(name) and not _LETTER.search(name):
                yield Mark("firm", start, match.end(), FirmHit("full"))


def _window(text: str, start: int, end: int) -> str:
    """The signs of names that end at a position, back to another sign or to `start`.

    They are the last run of such signs: looking for one that ends there would read what lies before it once for each
    of its signs.
    """
    runs = _NAME_SIGNS.findall(text, max(0, start), end)
    return runs[-1] if runs and text.endswith(runs[-1], 0, end) else ""


def _is_bank(name: str) -> bool:
    return name.endswith(("银行", "商业银行", "信用社", "保险", "财产保险", "证券", "信托"))


def left_edge(window: str) -> str:
    """The end of `window` that can be a firm's name: 走进上海星禾机器人 is 上海星禾机器人."""
    tokens = cut(_BANK_BEFORE.sub("", window) if "行" in window else window)
    begin = len(tokens)
    depth = 0
    while begin:
        token = tokens[begin - 1]
        depth += token.count(")") - token.count("(")
        if depth <= 0 and _stops_at(tokens, begin - 1):
            break
        begin -= 1
    name = "".join(tokens[begin:]).lstrip("0123456789.、)·")
    name = _LEADING_BRACKET.sub("", name)
    if len(name) > 3 and name[0] in _GLUED and not is_word(cut(name)[0]):
        name = name[1:]
    return _from_place(name)


def _stops_at(tokens: Sequence[str], at: int) -> bool:
    """Whether a name's way back ends at a token: a stop word, if not a trade word at the end or a brand behind a place.

    环保|服务 有限公司 keeps 服务; 上海|在|途|网络 keeps 在, which is part of a brand that jieba does not know.
    """
    word = tokens[at]
    if len(word) == 2 and word[1] in "给向" and tag_of(word)[0] in "vp":
        return True
    if word not in word_set("name_stops") or all(trade in _TRADES for trade in tokens[at:]):
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    behind_place = at > 0 and tokens[at - 1] in table("places", "name", "kind")
    return not (word in "与在和同为有于" and len(after) == 1 and behind_place)


def _from_place(name: str) -> str:
    """Drop what stands before a place name if all of it is dictionary words of no place: 旗舰企业上海… is 上海…."""
    places = table("places", "name", "kind")
    tokens = cut(name)
    at = 0
    for index, word in enumerate(tokens):
        if word in places and index and at >= 2:
            before = tokens[:index]
            telling = all(is_word(other) and len(other) > 1 and other not in places for other in before)
            return name[at:] if telling and before[-1] not in word_set("firm_suffixes") else name
        at += len(word)
    return name


def _coded(page: Page) -> Iterator[Mark]:
    for match in _CODE.finditer(page.text):
        before = _CODED.search(page.text, max(0, match.start() - 10), match.start())
        name = left_edge(before.group()) if before else ""
        if len(name) >= 2 and "银行" not in name and not _PARENT.search(name):
            yield Mark("firm", match.start() - len(name), match.start(), FirmHit("code", _entry(page, name)))
    for match in _LABEL.finditer(page.text):
        yield Mark("firm", match.start("name"), match.end("name"), FirmHit("label", _entry(page, match["name"])))


def _defined(page: Page) -> Iterator[Mark]:
    """A name by the short one defined behind it, whose signs it holds in order: 苏州澄砺光电（以下称“澄砺”）."""
    for match in _DEFINES.finditer(page.text):
        left = _window(page.text, match.start() - 24, match.start())
        if left and not _NO_FIRM.search(match["alias"]):
            name = left_edge(left)
            if not in_order(match["alias"], name):
                at = max(0, left.rfind(match["alias"][:2]))
                name = left[at - place_before(left, at) :]
            if len(name) >= len(match["alias"]) and in_order(match["alias"], name):
                yield Mark("firm", match.start() - len(name), match.start(), FirmHit("defined"))


def _heads(page: Page) -> Iterator[Mark]:
    """A firm at the head of a line and before a colon: 南华仪器：拟向招商银行申请…."""
    for block, following in zip_longest(page.blocks, page.blocks[1:]):
        title = page.text[block.start : block.end].strip()
        if following and following.kind == "item" and block.kind == "heading" and _titles_list(page, title, following):
            yield Mark("firm", block.start, block.start + len(title), FirmHit("titled", _entry(page, title)))
            continue
        match = _HEAD.match(page.text, block.start, block.end)
        if match and _may_be_head(match["name"]):
            yield Mark("firm", match.start("name"), match.end("name"), FirmHit("head", _entry(page, match["name"])))


def _titles_list(page: Page, title: str, item: Block) -> bool:
    """Whether a heading is a firm's name over a list of its banks."""
    begins_with_bank = (
        re.match(r"[^，。：]{0,14}(?:银行|分行|支行|农商行)", page.text[item.start : item.end]) is not None
    )
    return begins_with_bank and _TITLE.fullmatch(title) is not None and _may_be_head(title)


def _may_be_head(name: str) -> bool:
    if any(word in name for word in words("no_heads")) or name[0] in "截据本近今去":
        return False
    return not is_word(name) and len(left_edge(name)) == len(name)


def _listed(page: Page) -> Iterator[Mark]:
    for hit in page.known:
        watched = page.lexicon.is_watched(hit.text)
        if hit.entry is not None and not isinstance(hit.entry, FirmEntry):
            continue
        if watched or (not _is_everyday(hit.text) and _stands_alone(page, hit.start, hit.end)):
            yield Mark("firm", hit.start, hit.end, FirmHit("register", hit.entry))


def _is_everyday(name: str) -> bool:
    """Whether a register name is a word of the language too: 机器人, 太阳能; names of two signs always may be."""
    if not is_word(name):
        return False
    return name in word_set("generic_brands") or (len(name) == 2 and tag_of(name) not in _NAME_TAGS)


def _stands_alone(page: Page, start: int, end: int) -> bool:
    text = page.text[start:end]
    if text.isascii():
        around = page.text[max(0, start - 1) : start] + page.text[end : end + 1]
        return not any(c.isascii() and c.isalnum() for c in around)
    return len(text) > 3 or page.is_edge(start)


def _entry(page: Page, name: str) -> FirmEntry | None:
    entry = page.lexicon.entry(name)
    return entry if isinstance(entry, FirmEntry) else None
