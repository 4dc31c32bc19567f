"""JSON Feed: what its items become, and what is said of a broken one."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import RejectedInput
from ingest import formats
from ingest.errors import BadFeed
from ingest.formats import Body, Item, Parsed, Part

SAMPLE = (Path(__file__).parent / "samples" / "json_feed" / "feed.jsonfeed").read_bytes()
URL = "https://news.example.cn/feed.json"
VERSION = "https://jsonfeed.org/version/1"


def read(content: bytes, content_type: str = "application/json") -> Parsed:
    return formats.read(Body(content, url=URL, content_type=content_type))


def feed(*items: Any, **more: Any) -> bytes:
    return json.dumps({"version": VERSION, "items": items, **more}).encode()


def only(item: dict[str, Any]) -> Item:
    [found] = read(feed(item)).items
    return found


def test_an_item_is_read_with_its_fullest_text() -> None:
    first = read(SAMPLE).items[0]
    assert first.title == "样例银行向甲公司放款 & 签约"
    assert first.text == "第一段，样例银行向甲公司放款。\n\n第二段 结束。"
    assert first.url == "https://news.example.cn/1?utm_source=json"
    assert first.published == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    assert first.updated == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert (first.guid, first.author) == ("https://news.example.cn/1", "编辑甲, 编辑乙")


def test_an_item_of_version_1_without_a_title_takes_it_from_its_text() -> None:
    second = read(SAMPLE).items[1]
    assert (second.title, second.text) == ("利率 < 3%，", "利率 < 3%，\n第二行。")
    assert (second.url, second.guid, second.author) == ("https://other.example.cn/7", "7", "记者丙")


def test_a_headline_with_a_document_and_no_page_is_a_link_to_the_document() -> None:
    last = read(SAMPLE).items[-1]
    assert (last.title, last.text, last.url) == ("第三版", "", "https://news.example.cn/pages/3.pdf")


def test_an_item_that_cannot_be_read_is_named_and_the_others_are_kept() -> None:
    parsed = read(SAMPLE)
    assert [item.position for item in parsed.items] == [1, 2, 4, 5]
    assert [(error.position, error.reason) for error in parsed.errors] == [
        (3, "has neither title nor text"),
        (4, "时间写错: '昨天下午' is no date; kept without"),
        (6, "has neither title nor text"),
    ]


def test_the_next_page_is_a_part_of_the_feed() -> None:
    assert read(SAMPLE).parts == (Part("https://news.example.cn/feed.json?page=2"),)


def test_an_id_that_is_an_address_is_the_page_where_none_is_told() -> None:
    assert only({"id": "https://news.example.cn/9", "title": "甲"}).url == "https://news.example.cn/9"
    assert only({"id": "9", "title": "甲"}).url is None


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/feed+json; charset=utf-8", ""])
def test_a_json_feed_is_known_by_its_version_wherever_it_stands(content_type: str) -> None:
    late = json.dumps({"items": [{"id": "1", "title": "甲" * 9000}], "version": VERSION}).replace("/", "\\/")
    assert formats.choose(Body(late.encode(), url=URL, content_type=content_type)).name == "json_feed"


def test_other_json_is_refused_by_name() -> None:
    with pytest.raises(BadFeed, match=r"feed\.json: not a feed: it is JSON, and no JSON Feed"):
        read(b'{"version": 1, "items": []}')


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1"', "the JSON is broken"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "without a list of items"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"version": "https://jsonfeed.org/version/1", "n": ' + b"9" * 9_999 + b"}", "the JSON is broken"),
    ],
)
def test_what_is_wrong_with_a_broken_one_is_told(content: bytes, reason: str) -> None:
    with pytest.raises(RejectedInput, match=reason):
        read(content)


@pytest.mark.parametrize(
    "item",
    [
        {"title": 7, "content_text": ["甲"], "url": {}, "authors": "甲", "attachments": 3, "id": None},
        {"title": "甲", "url": "http://[", "authors": [None, 3, {"name": 7}], "date_published": 20260301},
        {"title": "甲", "attachments": [None, 3, {"url": 4}, {"url": "http://["}]},
        {"title": "\ud800", "content_text": "\x00"},
    ],
)
def test_values_of_other_kinds_than_they_should_be_stop_nothing(item: dict[str, Any]) -> None:
    parsed = read(feed(item, {"title": "好的一条"}))
    assert parsed.items[-1].title == "好的一条"


def test_of_a_very_long_feed_the_first_items_are_read_and_the_rest_is_told() -> None:
    parsed = read(feed(*({"title": str(number)} for number in range(5_001))))
    assert len(parsed.items) == 5_000
    assert parsed.errors[-1].reason == "5,001 items; the first 5,000 are read"


def test_a_feed_in_gb18030_is_read() -> None:
    text = '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "样例银行签约"}]}'
    assert read(text.encode("gb18030")).items[0].title == "样例银行签约"
