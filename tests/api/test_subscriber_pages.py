"""Subscribers on the operator's pages: who may, what a new key may do, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.models import ApiKey, Subscriber
from tests.api.reader import Reader


def sent(reader: Reader, path: str, **form: Any) -> Any:
    return reader.send(path, {"csrf": reader.token("/account")} | form)


def of(session: Session, name: str) -> Subscriber | None:
    session.expire_all()
    return session.scalar(select(Subscriber).where(Subscriber.name == name))


def key_of(session: Session, owner: UUID) -> list[ApiKey]:
    session.expire_all()
    return list(session.scalars(select(ApiKey).where(ApiKey.subscriber_id == owner).order_by(ApiKey.id)))


def test_a_new_subscribers_key_is_good_and_shows_once(signed_in: Reader, session: Session, base_url: str) -> None:
    answer = sent(signed_in, "/subscribers", name="样例研究部", scopes="read")
    assert answer.status_code == 303
    page = signed_in.http.get(answer.headers["location"]).text
    plain = page.partition('class="secret">')[2].partition("<")[0]
    told = httpx.get(f"{base_url}/v1/subscriber", headers={"Authorization": f"Bearer {plain}"}, trust_env=False)
    assert told.json()["name"] == "样例研究部"
    assert plain not in signed_in.http.get(answer.headers["location"]).text
    owner = of(session, "样例研究部")
    assert owner is not None and [(one.name, one.scopes) for one in key_of(session, owner.id)] == [
        ("样例研究部", ["read"])
    ]


@pytest.mark.parametrize(
    ("form", "field"),
    [({"name": " "}, "name"), ({"name": "alice"}, "name"), ({"scopes": []}, "scopes"), ({"scopes": "root"}, "scopes"),
     ({"expires_at": "2020-01-01"}, "expires_at"), ({"expires_at": "soon"}, "expires_at")],
)  # fmt: skip
def test_what_is_refused_is_told_at_its_field_and_adds_nobody(
    signed_in: Reader, session: Session, form: dict[str, Any], field: str
) -> None:
    answer = sent(signed_in, "/subscribers", **({"name": "样例研究部", "scopes": "read"} | form))
    assert answer.status_code == 200 and f'id="e-{field}"' in answer.text
    assert "Not accepted" not in answer.text and "没有接受" not in answer.text
    assert of(session, "样例研究部") is None


def test_no_key_outlives_the_one_that_was_signed_in_with(signed_in: Reader, session: Session) -> None:
    alice = of(session, "alice")
    assert alice is not None
    [own] = key_of(session, alice.id)
    own.expires_at = now() + timedelta(days=5)
    session.commit()
    assert sent(signed_in, "/subscribers", name="样例研究部", scopes="read").status_code == 303
    owner = of(session, "样例研究部")
    assert owner is not None and key_of(session, owner.id)[0].expires_at == key_of(session, alice.id)[0].expires_at
    late = sent(signed_in, f"/subscribers/{owner.id}/keys", label="x", scopes="read", expires_at="2099-01-01")
    assert 'id="e-expires_at"' in late.text and len(key_of(session, owner.id)) == 1


def test_another_name_deletes_nobody(signed_in: Reader, session: Session, new_subscriber: Callable[..., str]) -> None:
    new_subscriber("bob")
    bob = of(session, "bob")
    assert bob is not None
    assert 'id="e-name"' in sent(signed_in, f"/subscribers/{bob.id}/delete", name="alice").text
    assert of(session, "bob") is not None
    assert sent(signed_in, f"/subscribers/{bob.id}/delete", name="bob").status_code == 303
    assert of(session, "bob") is None


def test_a_key_of_another_is_not_revoked_there(
    signed_in: Reader, session: Session, new_subscriber: Callable[..., str]
) -> None:
    new_subscriber("bob")
    alice, bob = of(session, "alice"), of(session, "bob")
    assert alice is not None and bob is not None
    [key] = key_of(session, bob.id)
    assert sent(signed_in, f"/subscribers/{alice.id}/keys/revoke", key=str(key.id)).status_code == 404
    assert sent(signed_in, f"/subscribers/{bob.id}/keys/revoke", key=str(key.id)).status_code == 303
    assert key_of(session, bob.id)[0].revoked_at is not None


def test_only_the_operator_sees_subscribers(looker: Reader, session: Session) -> None:
    someone = of(session, "looker")
    assert someone is not None
    for path in ("/subscribers", f"/subscribers/{someone.id}"):
        assert looker.http.get(path).status_code == 403
    assert sent(looker, "/subscribers", name="x", scopes="read").status_code == 403
    assert sent(looker, f"/subscribers/{someone.id}/delete", name="looker").status_code == 403
