"""Private things of another subscriber are not there: one case for each route of the OpenAPI document with an id in
its path. test_named_ids.py has those in queries and bodies."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from core.models import Channel, Source, Subscriber
from tests.alerts import samples
from tests.api import rows
from tests.api.conftest import Subscribe
from tests.api.document import OPERATIONS
from tests.api.test_indicators import figure, series

PRIVATE = {"watchlist_id", "channel_id", "delivery_id", "key_id"}
PROOF = {"ticket"}  # shows itself that its holder may
SHARED = {"event_id", "article_id", "bank_id", "firm_id", "source_id", "series_id", "subscriber_id"}
WITH_ID = [
    (one.method, one.path, match[1])
    for one in OPERATIONS
    if (match := re.search(r"\{(\w+)\}", one.path)) and match[1] not in PROOF
]


def test_every_id_in_a_path_is_known_to_be_private_or_shared() -> None:
    """A new resource must be added to one of the two sets, and thereby to the tests below."""
    assert {name for _, _, name in WITH_ID} == PRIVATE | SHARED


@pytest.fixture
def ids(alice: httpx.Client, session: Session) -> dict[str, str]:
    """One thing of each kind; the private ones are alice's."""
    hook = {"kind": "webhook", "name": "desk", "config": {"url": "http://127.0.0.1:9/hook"}}  # the tests' own network
    channel = alice.post("/v1/channels", json=hook).json()["id"]
    watchlist = alice.post("/v1/watchlists", json={"name": "x", "firms": ["秘密名"], "channels": [channel]}).json()[
        "id"
    ]
    told, bank = rows.article(session), rows.bank(session, "工商银行", "别名")
    firm, other = rows.firm(session, "示例机器人股份有限公司", "别名"), rows.firm(session, "穹天航芯")
    made: dict[str, Any] = {"other_firm": other.id, "other_bank": rows.bank(session, "样例银行").id}
    event = rows.event(session, bank, firm, told)
    source = Source(name="示例", url="https://news.example.com/rss", kind="feed")
    session.add(source)
    desk, body = session.get_one(Channel, channel), '{"type": "event.created"}'
    delivery = samples.delivery(session, desk, event.id, told.id, watchlists=["x"], body=body)
    made |= {"event": event.id, "article": told.id, "bank": bank.id, "firm": firm.id, "source": source.id}
    session.add(carol := Subscriber(name="carol"))  # whom the operator may delete
    session.commit()
    made |= {"subscriber": carol.id}
    made |= {"delivery": delivery.id, "channel": channel, "watchlist": watchlist}
    figure(session, of := series(session), told, value=1)
    made |= {"series": of.id}
    made["key"] = alice.post("/v1/keys", json={"name": "spare", "scopes": ["read"]}).json()["id"]
    return {f"{name}_id": str(value) for name, value in made.items()}


def _given(method: str, path: str, ids: dict[str, str]) -> Any:
    """A body that the route takes."""
    kind = path.split("/")[2].removesuffix("s")
    bodies = {
        "POST /backtest": {},
        "POST /aliases": {"alias": "又一个名字"},
        "POST /merge": {"into": ids.get(f"other_{kind}_id")},
        "PATCH /{bank_id}": {"kind": "city"},
        "PATCH /{firm_id}": {"tech": True},
        "PATCH /{event_id}": {"status": "agreed"},
    }
    if method == "POST" and "/events/" in path:
        return {}
    return bodies.get(f"{method} /{path.rpartition('/')[2]}", {"enabled": False} if method == "PATCH" else None)


def _ask(client: httpx.Client, method: str, path: str, ids: dict[str, str]) -> httpx.Response:
    asked = {"alias": "别名"} if method == "DELETE" and path.endswith("/aliases") else None
    return client.request(method, path.format(**ids), json=_given(method, path, ids), params=asked)


@pytest.mark.parametrize(("method", "path", "name"), WITH_ID)
def test_only_the_owner_reaches_a_private_thing_and_everyone_a_shared_one(
    alice: httpx.Client, subscribe: Subscribe, ids: dict[str, str], method: str, path: str, name: str
) -> None:
    theirs = _ask(subscribe("bob"), method, path, ids)
    if name in PRIVATE:
        assert theirs.status_code == 404
        assert "there is no such" in theirs.json()["detail"]
        own = _ask(alice, method, path, ids)
        reached = own.is_success or "needs no confirmation" in own.text
        assert reached, "alice's own must be untouched and reachable"
    else:
        assert theirs.is_success


@pytest.mark.parametrize("path", ["/v1/watchlists", "/v1/channels", "/v1/deliveries", "/v1/keys"])
def test_lists_of_private_things_hold_ones_own_only(
    alice: httpx.Client, subscribe: Subscribe, ids: dict[str, str], path: str
) -> None:
    own = {item["id"] for item in alice.get(path).json()["items"]}
    assert own
    assert own.isdisjoint(item["id"] for item in subscribe("bob").get(path).json()["items"])


def test_anothers_cursor_shows_nothing_of_theirs(alice: httpx.Client, subscribe: Subscribe) -> None:
    for number in range(3):
        alice.post("/v1/watchlists", json={"name": str(number), "firms": ["甲乙丙"]})
    cursor = alice.get("/v1/watchlists", params={"limit": 1}).json()["next"]
    assert subscribe("bob").get("/v1/watchlists", params={"cursor": cursor}).json()["items"] == []


def test_a_watched_name_shows_to_nobody_else(subscribe: Subscribe, ids: dict[str, str]) -> None:
    bob = subscribe("bob")
    for path in ("/v1/firms", "/v1/banks", "/v1/articles", "/v1/events", "/v1/sources", "/v1/watchlists"):
        assert "秘密名" not in bob.get(path).text
    assert bob.get("/v1/firms", params={"q": "秘密名"}).json()["items"] == []


def test_a_delivery_shows_its_body_and_attempts_to_its_owner(alice: httpx.Client, ids: dict[str, str]) -> None:
    [brief] = alice.get("/v1/deliveries", params={"state": "open", "channel": ids["channel_id"]}).json()["items"]
    assert brief["event"] == ids["event_id"]
    detail = alice.get(f"/v1/deliveries/{brief['id']}").json()
    assert detail["body"] == {"type": "event.created"}
    assert detail["tries"] == []
    assert alice.get("/v1/deliveries", params={"state": "failed"}).json()["items"] == []
