"""Every failure is a problem document that names the input, and no answer leaves without its guards."""

import threading
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api import body
from api.app import make
from core import database
from core.models import Subscriber
from core.settings import settings
from tests.api.document import problem

WATCHLISTS = "/v1/watchlists"
JSON = {"content-type": "application/json"}
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def test_a_path_that_is_not_served_is_named(alice: httpx.Client) -> None:
    assert "/v1/nothing" in str(problem(alice.get("/v1/nothing"), 404)["detail"])


def test_the_log_tells_who_was_refused(
    alice: httpx.Client, stranger: httpx.Client, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    who = session.scalar(select(Subscriber.id).where(Subscriber.name == "alice"))
    for client in (alice, stranger):
        client.get(f"/v1/events/{UUID(int=7)}")
    lines = [line for line in capsys.readouterr().out.splitlines() if "api.request" in line]
    assert [f"subscriber_id={who}" in line for line in lines] == [True, False]
    assert [f"status={status}" in line for status, line in zip((404, 401), lines, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", f"{WATCHLISTS}/{UUID(int=7)}", "DELETE, GET, PATCH"),
        ("DELETE", WATCHLISTS, "GET, POST"),
        ("GET", f"{WATCHLISTS}/backtest", "POST"),  # and is no watchlist's id
        ("OPTIONS", "/v1/deliveries/resend", "POST"),
    ],
)
def test_all_methods_that_a_path_allows_are_told(alice: httpx.Client, method: str, path: str, allowed: str) -> None:
    answer = alice.request(method, path)
    assert allowed in str(problem(answer, 405)["detail"])
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("given", ["0", "20260312", "2026-3-12", "2026-02-30", "1767225600"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/stats", "/v1/indicators"])
def test_a_day_that_is_none_is_refused_by_name(alice: httpx.Client, path: str, given: str) -> None:
    told = problem(alice.get(path, params={"date_from": given}), 422)
    assert told["errors"][0]["field"] == "query.date_from"


def test_an_unknown_filter_is_named(alice: httpx.Client) -> None:
    told = problem(alice.get("/v1/events", params={"colour": "red"}), 422)
    assert told["errors"] == [{"field": "query.colour", "reason": "unknown field"}]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many"])
def test_a_limit_outside_1_to_200_is_refused(alice: httpx.Client, limit: str) -> None:
    told = problem(alice.get("/v1/events", params={"limit": limit}), 422)
    assert told["errors"][0]["field"] == "query.limit"


def test_an_id_that_is_none_is_refused(alice: httpx.Client) -> None:
    told = problem(alice.get("/v1/events/first"), 422)
    assert told["errors"][0]["field"] == "path.event_id"


def test_a_body_that_is_not_json_is_told_where(alice: httpx.Client) -> None:
    told = problem(alice.post(WATCHLISTS, content=b'{"name": "x",}', headers=JSON), 400)
    assert "not JSON" in str(told["detail"])
    assert "column" in str(told["detail"])


@pytest.mark.parametrize("path", [WATCHLISTS, "/v1/articles"])
def test_a_body_that_is_not_utf_8_is_told_the_byte(alice: httpx.Client, path: str) -> None:
    told = problem(alice.post(path, content='{"name": "银行"}'.encode("gb18030"), headers=JSON), 400)
    assert "not UTF-8" in str(told["detail"])
    assert "byte 10" in str(told["detail"])


def test_half_a_character_is_refused(alice: httpx.Client) -> None:
    problem(alice.post(WATCHLISTS, content=rb'{"name": "\ud800", "firms": ["abc"]}', headers=JSON), 400)


@pytest.mark.parametrize("path", [WATCHLISTS, "/v1/articles"])
def test_another_media_type_is_named(alice: httpx.Client, path: str) -> None:
    told = problem(alice.post(path, content=b"<xml/>", headers={"content-type": "text/xml"}), 415)
    assert "text/xml" in str(told["detail"])


@pytest.mark.parametrize(("path", "most"), [(WATCHLISTS, body.MAX_BODY), ("/v1/articles", body.MAX_PUSH)])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_above_the_cap_is_refused(alice: httpx.Client, path: str, most: int, chunked: bool) -> None:
    content = b" " * (most + 1)

    def pieces() -> Iterator[bytes]:
        yield from (content[start : start + 2**20] for start in range(0, len(content), 2**20))

    try:
        answer = alice.post(path, content=pieces() if chunked else content, headers=JSON)
    except httpx.WriteError:
        return  # the server hung up on the rest
    problem(answer, 413)


@pytest.mark.parametrize("query", ["bank=%00", "cursor=a%00b"])
def test_a_nul_character_reaches_no_query(alice: httpx.Client, query: str) -> None:
    problem(alice.get(f"/v1/events?{query}"), 400)


def test_a_database_that_is_away_is_said_and_nothing_leaks(
    alice: httpx.Client, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_DATABASE_URL", "postgresql://user:hunter2@127.0.0.1:1/none")
    database.engine().dispose()
    database.engine.cache_clear()
    settings.cache_clear()
    answer = alice.get("/v1/events")
    problem(answer, 503)
    assert answer.headers["retry-after"]
    assert "hunter2" not in answer.text


@pytest.fixture
def broken(stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """A server one of whose parts raises what nobody expected."""
    monkeypatch.setattr("api.resources.health.state.database_state", lambda: 1 / 0)
    return stranger


def test_an_error_of_ours_says_its_request_id_and_nothing_else(broken: httpx.Client) -> None:
    told = problem(broken.get("/readyz"), 500)
    assert "ZeroDivisionError" not in str(told)
    assert broken.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/v1/events", "/nothing", "/readyz"])
def test_every_answer_carries_the_security_headers_and_no_cors(broken: httpx.Client, path: str) -> None:
    headers = broken.get(path, headers={"origin": "https://elsewhere.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_a_request_id_of_the_caller_is_kept_where_it_is_a_plain_word(stranger: httpx.Client) -> None:
    assert stranger.get("/healthz", headers={"x-request-id": "order-4711"}).headers["x-request-id"] == "order-4711"
    made = stranger.get("/healthz", headers={"x-request-id": "a b\tc<script>"}).headers["x-request-id"]
    assert made != "a b\tc<script>"


def test_many_slow_requests_at_once_do_not_starve_each_other(alice: httpx.Client, environment: dict[str, str]) -> None:
    """More requests than the pool has connections, each of which waits in the database for a lock."""
    with database.engine().connect() as holder:
        holder.execute(text("LOCK TABLE watchlist IN ACCESS EXCLUSIVE MODE"))
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda: answers.append(alice.get(WATCHLISTS, timeout=60).status_code))
            for _ in range(30)
        ]
        for thread in threads:
            thread.start()
        holder.rollback()
    for thread in threads:
        thread.join()
    assert answers == [200] * 30


def test_numbers_and_depths_beyond_all_measure_are_refused(alice: httpx.Client) -> None:
    deep = b"[" * 900 + b"]" * 900
    for wrong in (b'"min_amount": 1e400', b'"min_amount": ' + b"9" * 5000, b'"colour": ' + deep, b'"firms": ' + deep):
        content = b'{"name": "x", "banks": ["\xe7\x94\xb2\xe4\xb9\x99"], ' + wrong + b"}"
        answer = alice.post(WATCHLISTS, content=content, headers=JSON)
        assert answer.status_code in (400, 422), answer.text
    channel = b'{"kind": "webhook", "name": "x", "config": {"url": ' + deep + b"}}"
    assert alice.post("/v1/channels", content=channel, headers=JSON).status_code == 422
    assert alice.get(f"/v1/events?limit={'9' * 5000}").status_code == 422
    assert alice.get("/v1/events?since=0001-01-01&min_amount=1e400").status_code == 422


def test_what_another_request_changed_meanwhile_is_a_conflict(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = alice.post(WATCHLISTS, json={"name": "x", "firms": ["甲乙丙"]}).json()["id"]
    channel = alice.post("/v1/channels", json={"kind": "email", "name": "d", "config": {"to": "a@example.com"}}).json()
    with database.engine().connect() as other, database.engine().connect() as watcher:
        other.execute(text("DELETE FROM channel"))  # not yet committed: the patch below still sees the channel
        answers: list[httpx.Response] = []
        path, change = f"{WATCHLISTS}/{made}", {"channels": [channel["id"]]}
        patch = threading.Thread(target=lambda: answers.append(alice.patch(path, json=change, timeout=60)))
        patch.start()
        while patch.is_alive() and not watcher.scalar(_WAITING):
            watcher.rollback()  # within one transaction the view of the others stands still
        other.commit()
    patch.join()
    problem(answers[0], 409)


def test_the_application_can_be_made_twice() -> None:
    assert make().openapi() == make().openapi()
