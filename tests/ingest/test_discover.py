"""What an address would give, found on a real server."""

from collections.abc import Iterator
from contextlib import suppress
from email.utils import format_datetime

import pytest

from core.clock import now
from core.errors import RejectedInput
from core.http import AddressRefused, Outbound
from core.settings import settings
from ingest import discover as discovery
from ingest.discover import Discovery, discover
from ingest.errors import Forbidden
from ingest.isolate import Readers
from tests.fakes.origin import Answer, Origin, Seen

LONG = "样例银行向样例智造科技有限公司发放贷款两千万元，期限三年。" * 20


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(1) as made:
        yield made


@pytest.fixture
def out(environment: dict[str, str]) -> Iterator[Outbound]:
    with Outbound(allow=settings().networks, total_timeout=10, read_timeout=1) as client:
        yield client


def feed(*titles: str, title: str = "样例财经", text: str = "样例银行放款。", base: str = "https://a.example") -> bytes:
    date = format_datetime(now())
    items = "".join(
        f"<item><title>{one}</title><link>{base}/{n}</link><description>{text}</description>"
        f"<pubDate>{date}</pubDate></item>"
        for n, one in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title><![CDATA[{title}]]></title>{items}</channel></rss>'.encode()


def page(head: str = "", body: str = "", title: str = "样例新闻网") -> dict[str, object]:
    html = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return {"body": html.encode(), "headers": {"Content-Type": "text/html; charset=utf-8"}}


def alternate(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def kinds(found: Discovery) -> list[tuple[str, str]]:
    return [(one.kind, one.url) for one in found.candidates]


def test_a_feed_is_found_as_itself(out: Outbound, readers: Readers, origin: Origin) -> None:
    origin.add("/rss", body=feed("第一条", "第二条"))
    found = discover(out, readers, origin.url("/rss"))
    [candidate] = found.candidates
    assert (candidate.kind, candidate.url, candidate.title) == ("rss", origin.url("/rss"), "样例财经")
    assert candidate.items == 2
    first = candidate.samples[0]
    assert (first.title, first.text) == ("第一条", "样例银行放款。")
    assert first.published is not None


def test_the_feeds_of_a_pages_head_are_found_and_comments_come_last(
    out: Outbound, readers: Readers, origin: Origin
) -> None:
    links = alternate("/comments", "评论 feed") + alternate("news.xml", "新闻") + alternate("/gone.xml")
    origin.add("/", **page(links))
    origin.add("/comments", body=feed("评论"))
    origin.add("/news.xml", body=feed("新闻一条"))
    found = discover(out, readers, origin.url("/"))
    assert kinds(found)[:2] == [("rss", origin.url("/news.xml")), ("rss", origin.url("/comments"))]
    assert any("/gone.xml" in url and "404" in reason for url, reason in found.others)


def test_feeds_are_tried_where_the_page_links_to_them_and_are_not_guessed(
    out: Outbound, readers: Readers, origin: Origin
) -> None:
    origin.add("/news/", **page(body='<a href="/feed/all">订阅</a><a href="/about">关于</a>'))
    origin.add("/feed/all", body=feed("一条"))
    found = discover(out, readers, origin.url("/news/"))
    assert kinds(found)[0] == ("rss", origin.url("/feed/all"))
    asked = {seen.path for seen in origin.seen}
    assert asked <= {"/news/", "/feed/all", "/robots.txt", "/sitemap.xml"}


def test_what_robots_txt_forbids_is_not_asked_for(out: Outbound, readers: Readers, origin: Origin) -> None:
    origin.add("/robots.txt", body=b"User-agent: *\nDisallow: /private\n")
    origin.add("/private/rss", body=feed("一条"))
    origin.add("/", **page(alternate("/private/rss")))
    found = discover(out, readers, origin.url("/"))
    assert not found.candidates
    assert any("robots.txt" in reason for _, reason in found.others)
    assert "/private/rss" not in {seen.path for seen in origin.seen}
    with pytest.raises(Forbidden, match=r"robots\.txt"):
        discover(out, readers, origin.url("/private/rss"))


def test_a_feed_that_cuts_its_texts_is_told_so(out: Outbound, readers: Readers, origin: Origin) -> None:
    for n in range(3):
        origin.add(f"/{n}", body=LONG.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})
    origin.add("/rss", body=feed("甲", "乙", "丙", text=LONG[:60] + "…", base=origin.url("")))
    origin.add("/whole", body=feed("甲", "乙", "丙", text=LONG, base=origin.url("")))
    [cut] = discover(out, readers, origin.url("/rss")).candidates
    [whole] = discover(out, readers, origin.url("/whole")).candidates
    assert (cut.full_text, whole.full_text) == (True, False)


def test_few_requests_are_made_however_much_a_page_names(out: Outbound, readers: Readers, origin: Origin) -> None:
    origin.add("/", **page("".join(alternate(f"/{n}.xml") for n in range(500))))
    discover(out, readers, origin.url("/"))
    assert len(origin.seen) <= discovery.MOST_REQUESTS


def test_a_slow_site_ends_the_look(
    out: Outbound, readers: Readers, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "MOST_SECONDS", 1.0)

    def slow(_: Seen) -> Answer:
        origin.closing.wait(0.5)
        return Answer(404)

    origin.add("/", **page("".join(alternate(f"/{n}.xml") for n in range(5))))
    for n in range(5):
        origin.add(f"/{n}.xml", slow)
    found = discover(out, readers, origin.url("/"))
    assert not found.candidates
    assert any("are the most" in reason for _, reason in found.others)


@pytest.mark.ssrf
def test_a_page_leads_to_no_address_that_is_refused(readers: Readers, environment: dict[str, str]) -> None:
    with Origin() as canary, Origin() as origin:
        origin.add("/", **page(alternate(canary.url("/rss", host="127.0.0.2"))))
        origin.add("/moved", status=302, headers={"Location": canary.url("/rss", host="127.0.0.2")})
        with Outbound(allow=[*_only("127.0.0.1/32")]) as out:
            found = discover(out, readers, origin.url("/"))
            with pytest.raises(AddressRefused):
                discover(out, readers, origin.url("/moved"))
        assert canary.connections == 0
    assert not found.candidates


def _only(network: str) -> list[object]:
    from ipaddress import ip_network

    return [ip_network(network)]


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><html>" + b"<a href=x" * 50_000,
        b"<!doctype html><html>" + b"<div>" * 100_000,
        b"<!doctype html><html><head><base href='http://['><link rel=alternate type=application/rss+xml href='http://['>",
        b"<!doctype html><html>" + bytes(1000),
        "<!doctype html><html><head><title>\ud800</title>".encode("utf-16", "surrogatepass"),
    ],
)
def test_a_hostile_page_gives_nothing_and_breaks_nothing(
    out: Outbound, readers: Readers, origin: Origin, body: bytes
) -> None:
    origin.add("/", body=body, headers={"Content-Type": "text/html"})
    with suppress(RejectedInput):
        assert discover(out, readers, origin.url("/")).candidates == ()
    assert len(origin.seen) >= 2  # it was looked at, and so was its robots.txt


