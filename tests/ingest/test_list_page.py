"""Lists of links on pages as banks, newspapers and governments lay them out: which links, titles and dates come out."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import Challenged, NoLinks
from ingest.formats import Body, read
from ingest.formats.list_page import find_links

SAMPLES = Path(__file__).parent / "samples" / "list"
LAYOUTS = sorted(path.stem for path in SAMPLES.glob("*.html"))


def told(name: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    return expected


def page(name: str, **changed: Any) -> Body:
    expected = told(name)
    given = {"url": expected["url"], "kind": "list", "selector": expected.get("selector"), **changed}
    return Body((SAMPLES / f"{name}.html").read_bytes(), content_type="text/html", **given)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_links_of_a_layout_come_out_and_nothing_else(name: str) -> None:
    items = read(page(name)).items
    assert [(item.title, item.url) for item in items] == [(title, url) for title, url, _ in told(name)["items"]]
    assert {item.text for item in items} == {""}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_dates_of_a_layout_come_out(name: str) -> None:
    expected = {url: when and datetime.fromisoformat(when) for _, url, when in told(name)["items"]}
    assert {item.url: item.published for item in read(page(name)).items} == expected


@pytest.mark.parametrize("name", [name for name in LAYOUTS if not told(name).get("selector")])
def test_whoever_looks_for_sources_is_told_how_much_a_page_looks_like_a_list(name: str) -> None:
    found = find_links(page(name))
    assert found.items == read(page(name)).items
    dated = all(when for _, _, when in told(name)["items"])
    assert found.score > (0.6 if dated else 0.4)


def html(body: str, head: str = "<title>样例</title>") -> Body:
    source = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return Body(source.encode(), url="https://news.example.cn/list/", content_type="text/html", kind="list")


MENU = "".join(
    f'<li><a href="/{n}/">{word}</a></li>'
    for n, word in enumerate(["首页", "要闻", "银行业务", "科创金融", "联系我们", "人才招聘"])
)


def test_navigation_is_no_list() -> None:
    found = find_links(html(f"<ul class='nav'>{MENU}</ul><p>栏目建设中。</p>"))
    assert found.score < 0.3
    with pytest.raises(NoLinks, match=r"news\.example\.cn/list/: no list of links found: .* CSS selector"):
        read(html(f"<ul class='nav'>{MENU}</ul><p>栏目建设中。</p>"))


def test_a_shell_that_scripts_would_fill_says_so() -> None:
    with pytest.raises(NoLinks, match="scripts would fill the page"):
        read(html('<div id="app"></div><script src="/js/app.0001.js"></script>'))


def test_a_challenge_is_no_empty_list() -> None:
    with pytest.raises(Challenged, match="a challenge page"):
        read(html("<p>请完成安全验证后继续访问</p><script>initAliyunCaptcha({})</script>"))


def test_a_selector_that_finds_nothing_says_so() -> None:
    with pytest.raises(NoLinks, match=r"no links found by the selector 'ul\.gone a'"):
        read(page("gov_ul", selector="ul.gone a"))


def test_what_is_no_selector_is_named() -> None:
    with pytest.raises(NoLinks, match=r"'ul\[' is no CSS selector"):
        read(page("gov_ul", selector="ul["))


def test_a_selector_may_name_the_links_or_what_holds_them() -> None:
    by_item = read(page("gov_ul", selector="ul.list > li")).items
    assert by_item == read(page("gov_ul", selector="ul.list a")).items == read(page("gov_ul")).items


def test_a_feed_stays_a_feed_where_a_list_was_expected() -> None:
    feed = (SAMPLES.parent / "rss" / "news.xml").read_bytes()
    assert read(Body(feed, url="https://news.example.cn/", content_type="text/html", kind="list")).items[0].text


def test_days_without_a_year_have_none_where_nothing_tells_it() -> None:
    rows = "".join(
        f"<li><a href='/a/{n}.html'>样例银行发布第{n}号业务公告</a><span>03-1{n}</span></li>" for n in range(5)
    )
    assert {item.published for item in read(html(f"<ul>{rows}</ul><p>Copyright 2019</p>")).items} == {None}


def test_a_date_in_a_summary_is_not_the_articles() -> None:
    rows = "".join(
        f"<div class='i'><h3><a href='/a/{n}.html'>样例银行与第{n}家企业签约</a></h3>"
        f"<p>据介绍，双方自2024年5月1日起已有合作，此次签约将在融资、结算、资金管理等方面进一步深化合作，并设立联合工作组。</p></div>"
        for n in range(5)
    )
    assert {item.published for item in read(html(rows)).items} == {None}


def test_a_title_that_the_page_cuts_is_taken_from_where_it_is_whole() -> None:
    rows = "".join(
        f'<li><a href="/{n}.html" title="样例银行向第{n}家企业发放贷款">样例银行向第{n}…</a><i>2026-03-0{n}</i></li>'
        for n in range(1, 5)
    )
    assert read(html(f"<ul>{rows}</ul>")).items[0].title == "样例银行向第1家企业发放贷款"


def test_nothing_is_listed_twice() -> None:
    rows = "".join(
        f"<li><a href='/a/{n % 4}.html'>样例银行发布第{n % 4}号业务公告</a><i>2026-03-0{n % 4 + 1}</i></li>"
        for n in range(8)
    )
    assert len(read(html(f"<ul>{rows}</ul>")).items) == 4


def test_numbers_in_a_title_stay_there() -> None:
    rows = "".join(
        f"<li><a href='/a/{n}.html'>样例银行第<em>{n}</em>家支行<b>3</b>月开业 <span>2026-03-0{n}</span></a></li>"
        for n in range(1, 5)
    )
    first = read(html(f"<ul>{rows}</ul>")).items[0]
    assert (first.title, first.published) == ("样例银行第1家支行3月开业", datetime(2026, 2, 28, 16, tzinfo=UTC))
