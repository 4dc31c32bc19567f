"""Series of figures and their points."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.orm import Session

from core.models import Article, Bank, Indicator, IndicatorSeries
from core.periods import span
from tests.api import rows
from tests.api.conftest import Subscribe


def series(session: Session, bank: Bank | None = None, **fields: Any) -> IndicatorSeries:
    """A series of the balance of loans to technology firms."""
    given = {"kind": "loan_balance", "subject": "tech", "region": [], "unit": "CNY", "period": "end"}
    row = IndicatorSeries(id=uuid4(), bank_id=bank.id if bank else None, **(given | fields))
    session.add(row)
    session.commit()
    return row


def figure(
    session: Session, of: IndicatorSeries, told: Article, *, day: str | None = "2025-12", **fields: Any
) -> Indicator:
    """One article's telling of a figure."""
    spanned = span(day)
    given: dict[str, Any] = {"position": 0, "subject_text": "科技型企业", "qualifier": "exact", "confidence": 0.9}
    given |= {"start": 0, "end": 6, "quote": told.text[:6], "date": day, "as_of": spanned[1] if spanned else None}
    if fields.get("growth") is not None:
        given |= {"growth_base": "year_before", "growth_qualifier": "exact"}
    row = Indicator(series_id=of.id, article_id=told.id, **(given | fields))
    session.add(row)
    session.commit()
    return row


def tell(
    session: Session, of: IndicatorSeries, value: float | None, day: str | None = "2025-12", **fields: Any
) -> Article:
    """A figure told by an article of its own."""
    article = rows.article(session, f"一篇文章说了数字{value}")
    figure(session, of, article, day=day, value=None if value is None else Decimal(str(value)), **fields)
    return article


