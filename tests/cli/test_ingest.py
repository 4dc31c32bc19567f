"""`yinqi ingest`: archives into the history, once, and further where it stopped."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cli import ingest as command_module
from cli import pages
from core import work
from core.models import Article, FileRead, Link
from tests.cli.conftest import Yinqi
from tests.fakes.origin import Origin
from tests.ingest.test_discover import feed, listed, page, sitemap

TEXT = "样例银行向杭州样例智造科技有限公司授信2亿元。"


def line(number: int, **more: Any) -> str:
    return json.dumps({"title": f"第{number}条", "text": f"{TEXT}第{number}期。", **more}, ensure_ascii=False) + "\n"


def write(path: Path, lines: Iterable[str]) -> str:
    path.write_text("".join(lines), "utf-8")
    return str(path)


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Article)) or 0


def titles(session: Session) -> set[str]:
    return set(session.scalars(select(Article.title)))


def test_all_kinds_of_files_below_a_folder_are_read(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    write(tmp_path / "a" / "one.txt", [f"样例快讯\n{TEXT}"])
    write(tmp_path / "a" / "b" / "two.md", [f"# 样例标题\n\n{TEXT}又一笔。"])
    write(tmp_path / "a" / "three.jsonl", [line(3)])
    (tmp_path / "a" / "four.jsonl.gz").write_bytes(gzip.compress(line(4).encode()))
    item = f"<item><title>订阅源里的一条</title><description>{TEXT}再一笔。</description></item>"
    write(tmp_path / "feed.xml", [f'<rss version="2.0"><channel>{item}</channel></rss>'])
    result = yinqi("ingest", str(tmp_path))
    assert "5 stored" in result.output
    assert titles(session) == {"样例快讯", "样例标题", "第3条", "第4条", "订阅源里的一条"}


def test_files_of_other_kinds_and_unfinished_ones_are_left_out(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in ("picture.jpg", "mail.eml", ".hidden.txt", "~$lock.docx", "half.jsonl.part"):
        write(folder / name, [TEXT])
    result = yinqi("ingest", str(folder))
    assert result.exit_code == 0
    assert "0 stored" in result.output
    assert "3 files of other kinds left out" in result.output
    assert ".eml 1" in result.output


def test_an_archive_alerts_nobody_and_waits_for_no_message(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    yinqi("ingest", write(tmp_path / "a.jsonl", [line(n) for n in range(3)]))
    rows = session.execute(select(Article.quiet, Article.later, Article.sent_at)).all()
    assert [tuple(row) for row in rows] == [(True, True, None)] * 3
    assert work.queue_length("extractor") == 0
    assert work.sweep(work.EXTRACT) == 3


def test_an_archive_alerts_where_that_is_asked_for_however_old_it_is(
    yinqi: Yinqi, session: Session, tmp_path: Path
) -> None:
    yinqi("ingest", write(tmp_path / "a.jsonl", [line(1, published="2020-01-01")]), "--alert")
    assert session.execute(select(Article.quiet, Article.later)).one() == (False, True)


def test_what_is_older_is_left_out_and_what_tells_no_time_is_kept(
    yinqi: Yinqi, session: Session, tmp_path: Path
) -> None:
    days = ["2025-12-31", "2026-01-01", "2025-12-31T16:00:00Z", None]
    path = write(tmp_path / "a.jsonl", [line(n, published=day) for n, day in enumerate(days)])
    result = yinqi("ingest", path, "--since", "2026-01-01")
    assert titles(session) == {"第1条", "第2条", "第3条"}  # the third is midnight in China
    assert "1 older than --since" in result.output


def test_articles_that_tell_no_day_get_the_one_that_is_given(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    yinqi("ingest", write(tmp_path / "a.txt", [TEXT]), "--published", "2026-03-01")
    published = session.scalars(select(Article.published)).one()
    assert published is not None
    assert published.isoformat() == "2026-02-28T16:00:00+00:00"


@pytest.mark.parametrize("option", ["--since", "--published"])
def test_a_day_that_is_none_is_refused(yinqi: Yinqi, tmp_path: Path, option: str) -> None:
    result = yinqi("ingest", write(tmp_path / "a.txt", [TEXT]), option, "someday")
    assert result.exit_code == 2
    assert option in result.stderr and "someday" in result.stderr


def test_an_article_in_two_files_is_stored_once(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    paths = [write(tmp_path / name, [line(1, url="https://news.example.com/1")]) for name in ("a.jsonl", "b.jsonl")]
    result = yinqi("ingest", *paths)
    assert "1 stored, 1 duplicate" in result.output
    article = session.scalars(select(Article)).one()
    assert (article.title, article.url) == ("第1条", "https://news.example.com/1")


def test_a_file_is_read_once_and_anew_when_it_changed(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [line(1)])
    yinqi("ingest", path)
    again = yinqi("ingest", path)
    assert "0 stored, 0 duplicate" in again.output
    assert "1 files were read before" in again.output
    write(tmp_path / "a.jsonl", [line(1), line(2)])
    assert "1 stored, 1 duplicate" in yinqi("ingest", path).output


def test_other_options_are_another_task(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [line(1, published="2025-01-01"), line(2, published="2026-01-01")])
    assert "1 stored" in yinqi("ingest", path, "--since", "2026-01-01").output
    assert "1 stored, 1 duplicate" in yinqi("ingest", path).output


def test_what_is_bad_is_told_by_its_place_and_stops_nothing(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    write(tmp_path / "lines.jsonl", [line(1), "no\n", json.dumps({"title": "空"}) + "\n", line(4)])
    whole = gzip.compress("".join(line(n) for n in range(10, 2000)).encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "no.jsonl.gz").write_bytes(b"not packed at all")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "broken.xml").write_bytes(b"<rss><channel><item>")
    write(tmp_path / "good.txt", [TEXT])
    result = yinqi("ingest", str(tmp_path), str(tmp_path / "missing.txt"))
    assert result.exit_code == 1
    for told in ("lines.jsonl, line 2: not JSON", "lines.jsonl, line 3: the text is missing", "cut.jsonl.gz: breaks"):
        assert told in result.stderr
    for name in ("no.jsonl.gz", "empty.txt", "broken.xml", "missing.txt"):
        assert f"{name}: " in result.stderr
    assert {"第1条", "第4条", "第10条"} <= titles(session)
    assert session.scalar(select(Article.id).where(Article.text == TEXT))


def test_lines_come_through_a_pipe_too(yinqi: Yinqi, session: Session) -> None:
    result = yinqi("ingest", "-", input=line(1) + "no\n" + line(3))
    assert result.exit_code == 1
    assert "standard input, line 2" in result.stderr
    assert titles(session) == {"第1条", "第3条"}
    assert session.scalars(select(FileRead)).all() == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_kill_loses_nothing_and_repeats_nothing(
    environment: dict[str, str], session: Session, tmp_path: Path, packed: bool
) -> None:
    total = 6000
    content = "".join(line(n) for n in range(total)).encode()
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(content) if packed else content)
    command = [sys.executable, "-m", "cli", "ingest", str(path)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while count(session) < 400 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = count(session)
    assert 0 < before < total
    assert session.scalars(select(FileRead.line)).one() == before  # each line is an article: kept with its place
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"{total - before} stored, 0 duplicate, 0 rejected" in again.stdout
    assert count(session) == total


@pytest.fixture
def origin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Origin]:
    monkeypatch.setattr(command_module, "PAUSE", 0.0)
    with Origin() as server:
        yield server


def links(session: Session, origin: Origin) -> dict[str, bool]:
    return {link.url.removeprefix(origin.url("")): link.quiet for link in session.scalars(select(Link))}


def test_the_pages_of_a_sitemaps_parts_are_left_to_the_ingest_service(
    yinqi: Yinqi, session: Session, origin: Origin
) -> None:
    parts = [origin.url("/2025.xml"), origin.url("/2026.xml")]
    origin.add("/index.xml", body=sitemap(*parts, root="sitemapindex", one="sitemap"))
    origin.add("/2025.xml", body=sitemap(*(origin.url(f"/a/{n}") for n in range(3))))
    origin.add("/2026.xml", body=sitemap(origin.url("/a/0"), origin.url("/b")))
    result = yinqi("ingest", origin.url("/index.xml"))
    assert result.exit_code == 0
    assert "4 pages new" in result.output
    assert links(session, origin) == dict.fromkeys(["/a/0", "/a/1", "/a/2", "/b"], True)
    assert "/a/0" not in {seen.path for seen in origin.seen}
    assert "pages new" not in yinqi("ingest", origin.url("/index.xml")).output


def test_parts_and_pages_that_are_older_are_not_asked_for(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    origin.add("/index.xml", body=sitemap(origin.url("/old.xml"), root="sitemapindex", one="sitemap"))
    yinqi("ingest", origin.url("/index.xml"), "--since", "2026-03-02")
    assert "/old.xml" not in {seen.path for seen in origin.seen}
    origin.add("/news/", **page(body=listed(8)))
    yinqi("ingest", origin.url("/news/"), "--since", "2026-03-05", "--alert")
    assert sorted(links(session, origin).items()) == [(f"/news/2026/{n}.html", False) for n in range(4, 8)]


def test_a_feeds_articles_are_stored_at_once(yinqi: Yinqi, session: Session, origin: Origin) -> None:
    origin.add("/rss", body=feed("甲", "乙"))
    yinqi("ingest", origin.url("/rss"))
    assert session.scalars(select(Article.quiet)).all() == [True] * count(session) != []


def test_what_an_address_does_not_give_is_told(yinqi: Yinqi, origin: Origin) -> None:
    origin.add("/robots.txt", body=b"User-agent: *\nDisallow: /private\n")
    result = yinqi("ingest", origin.url("/gone"), origin.url("/private/rss"))
    assert result.exit_code == 1
    assert f"{origin.url('/gone')}: answered with status 404" in result.stderr
    assert "robots.txt" in result.stderr


def test_pages_are_waited_for_until_none_is_left_or_nobody_fetches_them(
    environment: dict[str, str], session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    session.add_all([Link(url=f"https://e.example/{n}", canonical_url=f"https://e.example/{n}") for n in range(2)])
    session.commit()

    def fetch_one(_: float) -> None:
        session.execute(
            update(Link)
            .where(Link.id == select(Link.id).where(Link.state == "open").limit(1).scalar_subquery())
            .values(state="done")
        )
        session.commit()

    pages.follow(pause=fetch_one)
    assert "all pages are fetched" in capsys.readouterr().err
    session.execute(update(Link).values(state="open"))
    session.commit()
    pages.follow(patience=0.0, pause=lambda _: None)
    assert "2 pages wait; nobody fetches them" in capsys.readouterr().err


def test_documents_are_read_by_processes_that_can_be_killed(yinqi: Yinqi, session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    text = "".join(f"<p>{TEXT}这是第{n}段，讲的是一笔样例贷款。</p>" for n in range(8))
    for n in range(12):
        html = f"<html><head><title>样例{n}</title></head><body><h1>样例银行支持第{n}家企业</h1>{text}{n}</body></html>"
        write(folder / f"{n}.html", [html])
    (folder / "hostile.html").write_bytes(b"<html>" + b"<a b=c" * 400_000)
    result = yinqi("ingest", str(folder))
    assert count(session) == 12
    assert "hostile.html" in result.stderr
