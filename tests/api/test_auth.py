"""Keys: who may ask, and what a key may do."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from api.app import app
from core.clock import now
from core.models import ApiKey
from tests.api.conftest import Subscribe

OPEN = {"/healthz", "/readyz", "/v1/health", "/v1/unsubscribe/{ticket}", "/v1/confirm/{ticket}"}
ANY_ID = "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"
ROUTES = [
    (method.upper(), path)
    for path, operations in app.openapi()["paths"].items()
    for method in operations
    if path not in OPEN
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_answers_without_a_key(stranger: httpx.Client, method: str, path: str) -> None:

    answer = stranger.request(
        method, re.sub(r"\{\w+\}", ANY_ID, path), json={} if method in {"POST", "PATCH"} else None
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


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