@pytest.fixture
def points(reader: httpx.Client) -> Any:
    """Asks for the points of a series."""

    def ask(of: IndicatorSeries, **query: Any) -> list[dict[str, Any]]:
        answer = reader.get(f"/v1/indicators/{of.id}/points", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    return ask


@pytest.fixture
def reader(subscribe: Subscribe) -> httpx.Client:
    """Someone who may read."""
    return subscribe("reader", scopes=("read",))


def listed(reader: httpx.Client, **query: Any) -> list[str]:
    answer = reader.get("/v1/indicators", params=query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_a_figure_told_by_several_articles_is_one_point_with_several_sources(session: Session, points: Any) -> None:
    of = series(session, region=["江苏"])
    articles = [tell(session, of, 12_596), tell(session, of, 12_596)]
    [point] = points(of)
    assert point["value"] == 12_596
    assert point["contradicted"] is False
    assert [one["article_id"] for one in point["sources"]] == [str(article.id) for article in articles]
    assert point["sources"][0]["quote"] == articles[0].text[:6]


@pytest.mark.parametrize(("loose", "qualifier"), [(12_000, "at_least"), (12_600, "about"), (13_000, "at_most")])
def test_a_looser_telling_is_a_source_of_the_exact_one(
    session: Session, points: Any, loose: int, qualifier: str
) -> None:
    of = series(session)
    tell(session, of, loose, qualifier=qualifier)
    tell(session, of, 12_596)
    [point] = points(of)
    assert (point["value"], point["qualifier"]) == (12_596, "exact")
    assert [one["value"] for one in point["sources"]] == [loose, 12_596]


def test_figures_that_contradict_one_another_both_stand_and_say_so(session: Session, points: Any) -> None:
    of = series(session)
    tell(session, of, 12_596, confidence=0.8)
    tell(session, of, 11_000, confidence=0.9)
    found = points(of)
    assert [(point["value"], point["contradicted"]) for point in found] == [(11_000, True), (12_596, True)]


def test_growth_is_computed_between_points_that_stand_and_told_apart(session: Session, points: Any) -> None:
    of = series(session)
    tell(session, of, 100, "2024-12")
    tell(session, of, 115, "2025-12", growth=Decimal(14))
    newest, oldest = points(of)
    assert newest["growth"] == {"value": 14, "base": "year_before", "qualifier": "exact"}
    assert newest["growth_computed"] == {"value": 15.0, "against": "2024-12"}
    assert oldest["growth_computed"] is None


def test_growth_is_computed_against_a_point_of_another_page(session: Session, points: Any) -> None:
    of = series(session)
    for value, day in ((100, "2024-12"), (107, "2025-06"), (115, "2025-12")):
        tell(session, of, value, day)
    assert points(of, limit=1)[0]["growth_computed"]["against"] == "2024-12"


@pytest.mark.parametrize("spoilt", ["contradicted", "at_least", "missing"])
def test_no_growth_is_computed_where_a_point_does_not_stand(session: Session, points: Any, spoilt: str) -> None:
    of = series(session)
    tell(session, of, 115, "2025-12")
    if spoilt != "missing":
        tell(session, of, 100, "2024-12", qualifier="at_least" if spoilt == "at_least" else "exact")
    if spoilt == "contradicted":
        tell(session, of, 50, "2024-12")
    assert points(of)[0]["growth_computed"] is None


def test_a_change_told_alone_is_a_source_of_the_only_value_or_a_point_of_its_own(session: Session, points: Any) -> None:
    of = series(session)
    tell(session, of, None, qualifier=None, growth=Decimal(30))
    assert [(point["value"], point["growth"]["value"]) for point in points(of)] == [(None, 30)]
    tell(session, of, 12_596)
    [point] = points(of)
    assert (point["value"], point["growth"]["value"], len(point["sources"])) == (12_596, 30, 2)


def test_pages_hold_whole_dates_and_undated_figures_come_last(session: Session, reader: httpx.Client) -> None:
    of = series(session)
    for value, day in ((1, "2024-12"), (2, "2025-12"), (3, "2025-12"), (4, None)):
        tell(session, of, value, day)
    seen, cursor = [], None
    while True:
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = reader.get(f"/v1/indicators/{of.id}/points", params=query).json()
        seen.append([point["date"] for point in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [["2025-12", "2025-12"], ["2024-12"], [None]]


def test_points_are_those_of_the_dates_asked_for(session: Session, points: Any, reader: httpx.Client) -> None:
    of = series(session)
    for value, day in ((1, "2023-12"), (2, "2024-12"), (3, "2025-12")):
        tell(session, of, value, day)
    assert [one["value"] for one in points(of, date_from="2024-01-01", date_to="2024-12-31")] == [2]
    wrong = reader.get(f"/v1/indicators/{of.id}/points", params={"date_from": "2025-01-01", "date_to": "2024-01-01"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "query.date_to"


def test_a_cursor_of_another_series_is_refused(session: Session, reader: httpx.Client) -> None:
    mine, other = series(session), series(session, kind="borrowers", unit="count")
    for of in (mine, other):
        tell(session, of, 1, "2024-12")
        tell(session, of, 2, "2025-12")
    cursor = reader.get(f"/v1/indicators/{mine.id}/points", params={"limit": 1}).json()["next"]
    assert reader.get(f"/v1/indicators/{other.id}/points", params={"cursor": cursor}).status_code == 422


def test_series_are_filtered(session: Session, reader: httpx.Client) -> None:
    bank = rows.bank(session, "样例银行", "样行")
    of_bank = series(session, bank, branch="苏州分行", region=["江苏", "苏州"])
    of_city = series(session, region=["江苏", "苏州"], kind="borrowers", unit="count")
    of_county = series(session, region=["江苏", "苏州", "昆山"], subject="tech_small")
    of_country = series(session, subject="programme", programme="样例贷", period="cumulative", kind="granted")
    for of, day in ((of_bank, "2024-12"), (of_city, "2025-12"), (of_county, "2025-12"), (of_country, "2025-12")):
        told = tell(session, of, 5, day)
    expected = {
        ("region", "江苏省"): {of_bank, of_city, of_county},
        ("region", "苏州"): {of_bank, of_city, of_county},
        ("region", "昆山市"): {of_county},
        ("region", "全国"): {of_country},
        ("kind", "borrowers"): {of_city},
        ("subject", "tech"): {of_bank, of_city},
        ("bank", "样行"): {of_bank},
        ("bank", str(bank.id)): {of_bank},
        ("whose", "region"): {of_city, of_county, of_country},
        ("period", "cumulative"): {of_country},
        ("programme", "样例贷"): {of_country},
        ("date_to", "2024-12-31"): {of_bank},
        ("date_from", "2025-01-01"): {of_city, of_county, of_country},
        ("article", str(told.id)): {of_country},
    }
    for (name, value), wanted in expected.items():
        assert set(listed(reader, **{name: value})) == {str(of.id) for of in wanted}, (name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("region", "乌有之乡"), ("kind", "gdp"), ("subject", "x"), ("bank", "没有的银行"), ("whose", "me"), ("gdp", "1")],
)
def test_a_filter_that_makes_no_sense_is_named(reader: httpx.Client, name: str, value: str) -> None:
    answer = reader.get("/v1/indicators", params={name: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(f"query.{name}")


def test_a_series_shows_its_span_and_its_last_point(session: Session, reader: httpx.Client) -> None:
    of = series(session, rows.bank(session, "样例银行"))
    for value, day in ((1, "2024-12"), (2, "2025-12"), (2, "2025-12")):
        tell(session, of, value, day)
    found = reader.get(f"/v1/indicators/{of.id}").json()
    assert (found["dates"], found["tellings"], found["first"], found["last"]) == (2, 3, "2024-12-31", "2025-12-31")
    assert found["bank"]["name"] == "样例银行"
    assert (found["latest"]["value"], len(found["latest"]["sources"])) == (2, 2)


def test_a_series_without_figures_is_not_there(session: Session, reader: httpx.Client) -> None:
    of = series(session)
    assert listed(reader) == []
    for path in ("", "/points"):
        assert reader.get(f"/v1/indicators/{of.id}{path}").status_code == 404


def test_a_corrected_text_that_is_still_to_be_read_tells_nothing(session: Session, points: Any) -> None:
    of = series(session)
    article = tell(session, of, 1)
    tell(session, of, 1)
    article.text, article.state = "改过的文章", "open"
    session.commit()
    [point] = points(of)
    assert len(point["sources"]) == 1


def test_figures_stay_when_an_article_that_was_read_lets_its_body_go(session: Session, points: Any) -> None:
    of = series(session)
    article = tell(session, of, 1)
    article.text = "。"
    session.commit()
    assert points(of)[0]["sources"][0]["article_id"] == str(article.id)


def test_series_are_paged(session: Session, reader: httpx.Client) -> None:
    made = []
    for number in range(3):
        of = series(session, region=["江苏"], subject=("tech", "green", "small")[number])
        tell(session, of, 1)
        made.append(str(of.id))
    first = reader.get("/v1/indicators", params={"limit": 2}).json()
    second = reader.get("/v1/indicators", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == made[::-1]
    assert second["next"] is None


def test_years_begin_and_end_where_dates_are_cut(session: Session, points: Any) -> None:
    of = series(session)
    tell(session, of, 1, "2025-12")
    assert points(of)[0]["as_of"] == date(2025, 12, 31).isoformat()
