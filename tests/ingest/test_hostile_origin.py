"""A site that means harm, through the whole story: it costs its own article only, is told, and is not asked for ever.

Real servers on loopback. `site.example` is the hostile one, `good.example` another that must not notice;
`inside.example` is where nobody may go: a canary listens there, and must hear nothing.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from urllib.parse import quote

import psutil
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.addresses import parse_networks
from core.http import AsyncOutbound
from core.models import Article, Link, Source, SourceError
from core.settings import settings
from ingest import fetch
from ingest.formats import Body
from ingest.isolate import Readers, limits_for
from ingest.poll import Poller
from ingest.reading.wire import Limits
from tests.fakes.origin import Origin
from tests.ingest import bombs
from tests.ingest.polling import add_source, feed, item

pytestmark = [
    pytest.mark.ssrf,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux listens on all of 127.0.0.0/8 by itself"),
]
INSIDE = "127.0.0.9"
MOST_MEMORY = 150  # MiB that the ingest process itself may grow by over any of this
Turn = Callable[..., None]
SLOW = {"a drip as a feed", "a drip as a PDF", "a drip", "silence"}  # a test does not wait half a minute for these


@pytest.fixture
def good() -> Iterator[Origin]:
    with Origin() as server:
        server.add("/feed", body=feed(item(1)))
        yield server


@pytest.fixture
def canary() -> Iterator[Origin]:
    """An address that only the guard keeps us from."""
    with Origin(address=INSIDE) as server:
        yield server
        assert server.connections == 0


def _limits(body: Body) -> Limits:
    """As in the product, but that a test does not wait half a minute for a PDF that never ends."""
    usual = limits_for(body)
    return usual._replace(seconds=8) if body.content[:5] == b"%PDF-" else usual


@pytest.fixture(scope="module")
def strict() -> Iterator[Readers]:
    with Readers(1, limits=_limits) as shared:
        yield shared


class Names:
    """Where names lead; `rebound.example` is outside when it is first asked for, and inside ever after."""

    def __init__(self) -> None:
        self.outside = ["127.0.0.1"]

    def __call__(self, host: str, port: int) -> list[str]:
        if host == "rebound.example":
            return [self.outside.pop()] if self.outside else [INSIDE]
        return [INSIDE if host == "inside.example" else "127.0.0.1"]


@pytest.fixture
def turn(environment: dict[str, str], strict: Readers, monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Has the real poller work off what is due: robots.txt, sources, then the links that they named."""
    monkeypatch.setenv("YINQI_HOST_DELAY", "0")
    settings.cache_clear()
    names = Names()

    async def work() -> None:
        client = AsyncOutbound(allow=parse_networks(["127.0.0.1"]), resolve=names)
        async with client as out, Poller(out, strict) as poller:
            for _ in range(6):
                await poller.once()

    def run(*, seconds: float = 30.0) -> None:
        monkeypatch.setattr(fetch, "LONGEST", seconds)
        monkeypatch.setattr(fetch, "LONGEST_PDF", seconds)
        asyncio.run(work())

    return run


def told(session: Session, source: Source) -> list[str]:
    session.expire_all()
    found = select(SourceError).where(SourceError.source_id == source.id).order_by(SourceError.id)
    return [f"{row.input}: {row.reason}" for row in session.scalars(found)]


def titles(session: Session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(Article.title)))


PDF = "application/pdf"
GONE_WRONG = {
    "a bomb as a feed": ("rss", "/bomb?mb=64", r"the answer is larger than 15728640 bytes"),
    "a bomb as a list": ("list", "/bomb?mb=64", r"the answer is larger than 15728640 bytes"),
    "a bomb as a page": ("page", "/bomb?mb=64", r"the answer is larger than 15728640 bytes"),
    "a bomb as a PDF": ("pdf", f"/bomb?mb=128&type={PDF}", r"the answer is larger than 52428800 bytes"),
    "a drip as a feed": ("rss", "/drip", r"no complete answer in time"),
    "a drip as a PDF": ("pdf", f"/drip?type={PDF}", r"no complete answer in time"),
    "silence": ("list", "/slow", r"no complete answer in time"),
    "a lying length": ("page", "/break", r"broke off"),
    "a vast length": ("page", "/vast", r"the answer is larger than 15728640 bytes"),
    "a vast PDF": ("pdf", f"/vast?type={PDF}", r"the answer is larger than 52428800 bytes"),
    "no end": ("list", "/endless", r"the answer is larger than 15728640 bytes"),
    "redirects without end": ("rss", "/loop", r"more than 5 redirects"),
    "a way inside": ("rss", "/redirect?to={inside}", r"leads to 127\.0\.0\.9, which is refused: loopback"),
    "a long way inside": ("page", "/redirect?to=/redirect%3Fto%3D{inside}", r"127\.0\.0\.9, which is refused"),
    "an address inside": ("pdf", "/redirect?to=http://127.0.0.9:{port}/", r"127\.0\.0\.9, which is refused"),
    "a file": ("rss", "/redirect?to=file:///etc/passwd", r"file"),
}


