"""The typed client against the real server."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import pytest
import uvicorn
from sqlalchemy.orm import Session

from api.app import make
from api.server import Server
from core.clock import SHANGHAI
from core.models import Bank, News
from tests.api import rows
from yinqi import Client, NewArticle, NewChannel, NewWatchlist, ProblemError


@pytest.fixture
def client(base_url: str, new_subscriber: Callable[..., str]) -> Iterator[Client]:
    """A client whose key may do everything."""
    with Client(base_url, new_subscriber("client")) as opened:
        yield opened


def test_a_watchlist_and_its_channel_live_and_die(client: Client) -> None:
    channel = client.create_channel(NewChannel(kind="email", name="desk", config={"to": "desk@example.com"}))
    made = client.create_watchlist(NewWatchlist(name="x", firms=["示例机器人"], channels=[channel.id]))
    assert list(client.watchlists()) == [client.watchlist(made.id)] == [made]
    assert client.update_watchlist(made.id, min_amount=5, channels=[]).min_amount == 5
    assert client.update_watchlist(made.id, min_amount=None).min_amount is None
    assert client.update_channel(channel.id, enabled=False).enabled is False
    assert [one.id for one in client.channels()] == [channel.id]
    assert client.channel(channel.id).secret is None
    client.delete_watchlist(made.id)
    client.delete_channel(channel.id)
    assert list(client.watchlists()) == list(client.channels()) == list(client.deliveries(state="done")) == []


def test_pushed_articles_are_reported_one_by_one(client: Client) -> None:
    published = datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI)
    report = client.push(
        [NewArticle(text="甲乙丙丁", published=published), NewArticle(text=""), NewArticle(text="甲乙丙丁")]
    )
    assert (report.stored, report.duplicate, report.rejected) == (1, 1, 1)
    assert report.items[0].id is not None
    article = client.article(report.items[0].id)
    assert article.published == published
    assert [one.id for one in client.articles(state="open")] == [article.id]
    assert len(list(client.source_errors())) == 1


def test_pages_are_followed_to_the_end(client: Client, session: Session) -> None:
    bank, firm = rows.bank(session, "工商银行", "工行"), rows.firm(session)
    made = {rows.event(session, bank, firm, rows.article(session)).id for _ in range(7)}
    rows.event(session, rows.bank(session, "招商银行"), firm)
    found = list(client.events(limit=2, bank="工行", since=rows.NOON, firm=None))
    assert {event.id for event in found} == made
    assert len(found) == 7
    event = client.event(found[0].id)
    assert event.evidence is not None
    assert event.amount is not None
    assert event.amount.min == 30_000_000
    assert len(client.event_versions(event.id)) == 1
    assert client.bank(bank.id) in client.banks(q="工")
    assert client.firm(firm.id) in client.firms()
    assert list(client.sources()) == []


def test_a_refusal_tells_the_field_and_the_request(client: Client) -> None:
    with pytest.raises(ProblemError) as refused:
        client.create_watchlist(NewWatchlist(name="x", firms=["银行"]))
    assert refused.value.status == 422
    assert refused.value.errors[0].field == "body.firms.0"
    assert refused.value.request_id
    with pytest.raises(ProblemError, match="404"):
        client.event(UUID(int=1))


def test_health_is_told_without_a_key(base_url: str) -> None:
    with Client(base_url) as nobody:
        assert nobody.health().status == "green"
        with pytest.raises(ProblemError, match="401"):
            list(nobody.events())


def test_statistics_come_as_models(client: Client, session: Session) -> None:
    bank = rows.bank(session)
    rows.event(session, bank, rows.firm(session), sector="ai")
    assert client.stats("bank", rate="USD:7.1").rows[0].name == bank.name
    assert client.league(order="sum", period="2026-Q1").rows[0].rank == 1
    assert client.matrix("month", "sector").cells[0].sums[0].min == 30_000_000
    assert client.activity_index(end="2026-Q1", quarters=1).industries[0].points[0].events == 1


def test_the_client_imports_nothing_of_the_project() -> None:
    import ast
    from pathlib import Path

    import yinqi

    allowed = {"httpx", "pydantic", "yinqi", *sys.stdlib_module_names}
    for file in Path(yinqi.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            assert {name.partition(".")[0] for name in names} <= allowed


def test_a_key_for_another_program_is_made_used_and_revoked(client: Client, base_url: str) -> None:
    made = client.create_key("dashboard", expires_at=datetime(2036, 1, 1, tzinfo=SHANGHAI))
    with Client(base_url, made.key) as reader:
        mine = list(reader.keys())
        assert [one.id for one in mine if one.asking] == [made.id]
        with pytest.raises(ProblemError, match="write"):
            reader.create_key("another")
        client.revoke_key(made.id)
        with pytest.raises(ProblemError, match="revoked"):
            next(reader.keys())
    assert client.key(made.id).revoked_at


def test_a_stream_goes_on_over_a_server_that_was_started_anew(
    environment: dict[str, str], new_subscriber: Callable[..., str], session: Session
) -> None:
    """Nothing is missed of what was told while there was none."""
    bank, key = rows.bank(session), new_subscriber()
    with served() as port:
        client = Client(f"http://127.0.0.1:{port}", key)
        stream = client.stream(after=0)
        found = iter(stream)
        first = told(session, bank)
        assert next(found).event.id == first
    second = told(session, bank)
    with served(port), client:
        third = told(session, bank)
        assert [next(found).event.id, next(found).event.id] == [second, third]
        assert stream.last == 3
        found.close()


def told(session: Session, bank: Bank) -> UUID:
    """An event that is news."""
    made = rows.event(session, bank, branch="苏州\u2028分行\x85")
    session.add(News(event_id=made.id, version=1))
    session.commit()
    return made.id


@contextmanager
def served(port: int = 0) -> Iterator[int]:
    """The API on a port, which it tells."""
    server = Server(uvicorn.Config(make(), host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()
