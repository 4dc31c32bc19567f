"""`yinqi up` is one program: it starts everything, keeps it running, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from cli import processes, ready
from tests.cli.conftest import command
from tests.flow.chain import until

SERVICES = {"ingest", "extractor", "alerts", "scheduler", "api"}


class Running:
    """One `yinqi up` on a folder of its own, with its lines so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("YINQI_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "up", "--port", "0"],
                env={**clean, "YINQI_HOME": str(folder)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def file(self, name: str) -> dict[str, dict[str, float]]:
        path = self.folder / "run" / name
        with suppress(FileNotFoundError, ValueError):
            return json.loads(path.read_text())  # type: ignore[no-any-return]
        return {}

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def address(self) -> str:
        return str(self.file("servers.json").get("api", ""))

    def await_ready(self) -> "Running":
        # what a killed run wrote down stands until this one has written its own
        until(lambda: self.file("servers.json").get("supervisor") == self.process.pid, seconds=120)
        until(lambda: self.address() and ready.is_ready(self.address()), seconds=120)
        until(lambda: self.file("children.json").keys() >= SERVICES, seconds=60)
        return self

    def family(self) -> list[psutil.Process]:
        """Every process that belongs to this run: children, their children, and the servers."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        with suppress(FileNotFoundError):
            found.append(psutil.Process(int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])))
        return found

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Running]:
    """One `yinqi up` for this module's tests, each of which leaves it running."""
    one = Running(home / "up").await_ready()
    yield one
    if one.process.poll() is None:
        one.stop()


def test_every_service_runs_and_the_api_is_ready(running: Running) -> None:
    until(lambda: any("ready:" in line and running.address() in line for line in running.lines()))
    assert {line.split()[0] for line in running.lines()} <= {*SERVICES, "yinqi"}


def test_what_holds_passwords_is_read_by_its_owner_only(running: Running) -> None:
    files = [*(running.folder / "secrets").iterdir(), *(running.folder / "run").glob("*.json")]
    assert {path.name for path in files} >= {"servers.json", "operator_key", "encryption_key", "database_password"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_the_first_operator_key_opens_the_api(running: Running) -> None:
    key = (running.folder / "secrets" / "operator_key").read_text().strip()
    assert ready.ask(running.address(), "/v1/watchlists", key=key)[0] == 200
    assert not any(key in line for line in running.lines())


def test_a_second_one_on_the_same_data_says_so_and_exits(running: Running) -> None:
    second = command("up", YINQI_HOME=str(running.folder))
    assert second.returncode == 2
    assert str(running.process.pid) in second.stderr
    assert running.address() in second.stderr
    assert "Traceback" not in second.stderr


def test_commands_reach_the_running_installation(running: Running) -> None:
    added = command("subscriber", "add", "somebody", YINQI_HOME=str(running.folder))
    assert added.returncode == 0, added.stderr
    assert ready.ask(running.address(), "/v1/events", key=added.stdout.strip())[0] == 200


@pytest.mark.parametrize("service", ["extractor", "api"])
def test_a_child_that_dies_is_restarted_and_it_is_said(running: Running, service: str) -> None:
    before = running.file("children.json")[service]["pid"]
    workers = psutil.Process(int(before)).children(recursive=True)
    os.kill(int(before), signal.SIGKILL)
    until(lambda: running.file("children.json").get(service, {"pid": before})["pid"] != before)
    assert any(line.startswith("yinqi") and f"{service} was killed (SIGKILL)" in line for line in running.lines())
    until(lambda: not any(processes.lives(worker) for worker in workers))
    running.await_ready()


@pytest.mark.parametrize("server", ["valkey", "postgres"])
def test_a_server_that_dies_is_started_again_at_its_address(running: Running, server: str) -> None:
    path = running.folder / server / ("pid" if server == "valkey" else "postmaster.pid")
    before = int(path.read_text().split()[0])
    os.kill(before, signal.SIGKILL)
    until(lambda: path.exists() and path.read_text().strip() and int(path.read_text().split()[0]) != before)
    running.await_ready()


def test_after_kill_9_the_next_one_ends_what_was_left(running: Running) -> None:
    left = running.family()
    running.process.kill()
    running.process.wait()
    following = Running(running.folder).await_ready()
    servers = {"postgres", "valkey-server"}  # PostgreSQL is taken over as it is
    assert not [one for one in left if processes.lives(one) and one.name().split(":")[0] not in servers]
    left = following.family()
    assert following.stop() == 0
    assert not [one for one in left if processes.lives(one)]
    assert not following.file("children.json")
    assert not following.file("servers.json")


def test_a_taken_port_is_said_before_anything_starts(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = command("up", "--port", port, YINQI_HOME=str(home / "taken"))
    assert result.returncode == 2
    assert f"port {port}" in result.stderr
    assert "--port" in result.stderr
    assert not (home / "taken" / "postgres").exists()


def test_a_wrong_setting_is_named(home: Path) -> None:
    result = command("up", YINQI_HOME=str(home / "wrong"), YINQI_LEASE="soon")
    assert result.returncode == 2
    assert "YINQI_LEASE" in result.stderr
    assert "Traceback" not in result.stderr