@pytest.mark.parametrize("name", GONE_WRONG)
def test_an_answer_that_means_harm_costs_its_own_source_only(
    name: str, session: Session, turn: Turn, site: Origin, good: Origin, canary: Origin
) -> None:
    kind, path, reason = GONE_WRONG[name]
    inside = quote(canary.url("/", host="inside.example"))
    bad = add_source(session, site.url(path.format(inside=inside, port=canary.port), host="site.example"), kind=kind)
    add_source(session, good.url("/feed", host="good.example"))
    before = _memory()
    turn(seconds=4.0 if name in SLOW else 30.0)
    assert titles(session) == {"第1条"}
    [error] = told(session, bad)
    assert _matches(reason, error), error
    assert (bad.failures, bad.due_at > bad.last_polled_at) == (1, True)  # type: ignore[operator]
    assert _memory() - before < MOST_MEMORY


SERVED: dict[str, tuple[str, bytes | Callable[[], bytes], str, str]] = {
    "a deep page": ("page", bombs.html_deep, "text/html", "no article found|took longer|needed more"),
    "a deep list": ("list", bombs.html_deep, "text/html", "no list of links found|took longer|needed more"),
    "endless links": ("list", bombs.html_links, "text/html", "more than 50,000 elements|took longer|needed more"),
    "a packed PDF": ("pdf", bombs.pdf_packed, PDF, "needed more than 1024 MiB|1024 MiB are not enough|took longer"),
    "a billion pages": ("pdf", bombs.pdf_pages, PDF, "the PDF is broken|holds no|took longer"),
    "a PDF that draws itself": ("pdf", bombs.pdf_loop, PDF, "took longer than 8 s|needed more"),
    "a PDF in a circle": ("pdf", bombs.pdf_places, PDF, "the PDF is broken|holds no|took longer"),
    "a Word bomb": ("docx", bombs.docx, "application/zip", "bytes unpacked"),
    "bytes that say they are a feed": (
        "rss",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 99,
        "application/rss+xml",
        "not",
    ),
    "a PDF that is none": ("pdf", b"%PDF-1.7 " + b"\xff" * 9999, PDF, "the PDF is broken|not readable"),
    "a page that says it is a feed": ("rss", b"<html><body>hello</body></html>", "application/rss+xml", "not a feed"),
}


@pytest.mark.parametrize("name", SERVED)
def test_a_body_that_means_harm_costs_its_own_source_only(
    name: str, session: Session, turn: Turn, site: Origin, good: Origin, canary: Origin
) -> None:
    kind, made, type_, reason = SERVED[name]
    site.add("/x", body=made if isinstance(made, bytes) else made(), headers={"Content-Type": type_})
    bad = add_source(session, site.url("/x", host="site.example"), kind=kind)
    add_source(session, good.url("/feed", host="good.example"))
    before = _memory()
    turn()
    assert titles(session) == {"第1条"}
    [error] = told(session, bad)
    assert _matches(reason, error), error
    assert bad.failures == 1
    assert _memory() - before < MOST_MEMORY


@pytest.mark.parametrize("name", ["a billion laughs", "entities from inside"])
def test_entities_of_a_feed_make_nothing_large_and_fetch_nothing(
    name: str, session: Session, turn: Turn, site: Origin, canary: Origin
) -> None:
    body = bombs.xml_laughs() if name == "a billion laughs" else bombs.xml_outside(canary.url("/", host=INSIDE))
    site.add("/x", body=body, headers={"Content-Type": "application/rss+xml"})
    bad = add_source(session, site.url("/x", host="site.example"))
    turn()
    assert told(session, bad)
    assert all(len(row.text) < 1000 for row in session.scalars(select(Article)))


