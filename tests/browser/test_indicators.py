"""The pages of regional and sector figures."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.models import IndicatorSeries
from tests.api import rows
from tests.api.test_indicators import figure, series
from tests.browser.visits import LOOKS, Visits

VALUES = (("2023-12", 6_120, 12), ("2024-06", 6_650, None), ("2024-12", 7_010, 14), ("2025-12", 8_030, 15))


def _tell(session: Session, of: IndicatorSeries, day: str, value: int, growth: int | None = None) -> None:
    """A figure in units of 100 million, told by an article of its own."""
    grown = "" if growth is None else f"，同比增长{growth}%"
    text = f"{day}，江苏省科技型企业贷款余额{value}亿元{grown}。样例监管局表示，将继续支持企业。"
    told = rows.article(session, text, title=f"江苏科技贷款{value}亿元", source_name="样例财经")
    quote = text[: text.index("。")]
    fields = {"quote": quote, "end": len(quote), "value": Decimal(value) * 10**8}
    figure(session, of, told, day=day, growth=growth, **fields)


@pytest.fixture
def told(session: Session) -> UUID:
    """A region's series with a contradiction, and some of other kinds; the id of the first."""
    bank = rows.bank(session, "样例银行")
    figure(
        session,
        series(session, region=[], kind="borrowers", unit="count", subject="tech_small"),
        rows.article(session),
        value=262_500,
    )
    figure(
        session,
        series(session, bank, branch="苏州分行", region=["江苏", "苏州"], kind="bad_loan_rate", unit="percent"),
        rows.article(session),
        value=Decimal("0.8"),
        qualifier="at_most",
    )
    figure(
        session,
        series(
            session,
            subject="programme",
            programme="样例科创积分贷",
            region=["江苏"],
            kind="granted",
            period="cumulative",
        ),
        rows.article(session),
        value=56 * 10**8,
        day=None,
    )
    figure(
        session,
        series(session, region=["江苏", "苏州", "昆山"], subject="semiconductor"),
        rows.article(session),
        value=None,
        qualifier=None,
        growth=27,
    )
    of = series(session, region=["江苏"])
    for day, value, growth in VALUES:
        _tell(session, of, day, value, growth)
    _tell(session, of, "2025-12", 8_030)
    _tell(session, of, "2025-06", 7_400)
    _tell(session, of, "2025-06", 7_990)
    return of.id


def test_the_list_of_series_shows_in_every_way(visits: Visits, told: UUID) -> None:
    visits.see("/indicators", "indicators", expect={"zh": "科技型企业", "en": "Technology firms"})


def test_a_series_shows_in_every_way(visits: Visits, told: UUID) -> None:
    visits.see(f"/indicators/{told}", "indicator", expect={"zh": "说法不一", "en": "Contradicted"})


def test_an_empty_list_says_what_would_stand_there(visits: Visits) -> None:
    visits.see("/indicators", "indicators-empty", expect={"zh": "还没有数据", "en": "No figures yet"}, looks=LOOKS[:1])


def test_one_filters_opens_a_series_and_comes_to_the_article(visits: Visits, told: UUID) -> None:
    with visits.open("/indicators") as page:
        page.fill("input[name=region]", "江苏省")
        page.select_option("select[name=kind]", "loan_balance")
        page.select_option("select[name=subject]", "tech")
        page.click("form.filters button[type=submit]")
        page.wait_for_url("**region=**")
        assert page.locator("tbody tr").count() == 1
        page.click("tbody th a")
        page.wait_for_url(f"**/indicators/{told}")
        page.wait_for_selector("figure[data-chart=values] canvas")
        page.wait_for_selector("figure[data-chart=growth] canvas")
        assert page.locator("tbody tr").count() == 6
        stated, computed = page.locator("tbody tr").first.locator("td.number").all_inner_texts()[1:3]
        assert "15" in stated
        assert "14.55" in computed
        assert page.locator("tbody tr").first.locator("li").count() == 2


def test_without_javascript_the_table_tells_all_that_the_charts_show(visits: Visits, told: UUID) -> None:
    with visits.open(f"/indicators/{told}", LOOKS[4]) as page:
        shown = page.inner_text("table").replace(",", "")
        assert [value for _, value, _ in VALUES if str(value) not in shown] == []
