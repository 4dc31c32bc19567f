"""Commands that ask the API: what they show, and what they say where it will not have it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Article, Event, News
from core.settings import settings
from tests.api import rows
from tests.api.conftest import base_url, new_subscriber
from tests.api.test_search import index
from tests.cli.conftest import Yinqi

__all__ = ["base_url", "new_subscriber"]  # fixtures of the API's own tests


@pytest.fixture
def told(base_url: str, new_subscriber: Callable[..., str], monkeypatch: pytest.MonkeyPatch, session: Session) -> Event:
    """An event, told as news, of an API that commands are led to by the settings."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # the API speaks in this process
    monkeypatch.setenv("YINQI_URL", base_url + "/")
    monkeypatch.setenv("YINQI_KEY", new_subscriber())
    settings.cache_clear()
    article = rows.article(session, source_name="示例财经", url="https://news.example.com/1")
    made = rows.event(session, rows.bank(session, "样例银行"), rows.firm(session), article, branch="苏州分行")
    session.add(News(event_id=made.id, version=1))
    rows.event(session, rows.bank(session, "工商银行"), None, firm_description="[某]芯片企业", instrument="leasing")
    session.commit()
    return made


def test_events_are_listed_as_a_table_and_as_json(yinqi: Yinqi, told: Event) -> None:
    shown = yinqi("events", "list").output
    assert "样例银行苏州分行" in shown and "3000万元" in shown and str(told.id) in shown and "[某]芯片企业" in shown
    lines = yinqi("events", "list", "--bank", "样例银行", "--min-amount", "1000", "--json").output.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [str(told.id)]
    assert len(yinqi("events", "list", "--limit", "1", "--json").output.splitlines()) == 1
    assert "nothing was found" in yinqi("events", "list", "--instrument", "bond").output


def test_one_event_is_shown_with_its_evidence(yinqi: Yinqi, told: Event) -> None:
    shown = yinqi("events", "show", str(told.id)).output
    assert "工商银行向示" in shown and "https://news.example.com/1" in shown
    assert json.loads(yinqi("events", "show", str(told.id), "--json").output)["id"] == str(told.id)


def test_a_profile_is_shown_by_any_name(yinqi: Yinqi, told: Event) -> None:
    assert told.firm is not None
    shown = yinqi("profile", "bank", "样例银行").output
    assert "年份" in shown and "3000万元" in shown and told.firm.name in shown
    [line] = yinqi("profile", "firm", told.firm.name, "--json").output.splitlines()
    assert json.loads(line)["firm"]["id"] == str(told.firm.id)
    assert yinqi("profile", "firm", str(told.firm.id), "--json").output.splitlines() == [line]
    assert yinqi("profile", "firm", "从未听说过的公司").exit_code == 2


def test_what_the_api_refuses_is_told_by_its_option(yinqi: Yinqi, told: Event) -> None:
    wrong = yinqi("events", "list", "--bank", "无此银行")
    assert wrong.exit_code == 2 and "--bank: no bank is called '无此银行'" in wrong.output
    wrong = yinqi("watch", "--watchlist", "没有")
    assert wrong.exit_code == 2 and "--watchlist: you have no watchlist '没有'" in wrong.output


def test_the_stream_is_watched_in_the_terminal(yinqi: Yinqi, told: Event) -> None:
    shown = yinqi("watch", "--once", "--after", "0").output
    assert "新事件" in shown and "样例银行苏州分行" in shown and "工商银行向示" in shown
    lines = yinqi("watch", "--once", "--after", "0", "--json", "--tech").output.splitlines()
    assert [json.loads(line)["event"]["id"] for line in lines] == [str(told.id)]
    assert yinqi("watch", "--once", "--after", "0", "--instrument", "leasing").output == ""


def test_registers_are_listed(yinqi: Yinqi, told: Event) -> None:
    assert "样例银行" in yinqi("banks").output and "样例银行" not in yinqi("banks", "工商").output
    [line] = yinqi("firms", "示例", "--json").output.splitlines()
    assert json.loads(line)["name"] == "示例机器人股份有限公司"
    assert (
        "示例机器人" in yinqi("firms").output and "nothing was found" in yinqi("firms", "--sector", "robotics").output
    )


def test_words_are_searched(yinqi: Yinqi, told: Event, session: Session) -> None:
    index(session, session.scalars(select(Article)).one())
    shown = yinqi("search", "--events", "工商银行向示")
    assert shown.exit_code == 0 and "样例银行" in shown.output
    assert "nothing was found" in yinqi("search", "无此文字").output


def test_a_list_is_taken_away_as_a_file(yinqi: Yinqi, told: Event, tmp_path: Path) -> None:
    file = tmp_path / "样例.csv"
    done = yinqi("export", "events", str(file), "--bank", "样例银行", "--zh")
    assert done.exit_code == 0 and f"{file}: {file.stat().st_size:,} bytes" in done.output
    head, line = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert line[head.index("银行")] == "样例银行"
    assert yinqi("export", "banks", str(tmp_path / "b.parquet"), "--q", "样例").exit_code == 0
    assert (tmp_path / "b.parquet").read_bytes().startswith(b"PAR1")


def test_a_file_that_cannot_be_made_leaves_the_old_one(yinqi: Yinqi, told: Event, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text("old")
    wrong = yinqi("export", "events", str(file), "--bank", "无此银行")
    assert wrong.exit_code == 2 and "--bank: no bank is called" in wrong.output
    assert file.read_text() == "old" and list(tmp_path.glob(".old*")) == []
    assert "--format: no format is called 'pdf'" in yinqi("export", "events", str(tmp_path / "a.pdf")).output
    assert "there is no folder" in yinqi("export", "events", str(tmp_path / "no" / "a.csv")).output
    assert "none of events, articles" in yinqi("export", "all", str(file)).output


def test_an_api_that_is_away_or_has_no_key_is_told(yinqi: Yinqi, monkeypatch: pytest.MonkeyPatch) -> None:
    away = yinqi("events", "list")
    assert away.exit_code == 2 and "YINQI_KEY" in away.output
    monkeypatch.setenv("YINQI_KEY", "yq_x")
    monkeypatch.setenv("YINQI_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    for command in (["events", "list"], ["watch"], ["export", "events", "x.csv"]):
        away = yinqi(*command)
        assert away.exit_code == 2 and "http://127.0.0.1:9 cannot be reached" in away.output


def test_statistics_are_shown_and_printed_as_json(yinqi: Yinqi, told: Event) -> None:
    shown = yinqi("stats", "by", "bank", "--rate", "USD:7.1").output
    assert "样例银行" in shown and "6000万元" in shown
    assert json.loads(yinqi("stats", "by", "month", "--json").output)["rows"][0]["count"] == 2
    assert "样例银行" in yinqi("stats", "league", "--order", "sum", "--period", "2026-Q1").output
    assert "融资租赁" in yinqi("stats", "matrix", "bank", "instrument").output
    assert "2026-Q1" in yinqi("stats", "index", "--end", "2026-Q1").output
    wrong = yinqi("stats", "league", "--period", "soon")
    assert wrong.exit_code == 2 and "--period" in wrong.output
