"""Every problem that the OpenAPI document declares for an operation is driven there, and is as it declares.

A stage makes one status happen to any operation. What none of them can bring about stands in ELSEWHERE with its reason.
"""

import hashlib
import http.client
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from alerts.ticket import Ticket
from api import body, idempotency
from api.idempotency import store
from api.limits import tally
from core import database
from core.keys import hash_key
from core.settings import settings
from tests.api.conftest import Subscribe
from tests.api.document import NO_PROBLEMS, OPERATIONS, Operation, problem
from tests.api.test_privacy import ids

__all__ = ["ids"]

Ask = Callable[[Operation], httpx.Response]
ELSEWHERE = {
    ("GET /v1/subscriber", "404"): "deleted after the key was looked at, within one request",
    ("DELETE /v1/subscriber", "404"): "the same",
    ("POST /v1/sources/preview", "504"): "needs an ingest service that is away: test_previews.py",
}
DECLARED = {
    (str(one), status)
    for one in OPERATIONS
    for status in one.told["responses"]
    if status >= "400" and (one.path, status) not in NO_PROBLEMS
}


@dataclass(frozen=True)
class Setting:
    """Who asks, and what is there."""

    alice: httpx.Client
    stranger: httpx.Client
    lame: httpx.Client
    ids: dict[str, str]
    patch: pytest.MonkeyPatch

    def caller(self, operation: Operation) -> httpx.Client:
        """Alice where a key is needed."""
        return self.alice if "security" in operation.told else self.stranger


@pytest.fixture
def setting(
    alice: httpx.Client,
    stranger: httpx.Client,
    subscribe: Subscribe,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Setting]:
    """Alice may do all, a lame key nothing; things are there where they are told from others."""
    monkeypatch.setenv("YINQI_LIMIT_PER_KEY", "0")
    monkeypatch.setenv("YINQI_LIMIT_PER_ADDRESS", "0")
    settings.cache_clear()
    known = request.getfixturevalue("ids") if request.node.callspec.params["status"] == "409" else {}
    yield Setting(alice, stranger, subscribe("lame", scopes=()), known, monkeypatch)
    settings.cache_clear()


def _request(client: httpx.Client, operation: Operation, ids: dict[str, str] | None = None, **given: Any) -> Any:
    """A request that is good as far as the document tells, at what is not there unless `ids` says so."""
    at: Any = defaultdict(lambda: str(uuid4()), {"ticket": str(Ticket(str(uuid4()), 0, "unsigned"))} | (ids or {}))
    told = operation.parameters("query")
    needed = {one["name"] for one in operation.told.get("parameters", []) if one.get("required")}
    query = {name: "x" for name in told if name in needed} | ({"follow": "false"} if "follow" in told else {})
    sent = {} if "content" in given or operation.body is None else {"json": operation.example()}
    params = query | given.pop("query", {})
    return client.build_request(operation.method, operation.path.format_map(at), params=params, **(sent | given))


def _sent(client: httpx.Client, operation: Operation, *args: Any, **given: Any) -> httpx.Response:
    return client.send(_request(client, operation, *args, **given))


@contextmanager
def _a_nul_character(setting: Setting) -> Iterator[Ask]:
    yield lambda one: _sent(setting.caller(one), one, query={"q": "\0"})


@contextmanager
def _no_key(setting: Setting) -> Iterator[Ask]:
    def ask(one: Operation) -> httpx.Response:
        answer = _sent(setting.stranger, one)
        assert (answer.headers.get("www-authenticate") == "Bearer") == (answer.status_code == 401)
        return answer

    yield ask


@contextmanager
def _a_key_that_may_do_nothing(setting: Setting) -> Iterator[Ask]:
    yield lambda one: _sent(setting.lame if "security" in one.told else setting.stranger, one)


@contextmanager
def _nothing_of_this_id(setting: Setting) -> Iterator[Ask]:
    def ask(one: Operation) -> httpx.Response:
        named = {"watchlist": str(uuid4())} if "watchlist" in one.parameters("query") else {}
        return _sent(setting.caller(one), one, query=named)

    yield ask


@contextmanager
def _another_request_is_first(setting: Setting) -> Iterator[Ask]:
    """The same POST is being carried out; what another method changes, another request changed meanwhile."""

    def refuse(_: Session) -> None:
        raise IntegrityError("COMMIT", {}, Exception("the other was first"))

    def ask(one: Operation) -> httpx.Response:
        if one.method != "POST":
            event.listen(Session, "before_commit", refuse)
            named = {"alias": "别名", "name": "alice"}
            good = {name: value for name, value in named.items() if name in one.parameters("query")}
            try:
                return _sent(setting.alice, one, setting.ids, query=good)
            finally:
                event.remove(Session, "before_commit", refuse)
        asked = _request(setting.alice, one, setting.ids, headers={idempotency.HEADER: "one"})
        claim = {"route": f"POST {asked.url.path}", "key": "one", "digest": _digest(asked)}
        store.claim(api_key=hash_key(setting.alice.headers["authorization"].removeprefix("Bearer ")), **claim)
        return setting.alice.send(asked)

    yield ask


