"""The dossier: for a list of firms the table of what each bank did, as JSON and as documents, in both languages."""

import json
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Article, Bank, Evidence
from extractor import lexicon_live
from seeds.load import load
from tests.api import rows
from tests.api.test_referrals import refer
from tests.extractor.telling import tell
from yinqi import Client

SHARED = Path(__file__).parents[3] / "shared"
WEEKLY = "001_598e8578edda4a52.txt"


@pytest.fixture
def history(session: Session) -> dict[str, Any]:
    """Two firms with events at two banks, and one of which nothing is known."""
    icbc, cmb = rows.bank(session), rows.bank(session, "招商银行", "招行")
    robots = rows.firm(session, "示例机器人股份有限公司", "示例机器人", origin="seed", stock_code="300999.SZ")
    optics = rows.firm(session, "样例光电科技有限公司", "样例光电", origin="learnt")
    rows.firm(session, "无闻科技有限公司", origin="learnt")
    told = rows.article(session, url="https://news.example.com/a(1)", source_name="示例|财经")
    late = rows.event(session, icbc, robots, told, instrument_text="科创贷", term_months=24, shared_amount=True)
    early = rows.event(
        session, cmb, robots, instrument="credit_line", status="planned", date="2025-07",
        date_from=date(2025, 7, 1), date_to=date(2025, 7, 31),
    )  # fmt: skip
    undated = rows.event(session, cmb, robots, date=None, date_from=None, date_to=None, amount_min=None,
                         amount_max=None, currency=None, qualifier=None)  # fmt: skip
    rows.event(session, cmb, optics, state="retracted")
    return {"late": late, "early": early, "undated": undated, "robots": robots}


