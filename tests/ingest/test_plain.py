"""Plain text and Markdown: what stays readable, what front matter tells."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import formats
from ingest.errors import BadArticle, BadFeed
from ingest.formats import Body, Item, Parsed
from ingest.formats._markdown import unmarked

SAMPLES = Path(__file__).parent / "samples" / "plain"


def parsed(text: str | bytes, url: str = "报告.md", content_type: str = "") -> Parsed:
    return formats.read(Body(text.encode() if isinstance(text, str) else text, url=url, content_type=content_type))


def read(text: str | bytes, url: str = "报告.md", content_type: str = "") -> Item:
    [item] = parsed(text, url, content_type).items
    return item


@pytest.mark.parametrize(
    ("url", "content_type", "known"),
    [
        ("a.txt", "", True),
        ("https://news.example.cn/A.TXT?x=1", "", True),
        ("a.md", "application/octet-stream", True),
        ("a.markdown", "", True),
        ("a", "text/markdown; charset=utf-8", True),
        ("a.pdf", "text/plain", True),
        ("a.txt", "application/pdf", False),
        ("a.csv", "", False),
        ("a", "", False),
        ("http://[", "", False),
    ],
)
def test_a_text_is_known_by_its_type_and_by_its_name_where_there_is_none(
    url: str, content_type: str, known: bool
) -> None:
    body = Body(b"x", url=url, content_type=content_type)
    if known:
        assert formats.choose(body).name == "plain"
    else:
        with pytest.raises(BadFeed):
            formats.choose(body)


def test_front_matter_is_read() -> None:
    item = read((SAMPLES / "report.md").read_bytes())
    assert item.title == "样例银行支持丙公司"
    assert item.published == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    assert (item.source_name, item.author, item.url) == ("样例日报", "记者甲", "https://news.example.cn/3")


def test_headings_lists_and_tables_stay_and_marks_inside_sentences_go() -> None:
    assert read((SAMPLES / "report.md").read_bytes()).text == (
        "## 一、签约\n\n样例银行苏州分行与丙公司签约，见公告和附件。\n\n"
        "- 贷款 3*5 千万元\n- 期限 10~20 年，编号 A_1\n\n"
        "| 银行 | 企业 | 金额 |\n| 样例银行 | 丙公司 | 3000万元 |\n\n1. 第一条\n2. 第二条"
    )


def test_a_text_that_is_no_markdown_keeps_its_marks() -> None:
    assert read("# 题\n**注**：见[附件](1)。\n---\n完", "a.txt").text == "**注**：见[附件](1)。\n---\n完"


@pytest.mark.parametrize(
    "text",
    [
        "---\n没有键的一行\n---\n正文",
        "---\ntitle: 没有结束\n正文",
        "正文\n---\ntitle: 甲\n---",
        "--- 题 ---\n正文",
    ],
)
def test_what_only_looks_like_front_matter_stays(text: str) -> None:
    assert read(text, "a.txt").text == text


def test_front_matter_that_tells_no_date_where_it_should_is_told() -> None:
    found = parsed("---\ndate: 昨天\ntitle: 甲\n---\n正文")
    assert found.items[0].published is None
    assert found.errors == ((1, "'昨天' is no date; kept without"),)


def test_front_matter_alone_is_an_empty_text() -> None:
    with pytest.raises(BadArticle, match=r"报告\.md: the text is empty"):
        read("---\ntitle: 甲\n---\n")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("**样例银行**放款", "样例银行放款"),
        ("__样例__与~~旧~~新", "样例与旧新"),
        ("增长***三成***", "增长三成"),
        ("甲*乙*丙 2*3*4 A*B*C", "甲乙丙 2*3*4 A*B*C"),
        ("[甲][2026]3号", "[甲][2026]3号"),
        ("星号 * 单独", "星号 * 单独"),
        ("[甲](http://x.cn/a_b)", "甲"),
        ("```\n代码\n```", "代码"),
        ("题\n===\n文\n---", "题\n文"),
        ("| a | b |", "| a | b |"),
        (r"\*注\*", "*注*"),
        ("A_1_2", "A_1_2"),
    ],
)
def test_marks_go_and_what_is_none_stays(written: str, told: str) -> None:
    assert unmarked(written) == told


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a](", "**a", "*a ", "`", "~~~", "| -", "--", "\\", "[a]: ", "*", " ", "__"]
)
def test_hostile_markdown_takes_no_more_time_than_other(piece: str) -> None:
    unmarked(piece * 300_000)  # quadratic time would meet the test's own time-out
    unmarked(piece * 300_000 + "x\n")
