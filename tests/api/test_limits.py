"""How often one may ask: by key, by address, over all processes, and never refused because the broker is away."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from redis import Redis

from api.limits import middleware, tally
from core.settings import settings
from tests.api.conftest import Subscribe, served

ASK = "/v1/watchlists"


@pytest.fixture(autouse=True)
def few(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Five requests a minute for a key, three for an address."""
    monkeypatch.setenv("YINQI_LIMIT_PER_KEY", "5")
    monkeypatch.setenv("YINQI_LIMIT_PER_ADDRESS", "3")
    settings.cache_clear()
    monkeypatch.setattr(tally, "WINDOW", int(time.time()) - 5)  # one that does not end while a test runs
    yield
    settings.cache_clear()


def _left(answer: httpx.Response) -> int:
    found = re.fullmatch(r'"\w+";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert found and int(found[2]) <= tally.WINDOW
    return int(found[1])


def test_each_answer_tells_what_is_left_and_too_much_is_429(alice: httpx.Client) -> None:
    answers = [alice.get(ASK) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert [_left(answer) for answer in answers] == [4, 3, 2, 1, 0, 0]
    assert answers[0].headers["ratelimit-policy"] == f'"key";q=5;w={tally.WINDOW}'
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= tally.WINDOW
    assert refused.json()["status"] == 429 and "this key may ask 5 times" in refused.json()["detail"]


def test_a_refusal_asks_nothing_of_the_database(alice: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        alice.get(ASK)
    monkeypatch.setenv("YINQI_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    settings.cache_clear()
    assert alice.get(ASK).status_code == 429


def test_one_keys_requests_are_not_anothers(alice: httpx.Client, subscribe: Subscribe) -> None:
    for _ in range(6):
        alice.get(ASK)
    assert subscribe("bob").get(ASK).status_code == 200


def test_guessing_keys_counts_for_the_address(stranger: httpx.Client, alice: httpx.Client) -> None:
    assert alice.get(ASK).status_code == 200  # known from now on
    answers = [stranger.get(ASK, headers={"authorization": f"Bearer yq_guess{n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429]
    assert "this address" in answers[-1].json()["detail"]
    assert alice.get(ASK).status_code == 200, "who has a key is not refused for the guesser beside"


def test_what_needs_no_key_counts_for_the_address_whatever_key_is_shown(stranger: httpx.Client) -> None:
    shown = [{"authorization": f"Bearer yq_any{n}"} for n in range(4)]
    answers = [stranger.get("/v1/openapi.json", headers=one, timeout=60).status_code for one in shown]
    assert answers == [200] * 3 + [429]


def test_a_key_that_was_revoked_counts_for_the_address_again(alice: httpx.Client, stranger: httpx.Client) -> None:
    made = alice.post("/v1/keys", json={"name": "x", "scopes": ["read"]}).json()
    shown = {"authorization": f"Bearer {made['key']}"}
    assert stranger.get(ASK, headers=shown).status_code == 200
    alice.delete(f"/v1/keys/{made['id']}")
    answers = [stranger.get(ASK, headers=shown) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429]
    assert '"address"' in answers[-1].headers["ratelimit"]


def _sign_in(stranger: httpx.Client, alice: httpx.Client) -> None:
    """Make the stranger's a browser in which alice signed in."""
    hidden = re.search(r'name="csrf" value="(\w+)"', stranger.get("/sign-in").text)
    assert hidden
    form = {"key": alice.headers["authorization"].removeprefix("Bearer "), "csrf": hidden[1]}
    signed = stranger.post("/sign-in", data=form, headers={"origin": str(stranger.base_url)})
    assert signed.status_code == 303, signed.text


@pytest.mark.parametrize("shown", ["key", "session"])
def test_pages_count_for_the_key_that_signed_in(stranger: httpx.Client, alice: httpx.Client, shown: str) -> None:
    _sign_in(stranger, alice)  # two requests of the address
    answers = [stranger.get("/account", headers={"accept": "text/html"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [_left(answer) for answer in answers] == [4, 3, 2]
    asking, path = (alice, ASK) if shown == "key" else (stranger, "/account")
    assert [asking.get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_too_much_is_told_to_a_browser_by_a_page(stranger: httpx.Client) -> None:
    answers = [stranger.get("/sign-in", headers={"accept": "text/html"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429]
    assert answers[-1].headers["content-type"].startswith("text/html") and "retry-after" in answers[-1].headers


def test_what_pages_are_made_of_counts_for_nobody(stranger: httpx.Client) -> None:
    style = re.search(r'href="(/static/[^"]+\.css)"', stranger.get("/sign-in").text)
    assert style
    assert {stranger.get(style[1]).status_code for _ in range(5)} == {200}
    assert "ratelimit" not in stranger.get(style[1]).headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/v1/health", "/metrics"])
def test_what_watches_yinqi_is_never_refused(stranger: httpx.Client, path: str) -> None:
    answers = [stranger.get(path, timeout=60) for _ in range(5)]
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert "ratelimit" not in answers[0].headers


def test_no_limit_where_it_is_set_to_none(alice: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINQI_LIMIT_PER_KEY", "0")
    monkeypatch.setenv("YINQI_LIMIT_PER_ADDRESS", "0")
    settings.cache_clear()
    answers = [alice.get(ASK) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[-1].headers


def test_many_at_once_are_counted_each(alice: httpx.Client) -> None:
    alice.get(ASK)
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: alice.get(ASK, timeout=30).status_code, range(16)))
    assert sorted(codes) == [200] * 4 + [429] * 12


@contextmanager
def _shared(environment: dict[str, str], who: int) -> Iterator[None]:
    """Wait until the broker was told of `who` requests in all."""
    with Redis.from_url(environment["YINQI_BROKER_URL"]) as broker:
        until = time.monotonic() + 20
        while sum(int(broker.get(name) or 0) for name in broker.keys("yinqi:asked:*:key:*")) < who:
            assert time.monotonic() < until
            time.sleep(0.05)
        yield


def test_two_processes_count_together(
    subscribe: Subscribe, new_subscriber: Callable[..., str], environment: dict[str, str]
) -> None:
    shown = {"authorization": f"Bearer {new_subscriber('carol')}"}
    with served() as one, served() as other, httpx.Client(headers=shown, trust_env=False) as client:
        assert [client.get(one + ASK).status_code for _ in range(4)] == [200] * 4
        with _shared(environment, 4):
            assert client.get(other + ASK).status_code == 200  # learns of the four soon after
        with _shared(environment, 5):
            time.sleep(2 * tally.SHARED)
        assert client.get(other + ASK).status_code == 429


@contextmanager
def _broker(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One where nothing listens, or one that takes every connection and never says a word."""
    monkeypatch.setattr(tally, "PATIENCE", 600)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if kind == "away":
            silent.close()
        monkeypatch.setenv("YINQI_BROKER_URL", f"redis://127.0.0.1:{port}/0")
        settings.cache_clear()
        yield


@pytest.mark.parametrize("kind", ["away", "silent"])
def test_a_broker_that_is_away_refuses_nobody_and_keeps_nobody_waiting(
    alice: httpx.Client, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    with _broker(kind, monkeypatch):
        assert [alice.get(ASK).status_code for _ in range(3)] == [200] * 3
        time.sleep(2 * tally.SHARED)
        assert [alice.get(ASK).status_code for _ in range(3)] == [200, 200, 429], "the process still counts for itself"


def test_counts_that_fall_due_while_the_event_loop_closes_do_not_keep_the_process_from_ending() -> None:
    ending = """if True:
        import asyncio, os, socket
        from api.limits import tally

        silent = socket.create_server(("127.0.0.1", 0))
        os.environ["YINQI_BROKER_URL"] = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"

        async def holds_the_end_up():
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                await asyncio.sleep(2 * tally.SHARED)

        async def main():
            running.append(asyncio.create_task(holds_the_end_up()))
            await asyncio.sleep(0)
            tally.Tally().add("alice", 5)

        running = []
        asyncio.run(main())
    """
    ended = subprocess.run([sys.executable, "-c", ending], timeout=30, check=True, capture_output=True, text=True)
    assert not ended.stderr, "nothing was left behind unfinished"


def test_one_household_of_ipv6_is_one_address() -> None:
    def name(host: str) -> str:
        return middleware._address({"client": (host, 1)})

    assert name("2001:db8:1:2::1") == name("2001:db8:1:2:ffff::9") != name("2001:db8:1:3::1")
    assert name("192.0.2.1") != name("192.0.2.2")
