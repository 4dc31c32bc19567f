"""The structure of a page: what is a heading, an item, a row, another article's headline, and what no news at all."""

from __future__ import annotations

from itertools import pairwise

import pytest

from extractor.stories import Block, blocks
from tests.extractor.readers import page


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and words of each block."""
    read = page(text)
    return [(block.kind, read.text[block.start : block.end]) for block in read.blocks]


def rows(text: str) -> list[dict[str, str]]:
    """Each row's cells by the header's words."""
    read = page(text)
    return [
        dict(zip(row.header, (read.text[a:b] for a, b in row.cells), strict=False))
        for row in read.blocks
        if row.kind == "row" and row.header
    ]


@pytest.mark.parametrize(
    "line",
    [
        "首页 > 财经 > 银行 > 正文",
        "财经网 › 产业 › 地方",
        "打开客户端 | 首页 | 银行 | 保险",
        "B03　产经周刊",
        "12版　城事　　2024年3月8日　星期五",
        "责编：林屿　版式：唐牧",
        "责任编辑：宋时雨",
        "【免责声明】以上内容不构成建议。投资有风险，决策请自负。",
        "分享到：微信 微博",
        "扫一扫，手机上看",
        "☆ 收藏　♥ 点赞",
        "var config = {};",
        "|---|---|",
        "本版图片由受访者提供",
        "…………",
    ],
)
def test_page_furniture_is_no_news(line: str) -> None:
    assert kinds(f"{line}\n今天的车间里很热闹。") == [("residue", kinds(line)[0][1]), ("text", "今天的车间里很热闹。")]
    assert [s.block.kind for s in page(f"{line}\n今天的车间里很热闹。").sentences] == ["text"]


@pytest.mark.parametrize(
    "line",
    [
        "分享会上，三位企业家谈了各自的打算。",
        "编辑部从来信里挑出了三家企业，供读者参考。",
        "关注我们的读者都知道，这家公司去年刚搬过家。",
        "工商银行武汉分行向砺芯科技放款",
        "【3月8日 周五】",
        "A股公司里，有三家披露了这类贷款。",
    ],
)
def test_news_that_begins_like_furniture_is_read(line: str) -> None:
    assert kinds(line)[0][0] != "residue"


def test_the_headlines_of_other_articles_are_stories_of_their_own() -> None:
    text = "正文在这里结束。\n\n相关阅读：\n建设银行给澄石科技批了贷款\n周末天气不错\n\n以上由编辑整理完成。"
    found = page(text).blocks
    assert [block.kind for block in found] == ["text", "residue", "heading", "heading", "text"]
    assert len({block.story for block in found if block.kind != "residue"}) == 4


def test_a_related_headline_on_the_line_of_its_head_is_read() -> None:
    assert kinds("延伸阅读：建设银行给澄石科技批了贷款") == [("heading", "建设银行给澄石科技批了贷款")]
    assert kinds("上一篇：建设银行给澄石科技批了贷款") == [("heading", "建设银行给澄石科技批了贷款")]


TABLES = {
    "markdown": (
        "| 银行 | 企业 | 金额 |\n| --- | --- | --- |\n| 工商银行 | 砺芯科技 | 300万元 |\n"
        "| 交通银行 | 澄石电子 | 2亿元 |"
    ),
    "tabs": "银行\t企业\t金额\n工商银行\t砺芯科技\t300万元\n交通银行\t澄石电子\t2亿元",
    "blanks": "银行　企业　金额\n工商银行　砺芯科技　300万元\n交通银行　澄石电子　2亿元",
    "one cell a line": "银行\n企业\n金额\n工商银行\n砺芯科技\n300万元\n交通银行\n澄石电子\n2亿元",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_tells_each_cell_under_its_header(table: str) -> None:
    told = f"近期的几笔如下。\n\n{table}\n\n以上供读者参考。"
    assert rows(told) == [
        {"银行": "工商银行", "企业": "砺芯科技", "金额": "300万元"},
        {"银行": "交通银行", "企业": "澄石电子", "金额": "2亿元"},
    ]
    assert [text for kind, text in kinds(told) if kind == "text"] == ["近期的几笔如下。", "以上供读者参考。"]


def test_a_second_table_has_its_own_header() -> None:
    text = f"{TABLES['tabs']}\n\n下面是另一张表，没有表头。\n\n甲\t乙\t丙"
    assert len(rows(text)) == 2


def test_a_form_is_one_row_and_one_sentence() -> None:
    form = "1. 日期：3月8日\n借方：澄石电子\n贷方：交通银行\n金额：2亿元"
    text = f"公告如下。\n{form}\n\n2. 日期：3月9日\n借方：澄石电子\n贷方：工商银行\n金额：1亿元\n承董事会命"
    assert [kind for kind, _ in kinds(text)] == ["text", "row", "row", "heading"]
    assert any("借方：澄石电子" in told and "金额：2亿元" in told for told in _sentences(text))


def _sentences(text: str) -> list[str]:
    read = page(text)
    return [read.text[s.start : s.end] for s in read.sentences]


def test_a_list_of_firms_with_colons_is_no_form() -> None:
    text = "砺芯科技：获批300万元\n澄石电子：获批2亿元\n星禾智能：尚在申请"
    assert all(kind != "row" for kind, _ in kinds(text))


@pytest.mark.parametrize(
    ("line", "told"), [("1. 首批", "首批"), ("（二）砺芯", "砺芯"), ("③澄石", "澄石"), ("一、交行", "交行")]
)
def test_the_number_of_a_case_is_no_part_of_it(line: str, told: str) -> None:
    assert kinds(line)[0][1] == told


def test_a_decimal_at_a_lines_beginning_is_no_number_of_a_case() -> None:
    assert kinds("20.84%，比上年快。")[0] == ("text", "20.84%，比上年快。")


def test_every_line_that_is_not_blank_is_in_one_block() -> None:
    text = "\n".join(TABLES.values()) + "\n相关阅读\n甲\n乙\n\n# 标题\n- 一项\n正文。"
    found: list[Block] = list(blocks(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    covered = sum(b.end - b.start for b in found)
    assert covered >= 0.8 * len(text)


def test_what_follows_the_last_headline_of_a_page_leads_its_first_story() -> None:
    text = """样例银行本月向三家机器人企业放款，合计九千万元。

本报讯 昨天，示范银行发布科创指数，收录了两百家企业。

指数今后按季更新，并向公众开放查询。

科创指数昨天发布

本报记者 方圆

春耕时节，记者走访了三家企业，听它们讲怎样借到第一笔钱。"""
    read = page(text)
    assert [block.story for block in read.blocks] == [0, 1, 1, 1, 1, 0]


def test_a_heading_amid_the_only_news_of_a_page_parts_nothing() -> None:
    text = """本报讯 昨天，示范银行发布科创指数，收录了两百家企业。

按季更新

指数今后按季更新，并向公众开放查询。"""
    read = page(text)
    assert {block.story for block in read.blocks} == {1}
