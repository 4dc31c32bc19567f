"""The pages of statistics and of the activity index."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from extractor.facilities import group_shared
from tests.api import rows
from tests.browser.visits import LOOKS, Visits


@pytest.fixture
def told(session: Session) -> None:
    """A year of events of three banks, one sum that two share, one without a date."""
    banks = [rows.bank(session, name) for name in ("样例银行", "例样银行", "示范银行")]
    firms = [rows.firm(session, name) for name in ("示例机器人股份有限公司", "示例芯片有限公司")]
    for number in range(40):
        day = date(2025, 1 + number * 11 // 40, 1 + number % 28)
        amount = Decimal((number % 7 + 1) * 10**7)
        fields = {"sector": ("ai", "biomedicine", "robotics")[number % 3], "regions": [("江苏", "浙江")[number % 2]]}
        times = {"date": str(day), "date_from": day, "date_to": day}
        rows.event(
            session, banks[number % 5 // 2], firms[number % 2], amount_min=amount, amount_max=amount, **fields, **times
        )
    article = rows.article(session)
    for position, bank in enumerate(banks[:2]):
        shared = rows.event(session, bank, firms[0], shared_amount=True, sector="ai", instrument="syndicated_loan")
        rows.tell(session, shared, article, position)
    rows.event(session, banks[2], firms[1], date=None, date_from=None, date_to=None, sector=None)
    group_shared(session)
    session.commit()


def test_the_statistics_show_in_every_way(visits: Visits, told: None) -> None:
    visits.see("/statistics?period=2025-H2", "statistics", expect={"zh": "银行排行", "en": "Banks by sector"})


def test_the_index_shows_in_every_way(visits: Visits, told: None) -> None:
    path = "/index?base=2025&end=2025-Q4&quarters=4"
    visits.see(path, "index", expect={"zh": "新一代信息技术产业", "en": "High-end equipment manufacturing"})


def test_empty_pages_say_what_would_stand_there(visits: Visits) -> None:
    for path, name, zh in (("/statistics", "statistics-empty", "没有可计入"), ("/index", "index-empty", "笔数太少")):
        visits.see(path, name, expect={"zh": zh, "en": ""}, looks=LOOKS[:1])


def test_one_filters_the_statistics(visits: Visits, told: None) -> None:
    with visits.open("/statistics") as page:
        page.wait_for_selector("figure[data-chart=by-chart] canvas")
        assert page.locator("#by-table tbody tr").last.locator("td").first.inner_text() == "42"
        page.select_option("select[name=by]", "region")
        page.fill("input[name=region]", "江苏")
        page.click("form.filters button[type=submit]")
        page.wait_for_url("**by=region**")
        assert page.locator("#by-table tbody th").all_inner_texts() == ["江苏", "合计"]
        assert page.locator("#by-table tbody tr").last.locator("td").first.inner_text() == "20"


def test_without_javascript_the_tables_tell_all_that_the_charts_show(visits: Visits, told: None) -> None:
    with visits.open("/statistics", LOOKS[4]) as page:
        counts = [row.locator("td").first.inner_text() for row in page.locator("#by-table tbody tr").all()]
        assert sum(map(int, counts[:-1])) == int(counts[-1]) - 1  # the undated one is in the total only
        assert page.locator("figure canvas").count() == 0
