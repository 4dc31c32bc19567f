"""The demo's result does not change, whatever is killed in its middle."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from core.database import connect
from core.models import Article
from tests.flow.chain import until

pytestmark = pytest.mark.chaos


@pytest.fixture
def demo(tmp_path: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    """`yinqi demo --once` with its data in a short path (a Unix socket's path has a limit)."""
    folder = home / f"d{os.getpid()}-{time.monotonic_ns() % 10_000}"
    folder.mkdir()
    environment = {**os.environ, "YINQI_HOME": str(folder), "COLUMNS": "160"}
    command = [sys.executable, "-m", "cli", "demo", "--once", "--timeout", "240"]
    process = subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    process.folder = folder / "demo"  # type: ignore[attr-defined]
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _read(process: subprocess.Popen[str], name: str) -> dict[str, object]:
    path: Path = process.folder / "run" / name  # type: ignore[attr-defined]
    return json.loads(path.read_text()) if path.exists() else {}


def _await_first_articles(process: subprocess.Popen[str]) -> None:
    """Until the feed was read: from then on there is work to be lost."""
    url = until(lambda: _read(process, "servers.json").get("database_url"), seconds=120)
    until(lambda: {"extractor", "alerts", "ingest"} <= _read(process, "children.json").keys(), seconds=120)
    engine = connect(str(url))

    def collected() -> bool:
        try:
            with engine.connect() as connection:
                return bool(connection.scalar(select(func.count(Article.id)).where(~Article.canary)))
        except Exception:  # the tables may not be there yet
            return False

    until(collected, seconds=120)
    engine.dispose()


def _ended_well(process: subprocess.Popen[str]) -> None:
    output, _ = process.communicate(timeout=280)
    assert process.returncode == 0, output[-6000:]


@pytest.mark.parametrize("service", ["extractor", "alerts", "ingest", "scheduler"])
def test_a_killed_service_changes_nothing_in_the_demo(demo: subprocess.Popen[str], service: str) -> None:
    _await_first_articles(demo)
    child = _read(demo, "children.json")[service]
    os.kill(child["pid"], signal.SIGKILL)  # type: ignore[index]
    _ended_well(demo)


def test_a_flushed_broker_changes_nothing_in_the_demo(demo: subprocess.Popen[str]) -> None:
    _await_first_articles(demo)
    with Redis.from_url(str(_read(demo, "servers.json")["broker_url"])) as broker:
        for _ in range(3):
            broker.flushall()
            time.sleep(0.3)
    _ended_well(demo)
