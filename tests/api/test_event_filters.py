"""What a filter of events says and what it costs: signs stand for themselves, all that is wrong is told, journeys."""

from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from core import sql
from core.models import Event
from tests.api import rows

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def events(session: Session) -> list[Event]:
    """Three of one bank and firm, of which each has another branch, told last first."""
    bank, firm = rows.bank(session, "甲银行"), rows.firm(session, "示例机器人股份有限公司")
    made = [rows.event(session, bank, firm, branch=one) for one in ("苏州分行", "苏%分行", "苏_分\\行")]
    session.commit()
    return made


def found(alice: httpx.Client, **query: Any) -> list[str | None]:
    answer = alice.get("/v1/events", params={"sort": "first_seen", **query})
    assert answer.status_code == 200, answer.text
    return [one["branch"] for one in answer.json()["items"]]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("苏州分行", ["苏州分行"]),
        ("苏%分行", ["苏%分行"]),
        ("%分行", []),
        ("苏_分行", []),
        ("苏_分\\行", ["苏_分\\行"]),
    ],
)
def test_signs_of_a_branch_stand_for_themselves(
    alice: httpx.Client, events: list[Event], asked: str, told: list[str]
) -> None:
    assert found(alice, branch=asked) == told


def test_all_names_that_nobody_has_are_told_at_once_and_only_to_who_may_ask(
    alice: httpx.Client, events: list[Event]
) -> None:
    asked = {"bank": ["甲银行", "无此银行"], "firm": "无此公司", "source": ["无此报", "也无此报"]}
    answer = alice.get("/v1/events", params=asked)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [
        "query.bank.1", "query.firm.0", "query.source.0", "query.source.1",
    ]  # fmt: skip
    stranger = httpx.get(f"{alice.base_url}/v1/events", params=asked, headers={"authorization": "Bearer none"})
    assert stranger.status_code == 401


@pytest.mark.parametrize(
    ("asked", "journeys"),
    [
        ({}, 1),
        ({"tech": True}, 1),
        ({"instrument": "credit_loan"}, 1),
        ({"min_amount": 1, "tech": True}, 1),
        ({"sort": "-confidence"}, 1),
        ({"sort": "first_seen"}, 3),  # the key, how far all is committed, the page
        ({"q": "贷款"}, 1),
        ({"bank": "甲银行"}, 1),
        ({"firm": "示例机器人股份有限公司", "bank": "甲银行", "tech": True}, 1),
        ({"bank": "甲银行", "sort": "-confidence"}, 1),
        ({"bank": "甲银行", "q": "贷款"}, 1),
    ],
    ids=str,
)
def test_a_page_is_one_journey_to_the_database_where_nothing_must_be_known_before(
    alice: httpx.Client, events: list[Event], monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], journeys: int
) -> None:
    made, run = [], sql.Query._run  # the API's thread runs in this process

    def counted(query: sql.Query, *given: Any) -> Any:
        made.append(query)
        return run(query, *given)

    monkeypatch.setattr(sql.Query, "_run", counted)
    assert alice.get("/v1/events", params=asked).status_code == 200
    assert len(made) == journeys
