"""Keys of one's own: made with no more than one has, shown once, revoked at once."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import now
from core.models import ApiKey
from tests.api.conftest import Subscribe

READER = {"name": "dashboard", "scopes": ["read"]}


def _with(client: httpx.Client, key: str) -> httpx.Client:
    return httpx.Client(base_url=client.base_url, headers={"authorization": f"Bearer {key}"}, trust_env=False)


def test_a_key_that_is_made_does_what_it_was_given_and_no_more(alice: httpx.Client) -> None:
    made = alice.post("/v1/keys", json=READER)
    assert made.status_code == 201
    with _with(alice, made.json()["key"]) as reader:
        assert reader.get("/v1/watchlists").status_code == 200
        assert reader.post("/v1/watchlists", json={"name": "x", "firms": ["甲乙丙"]}).status_code == 403
        assert reader.post("/v1/keys", json=READER).status_code == 403


def test_the_plain_key_is_shown_once(alice: httpx.Client) -> None:
    made = alice.post("/v1/keys", json=READER).json()
    assert made["key"].startswith(made["prefix"])
    shown = alice.get(f"/v1/keys/{made['id']}")
    assert "key" not in shown.json() and made["key"] not in shown.text + alice.get("/v1/keys").text
    assert shown.json() == {name: value for name, value in made.items() if name != "key"}


def test_the_list_says_which_key_asks(alice: httpx.Client) -> None:
    made = alice.post("/v1/keys", json=READER).json()
    with _with(alice, made["key"]) as reader:
        assert {one["id"]: one["asking"] for one in reader.get("/v1/keys").json()["items"]}[made["id"]]
    assert not alice.get(f"/v1/keys/{made['id']}").json()["asking"]


@pytest.mark.parametrize("scopes", [("read", "write"), ("write",)])
def test_a_key_gives_no_scope_that_it_has_not(subscribe: Subscribe, scopes: tuple[str, ...]) -> None:
    answer = subscribe(scopes=scopes).post("/v1/keys", json=READER | {"scopes": ["write", "admin"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.scopes.1"


def test_a_key_that_ends_gives_none_that_lasts_longer(subscribe: Subscribe) -> None:
    end = now() + timedelta(days=2)
    client = subscribe(expires_at=end)
    longer = client.post("/v1/keys", json=READER | {"expires_at": (end + timedelta(days=1)).isoformat()})
    assert longer.json()["errors"][0]["field"] == "body.expires_at"
    untold = client.post("/v1/keys", json=READER).json()
    assert untold["expires_at"][:19] == end.isoformat()[:19]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scopes": []}, "body.scopes"),
        ({"scopes": ["root"]}, "body.scopes.0"),
        ({"expires_at": "2020-01-01"}, "body.expires_at"),
        ({"expires_at": "soon"}, "body.expires_at"),
        ({"name": ""}, "body.name"),
        ({"hash": "x"}, "body.hash"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_by_its_field(
    alice: httpx.Client, wrong: dict[str, Any], field: str
) -> None:
    answer = alice.post("/v1/keys", json=READER | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_operator_is_taken_for_admin(alice: httpx.Client) -> None:
    assert alice.post("/v1/keys", json=READER | {"scopes": ["operator", "read"]}).json()["scopes"] == ["read", "admin"]


def test_a_revoked_key_is_refused_at_once_and_stays_in_the_list(alice: httpx.Client) -> None:
    made = alice.post("/v1/keys", json=READER).json()
    with _with(alice, made["key"]) as reader:
        assert reader.get("/v1/watchlists").status_code == 200
        assert alice.delete(f"/v1/keys/{made['id']}").status_code == 204
        assert reader.get("/v1/watchlists").status_code == 401
    first = alice.get(f"/v1/keys/{made['id']}").json()["revoked_at"]
    assert first
    assert alice.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert alice.get(f"/v1/keys/{made['id']}").json()["revoked_at"] == first


def test_a_weaker_key_revokes_none_that_may_do_more(alice: httpx.Client) -> None:
    weak = alice.post("/v1/keys", json=READER | {"scopes": ["read", "write"]}).json()
    [strong] = [one["id"] for one in alice.get("/v1/keys").json()["items"] if one["asking"]]
    with _with(alice, weak["key"]) as client:
        assert client.delete(f"/v1/keys/{strong}").status_code == 403
        assert client.delete(f"/v1/keys/{weak['id']}").status_code == 204
    assert alice.get("/v1/keys").status_code == 200


def test_keys_are_not_without_number(alice: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.resources.keys.keep.MOST", 2)
    made = alice.post("/v1/keys", json=READER)
    assert made.status_code == 201
    assert "revoke one" in alice.post("/v1/keys", json=READER).json()["detail"]
    alice.delete(f"/v1/keys/{made.json()['id']}")
    assert alice.post("/v1/keys", json=READER).status_code == 201


def test_when_a_key_was_used_is_told_and_seldom_written(alice: httpx.Client, session: Session) -> None:
    def used() -> Any:
        session.rollback()
        return session.scalar(select(ApiKey.last_used_at))

    assert used() is None
    alice.get("/v1/watchlists")
    first = used()
    assert abs(now() - first) < timedelta(minutes=1)
    alice.get("/v1/watchlists")
    assert used() == first
    session.execute(update(ApiKey).values(last_used_at=first - timedelta(minutes=11)))
    session.commit()
    alice.get("/v1/watchlists")
    assert used() >= first
