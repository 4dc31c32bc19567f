"""The way out on real sockets: what is slow, huge or broken is cut off.

Each promise is tested on the sync and on the async client.
"""

import gzip
import socket
import zlib

import pytest

from core.http import BadAnswer, BadUrl, BrokenExchange, ConnectFailure, DnsFailure, TimedOut, TooLarge
from tests.core.outbound import LOOPBACK, Fetch
from tests.fakes.origin import Answer, Origin

pytestmark = pytest.mark.ssrf

# --- size ---


def test_an_answer_of_just_the_cap_is_taken_and_one_byte_more_is_not(fetch: Fetch, origin: Origin) -> None:
    origin.add("/", body=b"x" * 100)
    assert len(fetch(origin.url("/"), max_bytes=100).body) == 100
    with pytest.raises(TooLarge, match="larger than 99 bytes"):
        fetch(origin.url("/"), max_bytes=99)


def test_a_webhook_answer_is_cut_at_the_cap(fetch: Fetch, origin: Origin) -> None:
    origin.add("/", body=b"x" * 100_000)
    answer = fetch(origin.url("/"), max_bytes=10, truncate=True)
    assert (answer.body, answer.truncated) == (b"x" * 10, True)


def test_a_gzip_bomb_stops_at_the_cap(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(TooLarge):
        fetch(origin.url("/bomb?mb=512"), max_bytes=2**20)
    answer = fetch(origin.url("/bomb?mb=512"), max_bytes=1000, truncate=True)
    assert (answer.body, answer.truncated) == (bytes(1000), True)


def test_every_member_of_a_gzip_is_read(fetch: Fetch, origin: Origin) -> None:
    assert len(fetch(origin.url("/bomb?mb=3")).body) == 3 * 2**20


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip,deflate"])
def test_a_nested_or_unknown_encoding_is_refused(fetch: Fetch, origin: Origin, encoding: str) -> None:
    origin.add("/", body=b"x", headers={"Content-Encoding": encoding})
    with pytest.raises(BadAnswer, match="was not asked for"):
        fetch(origin.url("/"))


def test_deflate_is_read_in_both_forms(fetch: Fetch, origin: Origin) -> None:
    raw = zlib.compressobj(wbits=-15)
    for body in (zlib.compress(b"news" * 99), raw.compress(b"news" * 99) + raw.flush()):
        origin.add("/", body=body, headers={"Content-Encoding": "deflate"})
        assert fetch(origin.url("/")).body == b"news" * 99


@pytest.mark.parametrize("cut", [slice(0, 15), slice(3, None)])
def test_a_compressed_answer_that_is_broken_says_so(fetch: Fetch, origin: Origin, cut: slice) -> None:
    origin.add("/", body=gzip.compress(b"news" * 999)[cut], headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswer, match="compressed answer"):
        fetch(origin.url("/"))


def test_an_unchanged_answer_without_a_body_may_name_an_encoding(fetch: Fetch, origin: Origin) -> None:
    origin.add("/", status=304, headers={"Content-Encoding": "gzip"})
    assert fetch(origin.url("/")).body == b""


# --- time and breakage ---


def test_a_silent_server_is_given_up(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(TimedOut):
        fetch(origin.url("/slow"), client={"allow": LOOPBACK, "read_timeout": 0.2})


def test_a_drip_of_bytes_does_not_outlive_the_total_time(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(TimedOut):
        fetch(origin.url("/drip"), total_timeout=0.5)


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up(fetch: Fetch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        for scheme in ("http", "https"):
            with pytest.raises(TimedOut):
                fetch(f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/", total_timeout=0.3)


def test_a_resolver_that_hangs_is_given_up(fetch: Fetch, origin: Origin) -> None:
    def hang(host: str, port: int) -> list[str]:
        origin.closing.wait(2)
        return ["127.0.0.1"]

    with pytest.raises(TimedOut):
        fetch("http://hanging.example/", client={"allow": LOOPBACK, "resolve": hang, "connect_timeout": 0.2})


def test_an_unknown_name_is_a_temporary_failure(fetch: Fetch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(DnsFailure, match=r"nowhere\.example"):
        fetch("http://nowhere.example/", client={"resolve": unknown})


def test_a_closed_port_is_a_temporary_failure(fetch: Fetch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectFailure):
        fetch(f"http://127.0.0.1:{port}/")


def test_an_answer_that_breaks_off_is_a_temporary_failure(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(BrokenExchange):
        fetch(origin.url("/break"))


def test_a_header_that_breaks_the_line_is_refused(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(BadUrl):
        fetch(origin.url("/"), headers={"X-A": "1\r\nX-B: 2"})
    assert origin.seen == []


def test_a_failure_never_shows_path_or_query(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(TimedOut) as caught:
        fetch(origin.url("/slow?access_token=hunter2"), total_timeout=0.2)
    assert "hunter2" not in str(caught.value)


def test_the_logs_never_show_a_webhook_address(fetch: Fetch, origin: Origin, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    origin.add("/hook", Answer())
    fetch(origin.url("/hook?access_token=hunter2"))
    assert "hunter2" not in caplog.text
