"""A container's health check tells a living process from a silent one."""

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from core import heartbeat


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(heartbeat.VARIABLE, str(tmp_path))
    monkeypatch.setattr(heartbeat, "_last", {})
    return tmp_path


def grow_old(path: Path) -> None:
    then = time.time() - heartbeat.MAX_AGE - 1
    os.utime(path, (then, then))


def test_a_process_that_beats_is_alive(folder: Path) -> None:
    assert heartbeat.silence("ingest") == "ingest has not started"
    heartbeat.beat("ingest")
    assert heartbeat.silence("ingest") is None
    assert heartbeat.silence("alerts") == "alerts has not started"


def test_a_process_that_fell_silent_is_not(folder: Path) -> None:
    heartbeat.beat("ingest")
    grow_old(folder / "ingest.beat")
    assert "silent" in str(heartbeat.silence("ingest"))


def test_a_beat_in_every_turn_of_a_loop_touches_the_file_seldom(folder: Path) -> None:
    heartbeat.beat("ingest")
    grow_old(folder / "ingest.beat")
    heartbeat.beat("ingest")
    assert heartbeat.silence("ingest") is not None


def test_nothing_is_written_where_no_folder_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(heartbeat.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    heartbeat.beat("ingest")
    assert list(tmp_path.iterdir()) == []


def test_the_check_is_a_command_that_says_why_it_fails(folder: Path) -> None:
    command = [sys.executable, "-m", "core.heartbeat", "scheduler"]
    silent = subprocess.run(command, capture_output=True, text=True)
    assert (silent.returncode, silent.stdout) == (1, "scheduler has not started\n")
    heartbeat.beat("scheduler")
    assert subprocess.run(command).returncode == 0


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_an_api_that_answers_well_is_alive_and_one_that_does_not_is_not() -> None:
    with HTTPServer(("127.0.0.1", 0), Door) as server:
        port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert heartbeat.refusal(port, "/readyz") is None
        assert heartbeat.refusal(port, "/other") == "/other answers 503"
        server.shutdown()
    assert "does not answer" in str(heartbeat.refusal(port, "/readyz"))


def test_a_worker_beats_under_the_name_of_its_queue(folder: Path, environment: dict[str, str]) -> None:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "core.celery_app",
        "worker",
        "-Q",
        "alerts",
        "-c",
        "1",
        "-l",
        "error",
    ]
    given = {**environment, heartbeat.VARIABLE: str(folder), "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as worker:
        try:
            for _ in range(600):
                if heartbeat.silence("alerts") is None:
                    break
                time.sleep(0.1)
            assert heartbeat.silence("alerts") is None
            assert heartbeat.silence("extractor") is not None
        finally:
            worker.terminate()
