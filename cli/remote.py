"""How a command reaches the API: by the settings, else the running `yinqi up`'s, else this machine's."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from cli import home
from core.errors import RejectedInput
from core.settings import settings
from yinqi import Client, ProblemError


@contextmanager
def api() -> Iterator[Client]:
    """A client of the API; whatever it refuses is one line that says what and why."""
    url = address()
    try:
        with Client(url, _key()) as client:
            yield client
    except ProblemError as error:
        told = "; ".join(f"{_option(one.field)}: {one.reason}" for one in error.errors) or error.detail
        raise RejectedInput(told) from None
    except httpx.TransportError as error:
        told = str(error) or type(error).__name__
        raise RejectedInput(
            f"the API at {url} cannot be reached or broke off ({told}): is `yinqi up` running?"
        ) from None


def address() -> str:
    """Where the API answers."""
    config = settings()
    if config.url:
        return config.url.rstrip("/")
    held = home.holder(config.home.absolute())
    return held.address if held and held.address else f"http://127.0.0.1:{config.api_port}"


def _key() -> str:
    config = settings()
    if config.key:
        return config.key.get_secret_value()
    kept = config.home / "secrets" / "operator_key"
    if not kept.is_file():
        raise RejectedInput(f"there is no API key: set YINQI_KEY (or YINQI_HOME, where {kept.name} lies)")
    return kept.read_text().strip()


def _option(field: str) -> str:
    """A query's field as the option that gave it: query.bank.0 is --bank."""
    where, _, name = field.partition(".")
    return f"--{name.partition('.')[0].replace('_', '-')}" if where == "query" and name else field
