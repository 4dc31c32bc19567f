"""What the doctor looks at on this machine: the Python, the settings, the disk, the servers."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.exc import SQLAlchemyError

from cli import embedded, home, ready, up
from core import database, migrate
from core.errors import RejectedInput
from core.settings import Settings, SettingsError, load

LEAST_DISK = 500 * 2**20


class Finding(NamedTuple):
    """One thing that was looked at; `todo` says how to mend it, None where it is well."""

    what: str
    todo: str | None = None


def findings() -> Iterator[Finding]:
    """Everything that was looked at, the ground first; what stands on something broken is not looked at."""
    yield Finding(f"Python {sys.version.split()[0]}")
    try:
        config = load()
    except SettingsError as error:
        yield Finding(str(error), "correct the variable, in the environment or in .env (see .env.example)")
        return
    yield Finding("settings")
    folder = config.home.absolute()
    yield _disk(folder)
    running = home.servers(folder)
    if not (config.database_url and config.broker_url):
        yield _embedded(folder, running)
        if not running:
            yield _port(config)
            return
    yield from _running(config, running)


def _running(config: Settings, running: dict[str, str]) -> Iterator[Finding]:
    """What can be looked at where there is a database to ask."""
    from cli import checks_chain
    from cli.reach import installation

    with installation():
        yield _broker(config.broker_url or running["broker_url"])
        found = list(_database())
        yield from found
        yield _api(running.get("api") or config.public_url)
        if all(finding.todo is None for finding in found):
            yield from checks_chain.findings()


def _disk(folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    told = f"{free / 2**30:.1f} GiB of disk free at {existing}"
    return Finding(told, None if free > LEAST_DISK else "make room, or put YINQI_HOME on a larger disk")


def _embedded(folder: Path, running: dict[str, str]) -> Finding:
    if why := embedded.available(folder):
        return Finding(f"embedded servers: {why}", "run make setup, or set YINQI_DATABASE_URL and YINQI_BROKER_URL")
    if not running:
        return Finding(f"nothing is running on {folder}", "start it: yinqi up")
    return Finding(f"`yinqi up` is running on {folder} (process {running['supervisor']})")


def _port(config: Settings) -> Finding:
    try:
        up.free_port(config.api_host, config.api_port)
    except RejectedInput as error:
        return Finding(f"port {config.api_port} is taken", str(error))
    return Finding(f"port {config.api_port} is free for the API")


def _database() -> Iterator[Finding]:
    try:
        engine = database.engine()
        stands, head = migrate.current(engine), migrate.head()
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", error)).splitlines()[0]
        yield Finding(f"the database cannot be reached: {told}", "start it, or correct YINQI_DATABASE_URL")
        return
    yield Finding("the database answers")
    if stands != head:
        yield Finding(f"the tables are of revision {stands}, not {head}", "run yinqi init (yinqi up does it too)")
    else:
        yield Finding(f"its tables are up to date (revision {head})")


def _broker(url: str) -> Finding:
    try:
        with Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3, decode_responses=True) as client:
            client.ping()
            policy = _policy(client)
    except (RedisError, OSError, ValueError) as error:
        return Finding(f"the broker cannot be reached: {error}", "start it, or correct YINQI_BROKER_URL")
    if policy not in ("noeviction", None):
        return Finding(
            f"the broker drops messages when it is full (maxmemory-policy {policy})",
            "set it: CONFIG SET maxmemory-policy noeviction",
        )
    return Finding("the broker answers and evicts nothing" if policy else "the broker answers")


def _policy(client: "Redis") -> str | None:
    """The broker's policy, None where it is not told to us."""
    try:
        told: dict[str, str] = client.config_get("maxmemory-policy")  # type: ignore[assignment]
    except ResponseError:
        return None
    return told.get("maxmemory-policy")


def _api(address: str) -> Finding:
    shown = urlsplit(address).netloc
    if ready.is_ready(address.rstrip("/")):
        return Finding(f"the API answers at {shown} and has what it needs")
    return Finding(f"the API at {shown} is not ready", "look at its log; start it with yinqi up or yinqi serve api")
