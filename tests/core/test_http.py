"""The way out on real sockets: an answer comes back, and what is refused is never connected to.

Each promise is tested on the sync and on the async client.
"""

import pytest

from core.addresses import parse_networks
from core.http import AddressRefused, BadUrl, ConnectFailure, TimedOut, TooManyRedirects
from tests.core.outbound import LOOPBACK, SHUT, Fetch
from tests.fakes.origin import Origin

pytestmark = pytest.mark.ssrf


def test_an_answer_comes_back_whole(fetch: Fetch, origin: Origin) -> None:
    origin.add("/feed", body="银行".encode(), headers={"ETag": '"1"'}, status=203)
    answer = fetch(origin.url("/feed?a=1"), headers={"If-None-Match": '"0"', "Host": "elsewhere"})
    assert (answer.status, answer.body.decode(), answer.headers["etag"]) == (203, "银行", '"1"')
    assert answer.url == origin.url("/feed?a=1")
    assert not answer.truncated
    sent = origin.seen[0].headers
    assert sent["If-None-Match"] == '"0"'
    assert sent["Host"] == f"127.0.0.1:{origin.port}"
    assert sent["User-Agent"].startswith("Yinqi/")


def test_a_post_carries_its_body(fetch: Fetch, origin: Origin) -> None:
    origin.add("/hook", status=204)
    assert fetch(origin.url("/hook"), "POST", content=b'{"a":1}', follow=False).status == 204
    assert (origin.seen[0].method, origin.seen[0].body) == ("POST", b'{"a":1}')


@pytest.mark.parametrize("status", [304, 404, 429, 500])
def test_any_status_is_an_answer(fetch: Fetch, origin: Origin, status: int) -> None:
    origin.add("/x", status=status)
    assert fetch(origin.url("/x")).status == status


# --- where it may go ---


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.0.0.2"])
def test_an_inside_address_is_never_connected_to(fetch: Fetch, canary: Origin, host: str) -> None:
    with pytest.raises(AddressRefused, match="refused: loopback"):
        fetch(canary.url("/", host=host), client=SHUT)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0"])
def test_other_ways_to_write_an_inside_address_are_refused_as_well(fetch: Fetch, canary: Origin, host: str) -> None:
    with pytest.raises(BadUrl):
        fetch(canary.url("/", host=host), client=SHUT)


def test_a_name_that_the_system_reads_as_a_number_is_judged_by_where_it_leads(fetch: Fetch, canary: Origin) -> None:
    with pytest.raises(AddressRefused):
        fetch(f"http://127。0。0。1:{canary.port}/", client=SHUT)


def test_a_name_with_one_inside_address_among_public_ones_is_refused(fetch: Fetch, canary: Origin) -> None:
    client = {"allow": (), "resolve": lambda host, port: ["93.184.215.14", "127.0.0.1"]}
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1"):
        fetch(canary.url("/", host="mixed.example"), client=client)


class Rebinding:
    """A resolver that answers a public address first and an inside one ever after."""

    def __init__(self, first: str) -> None:
        self.answers = [first]
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return [self.answers.pop()] if self.answers else ["127.0.0.1"]


def test_a_rebound_name_does_not_lead_inside(fetch: Fetch, canary: Origin) -> None:
    # 203.0.113.1 plays the public address (it is documentation, so nobody answers there); it is opened for the test.
    resolver = Rebinding("203.0.113.1")
    client = {"allow": parse_networks(["203.0.113.0/24"]), "resolve": resolver, "connect_timeout": 0.3}
    with pytest.raises((ConnectFailure, TimedOut)):
        fetch(canary.url("/", host="rebinding.example"), client=client)
    assert resolver.asked == 1  # the judged address itself was connected to, without a second look-up
    with pytest.raises(AddressRefused):
        fetch(canary.url("/", host="rebinding.example"), client=client)


def test_the_connection_goes_to_the_judged_address(fetch: Fetch, origin: Origin) -> None:
    origin.add("/", body=b"reached")
    resolver = Rebinding("127.0.0.1")
    answer = fetch(origin.url("/", host="pinned.example"), client={"allow": LOOPBACK, "resolve": resolver})
    assert (answer.body, resolver.asked) == (b"reached", 1)
    assert origin.seen[0].headers["Host"] == f"pinned.example:{origin.port}"