def listed(count: int = 8) -> str:
    rows = "".join(
        f'<li><a href="/news/2026/{n}.html">样例银行支持第{n}家科技企业发展壮大</a><span>2026-03-{n + 1:02}</span></li>'
        for n in range(count)
    )
    return f'<div class="nav"><a href="/">首页</a><a href="/about">关于我们</a></div><ul class="list">{rows}</ul>'


def article(number: int) -> dict[str, object]:
    told = f"日前，样例银行向第{number}家样例科技有限公司发放贷款两千万元，期限三年。" * 3
    text = "".join(f"<p>{told}第{part}段。</p>" for part in range(4))
    return page(body=f"<h1>样例银行支持第{number}家科技企业发展壮大</h1><div>{text}</div>", title=f"第{number}条")


def test_the_list_of_dated_links_on_a_page_is_found_and_its_first_pages_are_shown(
    out: Outbound, readers: Readers, origin: Origin
) -> None:
    origin.add("/news/", **page(body=listed()))
    for n in range(8):
        origin.add(f"/news/2026/{n}.html", **article(n))
    found = discover(out, readers, origin.url("/news/"))
    candidate = found.candidates[0]
    assert (candidate.kind, candidate.url, candidate.items) == ("list", origin.url("/news/"), 8)
    assert "发放贷款两千万元" in candidate.samples[0].text
    assert candidate.samples[2].text == ""
    assert candidate.samples[2].published is not None


def sitemap(*urls: str, root: str = "urlset", one: str = "url") -> bytes:
    told = "".join(f"<{one}><loc>{url}</loc><lastmod>2026-03-01</lastmod></{one}>" for url in urls)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{told}</{root}>'.encode()


def test_the_sitemaps_that_robots_txt_names_are_found_and_their_index_is_followed(
    out: Outbound, readers: Readers, origin: Origin
) -> None:
    origin.add("/", **page(body="<p>欢迎</p>"))
    origin.add("/robots.txt", body=f"Sitemap: {origin.url('/index.xml')}\n".encode())
    origin.add("/index.xml", body=sitemap(origin.url("/part.xml"), root="sitemapindex", one="sitemap"))
    origin.add("/part.xml", body=sitemap(origin.url("/0"), origin.url("/1")))
    for n in range(2):
        origin.add(f"/{n}", **article(n))
    found = discover(out, readers, origin.url("/"))
    candidate = found.candidates[0]
    assert (candidate.kind, candidate.url, candidate.items) == ("sitemap", origin.url("/index.xml"), 2)
    assert candidate.samples[0].title.startswith("样例银行支持第")
    assert "/sitemap.xml" not in {seen.path for seen in origin.seen}


def test_below_the_front_page_the_list_comes_before_the_sitemap(
    out: Outbound, readers: Readers, origin: Origin
) -> None:
    origin.add("/sitemap.xml", body=sitemap(origin.url("/0"), origin.url("/1")))
    for path in ("/", "/news/"):
        origin.add(path, **page(body=listed()))
    assert [kind for kind, _ in kinds(discover(out, readers, origin.url("/news/")))] == ["list", "sitemap"]
    assert [kind for kind, _ in kinds(discover(out, readers, origin.url("/")))] == ["sitemap", "list"]


def test_a_selector_chooses_the_links(out: Outbound, readers: Readers, origin: Origin) -> None:
    origin.add("/news/", **page(body=listed() + '<div id="more"><a href="/x">其他</a></div>'))
    [candidate] = discover(out, readers, origin.url("/news/"), selector="#more a").candidates
    assert (candidate.kind, candidate.selector, candidate.items) == ("list", "#more a", 1)
    assert candidate.samples[0].title == "其他"
