"""Signing in to the dashboard: what a key is exchanged for, for how long, and how often one may try."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.dashboard import attempts
from api.dashboard.deps import safe_next
from core import database
from core.clock import now
from core.models import ApiKey, SignInTries, WebSession
from tests.api.reader import Reader


def test_a_key_is_exchanged_for_a_session_of_which_only_a_hash_is_kept(
    reader: Reader, new_subscriber: Callable[..., str], session: Session
) -> None:
    key = new_subscriber()
    answer = reader.sign_in(key, next="/account?x=1")
    assert answer.headers["location"] == "/account?x=1"
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("yinqi=")]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    [row] = session.scalars(select(WebSession))
    assert key not in cookie
    assert all(token not in str(value) for value in vars(row).values())


def test_under_https_cookies_are_secure_and_of_this_host_alone(
    reader: Reader, new_subscriber: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.settings import settings

    monkeypatch.setattr(settings(), "public_url", "https://yinqi.example.com")
    page = reader.get("/sign-in")
    [form] = page.headers.get_list("set-cookie")
    assert form.startswith("__Host-yinqi_form=") and "Secure" in form
    token = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert token
    answer = reader.http.post(
        "/sign-in",
        data={"csrf": token[1], "key": new_subscriber()},
        headers={"origin": "https://yinqi.example.com", "cookie": form.partition(";")[0]},
    )
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-yinqi=")]
    assert "Secure" in cookie and "HttpOnly" in cookie and "Path=/" in cookie


@pytest.mark.parametrize("change", [{"revoked_at": now()}, {"expires_at": now() - timedelta(seconds=1)}])
def test_a_session_ends_with_its_key(signed_in: Reader, session: Session, change: dict[str, object]) -> None:
    assert signed_in.get("/").status_code == 200
    session.execute(update(ApiKey).values(**change))
    session.commit()
    assert signed_in.get("/").headers["location"] == "/sign-in?next=%2F"


def test_a_session_ends_by_itself(signed_in: Reader, session: Session) -> None:
    session.execute(update(WebSession).values(expires_at=now() - timedelta(seconds=1)))
    session.commit()
    assert signed_in.get("/").status_code == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(signed_in: Reader) -> None:
    kept = dict(signed_in.http.cookies)
    assert signed_in.send("/sign-out", {"csrf": signed_in.token("/account")}).status_code == 303
    signed_in.http.cookies.update(kept)
    assert signed_in.get("/").status_code == 303


def test_one_sees_and_ends_ones_own_sessions_alone(
    signed_in: Reader, base_url: str, new_subscriber: Callable[..., str], session: Session
) -> None:
    bob = Reader(base_url)
    bob.sign_in(new_subscriber("bob"))
    [own, theirs] = session.scalars(select(WebSession).order_by(WebSession.created_at)).unique()
    page = signed_in.get("/account").text
    assert str(own.id) in page and str(theirs.id) not in page
    token = signed_in.token("/account")
    assert signed_in.send("/account/sessions/end", {"csrf": token, "session": str(theirs.id)}).status_code == 404
    assert bob.get("/account").status_code == 200
    assert signed_in.send("/account/sessions/end", {"csrf": token, "session": str(own.id)}).status_code == 303
    assert signed_in.get("/account").status_code == 303
    bob.http.close()


def test_a_wrong_key_is_refused_and_after_many_none_is_looked_at(
    reader: Reader, new_subscriber: Callable[..., str], session: Session
) -> None:
    key = new_subscriber()
    answers = [reader.sign_in("yq_wrong").status_code for _ in range(attempts.MOST)]
    assert set(answers) == {403}
    late = reader.sign_in(key)
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= attempts.WINDOW
    session.execute(update(SignInTries).values(since=now() - timedelta(seconds=attempts.WINDOW + 1)))
    session.commit()
    assert reader.sign_in(key).status_code == 303
    assert list(session.scalars(select(SignInTries))) == [], "who signed in starts anew"


def test_tries_of_all_processes_count_together_and_none_passes_beside_another(
    reader: Reader, new_subscriber: Callable[..., str]
) -> None:
    def one(address: str) -> int:
        with database.at_once() as flight:
            return attempts.wait(flight, address)

    with ThreadPoolExecutor(8) as at_once:
        waits = list(at_once.map(one, ["127.0.0.1"] * (attempts.MOST + 5)))
    assert waits.count(0) == attempts.MOST
    assert reader.sign_in(new_subscriber()).status_code == 429, "though this server saw none of them fail"
    assert one("192.0.2.7") == 0, "another address is not kept out"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_household_count_as_one(address: str, counted: str) -> None:
    assert attempts.network(address) == counted


@pytest.mark.parametrize(
    "given",
    ["https://evil.example.com", "//evil.example.com", "/\\evil.example.com", "javascript:alert(1)", "", None, "/a\nb"],
)
def test_no_sign_in_leads_to_another_site(given: str | None) -> None:
    assert safe_next(given) == "/"