def _digest(asked: httpx.Request) -> str:
    return hashlib.sha256(asked.url.query + b"\n" + asked.content).hexdigest()


@contextmanager
def _a_body_that_is_told_to_be_too_large(setting: Setting) -> Iterator[Ask]:
    """Which is refused before it is sent."""

    def ask(one: Operation) -> httpx.Response:
        asked = _request(setting.caller(one), one, headers={idempotency.HEADER: "two"} if one.method == "POST" else {})
        raw = http.client.HTTPConnection(asked.url.host, asked.url.port, timeout=20)
        told = {"content-type": "application/json", "content-length": str(body.MAX_PUSH + 1)}
        raw.putrequest(one.method, asked.url.raw_path.decode(), skip_accept_encoding=True)
        for name, value in (dict(asked.headers) | told).items():
            if name not in ("host", "accept-encoding"):
                raw.putheader(name, value)
        raw.endheaders()
        answer = raw.getresponse()
        found = httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
        raw.close()
        return found

    yield ask


@contextmanager
def _another_media_type(setting: Setting) -> Iterator[Ask]:
    headers = {"content-type": "text/xml"}
    yield lambda one: _sent(setting.caller(one), one, content=b"<xml/>", headers=headers)


@contextmanager
def _a_field_that_is_wrong(setting: Setting) -> Iterator[Ask]:
    """Its id, else its body, else its query, else its Idempotency-Key."""

    def ask(one: Operation) -> httpx.Response:
        given: dict[str, Any] = {"query": {"colour": "red"}}
        at = {name: "first" for name, told in one.parameters("path").items() if told.get("format") == "uuid"}
        if not at and one.body is not None:
            given["json"] = []
        elif not at and one.method == "POST":
            given["headers"] = {idempotency.HEADER: "a b"}
        return _sent(setting.caller(one), one, at, **given)

    yield ask


@contextmanager
def _too_often(setting: Setting) -> Iterator[Ask]:
    setting.patch.setenv("YINQI_LIMIT_PER_KEY", "1")
    setting.patch.setenv("YINQI_LIMIT_PER_ADDRESS", "1")
    settings.cache_clear()
    setting.patch.setattr(tally, "WINDOW", int(time.time()) - 5)  # one that does not end meanwhile
    for client in (setting.alice, setting.stranger):
        client.get("/v1/watchlists")
    yield lambda one: _sent(setting.caller(one), one)


@contextmanager
def _no_database(setting: Setting) -> Iterator[Ask]:
    setting.patch.setenv("YINQI_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    database.engine().dispose()
    database.engine.cache_clear()
    settings.cache_clear()
    yield lambda one: _sent(setting.caller(one), one)


STAGES: dict[str, Callable[[Setting], AbstractContextManager[Ask]]] = {
    "400": _a_nul_character,
    "401": _no_key,
    "403": _a_key_that_may_do_nothing,
    "404": _nothing_of_this_id,
    "409": _another_request_is_first,
    "413": _a_body_that_is_told_to_be_too_large,
    "415": _another_media_type,
    "422": _a_field_that_is_wrong,
    "429": _too_often,
    "503": _no_database,
}
DRIVEN = {(label, status) for label, status in DECLARED if status in STAGES} - ELSEWHERE.keys()
ALSO_BESIDE = set(STAGES) - {"404", "409"}  # those whose stages make nothing of requests that they do not refuse


def test_every_problem_that_is_declared_is_driven_or_excused() -> None:
    assert DECLARED - ELSEWHERE.keys() == DRIVEN
    assert ELSEWHERE.keys() <= DECLARED


@pytest.mark.parametrize("status", STAGES)
def test_an_operation_answers_the_problems_that_it_declares_and_no_others(status: str, setting: Setting) -> None:
    faults: list[str] = []
    with STAGES[status](setting) as ask:
        for one in OPERATIONS:
            if (str(one), status) in DRIVEN:
                faults += _faults(one, ask(one), int(status))
            elif status in ALSO_BESIDE and status not in one.told["responses"] and ask(one).status_code == int(status):
                faults.append(f"{one}: answers it and does not declare it")
    assert not faults, "\n".join(faults)


def _faults(operation: Operation, answer: httpx.Response, status: int) -> list[str]:
    try:
        told = problem(answer, status)
        assert bool(told["errors"]) == (status == 422), told
    except AssertionError as fault:
        return [f"{operation}: {fault}"]
    return []


def test_a_method_that_a_path_does_not_declare_is_refused_with_those_that_it_does(stranger: httpx.Client) -> None:
    for path in {one.path for one in OPERATIONS}:
        answer = stranger.put(path.replace("{", "").replace("}", ""))
        assert f"PUT is not allowed at {answer.url.path}" in problem(answer, 405)["detail"]
        assert answer.headers["allow"].split(", ") == sorted(one.method for one in OPERATIONS if one.path == path)
