"""The pure parts of ingest: addresses, encodings, HTML, times, turns."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.http import BadUrl
from ingest.charset import decode
from ingest.clean import html_to_text, storable, tidy
from ingest.draft import LONGEST_TEXT, draft
from ingest.errors import BadArticle, Unreadable
from ingest.times import read_time
from ingest.urls import canonical


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example.CN:80/A", "https://news.example.cn/A"),
        ("https://news.example.cn:443", "https://news.example.cn/"),
        ("https://news.example.cn:8443/a", "https://news.example.cn:8443/a"),
        ("https://news.example.cn/a/#top", "https://news.example.cn/a"),
        ("https://news.example.cn/#/news/7", "https://news.example.cn/#/news/7"),
        ("https://news.example.cn/a?utm_source=x&id=7&UTM_Medium=y", "https://news.example.cn/a?id=7"),
        ("https://news.example.cn/a?spm=1.2&from=timeline", "https://news.example.cn/a"),
        ("https://news.example.cn/a?b=2&a=1&b=1", "https://news.example.cn/a?b=2&a=1&b=1"),
        ("https://news.example.cn/a?id=7&&", "https://news.example.cn/a?id=7"),
        ("https://news.example.cn/新闻", "https://news.example.cn/%E6%96%B0%E9%97%BB"),
        ("https://news.example.cn/%e6%96%b0", "https://news.example.cn/%E6%96%B0"),
        ("http://www.example.cn/a", "https://example.cn/a"),
        ("https://m.example.cn/a", "https://example.cn/a"),
        ("http://wap.www.example.com.cn/a", "https://example.com.cn/a"),
        ("http://3g.example.com.cn:8080/a", "https://example.com.cn:8080/a"),
        ("https://mobile.example.cn/a?id=7", "https://example.cn/a?id=7"),
        ("https://example.cn/wap/2026-03/01/c_1129876543.html", "https://example.cn/2026-03/01/c_1129876543.html"),
        ("https://example.cn/m/20260301/7.shtml?from=weixin", "https://example.cn/20260301/7.shtml"),
        ("https://example.cn/news/7/amp/", "https://example.cn/news/7"),
        ("https://example.cn/news/7.amp.html", "https://example.cn/news/7.html"),
        ("https://example.cn/news/7?amp=1", "https://example.cn/news/7"),
        ("https://example.cn/news/7?outputType=amp&p=2", "https://example.cn/news/7?p=2"),
        ("https://example.cn/news/index.html", "https://example.cn/news"),
        ("https://example.cn/Default.aspx", "https://example.cn/"),
        ("https://example.cn/a;jsessionid=0A1B?id=7", "https://example.cn/a?id=7"),
        ("https://example.cn/a?PHPSESSID=0a1b&id=7&ASPSESSIONIDQX=3", "https://example.cn/a?id=7"),
    ],
)
def test_addresses_of_one_page_become_one(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


def test_parameters_that_choose_the_page_stay() -> None:
    for name in ("id", "aid", "fromage", "page", "t", "utmost", "sid", "session"):
        assert canonical(f"https://x.example/a?{name}=1") != canonical("https://x.example/a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.cn/a", "https://cn/a"),
        ("https://3g.com.cn/a", "https://com.cn/a"),
        ("https://finance.example.cn/a", "https://example.cn/a"),
        ("https://news.m.example.cn/a", "https://news.example.cn/a"),
        ("https://example.cn/m/1.html", "https://example.cn/1.html"),
        ("https://example.cn/a/m/20260301/7.html", "https://example.cn/a/20260301/7.html"),
        ("https://example.cn/example", "https://example.cn/ex"),
        ("https://example.cn/camp", "https://example.cn/c"),
        ("https://example.cn/index.php?id=7", "https://example.cn/index.php?id=8"),
        ("https://example.cn/index.php?id=7", "https://example.cn/"),
        ("https://example.cn/a;7", "https://example.cn/a;8"),
        ("https://example.cn/1.html", "https://example.cn/1.shtml"),
    ],
)
def test_addresses_of_two_pages_stay_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_what_is_no_address_has_no_canonical_form() -> None:
    with pytest.raises(BadUrl):
        canonical("javascript:alert(1)")


TEXT = "样例银行，授信“一亿元”。"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/html; charset=gb2312"),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("gb18030"), ""),
        (TEXT.encode("gb18030"), "text/plain; charset=GBK"),
        (TEXT.encode("gb18030"), "text/plain; charset=ISO-8859-1"),
        (TEXT.encode("gb18030"), "text/plain; charset=no-such"),
        (b'<meta charset="gb2312">' + TEXT.encode("gb18030"), ""),
        (TEXT.encode("utf-16-le"), "text/plain; charset=utf-16le"),
    ],
)
def test_chinese_text_is_read_whatever_is_declared(body: bytes, content_type: str) -> None:
    assert decode(body, content_type=content_type).endswith(TEXT)


def test_big5_is_read_where_it_is_declared() -> None:
    assert decode("臺灣銀行".encode("big5"), content_type="text/xml; charset=big5") == "臺灣銀行"


def test_a_western_text_that_says_so_is_read() -> None:
    assert decode("Zürich, café".encode("latin-1"), content_type="text/xml; charset=ISO-8859-1") == "Zürich, café"


def test_a_text_cut_within_a_character_is_read() -> None:
    assert decode((TEXT * 20).encode()[:-1]).startswith(TEXT)


@pytest.mark.parametrize("body", [bytes(range(128, 256)) * 9, b"\xff\xff\xff\xff", b"\xff\xfe\x00"])
def test_what_is_no_text_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"news\.txt"):
        decode(body, name="news.txt")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>一</p><p>二</p>", "一\n\n二"),
        ("<div>一<br>二<br/>三</div>", "一\n\n二\n\n三"),
        ("<p>工商\n  银行</p>", "工商银行"),
        ("<p>bank of\n China</p>", "bank of China"),
        ("<p>　　缩进</p>", "缩进"),
        ("<b>工商</b><i>银行</i>", "工商银行"),
        ("<p>3 &lt; 5 &amp; x&nbsp;y</p>", "3 < 5 & x y"),
        ("<p>a</p><!-- <p>不要</p> --><p>b</p>", "a\n\nb"),
        ("<p>a</p><!-- 没有结束 <p>b</p>", "a"),
        ("<script>if (a<b) {}</script><style>p{}</style>字", "字"),
        ("<SCRIPT>x</SCRIPT >字", "字"),
        ("前<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>后", "前\n\n甲 | 乙\n丙\n\n后"),
        ("<table><thead><tr><th>银行\n<th>金额<tbody><tr><td> <td>一\x1e亿</table>", "银行 | 金额\n一 亿"),
        ("<a href=\"?a>b\" title='>'>链接</a>", "链接"),
        ("<![CDATA[<p>字</p>]]>", "字"),
        ("没有标签\n第二行 &amp; 尾", "没有标签\n第二行 & 尾"),
        ("利率<3%，<b>低", "利率<3%，低"),
        ("", ""),
    ],
)
def test_html_becomes_paragraphs(source: str, text: str) -> None:
    assert html_to_text(source) == text


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", "<", "<![CDATA[", "<a href='", "</", "&#", "<p>", "<!", "<?", "<a \"'"]
)
def test_hostile_html_takes_no_more_time_than_other_html(piece: str) -> None:
    html_to_text("x" + piece * 200_000)  # quadratic time would meet the test's own time-out


def test_what_the_database_refuses_is_replaced() -> None:
    assert storable("a\x00b\ud800c\r\nd\re") == "a\ufffdb\ufffdc\nd\ne"
    assert tidy(" a \t b \n\n\n\n c ") == "a b\n\nc"


@pytest.mark.parametrize(
    ("told", "hour"),
    [
        ("Sun, 01 Mar 2026 00:30:00 +0800", 16),
        ("Sun, 01 Mar 2026 00:30:00 +08:00", 16),
        ("Sun, 01 Mar 2026 00:30:00 CST", 16),
        ("Sun, 01 Mar 2026 00:30:00", 16),
        ("2026-03-01T00:30:00+08:00", 16),
        ("2026-03-01T00:30:00", 16),
        ("2026-03-01 00:30", 16),
        ("2026-3-1 0:30", 16),
        ("2026/03/01 00:30:00", 16),
        ("2026年3月1日 00:30", 16),
        ("2026年3月1日 0时30分", 16),
        ("２０２６年３月１日　００：３０", 16),
        ("2026年3月1日 星期日 00:30", 16),
        ("2026-03-01(周日) 00:30:00", 16),
        ("2026年3月1日凌晨0时30分", 16),
        ("1772296200", 16),
        ("1772296200000", 16),
    ],
)
def test_half_past_midnight_on_the_first_of_march_in_china_is_march(told: str, hour: int) -> None:
    assert read_time(told, ZoneInfo("Asia/Shanghai")) == datetime(2026, 2, 28, hour, 30, tzinfo=UTC)


def test_the_half_of_a_day_counts() -> None:
    for told, hour in (("上午8:05", 0), ("下午3:05", 7), ("晚上11点05分", 15), ("中午12:05", 4), ("下午12:05", 4)):
        expected = datetime(2026, 3, 1, hour, 5, tzinfo=UTC)
        assert read_time(f"2026年3月1日 {told}", ZoneInfo("Asia/Shanghai")) == expected, told
    assert read_time("2026年3月1日08时", ZoneInfo("Asia/Shanghai")) == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_told_zone_counts() -> None:
    for told in ("Sun, 01 Mar 2026 00:30:00 GMT", "2026-03-01T00:30:00Z", "Sat, 28 Feb 2026 19:30:00 EST"):
        assert read_time(told, ZoneInfo("Asia/Shanghai")) == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "told", ["", "昨天", "2026-13-01", "Mon, 32 Nov 2026 10:00:00", "1 Jan 99999 10:00", "0001-01-01"]
)
def test_what_is_no_time_is_none(told: str) -> None:
    assert read_time(told, ZoneInfo("Asia/Shanghai")) is None


def test_blanks_do_not_make_another_article() -> None:
    one = draft(title="题 目", text="一段。\n\n二段。")
    two = draft(title=" 题  目", text="一段。 \r\n二段。\n")
    assert one.content_hash == two.content_hash
    assert one.content_hash != draft(title="题目二", text="一段。\n\n二段。").content_hash


@pytest.mark.parametrize("text", ["", " \n\u3000 "])
def test_an_article_of_no_characters_is_refused(text: str) -> None:
    with pytest.raises(BadArticle, match="0 characters"):
        draft(title="题目", text=text)


def test_an_article_of_over_five_million_characters_is_refused() -> None:
    assert draft(title="题目", text="字" * LONGEST_TEXT).text
    with pytest.raises(BadArticle, match="5,000,001 characters"):
        draft(title="题目", text="字" * (LONGEST_TEXT + 1))


def test_an_article_may_hold_any_character() -> None:
    made = draft(title="a\x00b\ud800", text="c\udfff\x00", author="d\x00")
    assert (made.title, made.text, made.author) == ("a\ufffdb\ufffd", "c\ufffd\ufffd", "d\ufffd")


def test_an_address_too_long_for_the_index_is_kept_but_not_a_key() -> None:
    made = draft(title="a", text="b", url="https://x.example/" + "a" * 3000)
    assert made.url and made.canonical_url is None
