"""The real application behind a real socket, on the test's own database."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import httpx
import pytest
import structlog
import uvicorn
from sqlalchemy.orm import Session

from api.app import make
from api.server import Server
from core import subscribers
from core.keys import SCOPES
from core.models import Bank
from core.pinyin import pinyin
from tests.api import rows
from tests.api.reader import Reader

Subscribe = Callable[..., httpx.Client]


@pytest.fixture
def base_url(environment: dict[str, str]) -> Iterator[str]:
    """Where the API is served."""
    pinyin("银行")  # is loaded, as `yinqi serve api` loads it at its start
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.LogfmtRenderer()])
    with served() as url:
        yield url
    structlog.reset_defaults()


@contextmanager
def served() -> Iterator[str]:
    """An application of its own behind a socket of its own, as another API process would be."""
    config = uvicorn.Config(make(), host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def new_subscriber(session: Session) -> Callable[..., str]:
    """Makes a subscriber and returns their key."""

    def make_one(
        name: str = "alice",
        *,
        scopes: tuple[str, ...] = SCOPES,
        expires_at: datetime | None = None,
        revoked_at: datetime | None = None,
    ) -> str:
        owner = subscribers.add(session, name)
        assert owner is not None
        key, plain = subscribers.add_key(session, owner.id, scopes, expires_at=expires_at)
        key.revoked_at = revoked_at
        session.commit()
        return plain

    return make_one


@pytest.fixture
def subscribe(base_url: str, new_subscriber: Callable[..., str]) -> Iterator[Subscribe]:
    """Makes a subscriber and returns a client that speaks with their key."""
    opened: list[httpx.Client] = []

    def make_client(name: str = "alice", **options: object) -> httpx.Client:
        headers = {"authorization": f"Bearer {new_subscriber(name, **options)}"}
        opened.append(httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=60))
        return opened[-1]

    yield make_client
    for client in opened:
        client.close()


@pytest.fixture
def alice(subscribe: Subscribe) -> httpx.Client:
    """A subscriber whose key may do everything."""
    return subscribe("alice")


@pytest.fixture
def stranger(base_url: str) -> Iterator[httpx.Client]:
    """Someone without a key."""
    with httpx.Client(base_url=base_url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def reader(base_url: str) -> Iterator[Reader]:
    """Someone who looks at pages and is not signed in yet."""
    made = Reader(base_url)
    yield made
    made.http.close()


@pytest.fixture
def signed_in(reader: Reader, new_subscriber: Callable[..., str]) -> Reader:
    """Someone who is signed in with a key that may do everything."""
    assert reader.sign_in(new_subscriber()).status_code == 303
    return reader


@pytest.fixture
def looker(base_url: str, new_subscriber: Callable[..., str]) -> Iterator[Reader]:
    """Someone who is signed in with a key that may read and nothing else."""
    made = Reader(base_url)
    assert made.sign_in(new_subscriber("looker", scopes=("read",))).status_code == 303
    yield made
    made.http.close()


@pytest.fixture
def banks(session: Session) -> list[Bank]:
    return [rows.bank(session, name, kind="joint_stock") for name in ("样例银行", "例样银行", "示范银行")]
