"""A session of tests that is told to end leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from cli.processes import lives

ROOT = Path(__file__).parent.parent
ENDLESS = """
import pathlib, time
from cli import embedded

def test_endless(home):
    with embedded.servers(home):
        pathlib.Path({told!r}).write_text(str(home))
        time.sleep(600)
"""


def test_a_session_that_gets_sigterm_stops_its_servers_and_removes_their_folder(tmp_path: Path) -> None:
    told, test = tmp_path / "told", tmp_path / "test_endless.py"
    test.write_text(ENDLESS.format(told=str(told)))
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", str(test)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as session:
        try:
            home, servers = _started(session, told)
            session.send_signal(signal.SIGTERM)
            session.send_signal(signal.SIGTERM)  # `make` passes on what the whole group got
            said, _ = session.communicate(timeout=60)
        finally:
            session.kill()
    assert session.returncode == 2, said  # interrupted
    assert not [server for server in servers if lives(server)]  # the system collects them when it will
    assert not home.exists()


def _started(session: subprocess.Popen[str], told: Path) -> tuple[Path, list[psutil.Process]]:
    """Its folder and its servers, PostgreSQL and Valkey."""
    while not told.exists() or not told.read_text():
        assert session.poll() is None, session.communicate()
        time.sleep(0.05)
    home = Path(told.read_text())
    postmaster = int((home / "postgres/postmaster.pid").read_text().splitlines()[0])
    valkey = int((home / "valkey/pid").read_text().split()[0])
    return home, [psutil.Process(postmaster), psutil.Process(valkey)]
