"""`yinqi up`: the whole of Yinqi in one terminal."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import embedded, home, ready
from cli.output import Lines
from cli.prepare import prepare
from cli.supervisor import Service, Supervisor, python
from core import database
from core.errors import RejectedInput
from core.settings import Settings, settings

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the API; 0: any free one.")]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help="Extractor processes; default: the setting.")]


@dataclass(frozen=True)
class Stack:
    """A prepared installation: who holds the folder, the embedded servers, the API's address, the environment."""

    home: home.Home
    servers: tuple[embedded.Server, ...]
    address: str
    environment: dict[str, str]


def up(port: Port = None, workers: Workers = None) -> None:
    """Start all of Yinqi here: servers from wheels where no address is set, every service, and the API."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the services run, both unwind alike
    lines = Lines()
    try:
        with stack(settings(), port=port, workers=workers, say=lines.own) as ready_stack:
            _supervise(ready_stack, lines)
    except KeyboardInterrupt:
        lines.own("stopped before it had started")
        raise typer.Exit(130) from None
    lines.own("stopped")


def _supervise(prepared: Stack, lines: Lines) -> None:
    stop = until_stopped()
    supervisor = supervise(prepared, say=lines)
    threading.Thread(target=ready.announce, args=(prepared.address, stop, lines.own), daemon=True).start()
    supervisor.run(stop)


def until_stopped() -> threading.Event:
    """An event that Ctrl-C or SIGTERM or a closed terminal sets."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


def supervise(prepared: Stack, *, say: Callable[[str, str], None]) -> Supervisor:
    """The supervisor of all five services over `prepared`."""
    return Supervisor(
        [Service(name, python("-m", "cli.serve", name)) for name in SERVICES],
        environment=prepared.environment,
        say=say,
        changed=prepared.home.tell_children,
        servers=prepared.servers,
    )


SERVICES = ("ingest", "extractor", "alerts", "scheduler", "api")


@contextmanager
def stack(
    config: Settings,
    *,
    port: int | None,
    workers: int | None,
    say: Callable[[str], None],
    more: dict[str, str] | None = None,
    fresh: bool = False,
) -> Iterator[Stack]:
    """Everything but the services: the folder held, servers running, database prepared, settings in the environment.

    `more` goes into the environment too (of this process and of the children); `fresh` begins with empty data.
    """
    folder = config.home.absolute()
    with home.held(folder) as held, ExitStack() as exits:
        if fresh:
            embedded.erase(folder)
        host, chosen = config.api_host, free_port(config.api_host, config.api_port if port is None else port)
        servers = _servers(config, folder, exits, say)
        address = f"http://{_reachable(host)}:{chosen}"
        given = {
            "YINQI_HOME": str(folder),
            "YINQI_DATABASE_URL": next((s.url for s in servers if s.name == "postgres"), config.database_url),
            "YINQI_BROKER_URL": next((s.url for s in servers if s.name == "valkey"), config.broker_url),
            "YINQI_API_PORT": str(chosen),
            home.MARK: held.run,
            **({"YINQI_EXTRACTOR_PROCESSES": str(workers)} if workers else {}),
            **({} if "public_url" in config.model_fields_set else {"YINQI_PUBLIC_URL": address}),
            **(more or {}),
        }
        # only the children carry the mark: this process must not look like a leftover of itself
        os.environ.update({name: value for name, value in given.items() if name != home.MARK})
        settings.cache_clear()
        database.forget()
        held.tell_address(address)
        held.tell_servers(database_url=settings().database, broker_url=settings().broker_url, api=address)
        prepare(settings(), say=say)
        database.engine().dispose()
        yield Stack(held, servers, address, {**os.environ, **given})


def _servers(
    config: Settings, folder: Path, exits: ExitStack, say: Callable[[str], None]
) -> tuple[embedded.Server, ...]:
    """The embedded servers for which no address is set, started; stopped by `exits`."""
    wanted: list[embedded.Server] = []
    if not config.database_url:
        wanted.append(embedded.Postgres(folder))
    if not config.broker_url:
        wanted.append(embedded.Valkey(folder))
    if wanted and (why := embedded.available(folder)):
        raise RejectedInput(f"the embedded servers cannot run: {why}")
    for server in wanted:
        say(f"starting {server.name} in {folder / server.name}")
        exits.enter_context(embedded.running(server))
    return tuple(wanted)


def free_port(host: str, port: int) -> int:
    """`port`, or any free one for 0; raises RejectedInput where another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            told = f"the API cannot listen on {host} port {port} ({error.strerror})"
            raise RejectedInput(f"{told}: choose another with --port or YINQI_API_PORT") from error
        return int(probe.getsockname()[1])


def _reachable(host: str) -> str:
    """The host as a browser on this machine reaches it."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