def test_the_second_address_is_tried_when_the_first_does_not_answer(fetch: Fetch, origin: Origin) -> None:
    origin.add("/", body=b"reached")
    resolve = lambda host, port: ["127.0.0.9", "127.0.0.1"]  # noqa: E731
    answer = fetch(origin.url("/", host="two.example"), client={"allow": LOOPBACK, "resolve": resolve})
    assert answer.body == b"reached"


def test_a_proxy_from_the_environment_is_not_used(
    fetch: Fetch, origin: Origin, canary: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.url())
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    origin.add("/", body=b"direct")
    assert fetch(origin.url("/")).body == b"direct"


# --- redirects ---


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://127.0.0.2:{port}/", AddressRefused),
        ("//127.0.0.2:{port}/", AddressRefused),
        ("http://[::ffff:7f00:2]:{port}/", AddressRefused),
        ("http://169.254.169.254/latest/meta-data", AddressRefused),
        ("http://user@127.0.0.2:{port}/", BadUrl),
        ("http://127.0.0.2:{port}\\@example.com/", BadUrl),
        ("file:///etc/passwd", BadUrl),
        ("http://0x7f.2:{port}/", BadUrl),
    ],
)
def test_a_redirect_does_not_lead_inside(
    fetch: Fetch, origin: Origin, canary: Origin, target: str, error: type[Exception]
) -> None:
    origin.add("/go", status=302, headers={"Location": target.format(port=canary.port)})
    with pytest.raises(error):
        fetch(origin.url("/go"), client={"allow": parse_networks(["127.0.0.1"])})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_to_its_end(fetch: Fetch, origin: Origin, status: int) -> None:
    origin.add("/end", body=b"here")
    answer = fetch(origin.url(f"/redirect?status={status}&to=/redirect?to=/end"))
    assert (answer.status, answer.body, answer.url) == (200, b"here", origin.url("/end"))


def test_a_webhook_redirect_is_not_followed(fetch: Fetch, origin: Origin, canary: Origin) -> None:
    answer = fetch(origin.url(f"/redirect?status=308&to={canary.url()}"), "POST", content=b"x", follow=False)
    assert (answer.status, answer.headers["location"]) == (308, canary.url())


def test_a_redirect_loop_ends(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(TooManyRedirects):
        fetch(origin.url("/loop"))
    assert len(origin.seen) == 6


def test_a_posted_form_that_is_sent_elsewhere_becomes_a_get(fetch: Fetch, origin: Origin) -> None:
    origin.add("/end", body=b"")
    fetch(origin.url("/redirect?status=303&to=/end"), "POST", content=b"x", headers={"Content-Type": "text/plain"})
    last = origin.seen[-1]
    assert (last.method, last.body, last.headers["Content-Type"]) == ("GET", b"", None)


def test_credentials_do_not_cross_to_another_origin(fetch: Fetch, origin: Origin) -> None:
    secret = {"Authorization": "Bearer s", "Cookie": "s=1", "X-Plain": "kept"}
    with Origin() as other:
        other.add("/end")
        fetch(origin.url(f"/redirect?to={other.url('/end')}"), headers=secret)
        assert origin.seen[0].headers["Authorization"] == "Bearer s"
        assert other.seen[0].headers["Authorization"] is None
        assert other.seen[0].headers["Cookie"] is None
        assert other.seen[0].headers["X-Plain"] == "kept"


def test_a_cookie_that_a_hop_sets_goes_back_to_its_own_origin_only(fetch: Fetch, origin: Origin) -> None:
    sets = {"Set-Cookie": "seen=1; Path=/; HttpOnly"}
    with Origin() as other:
        other.add("/end")
        origin.add("/on", status=302, headers={"Location": other.url("/end")})
        origin.add("/", status=302, headers=sets | {"Location": origin.url("/on")})
        fetch(origin.url("/"))
        assert [seen.headers["Cookie"] for seen in origin.seen] == [None, "seen=1"]
        assert other.seen[0].headers["Cookie"] is None
        fetch(origin.url("/on"))
        assert origin.seen[-1].headers["Cookie"] is None  # and is forgotten with the exchange
