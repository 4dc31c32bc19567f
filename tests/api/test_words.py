"""The words of the dashboard: both languages say all of it, and templates say nothing by themselves."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import alerts
from api.dashboard import formats, values
from api.dashboard.page import GROUPS
from api.dashboard.pages import PAGES
from api.dashboard.rendering import environment
from api.dashboard.wording import LANGUAGES, book, words
from core.instruments import INSTRUMENTS, STATUSES

DASHBOARD = Path(__file__).parent.parent.parent / "api" / "dashboard"
TEMPLATES = sorted((DASHBOARD / "templates").glob("*.html"))
ZH, EN = (formats.Formats(words(language)) for language in LANGUAGES)
CNY = {"min": 30_000_000, "max": 30_000_000, "currency": "CNY", "qualifier": "exact"}


def _holes(text: str | dict[str, str]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text if isinstance(text, str) else text["other"]))


def test_both_languages_have_the_same_words_with_the_same_holes() -> None:
    chinese, english = (book(language) for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    assert {key for key in chinese if _holes(chinese[key]) != _holes(english[key])} == set()


def test_no_chinese_word_has_a_plural_and_english_is_english() -> None:
    assert [key for key, word in book("zh").items() if isinstance(word, dict)] == []
    meant = {"base.seal", "base.language_name.zh"}
    told = {key: json.dumps(word, ensure_ascii=False) for key, word in book("en").items() if key not in meant}
    assert {key for key, word in told.items() if re.search(r"[\u3400-\u9fff]", word)} == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_template_asks_for_words_that_there_are_and_holds_none(template: Path) -> None:
    source = template.read_text("utf-8")
    asked = set(re.findall(r'\bt\(\s*"([\w.]+)"\s*[,)]', source))
    assert {key for key in asked if key not in book("zh")} == set()
    assert " style=" not in source and " onclick=" not in source
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    told = re.findall(r'(?:alt|title|label|placeholder|aria-label|content)="([^"]*)"', plain)
    shown = [
        text for text in told if text not in ("width=device-width, initial-scale=1", "noindex, nofollow", "light dark")
    ]
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>|&\w+;", " ", plain, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]+", text) + [one for one in shown if one] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_template_is_one_that_jinja_reads(template: Path) -> None:
    environment("zh").get_template(template.name)


def test_every_page_in_the_menu_and_every_group_has_its_words() -> None:
    needed = {f"{page.name}.menu" for page in PAGES if page.menu} | {f"menu.group.{group}" for group in GROUPS}
    assert needed <= book("zh").keys()
    assert {page.group for page in PAGES} <= set(GROUPS)


def test_values_are_called_as_in_the_alerts() -> None:
    path = Path(alerts.__file__).parent / "data" / "words.json"
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    ours = tomllib.loads((DASHBOARD / "words" / "zh" / "values.toml").read_text("utf-8"))
    for name in ("instrument", "status", "field"):
        assert ours[name] == told[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_a_word_and_an_unknown_one_shows_as_it_is(language: str) -> None:
    made = values.of(words(language))
    assert all(made["instrument"](one) != one for one in INSTRUMENTS)
    assert all(made["status"](one) != one for one in STATUSES)
    assert made["sector"]("robotics") != "robotics"
    assert made["instrument"]("some_new_one") == "some_new_one"
    assert made["sector"](None) == "—"


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (None, "—", "—"),
        (CNY, "3000万元", "CNY 30m"),
        (CNY | {"qualifier": "about"}, "约3000万元", "about CNY 30m"),
        (CNY | {"max": None, "qualifier": "at_least"}, "不低于3000万元", "at least CNY 30m"),
        (CNY | {"min": None, "qualifier": "at_most", "currency": "USD"}, "不超过3000万美元", "up to USD 30m"),
        (
            CNY | {"min": 150_000_000, "max": 2_000_000_000, "qualifier": "range"},
            "1.5亿至20亿元",
            "CNY 150m–2bn",
        ),
        (CNY | {"min": 9_999, "max": 9_999, "currency": "SGD"}, "9999SGD", "SGD 9.999k"),
    ],
)
def test_sums_are_written_as_readers_of_the_language_write_them(
    amount: dict[str, Any] | None, chinese: str, english: str
) -> None:
    assert ZH.money(amount) == chinese
    assert EN.money(amount) == english


@pytest.mark.parametrize(
    ("told", "chinese", "english"),
    [
        ("2026-03-12", "2026年3月12日", "12 Mar 2026"),
        ("2026-03", "2026年3月", "Mar 2026"),
        ("2026-Q1", "2026年一季度", "Q1 2026"),
        ("2026-H2", "2026年下半年", "H2 2026"),
        ("2026", "2026年", "2026"),
        (None, "—", "—"),
    ],
)
def test_dates_keep_the_precision_told(told: str | None, chinese: str, english: str) -> None:
    assert ZH.period(told) == chinese
    assert EN.period(told) == english


def test_moments_are_chinas() -> None:
    moment = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    assert ZH.moment(moment) == "2026年3月1日 00:30"
    assert EN.moment("2026-02-28T16:30:00.000Z") == "1 Mar 2026 00:30"
    assert ZH.moment(None) == "—"


def test_shares_spans_and_terms_are_told_in_their_unit() -> None:
    assert (ZH.percent(0.978), EN.percent(0.9785, 1)) == ("98%", "97.9%")
    assert (ZH.seconds(5400), EN.seconds(60), EN.seconds(86400 * 3)) == ("1.5小时", "1 minute", "3 days")
    assert (ZH.term(36), EN.term(12), EN.term(18)) == ("3年", "1 year", "18 months")
    assert EN.number(1234567) == "1,234,567"
