"""Figures of regions and classes of firms: what is read, and what is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core import regions
from extractor.data import rows
from extractor.indicators import Indicator
from extractor.indicators.dates import When, settled
from extractor.indicators.words import may_tell
from seeds.registers import read_sectors
from tests.extractor.indicators.meaning import meaning
from tests.extractor.readers import DAY, told

CORPUS = Path(__file__).with_name("corpus.tsv")


def _examples() -> Iterator[tuple[str, str]]:
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            meanings, text = line.split("\t")
            yield meanings, text


def _read(text: str, *, title: str = "", day: date | None = DAY) -> tuple[Indicator, ...]:
    return told(text, title=title, day=day).indicators


@pytest.mark.parametrize(("meanings", "text"), list(_examples()))
def test_each_sentence_tells_its_figures_and_no_others(meanings: str, text: str) -> None:
    assert (" ; ".join(map(meaning, _read(text))) or "-") == meanings


def test_the_corpus_holds_eighty_sentences_of_both_sides() -> None:
    empty = [meanings == "-" for meanings, _ in _examples()]
    assert len(empty) >= 80
    assert sum(empty) >= 30
    assert len(empty) - sum(empty) >= 40


def test_a_quote_is_what_stands_at_its_span_also_where_lines_are_wrapped() -> None:
    text = "据统计，截至２０２４年末，江苏\n省科技型企业贷款余额2.1万亿\n元，同比增长15％。\n" * 4
    found = _read(text)
    assert [one.value for one in found] == [2.1e12]
    assert all(text[one.start : one.end] == one.quote for one in found)


def test_what_is_told_twice_in_an_article_is_one_figure() -> None:
    once = "2024年末，江苏省科技型企业贷款余额2.1万亿元。"
    assert len(_read(f"{once}\n{once[:-1]}，同比增长15%。")) == 1
    assert _read(f"{once}\n{once[:-1]}，同比增长15%。")[0].growth is not None


def test_without_the_day_of_publication_relative_dates_stay_untold() -> None:
    (found,) = _read("去年末，江苏省科技型企业贷款余额2.1万亿元。", day=None)
    assert found.date is None


def test_a_stock_stands_at_the_end_of_its_period_and_a_flow_runs_through_it() -> None:
    assert settled(When("2024-Q3"), flow=False, summed=False) == ("2024-09", date(2024, 9, 30), "end")
    assert settled(When("2024"), flow=False, summed=False) == ("2024-12", date(2024, 12, 31), "end")
    assert settled(When("2025-02-28"), flow=False, summed=False) == ("2025-02", date(2025, 2, 28), "end")
    assert settled(When("2025-02-20"), flow=False, summed=False) == ("2025-02-20", date(2025, 2, 20), "end")
    assert settled(When("2024-H1"), flow=True, summed=False) == ("2024-H1", date(2024, 6, 30), "during")
    assert settled(When("2024-10", running=True), flow=True, summed=True)[2] == "year_to_date"


def test_this_bank_is_whom_the_sentences_before_told() -> None:
    text = "潍坊银行多年来扎根本地。\n2024年末，该行科创贷款余额210亿元，同比增长30%。"
    expected = "loan_balance tech 潍坊银行 21000000000 2024-12 growth 30 year_before"
    assert [meaning(one) for one in _read(text)] == [expected]


def test_a_region_may_be_told_by_the_title_alone_and_is_then_less_sure() -> None:
    (titled,) = _read("2024年末，科技型企业贷款余额2.1万亿元。", title="江苏科技贷款增长")
    (named,) = _read("2024年末，江苏省科技型企业贷款余额2.1万亿元。")
    assert titled.region == named.region == ("江苏",)
    assert titled.confidence < named.confidence


def test_an_article_that_names_no_bank_is_read_for_figures_all_the_same() -> None:
    found = told("去年末，青海省科技型企业获贷率52%，融资户数1200户。")
    assert found.events == ()
    assert [one.kind for one in found.indicators] == ["loan_share", "borrowers"]


def test_very_long_texts_are_read_in_parts_and_spans_stay_true() -> None:
    text = "今天天气很好。\n" * 12_000 + "2024年末，江苏省科技型企业贷款余额2.1万亿元。"
    (found,) = _read(text)
    assert text[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    "text", ["余额" * 3000, "贷款余额1亿元，" * 2000, "“贷" * 3000, "同比增长5%" * 2000, "全省科技贷款余额"]
)
def test_hostile_texts_are_read_to_their_end(text: str) -> None:
    assert isinstance(_read(text), tuple)


def test_a_hostile_title_costs_no_more_than_its_beginning() -> None:
    (found,) = _read("2024年末，全省科技型企业贷款余额2.1万亿元。", title="江苏" + "，江苏省昆山市" * 20_000)
    assert found.region == ("江苏",)


def test_most_news_does_not_pass_the_first_look() -> None:
    assert not may_tell("本市昨日举行马拉松比赛，三万名跑者参加。")
    assert may_tell("全省科技型企业贷款余额")


def test_every_subject_is_a_sector_or_a_class_of_the_documents() -> None:
    documented = Path("docs/indicators.md").read_text(encoding="utf-8")
    sectors = {sector.slug for sector in read_sectors()}
    for row in rows("indicator_subjects"):
        assert row["subject"] == "-" or row["subject"] in sectors or f"`{row['subject']}`" in documented


def test_no_word_of_a_class_is_a_place() -> None:
    assert not [row["word"] for row in rows("indicator_subjects") if regions.lookup(row["word"])]