def asked(client: httpx.Client, *firms: str, **query: Any) -> Any:
    answer = client.get("/v1/dossier", params={"firm": list(firms), **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_stand_by_firm_and_bank_and_are_sorted_by_date(alice: httpx.Client, history: dict[str, Any]) -> None:
    found = asked(alice, "示例机器人")
    (firm,) = found["firms"]
    assert [(group["bank"]["name"], [row["date"] for row in group["rows"]]) for group in firm["banks"]] == [
        ("招商银行", ["2025-07", None]),
        ("工商银行", ["2026-03"]),
    ]
    assert [row["planned"] for group in firm["banks"] for row in group["rows"]] == [True, False, False]
    (row,) = firm["banks"][1]["rows"]
    assert row["event_id"] == str(history["late"].id)
    assert (row["instrument"], row["instrument_text"], row["shared_amount"]) == ("tech_loan", "科创贷", True)
    assert row["evidence"][0]["quote"] == "工商银行向示"
    assert row["evidence"][0]["url"] == "https://news.example.com/a(1)"


@pytest.mark.parametrize(
    ("name", "how"),
    [("示例机器人股份有限公司", "name"), ("示例 机器人", "name"), ("300999", "code"), ("sz300999", "code")],
)
def test_a_firm_is_meant_by_any_name_and_by_its_stock_code(
    alice: httpx.Client, history: dict[str, Any], name: str, how: str
) -> None:
    (firm,) = asked(alice, name)["firms"]
    assert (firm["firm"]["name"], firm["meant_by"], firm["events"]) == ("示例机器人股份有限公司", how, 3)


def test_two_names_of_one_firm_make_one_section_that_tells_both(alice: httpx.Client, history: dict[str, Any]) -> None:
    (firm,) = asked(alice, str(history["robots"].id), "示例机器人")["firms"]
    assert firm["asked"] == [str(history["robots"].id), "示例机器人"]
    assert firm["meant_by"] == "id"


def test_firms_without_events_and_names_that_mean_none_are_told(alice: httpx.Client, history: dict[str, Any]) -> None:
    found = asked(alice, "无闻科技有限公司", "样例光电", "样例光店", "全然不知的名字")
    assert [(one["firm"]["name"], one["events"]) for one in found["firms"]] == [
        ("无闻科技有限公司", 0),
        ("样例光电科技有限公司", 0),
    ]
    assert [(one["asked"], one["reason"]) for one in found["not_meant"]] == [
        ("样例光店", "unknown"),
        ("全然不知的名字", "unknown"),
    ]


def test_the_chain_in_which_a_firm_stands_is_beside_it(
    alice: httpx.Client, history: dict[str, Any], session: Session
) -> None:
    names = ("首荐科技有限公司", "末荐科技有限公司", "旁人科技有限公司")
    first, last, aside = (rows.firm(session, name, origin="learnt") for name in names)
    bank, robots = session.scalars(select(Bank).where(Bank.name == "工商银行")).one(), history["robots"]
    refer(session, robots, last, bank)
    refer(session, first, robots, bank)
    refer(session, first, aside, bank)
    (firm,) = asked(alice, "示例机器人")["firms"]
    (chain,) = firm["chains"]
    assert (chain["bank"]["name"], [one["name"] for one in chain["firms"]]) == (
        "工商银行", [first.name, robots.name, last.name],
    )  # fmt: skip
    told = alice.get("/v1/dossier", params={"firm": "示例机器人", "format": "md"}).text
    assert f"推荐链（工商银行）：{first.name} → {robots.name} → {last.name}" in told
    book = alice.get("/v1/dossier", params={"firm": "示例机器人", "format": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(book.content)).worksheets[1]
    assert last.name in str(sheet.cell(1, 1).value)
    assert len(asked(alice, first.name)["firms"][0]["chains"]) == 2


def test_a_filter_of_events_holds_for_every_firm(alice: httpx.Client, history: dict[str, Any]) -> None:
    (firm,) = asked(alice, "示例机器人", status="granted", bank="招行")["firms"]
    assert [row["event_id"] for group in firm["banks"] for row in group["rows"]] == [str(history["undated"].id)]
    assert alice.get("/v1/dossier", params={"firm": "示例机器人", "bank": "没有这家"}).status_code == 422


@pytest.mark.parametrize("query", [{}, {"firm": ""}, {"firm": "示例机器人", "format": "pdf"}, {"firm": ["甲"] * 201}])
def test_what_makes_no_sense_is_refused_by_name(alice: httpx.Client, query: dict[str, Any]) -> None:
    answer = alice.get("/v1/dossier", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("query.f")


def test_two_hundred_names_are_taken_in_a_body(alice: httpx.Client, history: dict[str, Any]) -> None:
    names = [f"第{number}家不知名企业" for number in range(199)] + ["示例机器人"]
    answer = alice.post("/v1/dossier", json={"firm": names})
    assert answer.status_code == 200
    assert (len(answer.json()["firms"]), len(answer.json()["not_meant"])) == (1, 199)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "zh",
            ("银企档案", "科技贷款（原文：科创贷），期限2年", "拟议（尚未落地）", "多家银行合计", "没有银行支持的记录"),
        ),
        ("en", ("Bank dossier", "“科创贷”", "nothing granted yet", "count once", "no event of a bank is known")),
    ],
)
def test_markdown_tells_the_words_of_the_article_and_marks_plans_and_shared_sums(
    alice: httpx.Client, history: dict[str, Any], lang: str, told: tuple[str, ...]
) -> None:
    query = {"firm": ["示例机器人", "无闻科技有限公司", "无此名"], "format": "md", "lang": lang}
    answer = alice.get("/v1/dossier", params=query)
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert ".md" in answer.headers["content-disposition"]
    for words in told:
        assert words in answer.text
    assert "无此名" in answer.text
    assert r"示例\|财经" in answer.text, "what means something in Markdown is told as it is"
    assert "(https://news.example.com/a%281%29)" in answer.text
    table = [line for line in answer.text.splitlines() if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in table} == {7}


def test_word_has_a_table_for_each_firm_with_links_to_the_sources(alice: httpx.Client, history: dict[str, Any]) -> None:
    answer = alice.get("/v1/dossier", params={"firm": ["示例机器人", "无闻科技有限公司"], "format": "docx"})
    made = Document(BytesIO(answer.content))
    assert [one.text for one in made.paragraphs if one.style and one.style.name == "Heading 2"] == [
        "示例机器人股份有限公司",
        "无闻科技有限公司",
    ]
    (table,) = made.tables
    assert [row.cells[0].text for row in table.rows] == ["银行", "招商银行", "招商银行", "工商银行"]
    assert "工商银行向示" in table.rows[3].cells[5].text
    linked = [relation.target_ref for relation in made.part.rels.values() if "hyperlink" in relation.reltype]
    assert linked == ["https://news.example.com/a(1)"]


def test_excel_has_a_row_for_each_event_and_takes_no_text_for_a_formula(
    alice: httpx.Client, history: dict[str, Any], session: Session
) -> None:
    session.scalars(select(Evidence)).one().quote = "=1+1"
    session.commit()
    answer = alice.get("/v1/dossier", params={"firm": ["示例机器人", "无闻科技有限公司"], "format": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in cells] == ["企业", *["示例机器人股份有限公司"] * 3, "无闻科技有限公司"]
    assert (sheet.cell(4, 7).value, sheet.cell(4, 7).data_type) == ("=1+1", "s")
    assert sheet.cell(4, 8).hyperlink.target == "https://news.example.com/a(1)"


def test_an_address_that_is_no_page_is_no_link(alice: httpx.Client, history: dict[str, Any], session: Session) -> None:
    session.scalars(select(Article)).one().url = "javascript:alert(1)"
    session.commit()
    assert "javascript" not in alice.get("/v1/dossier", params={"firm": "示例机器人", "format": "md"}).text


def test_the_client_makes_dossiers(alice: httpx.Client, history: dict[str, Any]) -> None:
    with Client(str(alice.base_url), alice.headers["authorization"].removeprefix("Bearer ")) as client:
        found = client.dossier(["示例机器人"], status=["granted"])
        assert [row.status for group in found.firms[0].banks for row in group.rows] == ["granted", "granted"]
        assert client.dossier_document(["示例机器人"], "docx", lang="en")[:2] == b"PK"


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seeds lie in ../shared, which is not here")
def test_the_dossier_of_the_seed_documents_firms_names_the_banks_of_its_table(
    alice: httpx.Client, session: Session
) -> None:
    """Its table has five firms; the sixth of them is named in its text, and no bank beside it."""
    load(session)
    session.commit()
    lexicon_live.forget()
    text = (SHARED / "seeds" / WEEKLY).read_text(encoding="utf-8")
    lines = (SHARED / "gold" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    (gold,) = [one for one in map(json.loads, lines) if one["file"] == WEEKLY]
    published = datetime.fromisoformat(f"{gold['published']}T12:00+08:00")
    tell(session, text, title="", published=published)

    table = [line.split(". ", 1)[1] for line in text.splitlines() if line.startswith("### ")]
    assert len(table) == 5
    found = asked(alice, *table, "游戏科学")
    told = {
        (firm["asked"][0], group["bank"]["name"], row["instrument"])
        for firm in found["firms"]
        for group in firm["banks"]
        for row in group["rows"]
    }
    assert told == {(one["firm"], one["bank"], one["instrument"]) for one in gold["events"] if one["firm"] in table}
    silent = [firm["asked"] for firm in found["firms"] if not firm["events"]] + [
        [one["asked"]] for one in found["not_meant"]
    ]
    assert silent == [["游戏科学"]]
