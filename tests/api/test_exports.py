"""Exports: whole files that independent readers read back as what the list answers."""

import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.resources.exports import sheets, tables
from api.resources.exports.columns import Column, Kind, Sheet, at, text_of
from api.resources.exports.formats import FORMATS, find
from api.resources.exports.formats.xlsx import Xlsx
from core.models import Event
from tests.api import rows
from tests.api.conftest import Subscribe
from tests.api.files import export, listed, many, read_csv, read_jsonl, read_parquet, read_xlsx
from tests.api.rows import NOON

ODD = "=SUM(1,2)\t<&>\"'\r\nab_x000D_\x0b末"


@pytest.fixture
def history(session: Session) -> list[Event]:
    """Three events, two of them told, one of an undisclosed firm and without a sum."""
    icbc = rows.bank(session)
    robots = rows.firm(session, "示例机器人股份有限公司", "示例机器人", "样例机器")
    told = rows.article(
        session, title=f"一笔{ODD}", url="https://news.example.com/1", source_name="示例财经", published=NOON
    )
    nothing = dict.fromkeys(("amount_min", "amount_max", "currency", "qualifier", "date", "date_from", "date_to"))
    return [
        rows.event(session, icbc, robots, told, branch="苏州分行", regions=["江苏", "苏州"], term_months=24),
        rows.event(session, icbc, None, firm_description="-一家芯片企业", tech=False, **nothing),
        rows.event(
            session,
            rows.bank(session, "样例银行"),
            robots,
            rows.article(session),
            amount_max=None,
            amount_min=Decimal("1234.56"),
        ),
    ]


def test_json_lines_are_what_the_list_answers(alice: httpx.Client, history: list[Event]) -> None:
    assert read_jsonl(export(alice, format="jsonl").content) == listed(alice)
    chosen = {"bank": "样例银行", "instrument": "tech_loan"}
    assert read_jsonl(export(alice, format="jsonl", **chosen).content) == listed(alice, **chosen)


def test_every_format_tells_the_same(alice: httpx.Client, history: list[Event]) -> None:
    """What each column tells of the list's items, read back from each format."""
    wanted = [[column.value(item) for column in tables.EVENTS.columns] for item in listed(alice)]
    names = [column.name for column in tables.EVENTS.columns]
    assert read_csv(export(alice, format="csv").content) == [names, *([_guarded(one) for one in row] for row in wanted)]
    read = read_xlsx(export(alice, format="xlsx").content)
    assert read == [names, *([_in_excel(one) for one in row] for row in wanted)]
    assert read_parquet(export(alice, format="parquet").content) == [
        dict(zip(names, row, strict=True)) for row in wanted
    ]


def _guarded(value: Any) -> str:
    told = text_of(value)
    return f"'{told}" if told[:1] in ("=", "-") else told


def _in_excel(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, Decimal):
        return float(value)
    return (text_of(value) or None) if isinstance(value, str | list) else value


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_a_table_without_rows_is_a_whole_file(alice: httpx.Client, one: Any) -> None:
    content = export(alice, format=one.name).content
    read: dict[str, Callable[[bytes], list[Any]]] = {
        "csv": read_csv, "xlsx": read_xlsx, "jsonl": read_jsonl, "parquet": read_parquet
    }  # fmt: skip
    assert len(read[one.name](content)) == (1 if one.name in ("csv", "xlsx") else 0)


def test_a_text_is_never_a_formula(alice: httpx.Client, session: Session) -> None:
    """A spreadsheet must show what was written and not compute it."""
    bank = rows.bank(session)
    for mark in "=+-@＝＋－＠\t":
        rows.event(session, bank, None, firm_description=f"{mark}HYPERLINK(1)")
    [head, *lines] = read_csv(export(alice, format="csv").content)
    told = [line[head.index("firm_description")] for line in lines]
    assert len(told) == 9 and all(one.startswith("'") for one in told)
    book = openpyxl.load_workbook(io.BytesIO(export(alice, format="xlsx").content))
    cells = [row[head.index("firm_description")] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}


def test_headings_and_slugs_may_be_chinese(alice: httpx.Client, history: list[Event]) -> None:
    [head, *lines] = read_csv(export(alice, format="csv", headings="zh").content)
    assert head[:4] == ["编号", "银行", "机构", "企业"]
    assert {line[head.index("工具")] for line in lines} == {"科技贷款"}
    assert {line[head.index("状态")] for line in lines} == {"已发放"}


def test_every_column_has_a_chinese_heading() -> None:
    for table in tables.TABLES:
        assert sheets.headings()[table.name].keys() == {"table", *(column.name for column in table.columns)}


