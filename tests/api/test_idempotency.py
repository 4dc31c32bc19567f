"""A POST that is sent again with its Idempotency-Key is answered again, and carried out once."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from api.app import app
from api.resources.articles import push as pushing
from core.models import Article, Channel, Idempotency, Watchlist

NEW = {"title": "一则新闻", "text": "样例银行向甲公司发放贷款三千万元。"}
WATCHLIST = {"name": "甲", "banks": ["工商银行"]}
KEY = {"idempotency-key": "a-key-of-ours"}


def same(one: httpx.Response, other: httpx.Response) -> bool:
    kept = [one.headers["content-type"], one.status_code, one.content]
    return kept == [other.headers["content-type"], other.status_code, other.content]


def count(session: Session, of: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(of)) or 0


def test_the_same_request_again_gets_the_same_answer(alice: httpx.Client, session: Session) -> None:
    first = alice.post("/v1/articles", json=[NEW, {"text": ""}], headers=KEY)
    again = alice.post("/v1/articles", json=[NEW, {"text": ""}], headers=KEY)
    assert (first.status_code, first.json()["stored"], first.json()["rejected"]) == (200, 1, 1)
    assert same(first, again)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert count(session, Article) == 1


def test_without_the_header_nothing_is_kept_and_a_repetition_is_a_duplicate(
    alice: httpx.Client, session: Session
) -> None:
    alice.post("/v1/articles", json=NEW)
    assert alice.post("/v1/articles", json=NEW).json()["duplicate"] == 1
    assert count(session, Idempotency) == 0


def test_the_same_key_with_another_body_or_query_is_refused(alice: httpx.Client, session: Session) -> None:
    alice.post("/v1/articles", json=NEW, headers=KEY)
    for body, query in ((NEW | {"title": "另一则"}, ""), (NEW, "?x=1")):
        answer = alice.post("/v1/articles" + query, json=body, headers=KEY)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "header.idempotency-key"
    assert count(session, Article) == 1


def test_the_same_key_elsewhere_or_of_another_is_another_key(
    alice: httpx.Client, subscribe: Callable[..., httpx.Client], session: Session
) -> None:
    bob = subscribe("bob")
    assert alice.post("/v1/articles", json=NEW, headers=KEY).json()["stored"] == 1
    assert alice.post("/v1/watchlists", json=WATCHLIST, headers=KEY).status_code == 201
    assert bob.post("/v1/articles", json=NEW, headers=KEY).json()["duplicate"] == 1
    assert bob.post("/v1/watchlists", json=WATCHLIST, headers=KEY).status_code == 201
    assert count(session, Watchlist) == 2


def test_every_post_heeds_the_key_and_a_thing_is_made_once(alice: httpx.Client, session: Session) -> None:
    answers = [alice.post("/v1/watchlists", json=WATCHLIST, headers=KEY) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert same(answers[0], answers[2])
    assert count(session, Watchlist) == 1
    assert alice.get(f"/v1/watchlists/{answers[0].json()['id']}").status_code == 200


def test_a_secret_in_an_answer_is_told_again_and_stands_nowhere_in_the_database(
    alice: httpx.Client, session: Session
) -> None:
    asked = {"kind": "webhook", "name": "甲", "config": {"url": "https://hooks.example.com/1"}}
    first, again = (alice.post("/v1/channels", json=asked, headers=KEY) for _ in range(2))
    assert first.status_code == 201, first.text
    assert same(first, again) and first.json()["secret"]
    assert count(session, Channel) == 1
    [row] = session.execute(text("SELECT idempotency::text, body FROM idempotency")).all()
    assert first.json()["secret"] not in row[0]
    assert first.json()["secret"].encode() not in bytes(row[1])


def test_what_is_wrong_with_a_request_is_told_again(alice: httpx.Client) -> None:
    for body in ({"name": "甲", "banks": []}, {"nonsense": 1}, b"{"):
        key = {"idempotency-key": f"k{len(str(body))}", "content-type": "application/json"}
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        first, again = (alice.post("/v1/watchlists", headers=key, **sent) for _ in range(2))
        assert first.status_code in (400, 422)
        assert same(first, again)


def test_a_failed_request_leaves_nothing_behind(alice: httpx.Client, session: Session) -> None:
    watching_nothing = {"name": "甲", "banks": []}
    assert alice.post("/v1/watchlists", json=watching_nothing, headers=KEY).status_code == 422
    assert count(session, Watchlist) == 0, "its transaction was rolled back"


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
def test_a_key_that_is_none_is_refused_by_name(alice: httpx.Client, session: Session, key: str) -> None:
    answer = alice.post("/v1/articles", json=NEW, headers={"idempotency-key": key})
    assert answer.status_code == 422
    assert "1 to 255 visible ASCII characters" in answer.json()["detail"]
    assert count(session, Article) == 0


def test_who_may_not_ask_is_told_nothing_and_leaves_no_row(
    alice: httpx.Client, stranger: httpx.Client, subscribe: Callable[..., httpx.Client], session: Session
) -> None:
    alice.post("/v1/articles", json=NEW, headers=KEY)
    assert stranger.post("/v1/articles", json=NEW, headers=KEY).status_code == 401
    reader = subscribe("reader", scopes=("read",))
    assert reader.post("/v1/articles", json=NEW, headers=KEY).status_code == 403
    assert count(session, Idempotency) == 2  # alice's, and the reader's refusal


def test_a_large_body_is_read_as_without_the_key(alice: httpx.Client) -> None:
    long = {"title": "长", "text": "长" * 1_000_000}
    assert alice.post("/v1/articles", json=long, headers=KEY).json()["stored"] == 1
    answer = alice.post("/v1/watchlists", json={"name": "长" * 1_000_000}, headers=KEY)
    assert answer.status_code == 413


def test_while_a_request_is_carried_out_its_repetition_is_409(
    alice: httpx.Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    usual = pushing.push

    def slow(body: Any) -> Any:
        begun.set()
        assert go_on.wait(20)
        return usual(body)

    monkeypatch.setattr(pushing, "push", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(alice.post, "/v1/articles", json=NEW, headers=KEY, timeout=30)
        assert begun.wait(20)
        meanwhile = alice.post("/v1/articles", json=NEW, headers=KEY)
        assert alice.post("/v1/articles", json=NEW | {"title": "乙"}, headers=KEY).status_code == 422
        go_on.set()
        told = first.result()
    assert meanwhile.status_code == 409
    assert meanwhile.headers["retry-after"] == "1"
    assert "is being carried out" in meanwhile.json()["detail"]
    assert same(told, alice.post("/v1/articles", json=NEW, headers=KEY))
    assert count(session, Article) == 1


def test_of_many_at_once_one_is_carried_out(alice: httpx.Client, session: Session) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(alice.post, "/v1/watchlists", json=WATCHLIST, headers=KEY, timeout=30) for _ in range(16)]
        answers = [one.result() for one in sent]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert count(session, Watchlist) == 1


def test_an_error_of_ours_is_not_kept(alice: httpx.Client, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Any:
        raise RuntimeError("a slip of ours")

    with monkeypatch.context() as patch:
        patch.setattr(pushing, "push", broken)
        assert alice.post("/v1/articles", json=NEW, headers=KEY).status_code == 500
    assert count(session, Idempotency) == 0
    assert alice.post("/v1/articles", json=NEW, headers=KEY).json()["stored"] == 1


def _shift(session: Session, **columns: Any) -> None:
    session.execute(update(Idempotency).values(**columns))
    session.commit()


def test_a_request_whose_process_died_is_carried_out_again_when_its_lease_is_over(
    alice: httpx.Client, session: Session
) -> None:
    alice.post("/v1/articles", json=NEW, headers=KEY)
    _shift(session, status=None, media_type=None, body=None)  # as a process leaves it that dies before it answers
    assert alice.post("/v1/articles", json=NEW, headers=KEY).status_code == 409
    _shift(session, lease_until=func.now() - timedelta(seconds=1))
    other = alice.post("/v1/articles", json=NEW | {"title": "乙"}, headers=KEY)
    assert other.status_code == 422, "the key belongs to the request that was begun"
    told = alice.post("/v1/articles", json=NEW, headers=KEY)
    assert told.json()["duplicate"] == 1, "it was carried out, and what was there before is known"
    assert same(told, alice.post("/v1/articles", json=NEW, headers=KEY))
    assert count(session, Idempotency) == 1


def test_after_a_day_a_key_is_free_again_and_old_answers_go(alice: httpx.Client, session: Session) -> None:
    for number in range(3):
        alice.post("/v1/watchlists", json=WATCHLIST, headers={"idempotency-key": f"old-{number}"})
    _shift(session, created_at=func.now() - timedelta(hours=25))
    again = alice.post("/v1/watchlists", json=WATCHLIST | {"name": "乙"}, headers={"idempotency-key": "old-0"})
    assert again.status_code == 201 and again.json()["name"] == "乙"
    assert count(session, Idempotency) == 1


POSTS = {path: methods["post"] for path, methods in app.openapi()["paths"].items() if "post" in methods}
WITH_KEY = sorted(path for path, post in POSTS.items() if "security" in post)


def test_the_document_tells_the_header_of_every_post_that_takes_an_api_key() -> None:
    assert set(POSTS) - set(WITH_KEY) == {"/v1/unsubscribe/{ticket}", "/v1/confirm/{ticket}"}
    for path, post in POSTS.items():
        told = [one["name"] for one in post["parameters"] if one["in"] == "header"]
        assert told == (["Idempotency-Key"] if path in WITH_KEY else [])


@pytest.mark.parametrize("path", WITH_KEY)
def test_every_post_answers_the_same_request_again_and_refuses_another(alice: httpx.Client, path: str) -> None:
    """Whatever it answers: here mostly that nothing has this id, or that the body lacks something."""
    where = re.sub(r"{\w+}", str(uuid4()), path)
    first, again = (alice.post(where, json={}, headers=KEY) for _ in range(2))
    assert first.status_code < 500 and "idempotency-replayed" not in first.headers
    assert same(first, again) and again.headers["idempotency-replayed"] == "true"
    other = alice.post(where, json={"another": True}, headers=KEY)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "header.idempotency-key")
