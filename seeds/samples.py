"""Sample articles for the demo, dated relative to the day they are served, with the events that must come of them.

An article is a file of `data/samples`: a TOML head between two lines of `+++`, then the text. The head holds title,
source, author, days_ago (1 or more, so that it is never of the future), hour, a `story` where two articles tell the
same event, and an `[[expected]]` table for each event. Title and text may hold the placeholders of `_calendar`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from core.errors import RejectedInput
from seeds.registers import DATA

CHINA = ZoneInfo("Asia/Shanghai")
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One event that a sample must yield; `firm` None with a `firm_description` where the firm is not disclosed.

    Amounts in units of `currency` (ISO 4217); exact: both alike; at least: no max; untold: neither.
    """

    bank: str
    instrument: str
    firm: str | None = None
    firm_aliases: tuple[str, ...] = ()
    firm_description: str | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    currency: str = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article as served on one day; samples with the same `story` tell the same event."""

    id: str
    title: str
    source: str
    author: str
    published: datetime
    text: str
    story: str | None
    expected: tuple[Expected, ...]


def samples(today: date, folder: Path = DATA / "samples") -> tuple[Sample, ...]:
    """The sample articles as served on `today` (a day in China), the newest first."""
    read = (_sample(path, today) for path in sorted(folder.glob("*.md")))
    return tuple(sorted(read, key=lambda sample: sample.published, reverse=True))


def as_rss(articles: Iterable[Sample], base_url: str) -> bytes:
    """An RSS 2.0 document of `articles` with their full text; item links are `base_url`/articles/ID."""
    ElementTree.register_namespace("content", _CONTENT)
    ElementTree.register_namespace("dc", _DC)
    base_url = base_url.rstrip("/")
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, title="银企示例新闻", link=base_url, language="zh-CN")
    _add(channel, description="Yinqi 演示用的示例文章：事实部分取自公开报道，部分企业为虚构")
    for article in articles:
        _item(ElementTree.SubElement(channel, "item"), article, base_url)
    document: bytes = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return document


def _item(item: ElementTree.Element, article: Sample, base_url: str) -> None:
    link = f"{base_url}/articles/{article.id}"
    html = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.text.split("\n\n"))
    _add(item, title=article.title, link=link, guid=link, pubDate=format_datetime(article.published))
    _add(item, **{f"{{{_DC}}}creator": article.author, "category": article.source})
    _add(item, **{"description": article.text.split("\n\n")[0], f"{{{_CONTENT}}}encoded": html})


def _add(parent: ElementTree.Element, **children: str) -> None:
    for tag, text in children.items():
        ElementTree.SubElement(parent, tag).text = text


def _sample(path: Path, today: date) -> Sample:
    try:
        _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        told: dict[str, Any] = tomllib.loads(head)
        day = today - timedelta(days=told["days_ago"])
        words = _calendar(day)
        return Sample(
            id=path.stem,
            title=told["title"].format_map(words),
            source=told["source"],
            author=told["author"],
            published=datetime.combine(day, time(told["hour"]), CHINA),
            text=body.strip().format_map(words),
            story=told.get("story"),
            expected=tuple(_expected(event) for event in told.get("expected", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RejectedInput(f"{path}: {type(error).__name__}: {error}") from error


def _expected(told: dict[str, Any]) -> Expected:
    rest = {key: value for key, value in told.items() if key not in {"amount", "firm_aliases"}}
    if "amount" in told:
        rest |= {"amount_min": told["amount"], "amount_max": told["amount"]}
    return Expected(firm_aliases=tuple(told.get("firm_aliases", ())), **rest)


def _calendar(day: date) -> dict[str, str]:
    """What a text of `day` may say: {year} {last_year} as figures, {month} {last_month} with 去年 where it must."""
    before = day.replace(day=1) - timedelta(days=1)
    return {
        "year": str(day.year),
        "last_year": str(day.year - 1),
        "month": f"{day.month}月",
        "last_month": f"{before.month}月" if before.year == day.year else f"去年{before.month}月",
    }
