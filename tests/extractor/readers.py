"""What the extractor's tests share: a small lexicon of its own, and a page to read."""

from __future__ import annotations

from datetime import date

from core.register import BankEntry, FirmEntry
from extractor import Extraction, Lexicon, extract
from extractor.normalise import normalise
from extractor.page import Page

BANKS = (
    BankEntry(name="工商银行", kind="state", aliases=("中国工商银行", "工行")),
    BankEntry(name="农业银行", kind="state", aliases=("中国农业银行", "农行")),
    BankEntry(name="中国银行", kind="state", aliases=("中行",)),
    BankEntry(name="中银香港", kind="foreign", aliases=("中国银行(香港)",)),
    BankEntry(name="交通银行", kind="state", aliases=("交行",)),
    BankEntry(name="招商银行", kind="joint_stock", aliases=("招行",)),
    BankEntry(name="兴业银行", kind="joint_stock", aliases=("兴业",)),
    BankEntry(name="光大银行", kind="joint_stock", aliases=("中国光大银行",)),
    BankEntry(name="杭州银行", kind="city"),
    BankEntry(name="潍坊银行", kind="city"),
)
FIRMS = (
    FirmEntry(name="鹤鸣股份", stock_code="600999.SH", sector="equipment", tech=True),
    FirmEntry(name="机器人", stock_code="300024.SZ", tech=True),
)
LEXICON = Lexicon.build(BANKS, FIRMS)
DAY = date(2025, 3, 18)


def page(text: str, day: date | None = DAY) -> Page:
    """A page as the recognisers read it."""
    return Page(normalise(text), LEXICON, day)


def told(text: str, *, title: str = "", day: date | None = DAY, lexicon: Lexicon = LEXICON) -> Extraction:
    """What the engine reads in a text."""
    return extract(title=title, text=text, published=day, lexicon=lexicon)
