"""The typed client against the real server."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.clock import SHANGHAI
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


def test_the_client_imports_nothing_of_the_project() -> None:
    import ast
    from pathlib import Path

    import yinqi

    allowed = {"httpx", "pydantic", "yinqi", "collections", "datetime", "decimal", "types", "typing", "uuid"}
    for file in Path(yinqi.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            assert {name.partition(".")[0] for name in names} <= allowed
