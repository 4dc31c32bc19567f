"""Asks our own API on this machine whether it is ready."""

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

# no proxy of the environment: this is a request from the machine to itself
_OPENER = build_opener(ProxyHandler({}))


def ask(address: str, path: str, *, method: str = "GET", key: str = "", body: Any = None) -> tuple[int, Any]:
    """Status and decoded JSON of a request to our API at `address`; raises OSError where it cannot be reached."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address + path, data=data, method=method)  # noqa: S310 - the address is our own
    request.add_header("content-type", "application/json")
    if key:
        request.add_header("authorization", f"Bearer {key}")
    try:
        with _OPENER.open(request, timeout=10) as response:
            return response.status, _decoded(response.read())
    except HTTPError as error:
        with error:
            return error.code, _decoded(error.read())


def is_ready(address: str) -> bool:
    """Whether the API at `address` has its database and broker."""
    try:
        return ask(address, "/readyz")[0] == 200
    except OSError:
        return False


def announce(address: str, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Say the addresses once the API answers."""
    while not stop.wait(0.3):
        if is_ready(address):
            say(f"ready: {address} (the API, described at /v1/openapi.json, its state at /v1/health); Ctrl-C stops all")
            return


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
