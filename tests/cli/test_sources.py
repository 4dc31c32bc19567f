"""`yinqi sources`: what an address gives is shown and asked about before it is saved; lists come and go as OPML."""

import json
import os
import pty
import select as io_select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Source
from tests.cli.conftest import Yinqi
from tests.fakes.origin import Origin
from tests.ingest.test_discover import LONG, alternate, feed, page


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        server.add("/", **page(alternate("/rss")))
        server.add("/rss", body=feed("第一条", "第二条", base=server.url("")))
        yield server


def saved(session: Session) -> list[Source]:
    session.rollback()
    return list(session.scalars(select(Source).execution_options(populate_existing=True)))


def test_what_a_page_gives_is_shown_and_saved_under_its_own_name(
    yinqi: Yinqi, session: Session, origin: Origin
) -> None:
    result = yinqi("sources", "add", origin.url("/"), "--yes")
    assert result.exit_code == 0
    for told in ("第一条", "样例银行放款。", "named in the page's head"):
        assert told in result.output
    [source] = saved(session)
    assert (source.name, source.url, source.kind, source.enabled) == ("样例财经", origin.url("/rss"), "rss", True)
    assert not source.full_text


def test_nothing_is_saved_where_nobody_can_be_asked(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    result = yinqi("sources", "add", origin.url("/"))
    assert result.exit_code == 2
    assert "第一条" in result.output
    assert "--yes" in result.stderr
    assert saved(session) == []


@pytest.mark.parametrize(("answer", "count"), [("\n", 1), ("y\n", 1), ("n\n", 0)])
def test_a_terminal_is_asked(
    environment: dict[str, str], session: Session, origin: Origin, answer: str, count: int
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cli", "sources", "add", origin.url("/")]
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen = until(ours, "Save")
        assert "第一条" in seen
        os.write(ours, answer.encode())
        until(ours, None)
        assert process.wait(30) == 0
    os.close(ours)
    assert len(saved(session)) == count


def until(terminal: int, words: str | None) -> str:
    """What the terminal shows until these words, or to its end."""
    seen, limit = b"", time.monotonic() + 60
    while time.monotonic() < limit and (words is None or words not in seen.decode(errors="replace")):
        if io_select.select([terminal], [], [], 0.2)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:  # the other side is closed
                break
    return seen.decode(errors="replace")


def test_options_declare_what_is_saved(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    given = ("--name", "我的源", "--kind", "rss", "--interval", "60", "--full-text", "--yes")
    assert yinqi("sources", "add", origin.url("/rss"), *given).exit_code == 0
    [source] = saved(session)
    assert (source.name, source.kind, source.interval, source.full_text) == ("我的源", "rss", 60, True)


def test_a_feed_that_cuts_its_texts_is_saved_with_its_pages(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    origin.add("/cut", body=feed("甲", "乙", text=LONG[:60] + "…", base=origin.url("/text")))
    for n in range(2):
        origin.add(f"/text/{n}", body=LONG.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})
    result = yinqi("sources", "add", origin.url("/cut"), "--yes")
    assert "its texts are cut" in result.output
    assert [source.full_text for source in saved(session)] == [True]


def test_programs_get_json_and_save_nothing_unless_they_say_so(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    result = yinqi("sources", "add", origin.url("/"), "--json")
    [first, *_] = json.loads(result.stdout)["candidates"]
    assert (first["kind"], first["url"], first["samples"][0]["title"]) == ("rss", origin.url("/rss"), "第一条")
    assert saved(session) == []
    json.loads(yinqi("sources", "add", origin.url("/"), "--json", "--yes").stdout)
    assert len(saved(session)) == 1


def test_a_page_that_gives_nothing_is_refused_with_what_was_looked_at(yinqi: Yinqi, origin: Origin) -> None:
    origin.add("/empty", **page(alternate("/gone")))
    result = yinqi("sources", "add", origin.url("/empty"), "--yes")
    assert result.exit_code == 2
    assert "nothing to collect" in result.stderr
    assert "/gone: answered with status 404" in result.stderr


def test_an_address_is_a_source_once(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    yinqi("sources", "add", origin.url("/"), "--yes")
    for path in ("/", "/rss"):
        result = yinqi("sources", "add", origin.url(path), "--yes")
        assert result.exit_code == 2
        assert "already" in result.stderr
    assert len(saved(session)) == 1


def test_a_source_is_saved_unseen_and_switched(yinqi: Yinqi, session: Session) -> None:
    url = "https://example.com/feed"
    assert yinqi("sources", "add", url, "--unseen", "--name", "新闻", "--interval", "60").exit_code == 0
    for which, word, enabled in (("新闻", "disable", False), (url, "enable", True)):
        assert yinqi("sources", word, which).exit_code == 0
        [source] = saved(session)
        assert (source.enabled, source.interval, source.kind) == (enabled, 60, "rss")
    assert url in yinqi("sources", "list").output


@pytest.mark.parametrize("url", ["ftp://example.com/feed", "https://user:pass@example.com/feed", "feed.xml"])
def test_an_address_that_leads_nowhere_is_refused(yinqi: Yinqi, url: str) -> None:
    result = yinqi("sources", "add", url, "--yes")
    assert result.exit_code == 2
    assert result.stderr.startswith("yinqi: ")


def test_an_unknown_kind_is_refused(yinqi: Yinqi) -> None:
    result = yinqi("sources", "add", "https://example.com/", "--kind", "telepathy")
    assert result.exit_code == 2
    assert "telepathy" in result.stderr


def test_an_unknown_source_is_named(yinqi: Yinqi) -> None:
    result = yinqi("sources", "enable", "nowhere")
    assert result.exit_code == 2
    assert "'nowhere'" in result.stderr


def outlines(*urls: str) -> str:
    listed = "".join(f'<outline text="源 {url[-1]}" type="rss" xmlUrl="{url}"/>' for url in urls)
    return f'<opml version="2.0"><body><outline text="夹">{listed}</outline></body></opml>'


def test_a_list_is_imported_and_what_is_there_stays_as_it_is(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    yinqi("sources", "add", "https://example.com/1", "--unseen", "--name", "mine")
    path = tmp_path / "list.opml"
    path.write_text(outlines(*(f"https://example.com/{n}" for n in (1, 2, 3, 3))), "utf-8")
    result = yinqi("sources", "import", str(path), "--off")
    assert "2 added, 2 there already, 0 bad" in result.output
    assert {(one.name, one.enabled) for one in saved(session)} == {("mine", True), ("源 2", False), ("源 3", False)}


def test_a_bad_outline_is_told_and_the_others_are_imported(yinqi: Yinqi, session: Session) -> None:
    result = yinqi("sources", "import", "-", input=outlines("https://example.com/1", "nowhere"))
    assert result.exit_code == 1
    assert "outline 3" in result.stderr and "nowhere" in result.stderr
    assert len(saved(session)) == 1


def test_ten_thousand_sources_come_and_go(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    path, again = tmp_path / "list.opml", tmp_path / "again.opml"
    path.write_text(outlines(*(f"https://example.com/{n}" for n in range(10_000))), "utf-8")
    assert "10000 added" in yinqi("sources", "import", str(path), "--off").output
    assert yinqi("sources", "export", str(again)).exit_code == 0
    assert "0 added, 10000 there already" in yinqi("sources", "import", str(again)).output
    assert session.scalar(select(func.count()).select_from(Source)) == 10_000
    assert "https://example.com/77" in yinqi("sources", "export").stdout