def test_a_name_that_is_rebound_between_two_polls_does_not_lead_inside(
    session: Session, turn: Turn, site: Origin, canary: Origin
) -> None:
    """Its robots.txt is had from outside; then the name leads to the canary's address, at the site's own port too."""
    bad = add_source(session, canary.url("/feed", host="rebound.example"))
    turn()
    [error] = told(session, bad)
    assert "127.0.0.9, which is refused: loopback" in error or "no connection" in error
    for _ in range(3):
        session.execute(text("UPDATE source SET due_at = now()"))
        session.execute(text("UPDATE host SET next_at = NULL, robots_until = NULL"))
        session.commit()
        turn()
    assert "127.0.0.9, which is refused: loopback" in told(session, bad)[-1]


# ------------------------------------------------------------------------------------ pages that a source points to

PAGE = (
    "<html><head><title>样例银行服务样例企业</title></head><body><article><h1>样例银行服务样例企业</h1>"
    + "<p>样例银行今日向样例科技发放贷款二千万元，用于建设新的厂房与实验室，期限三年，利率由双方商定。</p>" * 6
    + "</article></body></html>"
).encode()
LINKED = {
    "a bomb": ("/bomb?mb=64", "larger than 15728640 bytes"),
    "a way inside": ("/redirect?to={inside}", "which is refused: loopback"),
    "redirects without end": ("/loop", "more than 5 redirects"),
    "a vast PDF": (f"/vast?type={PDF}", "larger than 52428800 bytes"),
    "a drip": ("/drip", "no complete answer in time"),
    "half a page": ("/break", "broke off"),
    "a deep page": ("/deep", "no article found|took longer|needed more"),
    "a PDF that draws itself": ("/loop.pdf", "took longer than 8 s|needed more"),
    "a Word bomb": ("/bomb.docx", "bytes unpacked"),
}


@pytest.mark.parametrize("name", LINKED)
def test_a_page_that_means_harm_costs_its_own_article_only_and_is_given_up(
    name: str, session: Session, turn: Turn, site: Origin, canary: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, reason = LINKED[name]
    monkeypatch.setenv("YINQI_MAX_ATTEMPTS", "2")
    settings.cache_clear()
    hostile = site.url(path.format(inside=quote(canary.url("/", host="inside.example"))), host="site.example")
    site.add("/deep", body=bombs.html_deep(), headers={"Content-Type": "text/html"})
    site.add("/loop.pdf", body=bombs.pdf_loop(), headers={"Content-Type": PDF})
    site.add("/bomb.docx", body=bombs.docx(), headers={"Content-Type": "application/zip"})
    site.add("/good", body=PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
    links = [item(1, link=hostile.replace("&", "&amp;"), text=""), item(2, link=site.url("/good", host="site.example"))]
    site.add("/feed", body=feed(*links))
    source = add_source(session, site.url("/feed", host="site.example"), full_text=True)
    before = _memory()
    for _ in range(2):
        turn(seconds=4.0 if name in SLOW else 30.0)
        session.execute(text("UPDATE link SET due_at = now() WHERE state = 'open'"))
        session.commit()
    states = {link.url: link.state for link in session.scalars(select(Link))}
    assert states == {hostile: "failed", site.url("/good", host="site.example"): "done"}
    assert any("样例科技发放贷款二千万元" in row.text for row in session.scalars(select(Article)))
    errors = told(session, source)
    assert _matches(reason, errors[-1]) and errors[-1].startswith(hostile), errors
    assert _memory() - before < MOST_MEMORY
    asked = len(site.seen)
    session.execute(text("UPDATE link SET due_at = now() - interval '1 day'"))
    session.commit()
    turn()
    assert len(site.seen) == asked  # a page that was given up is never asked for again


def test_the_wall_of_a_challenge_is_told_whatever_its_status(session: Session, turn: Turn, site: Origin) -> None:
    wall = b"<html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies</body></html>"
    for status in (403, 412, 503, 521):
        site.add(f"/{status}", status=status, body=wall, headers={"Content-Type": "text/html"})
        source = add_source(session, site.url(f"/{status}", host=f"site{status}.example"))
        turn()
        [error] = told(session, source)
        assert "a challenge page, not the content" in error, status
    site.add("/plain", status=403, body=b"<html><body>Forbidden</body></html>", headers={"Content-Type": "text/html"})
    source = add_source(session, site.url("/plain", host="plain.example"))
    site.add("/named", status=403, headers={"cf-mitigated": "challenge"})
    named = add_source(session, site.url("/named", host="named.example"))
    turn()
    assert "answered with status 403" in told(session, source)[0]
    assert "a challenge page" in told(session, named)[0]


def _memory() -> float:
    """Of this process, in MiB."""
    return float(psutil.Process().memory_info().rss) / 2**20


def _matches(pattern: str, told: str) -> bool:
    return re.search(pattern, told) is not None
