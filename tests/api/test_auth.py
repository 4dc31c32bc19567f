"""Keys: who may ask, and what a key may do."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.body import MAX_PUSH
from core.clock import now
from core.models import ApiKey, Article, SourceError
from tests.api.conftest import Subscribe
from tests.api.document import OPERATIONS

OPEN = {"/healthz", "/readyz", "/v1/health", "/v1/unsubscribe/{ticket}", "/v1/confirm/{ticket}"}


def test_every_route_but_the_open_ones_needs_a_key() -> None:
    """And test_problems.py asks each of them without one."""
    assert {one.path for one in OPERATIONS if "401" not in one.told["responses"]} == OPEN


def test_unknown_expired_and_revoked_keys_are_refused_alike(subscribe: Subscribe, base_url: str) -> None:
    past = now() - timedelta(seconds=1)
    clients = [
        subscribe("expired", expires_at=past),
        subscribe("revoked", revoked_at=past),
        httpx.Client(base_url=base_url, headers={"authorization": "Bearer yq_unknown"}, trust_env=False, timeout=60),
    ]
    answers = [client.get("/v1/watchlists") for client in clients]
    clients[-1].close()
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_a_key_that_expires_later_is_good(subscribe: Subscribe) -> None:
    assert subscribe(expires_at=now() + timedelta(days=1)).get("/v1/watchlists").status_code == 200


@pytest.mark.parametrize("given", ["Basic abc", "Bearer", "yq_abc", "Bearer \xff\xfe"])
def test_what_is_no_bearer_key_is_refused(stranger: httpx.Client, given: str) -> None:
    assert stranger.get("/v1/events", headers={b"authorization": given.encode("latin-1")}).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "method", "path", "lacking"),
    [
        (("write", "admin"), "GET", "/v1/events", "read"),
        (("read", "admin"), "POST", "/v1/watchlists", "write"),
        (("read", "admin"), "POST", "/v1/channels", "write"),
        (("read", "write"), "POST", "/v1/articles", "admin"),
        (("read", "write"), "POST", "/v1/sources", "admin"),
    ],
)
def test_a_key_without_the_scope_is_told_which_it_lacks(
    subscribe: Subscribe, scopes: tuple[str, ...], method: str, path: str, lacking: str
) -> None:
    answer = subscribe(scopes=scopes).request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == 403
    assert lacking in answer.json()["detail"]


def test_a_key_whose_scope_is_called_as_before_is_good(subscribe: Subscribe) -> None:
    article = {"title": "甲", "text": "样例银行与甲公司签约。"}
    assert subscribe(scopes=("operator",)).post("/v1/articles", json=article).status_code == 200


def test_a_key_is_kept_only_as_its_hash(subscribe: Subscribe, session: Session) -> None:
    plain = subscribe().headers["authorization"].removeprefix("Bearer ")
    [row] = session.query(ApiKey)
    assert all(plain not in str(value) for value in vars(row).values())


EVENTS = ["", "bank=工商银行", "limit=0", "sort=none", "cursor=none", "cursor=none&sort=date", "fields=none"]


@pytest.mark.parametrize("query", EVENTS)
def test_who_asks_for_events_is_found_out_before_anything_is_told(subscribe: Subscribe, query: str) -> None:
    """A list that finds it out beside its page, or after its query was read (api/deps.py, Asking)."""
    revoked, writer, reader = subscribe("revoked", revoked_at=now()), subscribe(scopes=("write",)), subscribe("reader")
    assert revoked.get(f"/v1/events?{query}").status_code == 401
    assert writer.get(f"/v1/events?{query}").status_code == 403
    assert reader.get(f"/v1/events?{query}").status_code in {200, 422}


PUSHED = [
    '{"text": "样例银行放款。"}',
    '[{"text": "样例银行放款。"}, 7]',
    "{",
    "[]",
    '{"colour": 1}',
    "",
    "[" + " " * MAX_PUSH,
]


@pytest.mark.parametrize("body", PUSHED, ids=range(len(PUSHED)))
def test_who_pushes_is_found_out_before_anything_is_kept_or_told(
    subscribe: Subscribe, session: Session, body: str
) -> None:
    revoked, writer, admin = subscribe("revoked", revoked_at=now()), subscribe(scopes=("write",)), subscribe("admin")
    sent: dict[str, Any] = {"content": body, "headers": {"content-type": "application/json"}}
    assert revoked.post("/v1/articles", **sent).status_code == 401
    assert writer.post("/v1/articles", **sent).status_code == 403
    assert session.scalar(select(func.count()).select_from(Article)) == 0
    assert session.scalar(select(func.count()).select_from(SourceError)) == 0
    assert admin.post("/v1/articles", **sent).status_code in {200, 400, 413, 422}


def test_a_key_that_is_revoked_between_two_pages_sees_no_other(subscribe: Subscribe, session: Session) -> None:
    reader = subscribe("reader")
    assert reader.get("/v1/events").status_code == 200
    session.execute(update(ApiKey).values(revoked_at=now()))
    session.commit()
    assert reader.get("/v1/events").status_code == 401