def test_a_file_has_a_chinese_name_and_a_plain_one(alice: httpx.Client) -> None:
    told = export(alice, format="xlsx").headers["content-disposition"]
    plain, coded = told.split("; ")[1:]
    assert plain.startswith('filename="yinqi-events-') and plain.isascii() and plain.endswith('.xlsx"')
    assert unquote(coded.removeprefix("filename*=UTF-8''")).startswith("银企融资事件-")


def test_what_does_not_fit_on_one_sheet_stands_on_further_ones() -> None:
    sheet = Sheet("事件/一", (Column("a", Kind.TEXT, at("a")),), ("a",))
    writer = Xlsx(sheet, most_rows=3)
    content = writer.begin() + writer.rows([{"a": str(number)} for number in range(5)]) + writer.end()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["事件 一", "事件 一 2", "事件 一 3"]
    values = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    assert values == [["a", "0", "1"], ["a", "2", "3"], ["a", "4"]]


def test_a_text_that_is_too_long_for_a_cell_is_cut() -> None:
    writer = Xlsx(Sheet("t", (Column("a", Kind.TEXT, at("a")),), ("a",)))
    content = writer.begin() + writer.rows([{"a": "长" * 40_000}]) + writer.end()
    assert read_xlsx(content)[1] == ["长" * 32_766 + "…"]


def test_articles_are_taken_away_without_their_texts(alice: httpx.Client, session: Session) -> None:
    secret = "这是别人的全文，不得流出。"
    for number in range(3):
        rows.article(session, secret, title=str(number), author="张三")
    assert read_jsonl(export(alice, "articles", format="jsonl").content) == listed(alice, "articles")
    for one in FORMATS:
        assert secret.encode() not in export(alice, "articles", format=one.name).content


@pytest.mark.parametrize("table", ["banks", "firms"])
def test_registers_are_what_their_lists_answer(alice: httpx.Client, session: Session, table: str) -> None:
    rows.bank(session, "工商银行", "工行")
    rows.bank(session, "样例银行")
    rows.firm(session, "示例机器人股份有限公司", "示例机器人", "样例机器", tech=True)
    found = read_jsonl(export(alice, table, format="jsonl").content)
    assert found and found == listed(alice, table)
    [head, *lines] = read_csv(export(alice, table, format="csv").content)
    assert [line[head.index("name")] for line in lines] == [one["name"] for one in found]


def test_deliveries_are_ones_own(alice: httpx.Client, subscribe: Subscribe, session: Session) -> None:
    hook = {"kind": "webhook", "name": "desk", "config": {"url": "http://127.0.0.1:9/hook"}}
    channel = alice.post("/v1/channels", json=hook).json()["id"]
    alice.post(f"/v1/channels/{channel}/test")
    found = read_jsonl(export(alice, "deliveries", format="jsonl").content)
    assert len(found) == 1 and found == listed(alice, "deliveries")
    assert export(subscribe("bob"), "deliveries", format="jsonl").content == b""
    assert read_csv(export(alice, "deliveries", format="csv").content)[1][0] == found[0]["id"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"format": "pdf"}, "query.format"),
        ({"headings": "fr"}, "query.headings"),
        ({"limit": 5}, "query.limit"),
        ({"min_amount": 2, "max_amount": 1}, "query.max_amount"),
        ({"bank": "无此银行"}, "query.bank.0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(alice: httpx.Client, asked: dict[str, Any], field: str) -> None:
    answer = alice.get("/v1/exports/events", params=asked)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_rows_come_in_the_order_of_the_list_over_many_batches(alice: httpx.Client, session: Session) -> None:
    many(session, 2500)
    found = [one["id"] for one in read_jsonl(export(alice, format="jsonl").content)]
    wanted = session.execute(text("SELECT id::text FROM event ORDER BY first_seen DESC, id DESC")).scalars().all()
    assert found == wanted
    assert [one["id"] for one in read_parquet(export(alice, format="parquet").content)] == wanted
    assert [row[0] for row in read_xlsx(export(alice, format="xlsx").content)[1:]] == wanted


def test_a_workbook_tells_odd_texts_as_they_are() -> None:
    sheet = Sheet("t", (Column("a", Kind.TEXT, at("a")),), ("a",))
    writer = find("xlsx")(sheet)
    content = writer.begin() + writer.rows([{"a": ODD}, {"a": "\ufffe"}, {"a": " 前后 "}]) + writer.end()
    assert [row[0] for row in read_xlsx(content)[1:]] == [ODD, "\ufffe", " 前后 "]
