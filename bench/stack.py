"""The real thing to measure: `yinqi up` as a child process, in a folder of its own, with a subscriber who watches."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cli import embedded, home
from cli.prepare import first_operator
from cli.ready import is_ready
from core import database, migrate, secrets
from core.celery_app import app
from core.settings import settings

START_LIMIT = 120.0  # seconds
STOP_LIMIT = 45.0
QUIET = {"YINQI_ALLOWED_NETWORKS": "127.0.0.0/8", "YINQI_LOG_LEVEL": "warning"}
_OWN = QUIET | {
    "YINQI_CANARY_INTERVAL": "0",
    "YINQI_LIMIT_PER_KEY": "0",  # what is measured is how much can be done, by one key
    "YINQI_LIMIT_PER_ADDRESS": "0",
}


class Broken(Exception):
    """The stack did not start, or an answer of its API is not what was asked for."""


@dataclass(frozen=True)
class Stack:
    """A running `yinqi up`: its folder, the API's client (operator's key), the environment of further children."""

    folder: Path
    api: httpx.Client
    environment: dict[str, str]

    def children(self) -> dict[str, int]:
        """The services' process ids by name."""
        told = json.loads((self.folder / "run" / "children.json").read_text())
        return {name: int(child["pid"]) for name, child in told.items()}

    def log_tail(self) -> str:
        """The end of what `yinqi up` and its services wrote."""
        return _tail(self.folder / "up.log")

    def push(self, *articles: dict[str, Any]) -> None:
        """POST articles; Broken where one is not stored."""
        answer = self.ask("POST", "/v1/articles", list(articles) if len(articles) > 1 else articles[0])
        if answer["stored"] != len(articles):
            raise Broken(f"of {len(articles)} articles {answer['stored']} were stored: {answer['items'][:3]}")

    def watch(self, url: str, banks: Sequence[str]) -> None:
        """A watchlist over `banks` with a webhook to `url`."""
        channel = self.ask("POST", "/v1/channels", {"kind": "webhook", "name": "bench", "config": {"url": url}})
        wanted = {"name": "bench", "banks": list(banks), "triggers": ["event"], "tech_only": False}
        self.ask("POST", "/v1/watchlists", wanted | {"channels": [channel["id"]]})

    def ask(self, method: str, path: str, body: Any) -> Any:
        """A request to the API; its decoded answer."""
        answer = self.api.request(method, path, json=body)
        if answer.status_code >= 300:
            raise Broken(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()


@contextmanager
def running(**more: str) -> Iterator[Stack]:
    """A fresh installation under `yinqi up`, stopped and removed at the end; `more` are further settings."""
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="yq", ignore_cleanup_errors=True)))
        environment = _others() | _OWN | {"YINQI_HOME": str(folder)} | more
        exits.enter_context(child("cli", "up", "--port", "0", environment=environment, log=folder / "up.log"))
        address, told = _started(folder)
        environment |= {"YINQI_DATABASE_URL": told["database_url"], "YINQI_BROKER_URL": told["broker_url"]}
        exits.enter_context(pointed(environment))
        key = (folder / "secrets" / "operator_key").read_text().strip()
        api = httpx.Client(base_url=address, headers={"authorization": f"Bearer {key}"}, trust_env=False, timeout=60)
        yield Stack(folder, exits.enter_context(api), environment)


@contextmanager
def api_alone() -> Iterator[tuple[httpx.Client, int]]:
    """The API's process by itself on a fresh database: a client with the key of an operator, and its process id."""
    with ExitStack() as exits:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
        folder, environment = exits.enter_context(servers_alone({**_OWN, "YINQI_API_PORT": port}))
        key = first_operator(folder / "secrets" / "operator_key") or folder / "secrets" / "operator_key"
        process = exits.enter_context(child("cli.serve", "api", environment=environment, log=folder / "api.log"))
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + START_LIMIT
        while not is_ready(address):
            if time.monotonic() > until:
                raise Broken(f"the API did not get ready; its log ends with:\n{_tail(folder / 'api.log')}")
            time.sleep(0.2)
        api = httpx.Client(base_url=address, headers=_bearer(key), trust_env=False, timeout=60)
        yield exits.enter_context(api), process


@contextmanager
def servers() -> Iterator[tuple[Path, embedded.Servers]]:
    """A PostgreSQL with nothing in it and a Valkey, in a folder of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="yq", ignore_cleanup_errors=True) as name,
        embedded.servers(folder := Path(name)) as running,
    ):
        yield folder, running


@contextmanager
def servers_alone(own: dict[str, str]) -> Iterator[tuple[Path, dict[str, str]]]:
    """PostgreSQL with our tables and Valkey, to which this process is pointed, with settings of one's `own`; their
    folder, and the environment of further children."""
    with servers() as (folder, running):
        addresses = {"YINQI_DATABASE_URL": running.database_url, "YINQI_BROKER_URL": running.broker_url}
        environment = _others() | own | addresses | {"YINQI_HOME": str(folder)}
        with pointed(environment):
            migrate.migrate(database.engine())
            secrets.ensure_key(settings())
            yield folder, environment


def _others() -> dict[str, str]:
    """The environment without settings of Yinqi's."""
    return {key: value for key, value in os.environ.items() if not key.startswith("YINQI_")}


@contextmanager
def other_side(module: str, folder: Path) -> Iterator[int]:
    """The world outside as a child, `python -m module FILE`, which writes its port into the file; the port."""
    told, until = folder / "port", time.monotonic() + START_LIMIT
    with child(module, str(told), environment=_others()):
        while not (told.exists() and told.read_text()):
            if time.monotonic() > until:
                raise Broken(f"{module} did not tell its port within {START_LIMIT:.0f} s")
            time.sleep(0.05)
        yield int(told.read_text())


def _bearer(key: Path) -> dict[str, str]:
    return {"authorization": f"Bearer {key.read_text().strip()}"}


@contextmanager
def child(
    module: str, *arguments: str, environment: dict[str, str], log: Path | None = None, patience: float = STOP_LIMIT
) -> Iterator[int]:
    """`python -m module …` as a child with its own process group; yields its id.

    At the end it is asked to stop, and its group is killed after `patience` seconds.
    """
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _started(folder: Path) -> tuple[str, dict[str, str]]:
    """The API's address and the servers' once everything answers."""
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        told = home.servers(folder)
        if told.get("api") and is_ready(told["api"]):
            return told["api"], told
        time.sleep(0.2)
    raise Broken(f"yinqi up did not get ready; its log ends with:\n{_tail(folder / 'up.log')}")


def _tail(path: Path, length: int = 3000) -> str:
    return path.read_text(errors="replace")[-length:]


@contextmanager
def pointed(environment: dict[str, str]) -> Iterator[None]:
    """This process's own settings, database and broker set to the stack's."""
    before = dict(os.environ)
    os.environ.update({key: value for key, value in environment.items() if key.startswith("YINQI_")})
    settings.cache_clear()
    database.forget()
    url = settings().broker_url
    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
    app._after_fork()  # it was made before there was a broker
    try:
        yield
    finally:
        database.engine().dispose()
        database.forget()
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
