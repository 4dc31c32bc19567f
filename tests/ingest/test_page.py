"""Web pages as articles: what stands on Chinese pages around an article stays there, and what it tells is known."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import RejectedInput
from ingest.errors import BadFeed, Challenged, NoArticle, NoLinks, Unreadable
from ingest.formats import Body, Item, read

SAMPLES = Path(__file__).parent / "samples" / "page"
PAGES = sorted(path.stem for path in SAMPLES.glob("*.html"))


def told(name: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    return expected


def article(name: str) -> Item:
    (item,) = read(Body((SAMPLES / f"{name}.html").read_bytes(), url=told(name)["url"], kind="page")).items
    return item


@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_its_title_time_author_and_source(name: str) -> None:
    item, expected = article(name), told(name)
    assert item.title == expected["title"]
    assert item.published == datetime.fromisoformat(expected["published"])
    assert item.author == expected["author"]
    assert item.source_name == expected["source_name"]
    assert item.url == expected["url"]


@pytest.mark.parametrize("name", PAGES)
def test_the_text_is_the_whole_article_and_nothing_around_it(name: str) -> None:
    text, expected = article(name).text, told(name)
    assert text.startswith(expected["begins"])
    assert text.endswith(expected["ends"])
    assert [part for part in expected["holds"] if part not in text] == []
    assert [part for part in expected["without"] if part in text] == []
    assert len(text.split("\n\n")) == expected["paragraphs"]


URL = "https://news.example.cn/202603/t20260301_7.html"
TEXT = "样例银行日前向甲公司发放贷款三千万元，期限三年。"


def html(body: str, head: str = "<title>样例</title>", kind: str = "page") -> Body:
    source = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return Body(source.encode(), url=URL, content_type="text/html", kind=kind)


@pytest.mark.parametrize(
    "challenge",
    [
        html("<p>Checking your browser before accessing.</p>", "<title>Just a moment...</title>"),
        html("<div id='captcha'></div><p>为保障您的访问安全，请进行安全验证</p>", "<title>安全验证</title>"),
        html("<p>请按住滑块，拖动到最右边</p>"),
        html("<script>document.cookie='k=1;path=/';location.reload();</script>", "<title></title>"),
        html("<script>var arg1='ABC';setCookie('acw_sc__v2', x)</script>", "<title></title>"),
        html("<p>您的访问请求已被网站防火墙拦截</p>"),
        html("<noscript>enable JavaScript</noscript><script src='/_guard/auto.js'></script>", "<title></title>"),
        html("<p>检测到您访问过于频繁，请输入验证码</p>"),
    ],
)
def test_a_challenge_page_is_told_from_an_article(challenge: Body) -> None:
    with pytest.raises(Challenged, match=r"t20260301_7\.html: a challenge page, not the content: its \w+ holds"):
        read(challenge)


def test_an_article_about_challenges_is_an_article() -> None:
    body = (
        f"<h1>样例银行上线人机验证</h1><p>{TEXT}</p><p>样例银行称，网银登录将启用安全验证，请按提示拖动滑块完成验证。</p>"
        + f"<p>{TEXT}</p>" * 9
    )
    (item,) = read(html(body, "<title>样例银行上线人机验证</title>")).items
    assert "拖动滑块" in item.text


def test_a_page_that_carries_a_firewalls_script_is_read_all_the_same() -> None:
    body = f"<script src='/cdn-cgi/challenge-platform/x.js'></script><h1>样例</h1>{f'<p>{TEXT}</p>' * 12}"
    assert read(html(body)).items[0].text.startswith(TEXT)


def test_a_shell_that_scripts_would_fill_is_no_article() -> None:
    with pytest.raises(NoArticle, match="no article found: next to no text; scripts would fill the page"):
        read(html("<div id='app'></div><script src='/js/app.js'></script>"))


def test_a_page_of_links_is_no_article() -> None:
    with pytest.raises(NoArticle, match="no article found"):
        read(html("<ul>" + "".join(f"<li><a href='/{n}/'>栏目{n}</a></li>" for n in range(30)) + "</ul>"))


@pytest.mark.parametrize("kind", ["rss", "atom", "list"])
def test_a_page_is_read_as_an_article_only_where_the_source_says_so(kind: str) -> None:
    with pytest.raises((BadFeed, NoLinks)):
        read(html(f"<p>{TEXT}</p>", kind=kind))
    assert read(html(f"<p>{TEXT}</p>", kind="")).items[0].text == TEXT


@pytest.mark.parametrize(
    ("declared", "meant"),
    [
        ("gb2312", "gbk"),
        ("gb2312", "gb18030"),
        ("utf-8", "gb18030"),
        ("gbk", "utf-8"),
        ("utf-16", "utf-16"),
        ("", "gb18030"),
    ],
)
def test_a_page_is_read_whatever_charset_it_declares(declared: str, meant: str) -> None:
    meta = f"<meta charset='{declared}'>" if declared else ""
    body = f"<html><head>{meta}<title>镕基样例</title></head><body><h1>镕基样例</h1><p>{TEXT}</p></body></html>"
    (item,) = read(Body(body.encode(meant), url=URL, kind="page")).items
    assert (item.title, item.text) == ("镕基样例", TEXT)


def test_line_breaks_of_the_source_are_none_of_the_text() -> None:
    body = "<p>样例银行日前\n   向甲公司发放\r\n贷款三千万元，期限\n三年。</p><p>Sample Bank\nlends.</p>"
    assert read(html(body)).items[0].text == f"{TEXT}\n\nSample Bank lends."


def test_labels_side_by_side_are_told_apart() -> None:
    head = "<div><span>来源：样例日报</span><span>作者：张样例</span><span>编辑：李样例</span></div>"
    (item,) = read(html(f"<h1>样例新闻标题</h1>{head}<p>{TEXT}</p>", "<title>样例新闻标题</title>")).items
    assert (item.source_name, item.author, item.text) == ("样例日报", "张样例", TEXT)


def test_a_date_in_the_text_is_not_the_time_of_the_article() -> None:
    body = f"<h1>样例新闻标题</h1><p>时间：2026-03-02</p><p>{TEXT}会议时间：2019年1月1日。</p>"
    assert read(html(body, "<title>样例新闻标题</title>")).items[0].published == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_the_time_of_what_is_announced_is_not_the_time_of_the_article() -> None:
    notice = f"<p>{TEXT}</p><p>时间：2026年5月1日（星期五）</p><p>地点：样例大厦</p>"
    body = f"<h1>样例银企对接会通知</h1><div>2026-03-10 09:00</div>{notice}"
    (item,) = read(html(body, "<title>样例银企对接会通知</title>")).items
    assert item.published == datetime(2026, 3, 10, 1, tzinfo=UTC)
    assert "时间：2026年5月1日（星期五）" in item.text


def test_headings_and_lists_of_an_article_are_its_text() -> None:
    rules = "<h3>二、措施</h3><ul><li>贴息30%。</li><li>担保费减半。</li></ul>"
    body = f"<h1>样例新闻标题</h1><h3>一、背景</h3><p>{TEXT}</p>{rules}"
    (item,) = read(html(body, "<title>样例新闻标题</title>")).items
    assert item.text == f"一、背景\n\n{TEXT}\n\n二、措施\n\n贴息30%。\n担保费减半。"


@pytest.mark.parametrize("tag", ["div", "td", "p"])
def test_breaks_make_paragraphs_after_sentences_and_lines_elsewhere(tag: str) -> None:
    body = f"<{tag}>{TEXT}<br><br>　　{TEXT}<br>一、授信情况<br>总额：五千万元<br/></{tag}>"
    body = f"<table><tr><td>样例</td></tr><tr>{body}</tr></table>" if tag == "td" else body
    assert read(html(body)).items[0].text == f"{TEXT}\n\n{TEXT}\n\n一、授信情况\n总额：五千万元"


def test_what_follows_the_end_of_the_page_is_read_as_browsers_show_it() -> None:
    body = f"<div>样例网</div></body></html><html><body><div><p>{TEXT}</p><p>{TEXT}</p></div>"
    assert read(html(body)).items[0].text == f"{TEXT}\n\n{TEXT}"


def test_comments_are_not_the_article_however_long() -> None:
    told = "".join(f"<div>这条新闻写得很好，希望多支持小企业，大家怎么看呢？第{n}楼。</div>" for n in range(9))
    (item,) = read(html(f"<div><h1>样例标题</h1><p>{TEXT}</p></div><div class='pinglun'>{told}</div>")).items
    assert item.text == TEXT


HOSTILE = {
    "depth": "<div>" * 100_000 + TEXT,
    "open comments": "<!--" * 250_000,
    "open tags": "<a " * 250_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + f">{TEXT}</p>",
    "hidden attributes": "<!-- <a x=' --><p " + " ".join(f"a{n}" for n in range(20_000)) + f">{TEXT}</p>",
    "a huge attribute": f"<p title='{'x' * 3_000_000}'>{TEXT}</p>",
    "elements": "<p>样</p>" * 60_000,
    "class names": f"<h1 class='{'a_' * 200_000}'>样例</h1><p>{TEXT}</p>",
    "blanks": f"<p>{TEXT}" + "\n" * 1_000_000 + f"{TEXT}</p>",
    "cookies": "<script>" + "document.cookie=" * 12_000 + "</script>",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_before_long(name: str) -> None:
    try:
        (item,) = read(html(HOSTILE[name])).items
    except RejectedInput as error:
        assert str(error).startswith(URL)
    else:
        assert TEXT in item.text


def test_a_tag_crowded_with_attributes_is_refused_by_name() -> None:
    with pytest.raises(Unreadable, match="a tag of the page has more than 500 attributes"):
        read(html(HOSTILE["hidden attributes"]))
