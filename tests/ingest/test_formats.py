"""Every format reads its samples, and what cannot be read is named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import RejectedInput
from ingest import formats
from ingest.errors import BadArticle, BadFeed
from ingest.formats import FORMATS, Body, Parsed

SAMPLES = Path(__file__).parent / "samples"
XML = "text/xml"


def read(
    name: str, content_type: str = XML, *, url: str = "https://news.example.cn/rss", zone: str = "Asia/Shanghai"
) -> Parsed:
    body = Body((SAMPLES / name).read_bytes(), url=url, content_type=content_type, kind="rss", zone=zone)
    return formats.read(body)


@pytest.mark.parametrize(
    ("sample", "content_type", "name"),
    [
        ("rss2.xml", "text/html", "rss"),
        ("rss2.xml", "text/plain", "rss"),
        ("rss1.xml", "", "rss"),
        ("gb2312.xml", XML, "rss"),
        ("atom.xml", "application/json", "atom"),
        ("ampersand.xml", XML, "rss"),
        ("note.md", "text/markdown; charset=utf-8", "plain"),
        ("note.md", "text/plain", "plain"),
    ],
)
def test_a_body_is_known_by_what_it_is_rather_than_by_its_type(sample: str, content_type: str, name: str) -> None:
    assert formats.choose(Body((SAMPLES / sample).read_bytes(), url="x", content_type=content_type)).name == name


def test_each_format_has_a_name_of_its_own_and_survives_any_bytes() -> None:
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    for one in FORMATS:
        for body in (b"", b"\xff\xfe\x00", b"<", b"\x00" * 99, b"<?xml" * 99, "银行".encode("utf-16")):
            one.sniff(Body(body, url="x"))


def test_an_rss_feed_is_read_with_its_full_text() -> None:
    first = read("rss2.xml").items[0]
    assert first.title == "样例银行向甲公司放款 & 签约"
    assert first.text == "第一段，样例银行向甲公司放款。\n\n第二段 结束。"
    assert first.url == "https://news.example.cn/2026/0301/1.html?utm_source=rss"
    assert (first.guid, first.author) == ("n-1", "编辑部")


def test_a_time_without_a_zone_is_read_in_the_zone_of_the_source() -> None:
    naive, with_zone, chinese, *_ = read("rss2.xml").items
    assert naive.published == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    assert with_zone.published == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    assert chinese.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert read("rss2.xml", zone="Europe/Berlin").items[0].published == datetime(2026, 2, 28, 23, 30, tzinfo=UTC)


def test_a_headline_without_text_is_an_article() -> None:
    assert read("rss2.xml").items[2].text == "只有标题的快讯"


def test_an_entry_that_cannot_be_read_is_named_and_the_others_are_kept() -> None:
    parsed = read("rss2.xml")
    assert len(parsed.items) == 4
    assert [(error.position, error.reason) for error in parsed.errors] == [
        (4, "has neither title nor text"),
        (5, "时间写错: '昨天下午' is no date; kept without"),
    ]
    assert parsed.items[-1].published is None


def test_a_feed_tells_how_long_to_leave_it_alone() -> None:
    assert read("rss2.xml").ttl == timedelta(minutes=20)
    assert read("rss1.xml").ttl is None


def test_rdf_is_read() -> None:
    (item,) = read("rss1.xml").items
    assert (item.title, item.text, item.url) == ("旧式条目", "正文甲。", "https://rdf.example.cn/a")
    assert item.published == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)


def test_atom_is_read() -> None:
    first, second = read("atom.xml", url="https://atom.example.cn/feed").items
    assert (first.title, first.text) == ("甲公司签约", "一段。\n\n二段。")
    assert first.url == "https://atom.example.cn/news/1"
    assert (first.guid, first.author) == ("urn:1", "记者甲")
    assert first.published == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    assert second.text == "利率 < 3%，\n第二行。"
    assert second.published == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("content_type", [XML, "text/xml; charset=gb2312", "text/xml; charset=ISO-8859-1"])
def test_a_feed_that_says_gb2312_and_is_more_is_read(content_type: str) -> None:
    (item,) = read("gb2312.xml", content_type).items
    assert (item.title, item.text) == ("镕基芯片获授信", "样例银行给镕基芯片授信，“喆”字也在。")


def test_broken_xml_is_mended_and_told() -> None:
    parsed = read("ampersand.xml")
    assert [item.title for item in parsed.items] == ["科创 & 金融", "第二条"]
    assert parsed.errors[0].position == 0
    assert "the XML is broken" in parsed.errors[0].reason


def test_names_that_html_gives_to_characters_break_no_feed() -> None:
    item = "<item><title>A&nbsp;B &ldquo;样例&rdquo; 3 &LT; 5 &amp;amp; &no-such;</title></item>"
    [found] = formats.read(Body(f"<rss><channel>{item}</channel></rss>".replace(" &no-such;", "").encode(), "x")).items
    assert found.title == "A B “样例” 3 < 5 &"
    assert formats.read(Body(f"<rss><channel>{item}</channel></rss>".encode(), "x")).errors, "no such name: told"


def test_a_guid_that_is_no_address_is_none_and_a_source_is_told() -> None:
    told = (
        "<item><title>甲</title><guid>12</guid><source url='https://o.example.cn/'>样例日报</source></item>"
        "<item><title>乙</title><guid>https://news.example.cn/2</guid></item>"
        "<item><title>丙</title><enclosure url='/3.pdf' type='application/pdf' length='1'/></item>"
        "<item><title>丁</title><link>http://[</link><pubDate>Mo, 2. Maerz</pubDate></item>"
    )
    parsed = formats.read(Body(f"<rss><channel>{told}</channel></rss>".encode(), "https://news.example.cn/rss"))
    first, second, third, fourth = parsed.items
    assert (first.url, first.guid, first.source_name) == (None, "12", "样例日报")
    assert second.url == "https://news.example.cn/2"
    assert (third.url, third.text) == ("https://news.example.cn/3.pdf", "")
    assert fourth.url == "http://[", "whoever keeps it says what is wrong"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<rss><channel>" + b"<item/>" * 20_001 + b"</channel></rss>", "more than 20,000 items"),
        (b"<rss " + b" ".join(b"a%d='>'" % n for n in range(501)) + b"/>", "more than 500 attributes"),
    ],
)
def test_what_no_feed_has_and_what_takes_its_parser_long_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadFeed, match=reason):
        formats.read(Body(content, url="https://news.example.cn/rss"))


def test_of_many_errors_the_first_are_told_and_the_rest_counted() -> None:
    parsed = formats.read(Body(b"<rss><channel>" + b"<item/>" * 99 + b"</channel></rss>", "x"))
    assert (len(parsed.errors), parsed.errors[-1].reason) == (51, "49 more could not be read as they should")


def test_an_item_in_which_the_feed_breaks_off_is_left_for_the_next_time() -> None:
    parsed = read("cut_off.xml")
    assert [item.title for item in parsed.items] == ["完整的一条"]
    assert "breaks off" in parsed.errors[-1].reason


def test_a_web_page_in_place_of_a_feed_says_so() -> None:
    with pytest.raises(BadFeed, match=r"news\.example\.cn/rss: not a feed: it is an HTML page \(text/html\)"):
        read("page.html", "text/html")


@pytest.mark.parametrize("body", [b"", b"  \n", b"\x00\x01\x02", b'{"version": 1}', b"<html>", b"\xff\xfe\xfd"])
def test_what_is_no_feed_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(BadFeed, match="source-7"):
        formats.choose(Body(body, url="source-7", content_type="application/octet-stream", kind="rss"))


def test_a_billion_laughs_stay_small() -> None:
    try:
        items = read("laughs.xml").items
    except RejectedInput:
        return
    assert all(len(item.text) < 100_000 for item in items)


def test_an_outside_entity_is_not_fetched() -> None:
    try:
        items = read("outside.xml").items
    except RejectedInput:
        return
    assert all("root:" not in item.text for item in items)


def test_a_long_broken_feed_is_refused_rather_than_mended() -> None:
    body = b"<rss><channel>" + b"<item><title>" + b"x" * 2**20
    with pytest.raises(BadFeed, match="too long to be mended"):
        formats.read(Body(body, url="x", content_type=XML))


def test_a_feed_is_never_opened_as_a_path(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes((SAMPLES / "rss2.xml").read_bytes())
    for one in FORMATS[:2]:
        with pytest.raises(BadFeed):
            one.parse(Body(str(secret).encode(), url="https://x.example/"))


def test_a_plain_text_takes_its_title_from_its_first_line() -> None:
    (item,) = read("note.md", "text/markdown").items
    assert item.title == "样例银行支持乙公司"
    assert item.text == "样例银行日前与乙公司签约。\n\n第二段。"


def test_an_empty_text_is_refused_by_name() -> None:
    with pytest.raises(BadArticle, match=r"empty\.txt: the text is empty"):
        formats.read(Body(b" \n ", url="empty.txt", content_type="text/plain"))
