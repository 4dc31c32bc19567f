"""Connections of the async client: HTTP/2 where it is spoken, and a rest of seconds that weakens no guard."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop

from core.addresses import parse_networks
from core.http import AddressRefused, AsyncOutbound, BrokenExchange, Response, TimedOut, TooLarge
from tests.core.outbound import LOOPBACK
from tests.core.test_http_tls import NAME, at_loopback, certificate
from tests.fakes.origin import Answer, Origin, Seen
from tests.fakes.second import Second

__all__ = ["certificate"]
pytestmark = pytest.mark.ssrf
Script = Callable[[AsyncOutbound], Awaitable[Any]]


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        server.add("/", body=b"here")
        yield server


@pytest.fixture
def second(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Second]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Second(context) as server:
        yield server


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Runs a script with a client, on either event loop."""

    def with_client(script: Script, **client: Any) -> Any:
        async def main() -> Any:
            async with AsyncOutbound(**{"allow": LOOPBACK, "rest": 5.0, **client}) as out:
                return await script(out)

        return request.param(main())

    return with_client


def test_http2_is_spoken_where_the_other_side_does(run: Callable[..., Any], second: Second) -> None:
    async def script(out: AsyncOutbound) -> list[Response]:
        return [await out.request("GET", second.url(path, NAME)) for path in ("/a", "/big", "/c")]

    answers = run(script, resolve=at_loopback)
    assert [len(answer.body) for answer in answers] == [5, 100_000, 5]
    assert (second.paths, second.connections) == (["/a", "/big", "/c"], 1)


def test_an_endless_answer_over_http2_ends_at_the_cap_and_spoils_its_connection_only(
    run: Callable[..., Any], second: Second
) -> None:
    async def script(out: AsyncOutbound) -> Response:
        with pytest.raises(TooLarge):
            await out.request("GET", second.url("/endless", NAME), max_bytes=200_000)
        return await out.request("GET", second.url("/a", NAME))

    assert len(run(script, resolve=at_loopback).body) == 5
    assert second.connections == 2


def test_a_connection_rests_and_is_used_again(run: Callable[..., Any], origin: Origin) -> None:
    async def script(out: AsyncOutbound) -> None:
        for _ in range(3):
            assert (await out.request("GET", origin.url("/"))).body == b"here"

    run(script)
    assert origin.connections == 1
    run(script, rest=0)
    assert origin.connections == 4


@pytest.mark.parametrize("happens", [True, False])
def test_what_is_to_follow_something_leaves_after_it_or_not_at_all(
    run: Callable[..., Any], origin: Origin, happens: bool
) -> None:
    async def script(out: AsyncOutbound) -> int:
        await out.request("GET", origin.url("/"))
        after = asyncio.get_running_loop().create_future()
        asked = asyncio.ensure_future(out.request("GET", origin.url("/"), after=after))
        await asyncio.sleep(0.3)
        seen = len(origin.seen)
        after.set_result(None) if happens else after.cancel()
        [answer] = await asyncio.gather(asked, return_exceptions=True)
        assert isinstance(answer, Response if happens else asyncio.CancelledError)
        await out.request("GET", origin.url("/"))
        return seen

    assert run(script) == 1
    assert len(origin.seen) == 2 + happens


def test_a_rest_ends_by_itself(run: Callable[..., Any], origin: Origin) -> None:
    async def script(out: AsyncOutbound) -> None:
        await out.request("GET", origin.url("/"))
        await asyncio.sleep(0.3)
        await out.request("GET", origin.url("/"))

    run(script, rest=0.05)
    assert origin.connections == 2


def test_a_resting_connection_serves_its_own_name_only(run: Callable[..., Any], origin: Origin) -> None:
    async def script(out: AsyncOutbound) -> None:
        await out.request("GET", origin.url("/", host="one.example"))
        with pytest.raises(AddressRefused):
            await out.request("GET", origin.url("/", host="two.example"))
        await out.request("GET", origin.url("/", host="one.example"))

    names = {"one.example": "127.0.0.1", "two.example": "127.0.0.2"}
    run(script, allow=parse_networks(["127.0.0.1"]), resolve=lambda host, port: [names[host]])
    assert origin.connections == 1


def test_a_name_that_leads_elsewhere_later_is_judged_with_its_next_connection(
    run: Callable[..., Any], origin: Origin
) -> None:
    async def script(out: AsyncOutbound) -> None:
        for _ in range(2):  # the second over the connection that was judged
            await out.request("GET", origin.url("/", host="rebinding.example"))
        await asyncio.sleep(0.3)
        with pytest.raises(AddressRefused):
            await out.request("GET", origin.url("/", host="rebinding.example"))

    answers = ["127.0.0.1"]
    run(script, resolve=lambda host, port: [answers.pop()] if answers else ["10.0.0.1"], rest=0.1)
    assert origin.connections == 1


def test_a_connection_that_died_at_rest_costs_no_failure(run: Callable[..., Any], origin: Origin) -> None:
    def hangs_up(seen: Seen) -> Answer:
        return Answer(200, b"last", {"Connection": "close"})

    origin.add("/last", hangs_up)

    async def script(out: AsyncOutbound) -> list[bytes]:
        return [(await out.request("GET", origin.url(path))).body for path in ("/last", "/", "/last", "/")]

    assert run(script) == [b"last", b"here", b"last", b"here"]


def test_what_was_not_read_to_its_end_is_not_used_again(run: Callable[..., Any], origin: Origin) -> None:
    origin.add("/long", body=b"x" * 100_000)

    async def script(out: AsyncOutbound) -> bytes:
        with pytest.raises(TooLarge):
            await out.request("GET", origin.url("/long"), max_bytes=10)
        with pytest.raises(BrokenExchange):
            await out.request("GET", origin.url("/break"))
        return (await out.request("GET", origin.url("/"))).body

    assert run(script) == b"here"


def drip_headers(server: socket.socket) -> None:
    """Take one connection and send header after header until nobody listens."""
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(600):
            connection.sendall(b"X-More: 1\r\n")
            time.sleep(0.05)


def test_headers_that_drip_are_given_up(run: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip_headers, args=(server,), daemon=True)
        thread.start()

        async def script(out: AsyncOutbound) -> None:
            with pytest.raises(TimedOut):
                await out.request("GET", f"http://127.0.0.1:{server.getsockname()[1]}/")

        run(script, header_timeout=0.4)
        thread.join(10)
    assert not thread.is_alive()


def test_one_origin_gets_no_more_connections_than_allowed(run: Callable[..., Any], origin: Origin) -> None:
    async def script(out: AsyncOutbound) -> None:
        await asyncio.gather(*(out.request("GET", origin.url("/")) for _ in range(20)))

    run(script, most_to_one=2)
    assert origin.connections == 2
