"""A body that hangs, eats or crashes costs itself only; readers come and go with the work, and die with the parent."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psutil
import pytest

from core.errors import RejectedInput
from ingest import formats
from ingest.errors import Challenged, ReaderFailed, ReaderKilled
from ingest.formats import Body, Parsed
from ingest.isolate import NoReader, Readers, limits_for
from ingest.reading.wire import Limits
from tests.fakes.origin import Origin

HOSTILE = "tests.ingest.hostile"
SAMPLES = Path(__file__).parent / "samples"
SHORT = Limits(seconds=2, memory=200 * 2**20)
ROOM = Limits(seconds=60, memory=400 * 2**20)


def body(content: str | bytes, url: str = "https://news.example/feed") -> Body:
    return Body(content if isinstance(content, bytes) else content.encode(), url, "text/plain")


def said(parsed: Parsed) -> str:
    return parsed.items[0].text


def eventually(holds: object, within: float = 20) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def readers() -> Iterator[Readers]:
    with Readers(2, module=HOSTILE, limits=lambda _: ROOM) as made:
        yield made


@pytest.fixture(scope="module")
def one_reader() -> Iterator[Readers]:
    with Readers(1) as made:
        yield made


@pytest.fixture
def strict() -> Iterator[Readers]:
    with Readers(1, module=HOSTILE, limits=lambda _: SHORT) as made:
        yield made


TOLD = [
    ("rss2.xml", "application/xml", "rss"),
    ("atom.xml", "application/xml", "rss"),
    ("gb2312.xml", "application/xml", "rss"),
    ("cut_off.xml", "application/xml", "rss"),
    ("note.md", "text/markdown", "plain"),
    ("json_feed/feed.jsonfeed", "application/feed+json", "json_feed"),
    ("sitemap/news.xml", "application/xml", "sitemap"),
    ("docx/notice.docx", "application/octet-stream", "docx"),
    ("list/gov_ul.html", "text/html", "list"),
    ("page/bank_trs.html", "text/html", "page"),
    ("pdf/wrapped.pdf", "application/pdf", "pdf"),
]


@pytest.mark.parametrize(("name", "type_", "kind"), TOLD)
def test_a_reader_reads_what_the_formats_read(one_reader: Readers, name: str, type_: str, kind: str) -> None:
    """Whatever it may not do, it needs none of it."""
    sample = Body((SAMPLES / name).read_bytes(), "https://news.example/2026/x", type_, kind=kind)
    assert one_reader.read_now(sample) == formats.read(sample)


def test_what_the_formats_refuse_is_refused_with_their_own_error() -> None:
    sample = Body((SAMPLES / "page.html").read_bytes(), "https://news.example/feed", "text/html", kind="rss")
    with pytest.raises(RejectedInput) as plainly:
        formats.read(sample)
    with Readers(1) as made, pytest.raises(RejectedInput) as isolated:
        made.read_now(sample)
    assert (type(isolated.value), str(isolated.value)) == (type(plainly.value), str(plainly.value))


@pytest.mark.parametrize("act", ["hang", "spin", "deaf"])
def test_what_takes_too_long_is_ended_and_the_next_body_is_read(strict: Readers, act: str) -> None:
    with pytest.raises(ReaderKilled, match=r"^https://news\.example/feed: reading it took longer than 2 s$"):
        strict.read_now(body(act))
    assert said(strict.read_now(body("say hello"))) == "hello"


def test_what_needs_too_much_memory_is_ended_and_the_next_body_is_read(strict: Readers) -> None:
    with pytest.raises(ReaderKilled, match=r"^https://news\.example/feed: reading it needed more than 200 MiB$"):
        strict.read_now(body("eat 600"))
    assert said(strict.read_now(body("say hello"))) == "hello"


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("crash 11", r"crashed the reader \(signal 11\)"),
        ("crash 6", r"was aborted by its libraries \(signal 6\), as where \d+ MiB are not enough"),
        ("crash 9", r"crashed the reader \(signal 9\)"),
        ("exit 7", r"crashed the reader \(exit status 7\)"),
    ],
)
def test_what_crashes_its_reader_is_told_and_the_next_body_is_read(readers: Readers, act: str, told: str) -> None:
    with pytest.raises(ReaderKilled, match=rf"^https://news\.example/feed: reading it {told}$"):
        readers.read_now(body(act))
    assert said(readers.read_now(body("say hello"))) == "hello"


def test_errors_of_a_format_arrive_as_themselves(readers: Readers) -> None:
    with pytest.raises(Challenged, match=r"^a page that wants a browser$"):
        readers.read_now(body("refuse"))


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("slip", r"https://news\.example/feed: unexpected ZeroDivisionError: nobody"),
        ("tempt", r"https://news\.example/feed: unexpected TemporaryFailure: try again"),  # bodies do not get better
        ("quit", r"https://news\.example/feed: unexpected SystemExit: 3"),
    ],
)
def test_what_nobody_foresaw_is_told_by_its_kind_and_costs_no_reader(readers: Readers, act: str, told: str) -> None:
    before = readers.read_now(body("say hello")).items[0].title
    with pytest.raises(ReaderFailed, match=f"^{told}$"):
        readers.read_now(body(act))
    assert readers.read_now(body("say hello")).items[0].title == before


def test_what_brings_forth_too_much_is_refused(readers: Readers) -> None:
    assert len(said(readers.read_now(body("swell 20")))) == 20 * 2**20 // 3
    with pytest.raises(ReaderFailed, match=r"^https://news\.example/feed: what was found there is larger than 32 MiB$"):
        readers.read_now(body("swell 40"))


@pytest.mark.parametrize("kind", ["garbage", "types", "huge"])
def test_a_reader_that_was_taken_over_gets_nothing_past_its_parent(readers: Readers, kind: str) -> None:
    with pytest.raises(ReaderFailed):
        readers.read_now(body(f"forge {kind}"))


def test_half_characters_arrive_as_what_can_be_kept(readers: Readers) -> None:
    assert said(readers.read_now(body("surrogates"))) == "半\ufffd个"


def test_a_reader_writes_no_file(readers: Readers, tmp_path: Path) -> None:
    with pytest.raises(ReaderFailed, match="OSError"):
        readers.read_now(body(f"write {tmp_path / 'note'}"))
    assert not (tmp_path / "note").exists() or (tmp_path / "note").stat().st_size == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has such a fence")
@pytest.mark.parametrize("act", ["connect", "run", "delete", "rename", "spy"])
def test_a_reader_that_was_taken_over_reaches_nothing_outside(readers: Readers, tmp_path: Path, act: str) -> None:
    kept = tmp_path / "kept"
    kept.write_text("kept")
    with Origin() as canary:
        about = {"connect": canary.port, "spy": os.getpid()}.get(act, kept)
        with pytest.raises(ReaderFailed, match=r"unexpected PermissionError: \[Errno 1\]"):
            readers.read_now(body(f"{act} {about}"))
        assert canary.connections == 0
    assert kept.read_text() == "kept"


def test_a_reader_knows_no_secret_of_its_parent(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINQI_DATABASE_URL", "postgresql://secret")
    assert "YINQI" not in said(readers.read_now(body("environment")))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_reader_holds_no_file_of_its_parent(readers: Readers, tmp_path: Path) -> None:
    with (tmp_path / "held").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        assert str(tmp_path) not in said(readers.read_now(body("files")))


def test_200_reads_at_once_all_come_through_whatever_some_of_them_do() -> None:
    acts = {0: "say {}", 1: "slip", 50: "crash 11"}

    async def all_at_once() -> list[Parsed | BaseException]:
        async with Readers(2, module=HOSTILE, limits=lambda _: ROOM) as made:
            wanted = [made.read(body(acts.get(n, acts.get(n % 4, acts[0])).format(n))) for n in range(200)]
            return await asyncio.gather(*wanted, return_exceptions=True)

    found = asyncio.run(all_at_once())
    for n, one in enumerate(found):
        if n == 50:
            assert isinstance(one, ReaderKilled)
        elif n == 1 or n % 4 == 1:
            assert isinstance(one, ReaderFailed)
        else:
            assert isinstance(one, tuple) and said(one) == str(n)


def test_readers_start_with_the_work_and_end_without_it() -> None:
    with Readers(2, module=HOSTILE, idle=0.3) as made:
        assert made.pids() == []
        made.read_now(body("say hello"))
        [pid] = made.pids()
        assert eventually(lambda: not made.pids() and not psutil.pid_exists(pid))
        assert said(made.read_now(body("say again"))) == "again"


def test_a_reader_that_was_killed_while_it_rested_costs_no_body(readers: Readers) -> None:
    readers.read_now(body("say hello"))
    [pid] = readers.pids()
    os.kill(pid, signal.SIGKILL)
    assert said(readers.read_now(body("say again"))) == "again"


def test_closing_ends_what_is_being_read_and_is_no_fault_of_the_body() -> None:
    async def closing() -> list[BaseException | Parsed]:
        made = Readers(1, module=HOSTILE, limits=lambda _: ROOM)
        wanted = [asyncio.ensure_future(made.read(body("hang"))) for _ in range(3)]
        while not made.pids():
            await asyncio.sleep(0.05)
        await asyncio.to_thread(made.close)
        assert made.pids() == []
        return await asyncio.gather(*wanted, made.read(body("say late")), return_exceptions=True)

    assert [type(one) for one in asyncio.run(closing())] == [NoReader] * 4


def test_readers_that_cannot_start_are_no_fault_of_the_body() -> None:
    with Readers(1, module="tests.ingest.no_such_module") as made, pytest.raises(NoReader, match="did not start"):
        made.read_now(body("say hello"))


_PARENT = f"""
import sys, threading
from ingest.formats import Body
from ingest.isolate import Readers
from ingest.reading.wire import Limits
made = Readers(2, module="{HOSTILE}", limits=lambda _: Limits(300, 2**29))
made.read_now(Body(b"say hello", "x"))
for act in (b"deaf", b"spin"):
    threading.Thread(target=made.read_now, args=[Body(act, "x")], daemon=True).start()
while len(made.pids()) < 2:
    pass
print(*made.pids(), flush=True)
threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="macOS ends them when the time of their body is up")
def test_a_killed_parent_leaves_no_orphans() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2 and all(map(psutil.pid_exists, pids))
        parent.kill()
    assert eventually(lambda: not any(map(_runs, pids)))


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_pdf_is_known_by_its_mark_and_given_more_time() -> None:
    assert limits_for(body(b"\n%PDF-1.7 ...")).seconds == 30
    assert limits_for(body("<html>")).seconds < 30


def test_what_isolation_costs_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    sample = Body((SAMPLES / "rss2.xml").read_bytes(), "https://news.example/feed", "application/xml")
    with Readers(1) as made:
        made.read_now(sample)
        isolated = _took(lambda: made.read_now(sample))
    plainly = _took(lambda: formats.read(sample))
    with capsys.disabled():
        print(f"\n  reading a feed of 4 items: {plainly:.2f} ms here, {isolated:.2f} ms in a reader")


def _took(act: object, times: int = 50) -> float:
    started = perf_counter()
    for _ in range(times):
        act()  # type: ignore[operator]
    return (perf_counter() - started) / times * 1000
