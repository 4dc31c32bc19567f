"""The network: who financed whom as nodes and edges, around one of them or by a filter, never more than asked for."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from core.models import Bank, Firm
from extractor.facilities import group_shared
from tests.api import rows
from yinqi import Client

pytestmark = pytest.mark.usefixtures("environment")
MILLION = Decimal(1_000_000)


class World:
    """样例银行 financed 甲 thrice and 乙 once, 例样银行 乙 and 丙, 示范银行 丁 alone."""

    def __init__(self, session: Session) -> None:
        one, two, three = (rows.bank(session, name) for name in ("样例银行", "例样银行", "示范银行"))
        names = ("甲一机器人", "乙一机器人", "丙一机器人", "丁一机器人")
        a, b, c, d = (rows.firm(session, name, sector="robotics") for name in names)
        self.banks, self.firms = (one, two, three), (a, b, c, d)
        self.shared = rows.article(session)
        for year, more in ((2024, {}), (2025, {"instrument": "credit_line", "status": "agreed"}), (2026, {})):
            self._event(session, one, a, year, **more)
        for position, bank in enumerate((one, two)):
            event = self._event(session, bank, b, 2026, shared_amount=True)
            rows.tell(session, event, self.shared, position)
        self._event(session, two, c, 2025, currency="USD")
        self._event(session, three, d, 2025)
        self._event(session, three, None, 2025, firm_description="某企业")
        self._event(session, three, a, 2026, status="planned")
        group_shared(session)
        session.commit()

    def _event(self, session: Session, bank: Bank, firm: Firm | None, year: int, **fields: Any) -> Any:
        days = {"date": str(year), "date_from": date(year, 1, 1), "date_to": date(year, 12, 31)}
        sums = {"amount_min": 10 * MILLION, "amount_max": 10 * MILLION}
        return rows.event(session, bank, firm, **{**days, **sums, **fields})


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def _drawn(alice: httpx.Client, **query: Any) -> Any:
    answer = alice.get("/v1/network", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _pairs(drawn: Any) -> list[tuple[str, str, int]]:
    names = {node["id"]: node["name"] for node in drawn["nodes"]}
    return [(names[edge["bank"]], names[edge["firm"]], edge["count"]) for edge in drawn["edges"]]


def _depths(drawn: Any) -> dict[str, int]:
    return {node["name"]: node["depth"] for node in drawn["nodes"]}


def test_all_of_a_filter_is_drawn_with_its_figures(alice: httpx.Client, world: World) -> None:
    drawn = _drawn(alice)
    assert _pairs(drawn)[0] == ("样例银行", "甲一机器人", 3)
    assert sorted(_pairs(drawn)[1:]) == [
        ("例样银行", "丙一机器人", 1),
        ("例样银行", "乙一机器人", 1),
        ("样例银行", "乙一机器人", 1),
        ("示范银行", "丁一机器人", 1),
    ]
    assert (drawn["more"], drawn["unnamed"], drawn["around"]) == (0, 1, None)
    edge = drawn["edges"][0]
    assert (edge["first"], edge["last"]) == ("2024-01-01", "2026-12-31")
    assert (edge["instruments"], edge["statuses"]) == (["credit_line", "tech_loan"], ["agreed", "granted"])
    assert [(one["currency"], one["min"]) for one in edge["sums"]] == [("CNY", 30_000_000)]
    counts = {node["name"]: (node["kind"], node["count"], node["sector"]) for node in drawn["nodes"]}
    assert counts["样例银行"] == ("bank", 4, None)
    assert counts["乙一机器人"] == ("firm", 2, "robotics")
    assert drawn["basis"]["left_out"] == ["planned", "cooperation"]


def test_filters_hold_for_the_network_too(alice: httpx.Client, world: World) -> None:
    assert [pair[:2] for pair in _pairs(_drawn(alice, currency="USD"))] == [("例样银行", "丙一机器人")]
    assert _pairs(_drawn(alice, date_to="2024-12-31")) == [("样例银行", "甲一机器人", 1)]
    planned = _drawn(alice, status="planned")
    assert _pairs(planned) == [("示范银行", "甲一机器人", 1)]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (1, {"乙一机器人": 0, "样例银行": 1, "例样银行": 1}),
        (2, {"乙一机器人": 0, "样例银行": 1, "例样银行": 1, "甲一机器人": 2, "丙一机器人": 2}),
    ],
)
def test_around_a_firm_stand_its_banks_and_then_their_firms(
    alice: httpx.Client, world: World, depth: int, expected: dict[str, int]
) -> None:
    drawn = _drawn(alice, around="乙一机器人", depth=depth)
    assert _depths(drawn) == expected
    assert drawn["around"] == str(world.firms[1].id)
    assert drawn == _drawn(alice, around=str(world.firms[1].id), depth=depth)


def test_around_a_bank_stand_its_firms_and_then_their_banks(alice: httpx.Client, world: World) -> None:
    assert _depths(_drawn(alice, around="例样银行")) == {"例样银行": 0, "乙一机器人": 1, "丙一机器人": 1}
    assert _depths(_drawn(alice, around="例样银行", depth=2)) == {
        "例样银行": 0, "乙一机器人": 1, "丙一机器人": 1, "样例银行": 2,
    }  # fmt: skip


def test_what_is_left_off_is_told(alice: httpx.Client, world: World) -> None:
    drawn = _drawn(alice, limit=2)
    assert (len(drawn["edges"]), drawn["more"]) == (2, 3)
    assert {node["id"] for node in drawn["nodes"]} == {one[end] for one in drawn["edges"] for end in ("bank", "firm")}
    near = _drawn(alice, around="例样银行", depth=2, limit=2)
    assert _pairs(near)[1][0] == "样例银行" or near["more"] == 1
    assert len(near["edges"]) == 2


def test_each_neighbour_has_its_first_edge_before_any_has_its_second(
    alice: httpx.Client, session: Session, world: World
) -> None:
    for name in ("戊一机器人", "己一机器人"):
        firm = rows.firm(session, name)
        for _ in range(4):
            world._event(session, world.banks[0], firm, 2026)
    drawn = _drawn(alice, around="乙一机器人", depth=2, limit=4)
    assert [pair[0] for pair in _pairs(drawn)[2:]] == ["样例银行", "例样银行"]
    assert drawn["more"] == 2  # 样例银行 with one of the new firms, and with 甲


def test_the_network_of_a_merged_firm_is_that_of_the_one_that_stands_for_it(
    alice: httpx.Client, session: Session, world: World
) -> None:
    old = rows.firm(session, "旧名机器人")
    rows.tell(session, world._event(session, world.banks[2], old, 2026), rows.article(session))
    assert alice.post(f"/v1/firms/{old.id}/merge", json={"into": str(world.firms[1].id)}).status_code == 200
    drawn = _drawn(alice, around=str(old.id))
    assert drawn["around"] == str(world.firms[1].id)
    assert _depths(drawn) == {"乙一机器人": 0, "样例银行": 1, "例样银行": 1, "示范银行": 1}


def test_of_whom_nothing_is_told_stands_alone(alice: httpx.Client, session: Session) -> None:
    rows.firm(session, "寂静科技有限公司", sector="ai")
    drawn = _drawn(alice, around="寂静科技有限公司", depth=2)
    assert [(node["name"], node["depth"], node["count"]) for node in drawn["nodes"]] == [("寂静科技有限公司", 0, 0)]
    assert (drawn["edges"], drawn["more"], drawn["unnamed"]) == ([], 0, 0)


def test_a_middle_that_nobody_is_called_and_one_that_is_only_watched_are_named(
    alice: httpx.Client, session: Session
) -> None:
    rows.firm(session, "秘密科技", origin="watched")
    for name in ("秘密科技", "无人知晓", "00000000-0000-0000-0000-000000000000"):
        answer = alice.get("/v1/network", params={"around": name})
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["field"] == "query.around"
        assert name in error["reason"]


@pytest.mark.parametrize(("name", "value"), [("depth", 3), ("limit", 0), ("limit", 501), ("depth", "far")])
def test_what_makes_no_sense_is_named(alice: httpx.Client, name: str, value: object) -> None:
    answer = alice.get("/v1/network", params={name: str(value)})
    assert [one["field"] for one in answer.json()["errors"]] == [f"query.{name}"]


def test_the_client_draws_networks(base_url: str, alice: httpx.Client, world: World) -> None:
    with Client(base_url, alice.headers["authorization"].removeprefix("Bearer ")) as client:
        drawn = client.network("例样银行", depth=2, instrument="tech_loan")
        assert [edge.first for edge in drawn.edges if edge.bank == world.banks[0].id] == [date(2026, 1, 1)]
