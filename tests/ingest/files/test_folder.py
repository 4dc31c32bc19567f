"""A watched folder: what is put there becomes articles once, soon, and only from where the operator opened it."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import Article, FileRead, Source, SourceError
from core.settings import settings
from ingest.files import folder, read
from ingest.files.opened import Outside, check_address, open_within
from ingest.jobs import Polled
from tests.ingest.polling import Outcome, Poll, outcome

TEXT = "样例银行向杭州样例智造科技有限公司授信2亿元。"


@pytest.fixture
def inbox(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    made = tmp_path / "in box"
    made.mkdir()
    monkeypatch.setenv("YINQI_FOLDERS", f"{made},/nowhere")
    settings.cache_clear()
    monkeypatch.setattr(folder, "SETTLED", 0.0)
    return made


@pytest.fixture
def source(session: Session, inbox: Path) -> Source:
    """A folder that was looked at a month ago, so that what comes is news."""
    month = func.now() - timedelta(days=30)
    made = Source(name="样例收件箱", url=inbox.as_uri(), kind="folder", first_polled_at=month, last_success_at=month)
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def poll(session: Session, source: Source, out: Poll) -> Callable[[], Outcome]:
    def turn() -> Outcome:
        session.execute(text("UPDATE source SET due_at = now() - interval '1 second'"))
        session.commit()
        [polled] = [entry for entry in out() if isinstance(entry, Polled)]
        session.expire_all()
        return outcome(polled)

    return turn


def line(title: str) -> str:
    return json.dumps({"title": title, "text": TEXT + title}, ensure_ascii=False) + "\n"


def titles(session: Session) -> list[str]:
    return sorted(session.scalars(select(Article.title)))


def errors(session: Session) -> list[str]:
    return [f"{row.input}: {row.reason}" for row in session.scalars(select(SourceError))]


def test_new_files_become_articles_once(
    session: Session, source: Source, inbox: Path, poll: Callable[[], Outcome]
) -> None:
    (inbox / "一.txt").write_text(f"第一条\n{TEXT}", "utf-8")
    (inbox / "sub").mkdir()
    (inbox / "sub" / "two.jsonl").write_text(line("第二条"), "utf-8")
    assert poll() == Outcome(stored=2)
    assert poll() == Outcome()
    article = session.scalars(select(Article).where(Article.title == "第一条")).one()
    assert (article.source_id, article.source_name, article.quiet, article.url) == (
        source.id,
        "样例收件箱",
        False,
        None,
    )
    assert sorted(path.name for path in inbox.rglob("*") if path.is_file()) == ["two.jsonl", "一.txt"]
    (inbox / "three.md").write_text(f"# 第三条\n\n{TEXT}三", "utf-8")
    assert poll() == Outcome(stored=1)
    assert titles(session) == ["第一条", "第三条", "第二条"]


def test_a_file_is_taken_when_it_has_rested_and_under_its_last_name(
    session: Session, inbox: Path, poll: Callable[[], Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "SETTLED", 3600.0)
    (inbox / "a.txt").write_text(TEXT, "utf-8")
    os.utime(inbox / "a.txt", (0, 0))  # an old time of its own says nothing of when it was put there
    assert poll() == Outcome()
    monkeypatch.setattr(folder, "SETTLED", 0.0)
    (inbox / ".b.txt.swp").write_text(TEXT, "utf-8")
    (inbox / "c.txt.part").write_text(TEXT, "utf-8")
    assert poll() == Outcome(stored=1)


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not_opened(
    session: Session, inbox: Path, poll: Callable[[], Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (inbox / name).write_text(line(name), "utf-8")
    poll()
    opened: list[str] = []

    def seen(path: Path, **more: Any) -> Any:
        opened.append(path.name)
        return open_within(path, **more)

    monkeypatch.setattr(folder, "open_within", seen)
    with (inbox / "b.jsonl").open("a") as file:
        file.write(line("c"))
    assert poll() == Outcome(stored=1, known=1)
    assert opened == ["b.jsonl"]


def test_what_lay_there_at_the_first_look_alerts_nobody(
    session: Session, source: Source, inbox: Path, poll: Callable[[], Outcome]
) -> None:
    source.first_polled_at = source.last_success_at = None
    session.commit()
    (inbox / "old.txt").write_text(TEXT, "utf-8")
    poll()
    (inbox / "new.txt").write_text(TEXT + "新", "utf-8")
    poll()
    assert session.scalars(select(Article.quiet).order_by(Article.id)).all() == [True, False]


def test_a_bad_file_is_told_once_and_stops_no_other(session: Session, inbox: Path, poll: Callable[[], Outcome]) -> None:
    (inbox / "bad.jsonl").write_text("no\n")
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "good.txt").write_text(TEXT, "utf-8")
    assert poll() == Outcome(stored=1, errors=2)
    assert poll() == Outcome()
    assert {line.rpartition("/")[2].partition(":")[0] for line in errors(session)} == {
        "bad.jsonl, line 1",
        "empty.txt",
    }


def test_links_that_lead_out_are_refused(
    session: Session, inbox: Path, poll: Callable[[], Outcome], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("这是一个秘密。", "utf-8")
    (inbox / "link.txt").symlink_to(secret)
    (inbox / "folder").symlink_to(tmp_path)
    (inbox / "loop").symlink_to(inbox)
    (inbox / "good.txt").write_text(TEXT, "utf-8")
    (inbox / "inside.txt").symlink_to(inbox / "good.txt")
    os.mkfifo(inbox / "pipe.txt")
    assert poll() == Outcome(stored=1, known=1, errors=1)
    assert titles(session) == [TEXT]
    assert "leads out" in errors(session)[0]


@pytest.mark.parametrize("where", ["/etc", "/", "", "/nowhere", "../in box", "%2e%2e/x"])
def test_only_folders_that_the_operator_opened_are_watched(
    session: Session, source: Source, inbox: Path, poll: Callable[[], Outcome], where: str
) -> None:
    url = (
        f"file://{where}" if where.startswith("/") else f"{inbox.as_uri()}/{where}" if where else "https://example.com/"
    )
    source.url = url
    session.commit()
    outcome = poll()
    assert outcome.error is not None
    session.refresh(source)
    assert source.failures == 1


def test_a_folder_that_is_a_link_out_is_refused(
    session: Session, source: Source, inbox: Path, poll: Callable[[], Outcome], tmp_path: Path
) -> None:
    (inbox / "out").symlink_to(tmp_path)
    source.url = (inbox / "out").as_uri()
    session.commit()
    assert "leads out" in str(poll().error)


def test_without_the_setting_no_folder_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Outside, match="YINQI_FOLDERS"):
        check_address("file:///etc", ())
    assert check_address("file:///srv/in%20box/", ("/srv",)) == "file:///srv/in%20box"
    with pytest.raises(Outside):
        check_address("file:///srv2", ("/srv",))
    with pytest.raises(Outside):
        check_address("file://elsewhere/srv", ("/srv",))


def test_a_file_that_is_gone_is_forgotten(session: Session, inbox: Path, poll: Callable[[], Outcome]) -> None:
    (inbox / "a.txt").write_text(TEXT, "utf-8")
    poll()
    (inbox / "a.txt").unlink()
    poll()
    assert session.scalar(select(func.count()).select_from(FileRead)) == 0
    assert titles(session) == [TEXT]


def test_a_folder_of_very_many_files_is_read_in_turns(
    session: Session, inbox: Path, poll: Callable[[], Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_SECONDS", -1.0)  # each turn ends after its first batch
    for n in range(450):
        (inbox / f"{n}.txt").write_text(f"{TEXT}{n}", "utf-8")
    stored = [poll().stored for _ in range(6)]
    assert sum(stored) == 450
    assert stored[0] < 450
    assert stored[-1] == 0


def test_a_deleted_folder_takes_what_was_known_of_its_files_along(
    session: Session, source: Source, inbox: Path, poll: Callable[[], Outcome]
) -> None:
    (inbox / "a.txt").write_text(TEXT, "utf-8")
    poll()
    with transaction() as other:
        other.delete(other.get_one(Source, source.id))
    assert session.scalar(select(func.count()).select_from(FileRead)) == 0


def test_a_large_file_of_lines_goes_on_where_a_turn_ended(
    session: Session, inbox: Path, poll: Callable[[], Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_SECONDS", -1.0)
    monkeypatch.setattr(read, "_PIECE", 100)
    (inbox / "many.jsonl").write_text("".join(line(str(n)) for n in range(500)), "utf-8")
    outcomes = [poll() for _ in range(5)]
    assert sum(one.stored for one in outcomes) == 500
    assert all(one.known == 0 for one in outcomes)
