"""Private things of another subscriber are not there in queries and bodies either: one case for each such field of the
OpenAPI document that holds an id. test_privacy.py has those in paths."""

import copy
import re
from functools import reduce
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.models import Delivery
from tests.api.conftest import Subscribe
from tests.api.document import OPERATIONS, Operation, Place
from tests.api.test_privacy import PRIVATE, SHARED, ids

__all__ = ["ids"]

KINDS = {name.removesuffix("_id") for name in PRIVATE | SHARED}
PRIVATE_FIELDS = {"channel", "channels", "watchlist"}
SHARED_FIELDS = {
    *("bank", "banks", "firm", "firms", "event", "article", "source"),
    "into",  # a bank or firm
    "last-event-id",  # a number of the stream, which is the same for all
    "message_id",  # of a mail; only the operator reports bounces
}


def _name(place: Place) -> str:
    """What the field is called that holds the value of that place."""
    return next(one for one in reversed(place) if one not in ("0", "*"))


def _holds_id(place: Place, schema: dict[str, Any]) -> bool:
    """Whether an id stands there: told by the schema, or by what the field is called."""
    name = _name(place)
    of_kind = {name, name.removesuffix("s")} & KINDS and schema.get("type") in ("string", "integer")
    return schema.get("format") == "uuid" or bool(of_kind) or re.search(r"(^|[-_])ids?$", name) is not None


FIELDS = sorted({(str(one), place) for one in OPERATIONS for place, schema in one.fields() if _holds_id(place, schema)})
OF_PRIVATE = [(label, place) for label, place in FIELDS if _name(place) in PRIVATE_FIELDS]
BY_LABEL = {str(one): one for one in OPERATIONS}


def test_every_field_with_an_id_is_known_to_be_private_or_shared() -> None:
    """A new one must be added to one of the two sets, and thereby to the test below."""
    assert {_name(place) for _, place in FIELDS} == PRIVATE_FIELDS | SHARED_FIELDS


def test_the_private_fields_are_found_where_they_stand() -> None:
    assert ("GET /v1/stream", ("query", "watchlist", "0")) in OF_PRIVATE
    assert ("POST /v1/watchlists/backtest", ("body", "watchlist", "channels", "0")) in OF_PRIVATE


def _put(tree: dict[str, Any], place: Place, value: str) -> None:
    """Set what stands at that place; a list holds nothing else afterwards."""
    *way, last = place[:-1] if place[-1] == "0" else place
    reduce(lambda at, name: at[name], way, tree)[last] = [value] if place[-1] == "0" else value


def _ask(client: httpx.Client, operation: Operation, place: Place, own: dict[str, str], value: str) -> httpx.Response:
    """What is answered where that stands in an otherwise good request; a stream ends by itself."""
    query = {"follow": "false"} if "follow" in operation.parameters("query") else {}
    tree = {"query": query, "body": copy.deepcopy(operation.example())}
    _put(tree, place, value)
    return client.request(
        operation.method, operation.path.format(**own), params=tree["query"], json=tree["body"], timeout=20
    )


def _all(client: httpx.Client) -> dict[str, Any]:
    """All that a subscriber has."""
    lists = ("/v1/channels", "/v1/watchlists", "/v1/deliveries")
    return {path: client.get(path).json() for path in lists}


def _told(answer: httpx.Response, given: str) -> dict[str, Any]:
    """The answer without what no two have in common."""
    told: dict[str, Any] = {"status": answer.status_code, "type": answer.headers["content-type"]}
    return told | answer.json() | {"request_id": None, "named": given in answer.text}


@pytest.fixture
def own(subscribe: Subscribe, ids: dict[str, str], session: Session) -> tuple[httpx.Client, dict[str, str]]:
    """Bob, with a watchlist of his own where one stands in the path; and alice's delivery could be sent again."""
    bob = subscribe("bob")
    made = bob.post("/v1/watchlists", json={"name": "his", "firms": ["甲乙丙"]}).json()["id"]
    session.execute(update(Delivery).values(state="failed"))
    session.commit()
    return bob, ids | {"watchlist_id": made}


@pytest.mark.parametrize(("label", "place"), OF_PRIVATE, ids=[f"{one} {'.'.join(place)}" for one, place in OF_PRIVATE])
def test_an_id_of_anothers_thing_is_as_one_that_does_not_exist(
    alice: httpx.Client,
    own: tuple[httpx.Client, dict[str, str]],
    ids: dict[str, str],
    label: str,
    place: Place,
) -> None:
    (bob, bobs), hers, nobodys = own, ids[f"{_name(place).removesuffix('s')}_id"], str(uuid4())
    before = _all(alice)
    answer = _ask(bob, BY_LABEL[label], place, bobs, hers)
    assert answer.status_code in (404, 422), answer.text
    told = _told(answer, hers)
    assert told == _told(_ask(bob, BY_LABEL[label], place, bobs, nobodys), nobodys)
    if answer.status_code == 422:
        assert [one["field"] for one in told["errors"]] == [".".join(place)]
    assert "there is no such" in told["detail"]
    assert _all(alice) == before
    assert _ask(alice, BY_LABEL[label], place, ids, hers).is_success, "alice's own must be within reach"
