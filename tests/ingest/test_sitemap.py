"""Sitemaps: links newest first, parts of an index, and nothing that an enemy could gain."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import RejectedInput
from ingest import formats
from ingest.errors import BadFeed
from ingest.formats import Body, Parsed, Part

SAMPLE = (Path(__file__).parent / "samples" / "sitemap" / "news.xml").read_bytes()
URL = "https://news.example.cn/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def read(content: bytes | str) -> Parsed:
    body = content.encode() if isinstance(content, str) else content
    return formats.read(Body(body, url=URL, content_type="application/xml"))


def urlset(*entries: tuple[str, str], end: str = "</urlset>") -> str:
    told = "".join(f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' * bool(day)}</url>" for url, day in entries)
    return f"<urlset {NAMESPACE}>{told}{end}"


def test_a_news_sitemap_tells_titles_times_and_papers() -> None:
    first, second = read(SAMPLE).items
    assert (first.title, first.text) == ("样例银行与乙公司签约 & 放款", "")
    assert (first.url, first.source_name) == ("https://news.example.cn/2026/2.html?id=2&from=map", "样例日报")
    assert first.published == datetime(2026, 3, 2, tzinfo=UTC)
    assert second.url == "https://news.example.cn/2026/1.html"
    assert (second.published, second.updated) == (
        datetime(2026, 2, 28, 16, tzinfo=UTC),
        datetime(2026, 3, 1, 1, tzinfo=UTC),
    )


def test_the_newest_pages_come_first_and_those_without_a_time_last() -> None:
    told = urlset(("/a", ""), ("/b", "2026-03-01"), ("/c", "2026-03-03T08:00Z"), ("/d", "bad"), ("/e", "2026-03-02"))
    assert [item.url[-1] for item in read(told).items if item.url] == ["c", "e", "b", "a", "d"]


def test_an_index_names_its_parts_newest_first() -> None:
    index = urlset(("/old.xml", "2026-03-01"), ("/new.xml", "2026-03-02")).replace("urlset", "sitemapindex")
    parsed = read(index.replace("<url>", "<sitemap>").replace("</url>", "</sitemap>"))
    assert parsed.items == ()
    assert parsed.parts == (
        Part("https://news.example.cn/new.xml", datetime(2026, 3, 1, 16, tzinfo=UTC)),
        Part("https://news.example.cn/old.xml", datetime(2026, 2, 28, 16, tzinfo=UTC)),
    )


PACKED = gzip.compress(SAMPLE, mtime=0)


def test_a_packed_sitemap_is_read() -> None:
    assert read(PACKED) == read(SAMPLE)


def test_a_packed_sitemap_that_unpacks_to_more_than_an_answer_may_have_is_refused() -> None:
    bomb = gzip.compress(urlset(("/a", "")).encode() + b" " * (16 * 2**20))
    with pytest.raises(BadFeed, match="bytes unpacked"):
        read(bomb)


@pytest.mark.parametrize("content", [PACKED[:-40], PACKED[:30], b"\x1f\x8b\x08rubbish"])
def test_a_packed_sitemap_that_is_broken_stops_nothing_else(content: bytes) -> None:
    try:
        read(content)
    except RejectedInput:
        return


def test_a_bare_ampersand_in_an_address_is_mended_and_told() -> None:
    parsed = read(urlset(("https://news.example.cn/?a=1&b=2", ""), ("/c", "")))
    assert [item.url for item in parsed.items] == ["https://news.example.cn/?a=1&b=2", "https://news.example.cn/c"]
    assert "the XML is broken" in parsed.errors[0].reason


def test_the_entry_in_which_a_sitemap_breaks_off_is_left_for_the_next_time() -> None:
    parsed = read(urlset(("/a", ""), ("/whole-and-then-cu", ""), end="")[: -len("u</loc></url>")])
    assert [item.url for item in parsed.items] == ["https://news.example.cn/a"]
    assert "breaks off" in parsed.errors[0].reason


def test_a_comment_behind_the_end_breaks_nothing() -> None:
    parsed = read(urlset(("/a", ""), ("/b", "")) + "<!-- generated -->\n")
    assert (len(parsed.items), parsed.errors) == (2, ())


def test_of_a_long_sitemap_the_newest_entries_are_taken_and_the_rest_is_told() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    days = [(f"/{number}", f"{start + timedelta(hours=number):%Y-%m-%dT%H:00Z}") for number in range(6_000)]
    parsed = read(urlset(*days))
    assert len(parsed.items) == 5_000
    assert parsed.items[0].url == "https://news.example.cn/5999"
    assert parsed.errors[0].reason == "6,000 entries; the newest 5,000 are taken"


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a "x">', '<!entity a SYSTEM "file:///etc/passwd">', '<!ENTITY % p SYSTEM "http://127.0.0.1/">']
)
def test_entities_of_its_own_are_refused(entity: str) -> None:
    with pytest.raises(BadFeed, match="declares entities"):
        read(f"<!DOCTYPE urlset [{entity}]>" + urlset(("/&a;", "")))


@pytest.mark.parametrize("content", ["<urlset>", "<urlset/>", "<urlset><url/></urlset>", urlset(("", ""))])
def test_an_empty_sitemap_holds_nothing(content: str) -> None:
    try:
        assert read(content).items == ()
    except BadFeed as error:
        assert "broken" in str(error)


def test_a_sitemap_nested_without_end_is_no_danger() -> None:
    with pytest.raises(BadFeed, match="broken"):
        read(f"<urlset {NAMESPACE}>" + "<url>" * 200_000)
