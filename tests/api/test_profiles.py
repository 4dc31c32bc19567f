"""Profiles: all that is known of one firm or bank, in figures that add up."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.orm import Session

from core.models import Bank, Firm, Mention, Referral
from extractor.facilities import group_shared
from extractor.kinship import stem
from tests.api import rows
from yinqi import Client

pytestmark = pytest.mark.usefixtures("environment")
MILLION = Decimal(1_000_000)


def _sum(least: int, most: int | None = None, **fields: Any) -> dict[str, Any]:
    return {"amount_min": least * MILLION, "amount_max": (most or least) * MILLION, **fields}


def _at(year: int, month: int = 3) -> dict[str, Any]:
    day = date(year, month, 5)
    return {"date": str(day), "date_from": day, "date_to": day}


def _mention(session: Session, article: Any, **of: Any) -> None:
    place = {"start": 0, "end": 2, "where": "text", "name": "甲"}
    session.add(Mention(article_id=article.id, kind="firm" if "firm_id" in of else "bank", **place, **of))
    session.commit()


class World:
    """Three banks and three firms: one of them is financed by all of the banks, two of which share a sum."""

    def __init__(self, session: Session) -> None:
        self.banks = [rows.bank(session, name) for name in ("样例银行", "例样银行", "示范银行")]
        self.firm = rows.firm(session, "样例市曜石机器人股份有限公司", "曜石机器人", sector="robotics", region="江苏")
        self.kin, self.other = (
            rows.firm(session, "曜石机器人"[:2] + "智能有限公司"),
            rows.firm(session, "云麓芯片有限公司"),
        )
        self.shared = rows.article(session)
        for position, bank in enumerate(self.banks[:2]):
            fields = {**_sum(300), **_at(2025), "shared_amount": True, "instrument": "syndicated_loan"}
            rows.tell(session, rows.event(session, bank, self.firm, **fields), self.shared, position)
        one, two, _ = self.banks
        self.last = rows.event(
            session, one, self.firm, self._article(session), **_sum(20, 30, qualifier="range"), **_at(2026)
        )
        rows.event(session, two, self.firm, **_sum(5, currency="USD"), **_at(2026, 1), instrument="cross_border_loan")
        self.first = rows.event(session, one, self.firm, status="planned", **_sum(900), **_at(2024))
        rows.event(session, self.banks[2], self.firm, date=None, date_from=None, date_to=None, **_sum(1))
        rows.event(session, one, self.firm, state="retracted", **_sum(77), **_at(2020))
        for bank in (one, two):
            rows.event(session, bank, self.other, tech=False, **_sum(10), **_at(2026), sector="ai")
        group_shared(session)
        session.commit()

    def _article(self, session: Session) -> Any:
        self.article = rows.article(session, title="曜石机器人获贷")
        _mention(session, self.article, firm_id=self.firm.id)
        return self.article


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def _of(alice: httpx.Client, kind: str, row: Firm | Bank, **query: Any) -> Any:
    answer = alice.get(f"/v1/{kind}s/{row.id}/profile", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _sums(figures: Any) -> dict[str, tuple[float, float]]:
    return {one["currency"]: (one["min"], one["max"]) for one in figures["sums"]}


def test_a_firms_figures_count_a_shared_sum_once_keep_ranges_and_currencies_apart(
    alice: httpx.Client, world: World
) -> None:
    told = _of(alice, "firm", world.firm)
    assert told["firm"] == alice.get(f"/v1/firms/{world.firm.id}").json()
    assert told["statuses"] == {"granted": 5, "planned": 1}
    assert (told["total"]["count"], told["total"]["shared"], told["total"]["undated"]) == (4, 1, 1)
    assert _sums(told["total"]) == {"CNY": (321e6, 331e6), "USD": (5e6, 5e6)}
    assert told["basis"]["left_out"] == ["planned", "cooperation"]
    years = {row["key"]: (row["count"], _sums(row)) for row in told["years"]["rows"]}
    assert years == {
        "2025": (1, {"CNY": (300e6, 300e6)}),
        "2026": (2, {"CNY": (20e6, 30e6), "USD": (5e6, 5e6)}),
    }
    assert told["years"]["unplaced"] == {"undated": 1, "coarser": 0}
    assert {row["key"]: row["count"] for row in told["instruments"]["rows"]} == {
        "tech_loan": 2, "syndicated_loan": 1, "cross_border_loan": 1,
    }  # fmt: skip
    banks = [(row["name"], row["count"], _sums(row).get("CNY")) for row in told["counterparties"]["rows"]]
    assert banks == [
        ("样例银行", 2, (320e6, 330e6)),
        ("例样银行", 2, (300e6, 300e6)),
        ("示范银行", 1, (1e6, 1e6)),
    ]
    assert told["counterparties"]["ranked"] == 3


def test_the_first_and_the_last_event_are_those_of_the_days_told(alice: httpx.Client, world: World) -> None:
    told = _of(alice, "firm", world.firm)
    assert (told["first"]["id"], told["last"]["id"]) == (str(world.first.id), str(world.last.id))
    assert told["first"]["evidence"] is None
    assert [one["title"] for one in told["articles"]] == ["曜石机器人获贷"]


def test_a_banks_profile_has_its_firms_sectors_and_regions(alice: httpx.Client, world: World) -> None:
    told = _of(alice, "bank", world.banks[0])
    assert told["bank"]["name"] == "样例银行"
    assert [(row["name"], row["count"]) for row in told["counterparties"]["rows"]] == [
        (world.firm.name, 2), (world.other.name, 1),
    ]  # fmt: skip
    assert _sums(told["total"]) == {"CNY": (330e6, 340e6)}
    assert {row["key"]: row["count"] for row in told["sectors"]["rows"]} == {None: 2, "ai": 1}
    assert told["regions"]["rows"][0]["key"] is None
    tech = _of(alice, "bank", world.banks[0], include="planned")
    assert (tech["total"]["count"], tech["basis"]["left_out"]) == (3, ["cooperation", "non_tech"])


def test_what_counts_can_be_asked_for_and_converted(alice: httpx.Client, world: World) -> None:
    told = _of(alice, "firm", world.firm, date_from="2026-01-01", rate="USD:7", limit=1)
    assert (told["total"]["count"], told["total"]["converted"]["min"]) == (2, 55_000_000)
    assert (len(told["instruments"]["rows"]), told["instruments"]["more"]) == (1, 1)
    assert told["statuses"] == {"granted": 5, "planned": 1}, "what stands is told whatever counts"
    planned = _of(alice, "firm", world.firm, include=["planned", "cooperation", "non_tech"])
    assert planned["total"]["count"] == 5


def test_related_firms_are_told_with_every_reason(alice: httpx.Client, session: Session, world: World) -> None:
    for firm in (world.firm, world.kin):
        for alias in firm.aliases:
            alias.stem = stem(alias.alias)
    rows.tell(session, rows.event(session, world.banks[2], world.kin), world.shared, 2)
    watched = rows.firm(session, "曜石机器人科技有限公司", origin="watched")
    watched.aliases[0].stem = stem(watched.name)
    session.commit()
    related = _of(alice, "firm", world.firm)["related"]
    told = {one["name"]: {why["reason"]: why["count"] for why in one["reasons"]} for one in related}
    assert told == {
        world.kin.name: {"same_article": 1, "same_bank": 1},
        world.other.name: {"same_bank": 2},
    }
    assert [one["name"] for one in related] == [world.kin.name, world.other.name], "the closest first"


def test_firms_of_one_house_are_related_by_name(alice: httpx.Client, session: Session) -> None:
    names = ("苏州曜石机器人股份有限公司", "曜石机器人", "无关芯片有限公司")
    one, kin, _ = [rows.firm(session, name) for name in names]
    for firm in (one, kin):
        for alias in firm.aliases:
            alias.stem = stem(alias.alias)
    session.commit()
    [related] = _of(alice, "firm", one)["related"]
    assert related == {"id": str(kin.id), "name": "曜石机器人", "reasons": [{"reason": "same_name", "count": 1}]}


def test_who_recommended_whom_is_the_closest_tie(alice: httpx.Client, session: Session, world: World) -> None:
    def refer(one: Firm, other: Firm, number: int) -> None:
        place = {"position": number, "quote": "工商银行向", "start": 0, "end": 5, "confidence": 0.9}
        ends = {"from_firm_id": one.id, "to_firm_id": other.id, "bank_id": world.banks[0].id}
        session.add(Referral(article_id=world.shared.id, **ends, **place))
        session.commit()

    third = rows.firm(session, "北原光学有限公司")
    refer(world.firm, third, 0)
    refer(world.other, world.firm, 1)
    related = _of(alice, "firm", world.firm)["related"]
    assert [(one["name"], [(why["reason"], why["count"]) for why in one["reasons"]]) for one in related] == [
        ("北原光学有限公司", [("recommended", 1)]),
        (world.other.name, [("recommended_by", 1), ("same_bank", 2)]),
    ]
    drawn = alice.get("/v1/network", params={"around": str(world.firm.id)}).json()
    assert {(one["from_firm"], one["to_firm"], one["articles"]) for one in drawn["referrals"]} == {
        (str(world.firm.id), str(third.id), 1), (str(world.other.id), str(world.firm.id), 1),
    }  # fmt: skip
    assert {node["id"]: node["depth"] for node in drawn["nodes"]}[str(third.id)] == 1
    alone = alice.get("/v1/network", params={"currency": "USD"}).json()
    assert (len(alone["edges"]), alone["referrals"]) == (1, []), "between firms that are drawn only"


def test_related_banks_are_told_with_every_reason(alice: httpx.Client, session: Session, world: World) -> None:
    rows.bank(session, "样例金租", kind="leasing").parent = "样例银行"
    session.commit()
    related = _of(alice, "bank", world.banks[0])["related"]
    assert [(one["name"], [(why["reason"], why["count"]) for why in one["reasons"]]) for one in related] == [
        ("样例金租", [("same_group", 1)]),
        ("例样银行", [("same_sum", 1), ("same_firm", 2)]),
        ("示范银行", [("same_firm", 1)]),
    ]


def test_one_that_was_merged_is_told_as_the_one_that_stands_for_it(
    alice: httpx.Client, session: Session, world: World
) -> None:
    old = rows.firm(session, "曜石科技")
    assert alice.post(f"/v1/firms/{old.id}/merge", json={"into": str(world.firm.id)}).status_code == 200
    told = _of(alice, "firm", old)
    assert told["firm"]["id"] == str(world.firm.id)
    assert told["merged"] == [{"id": str(old.id), "name": "曜石科技"}]
    assert told == _of(alice, "firm", world.firm)
    gone = rows.bank(session, "样例商业银行")
    assert alice.post(f"/v1/banks/{gone.id}/merge", json={"into": str(world.banks[0].id)}).status_code == 200
    assert _of(alice, "bank", gone)["bank"]["id"] == str(world.banks[0].id)


def test_one_of_whom_nothing_is_told_has_an_empty_profile(alice: httpx.Client, session: Session) -> None:
    told = _of(alice, "firm", rows.firm(session, "寂静科技有限公司"))
    assert (told["total"]["count"], told["first"], told["last"], told["statuses"]) == (0, None, None, {})
    assert told["years"]["rows"] == told["counterparties"]["rows"] == told["related"] == told["articles"] == []


@pytest.mark.parametrize("kind", ["firm", "bank"])
def test_nobody_and_what_is_only_watched_has_no_profile(alice: httpx.Client, session: Session, kind: str) -> None:
    watched = rows.firm(session, "秘密科技", origin="watched")
    for row_id in (uuid4(), watched.id):
        assert alice.get(f"/v1/{kind}s/{row_id}/profile").status_code == 404


def test_dates_in_the_wrong_order_are_named(alice: httpx.Client, world: World) -> None:
    query = {"date_from": "2026-01-01", "date_to": "2025-01-01"}
    answer = alice.get(f"/v1/firms/{world.firm.id}/profile", params=query)
    assert [one["field"] for one in answer.json()["errors"]] == ["query.date_to"]


def test_the_client_reads_profiles(base_url: str, alice: httpx.Client, world: World) -> None:
    key = alice.headers["authorization"].removeprefix("Bearer ")
    with Client(base_url, key) as client:
        firm = client.firm_profile(world.firm.id, limit=5)
        assert (firm.firm.name, firm.total.count, firm.years.rows[0].key) == (world.firm.name, 4, "2025")
        assert client.bank_profile(world.banks[0].id).sectors.rows[-1].count == 2
