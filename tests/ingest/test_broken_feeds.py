"""Feeds broken in every way that we can think of: each is read or refused by name, and none raises anything else."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RejectedInput
from ingest import formats
from ingest.formats import Body, Parsed

ITEM = (
    "<item><title>样例银行&amp;甲公司</title><link>https://news.example.cn/{n}</link><guid>{n}</guid>"
    "<description><![CDATA[<p>样例银行向甲公司放款 <b>3000</b> 万元。</p>]]></description>"
    "<pubDate>Sun, 01 Mar 2026 00:30:00 +0800</pubDate><dc:creator>记者</dc:creator></item>"
)
ENTRY = (
    "<entry><title type='html'>&lt;b&gt;样例&lt;/b&gt;</title><id>urn:{n}</id><updated>2026-03-01T00:30:00Z</updated>"
    "<link href='/a{n}'/><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>放款</p></div></content></entry>"
)
URL = "<url><loc>https://news.example.cn/{n}?a=1&amp;b=2</loc><lastmod>2026-03-01</lastmod></url>"
JSON = '{{"id": {n}, "title": "样例", "content_html": "<p>放款</p>", "date_published": "2026-03-01T00:30:00Z"}}'


def many(piece: str, joint: str = "") -> str:
    return joint.join(piece.format(n=number) for number in range(3))


FEEDS = [
    f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    f"<channel><title>样例</title><ttl>20</ttl>{many(ITEM)}</channel></rss>",
    f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
    f"xmlns:dc='http://purl.org/dc/elements/1.1/'>{many(ITEM)}</rdf:RDF>",
    f"<feed xmlns='http://www.w3.org/2005/Atom'><title>样例</title>{many(ENTRY)}</feed>",
    f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{many(URL)}</urlset>",
    f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{many(JSON, ",")}]}}',
]
PIECES = [
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&#",
    "&#0;",
    "&#xd800;",
    "&#99999999;",
    "&lt",
    "&a;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<!DOCTYPE rss [",
    "<!ENTITY a 'aaaaaaaaaa'>",
    "<!ENTITY b '&a;&a;&a;&a;&a;'>",
    "<!ENTITY c SYSTEM 'file:///etc/passwd'>",
    "]>",
    "<?",
    "?>",
    "<?xml version='1.1' encoding='utf-7'?>",
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "</channel>",
    "<title>",
    "</title>",
    "<link>http://[</link>",
    "<link href='http://[::'/>",
    "<guid>12</guid>",
    "<title type='base64'>",
    "<content type='application/xml' mode='base64'>====",
    "<enclosure url='http://[' type='application/pdf'/>",
    "<pubDate>Mon, 99 Foo 99999 99:99:99 +9999</pubDate>",
    "<updated>0000-00-00T99:99:99Z</updated>",
    "<ttl>-1</ttl>",
    "<ttl>99999999999999</ttl>",
    "<source url='x'><title>",
    "<georss:point>x y</georss:point>",
    "<media:content url='http://['/>",
    "<itunes:duration>x:y:z</itunes:duration>",
    "<loc>",
    "<loc>http://[</loc>",
    "<lastmod>99999-99</lastmod>",
    "xmlns='",
    "xmlns:x=''",
    "xml:base='http://['",
    "xml:lang='\x01'",
    "x='" + "y" * 5_000 + "'",
    "<a " * 30,
    "<b>" * 300,
    "\x00",
    "\x0b",
    "\ufffe",
    "\ufeff",
    "\ud800",
    "\u2028",
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\ud800",
    "\\u0000",
    "1e999",
    ":",
    ",",
    "null",
    "9" * 5_000,
    "鍏徃鐨勪竴涓",
    "ÖÐ¹ú½ðÈÚ",
    "é",
    "😀",
    " " * 500,
]
CHARSETS = [
    "utf-8",
    "utf-8-sig",
    "gb18030",
    "big5",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
    "cp037",
    "utf-7",
]
DECLARED = [
    "",
    "text/xml",
    "text/xml; charset=gb2312",
    "application/rss+xml; charset=utf-16",
    "text/plain; charset=x",
    "\x00;=;",
]
HOSTILE = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read(content: bytes, content_type: str = "") -> Parsed | None:
    """What comes out, None where it is refused; a refusal names its input."""
    try:
        parsed = formats.read(Body(content, url="https://news.example.cn/feed", content_type=content_type))
    except RejectedInput as error:
        assert "https://news.example.cn/feed" in str(error)
        return None
    assert all(len(item.text) < 2_000_000 for item in parsed.items)
    return parsed


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """One of the feeds with things put in, cut out, swapped and doubled, in some charset, and with bytes changed."""
    text = draw(st.sampled_from(FEEDS))
    for _ in range(draw(st.integers(0, 6))):
        text = draw(st.sampled_from(CHANGES))(text, draw)
    content = bytearray(text.encode(draw(st.sampled_from(CHARSETS)), "ignore"))
    for at, byte in draw(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6)):
        if content:
            content[at % len(content)] = byte
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


def _put_in(text: str, draw: st.DrawFn) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(PIECES)) * draw(st.sampled_from([1, 1, 2, 50])) + text[at:]


def _cut_out(text: str, draw: st.DrawFn) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + text[at + draw(st.integers(0, 60)) :]


def _swap(text: str, draw: st.DrawFn) -> str:
    one, other = draw(
        st.sampled_from([("item", "entry"), ("</", "<"), ("'", '"'), ("title", "link"), ("<", "&lt;"), (">", "")])
    )
    return text.replace(one, other, draw(st.integers(1, 9)))


def _double(text: str, draw: st.DrawFn) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + text[max(0, at - draw(st.integers(0, 400))) :]


CHANGES: list[Callable[[str, st.DrawFn], str]] = [_put_in, _put_in, _cut_out, _swap, _double]


@HOSTILE
@given(mutilated(), st.sampled_from(DECLARED))
def test_a_feed_that_was_mutilated_is_read_or_refused_by_name(content: bytes, content_type: str) -> None:
    read(content, content_type)


@pytest.mark.parametrize("feed", FEEDS[:4], ids=["rss", "rdf", "atom", "sitemap"])
def test_a_namespace_that_is_none_stops_nothing(feed: str) -> None:
    broken = read(feed.replace("xmlns='http", "xmlns='}http").encode())
    assert broken is None or [item.url for item in broken.items] == [item.url for item in read(feed.encode()).items]


@pytest.mark.parametrize("feed", FEEDS, ids=["rss", "rdf", "atom", "sitemap", "json"])
def test_a_feed_cut_at_any_place_is_read_or_refused_by_name(feed: str) -> None:
    whole = read(feed.encode())
    assert whole is not None and len(whole.items) == 3 and not whole.errors
    content = feed.encode()
    for end in range(0, len(content), 7):
        parsed = read(content[:end])
        if parsed is not None:
            assert len(parsed.items) < 3 or end > len(content) - 40
            assert {item.url for item in parsed.items} <= {item.url for item in whole.items}, "no half address"


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("feed", FEEDS, ids=["rss", "rdf", "atom", "sitemap", "json"])
def test_a_feed_with_something_strange_amid_it_is_read_or_refused_by_name(feed: str, piece: str) -> None:
    for at in (0, 5, len(feed) // 3, len(feed) // 2, len(feed) - 20):
        read((feed[:at] + piece + feed[at:]).encode("utf-8", "surrogatepass"))


LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
BOMBS = {
    "laughs": f"<!DOCTYPE rss [<!ENTITY a0 'ha'>{LAUGHS}]>{{}}",
    "quadratic": "<!DOCTYPE rss [<!ENTITY a '" + "x" * 50_000 + "'>]>{}",
    "outside": "<!DOCTYPE rss [<!ENTITY a11 SYSTEM 'file:///etc/passwd'><!ENTITY a SYSTEM 'http://127.0.0.1:1/'>]>{}",
    "parameter": "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>%p;]>{}",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("feed", FEEDS[:4], ids=["rss", "rdf", "atom", "sitemap"])
def test_entities_make_nothing_large_and_fetch_nothing(feed: str, bomb: str) -> None:
    body = bomb.format(
        feed.replace("样例银行", "&a11;" + "&a;" * 1_000).replace("<?xml version='1.0' encoding='utf-8'?>", "")
    )
    parsed = read(body.encode())
    for item in parsed.items if parsed else ():
        assert "root:" not in item.text
        assert len(item.text) < 100_000


LONG = 200_000
CROWDS = {
    "open tags": "<rss><channel><item>" + "<b>" * LONG,
    "open CDATA": "<rss><channel><item><title><![CDATA[" * 2_000,
    "open comments": "<rss><channel>" + "<!--" * LONG,
    "declarations": "<rss>" + "<!" * LONG,
    "doctypes": "<!DOCTYPE rss [" * 20_000 + "<rss>",
    "entities": "<rss><channel><item><title>" + "&a" * LONG + "</title></item></channel></rss>",
    "instructions": "<rss>" + "<?a " * LONG,
    "quotes": "<rss a='" + "\"'" * LONG,
    "equals": "<rss><item a" + "=" * LONG + "><title>甲</title></item></rss>",
    "attributes": "<rss><channel><item " + " ".join(f"a{n}={n}" for n in range(20_000)) + "><title>甲</title></item>",
    "names": "<rss " + " ".join(f"xmlns:a{n}='{n}'" for n in range(20_000)) + "><item/></rss>",
    "one attribute": "<rss><channel><item a='" + "x" * 900_000 + "'><title>甲</title></item></channel>",
    "one name": "<rss><channel><" + "x" * 900_000 + "><title>甲</title></item></channel>",
    "deep": "<feed>" * 50_000 + "</feed>" * 50_000,
    "deep entry": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>" + "<div>" * 50_000,
    "dates": "<rss><channel>" + "<item><title>甲</title><pubDate>" + "9" * LONG + "</pubDate></item></channel></rss>",
    "spaces": "<rss><channel><item><title>" + " " * LONG + "</title></item>",
    "links": "<rss><channel><item><title>甲</title>" + "<link>x</link>" * 20_000 + "</item></channel></rss>",
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("content", CROWDS.values(), ids=CROWDS)
def test_much_of_a_kind_is_read_or_refused_before_the_tests_time_is_over(content: str) -> None:
    read(content.encode())
