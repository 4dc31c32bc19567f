"""A subscriber who is deleted is nowhere any more; what belongs to all, and what is others', stays as it was."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Table, Text, cast, func, literal, select
from sqlalchemy.orm import Session

from alerts.deliver import deliver
from api.resources.subscribers import store
from core.models import (
    Base,
    Channel,
    Correction,
    Delivery,
    Mailbox,
    Mention,
    RegisterEdit,
    Subscriber,
    WatchItem,
    Watchlist,
)
from core.names import fold
from tests.api import rows
from tests.api.conftest import Reader, Subscribe
from tests.cli import rows as every

TABLES = Base.metadata.sorted_tables


def owned() -> Iterator[Table]:
    """The tables whose rows follow a subscriber, through however many others."""
    found = {"subscriber"}
    for table in TABLES:  # what a table refers to stands before it
        if any(key.ondelete == "CASCADE" and key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
            yield table


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    session.rollback()
    return every.contents(session.connection())


def where_it_stands(session: Session, value: str) -> set[str]:
    """The columns in whose text a value is found, of all tables there are."""
    session.rollback()
    found = set()
    for table in TABLES:
        for column in table.columns:
            stands = func.strpos(func.lower(cast(column, Text)), value.lower())
            if session.scalar(select(literal(1)).select_from(table).where(stands > 0).limit(1)):
                found.add(f"{table.name}.{column.name}")
    return found


def test_no_row_of_any_table_that_is_theirs_is_left_and_every_other_is(session: Session) -> None:
    """Two rows in every table, made from the models: the first of each is the first subscriber's."""
    every.fill(session.connection())
    session.commit()
    before = everything(session)
    first, second = before["subscriber"]
    private = {table.name for table in owned()}
    assert {"api_key", "session", "channel", "watchlist", "watch_item", "delivery", "attempt", "digest"} <= private
    assert store.delete(session, first["id"])
    session.commit()
    after = everything(session)
    assert after["subscriber"] == [second]
    for name in private:
        assert len(before[name]) == 2 and len(after[name]) == 1, name
        assert after[name][0] in before[name], name
    for name in before.keys() - private - {"subscriber", "lexicon_change", "mention", "mailbox"}:
        assert [_nobody(row, first["id"]) for row in before[name]] == after[name], name
    assert len(after["lexicon_change"]) == 3, "extractors are told that watched names changed"
    told = {value for name in private for row in before[name] if row not in after[name] for value in _own(name, row)}
    assert told
    for value in told | {str(first["id"]), first["name"]}:
        assert where_it_stands(session, value) == set()


def _nobody(row: dict[str, Any], subscriber_id: UUID) -> dict[str, Any]:
    return {name: None if value == subscriber_id else value for name, value in row.items()}


def _own(table: str, row: dict[str, Any]) -> Iterator[str]:
    """The texts of a row that stand nowhere else: those that tell their column."""
    for name, value in row.items():
        if isinstance(value, str) and value.startswith(f"{table} {name} 0"):
            yield value


@pytest.fixture
def private(session: Session, alice: httpx.Client) -> Subscriber:
    """Alice, with what nothing but a value ties to her."""
    owner = session.scalars(select(Subscriber)).one()
    names = ("绝密机器人", "量子芯愿")
    listed = Watchlist(subscriber_id=owner.id, name="a list")
    listed.items = [WatchItem(kind="firm", name=names[0], key=fold(names[0]))]
    listed.items.append(WatchItem(kind="word", name=names[1], key=fold(names[1])))
    told = rows.article(session)
    mail = {"kind": "email", "config": {"to": "Alice.Zhang@Example.com"}}
    channel = Channel(subscriber_id=owner.id, name="mine", secret=b"sealed", **mail)
    shared = Channel(subscriber_id=owner.id, name="shared", kind="email", config={"to": "desk@example.com"})
    session.add_all([listed, channel, shared])
    session.flush()
    place = {"article_id": told.id, "start": 0, "end": 4, "where": "text"}
    session.add(Mention(kind="firm", name=names[0], **place))
    session.add(Mention(kind="word", name=fold(names[1]), **place))
    session.add(Mailbox(address="alice.zhang@example.com", suppressed_at=rows.NOON, cause="complaint", reason="no"))
    session.add(Mailbox(address="desk@example.com"))
    session.add(
        Delivery(
            subscriber_id=owner.id, channel_id=channel.id, type="mention.created", article_id=told.id,
            body='{"to": "alice"}',
        )
    )  # fmt: skip
    session.commit()
    return owner


SECRETS = ("绝密机器人", "量子芯愿", "alice.zhang@example.com", "alice")


def test_what_only_they_watched_and_their_addresses_are_found_nowhere(
    session: Session, alice: httpx.Client, private: Subscriber
) -> None:
    assert all(where_it_stands(session, value) for value in SECRETS)
    assert alice.delete("/v1/subscriber", params={"name": "alice"}).status_code == 204
    for value in SECRETS:
        assert where_it_stands(session, value) == set(), value


def test_what_others_watch_and_write_to_too_stays(
    session: Session, subscribe: Subscribe, alice: httpx.Client, private: Subscriber
) -> None:
    bob = subscribe("bob")
    assert bob.post("/v1/watchlists", json={"name": "y", "words": ["量子芯愿"]}).status_code == 201
    owner = session.scalars(select(Subscriber).where(Subscriber.name == "bob")).one()
    session.add(Channel(subscriber_id=owner.id, kind="email", name="desk", config={"to": "desk@example.com"}))
    session.commit()
    alice.delete("/v1/subscriber", params={"name": "alice"})
    assert where_it_stands(session, "desk@example.com") == {"channel.config", "mailbox.address"}
    assert session.scalars(select(Mention.name)).all() == [fold("量子芯愿")]
    assert len(bob.get("/v1/watchlists").json()["items"]) == 1


def test_what_they_corrected_stays_without_a_name(session: Session, alice: httpx.Client) -> None:
    event = rows.event(session, bank := rows.bank(session), rows.firm(session), rows.article(session))
    assert alice.patch(f"/v1/events/{event.id}", json={"status": "agreed", "note": "signed only"}).is_success
    assert alice.post(f"/v1/banks/{bank.id}/aliases", json={"alias": "样例行"}).is_success
    alice.delete("/v1/subscriber", params={"name": "alice"})
    session.expire_all()
    [correction] = session.scalars(select(Correction)).all()
    assert (correction.subscriber_id, correction.note) == (None, "signed only")
    assert session.scalars(select(RegisterEdit.by)).all() == [None]
    session.refresh(event)
    assert (event.status, event.verdict) == ("agreed", "corrected")


def test_nothing_of_theirs_is_sent_any_more(session: Session, alice: httpx.Client, private: Subscriber) -> None:
    waiting = session.scalars(select(Delivery.id)).one()
    alice.delete("/v1/subscriber", params={"name": "alice"})
    deliver(waiting)  # the message that was on its way
    session.rollback()
    assert not session.scalars(select(Delivery)).all()


def test_the_key_and_every_sign_in_end_at_once(
    alice: httpx.Client, reader: Reader, new_subscriber: Any, session: Session
) -> None:
    reader.sign_in(new_subscriber("carol"))
    carol = session.scalars(select(Subscriber).where(Subscriber.name == "carol")).one()
    assert reader.get("/account").url.path == "/account"
    assert alice.delete(f"/v1/subscribers/{carol.id}").status_code == 204
    assert reader.get("/account").status_code in (302, 303, 307)
    assert alice.delete("/v1/subscriber", params={"name": "alice"}).status_code == 204
    assert alice.get("/v1/subscriber").status_code == 401


def test_a_mistake_deletes_nothing(alice: httpx.Client, subscribe: Subscribe) -> None:
    answer = alice.delete("/v1/subscriber", params={"name": "alicia"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "query.name"
    assert alice.delete("/v1/subscriber").status_code == 422
    assert alice.delete(f"/v1/subscribers/{UUID(int=1)}").status_code == 404
    assert alice.get("/v1/subscriber").json()["name"] == "alice"


def test_only_the_operator_lists_and_deletes_others(alice: httpx.Client, subscribe: Subscribe) -> None:
    bob = subscribe("bob", scopes=("read", "write"))
    own = bob.get("/v1/subscriber").json()
    assert bob.get("/v1/subscribers").status_code == 403
    assert bob.delete(f"/v1/subscribers/{own['id']}").status_code == 403
    assert [one["name"] for one in alice.get("/v1/subscribers").json()["items"]] == ["bob", "alice"]
    reading = subscribe("carol", scopes=("read",))
    assert reading.delete("/v1/subscriber", params={"name": "carol"}).status_code == 403


def test_one_deletes_oneself_on_ones_page_by_typing_ones_name(
    reader: Reader, new_subscriber: Any, session: Session
) -> None:
    reader.sign_in(new_subscriber("carol"))
    answer = reader.send("/account/delete", {"csrf": reader.token("/account"), "name": "karol"})
    assert "nothing was deleted" in reader.get(answer.headers["location"], headers={"accept-language": "en"}).text
    assert session.scalars(select(Subscriber.name)).all() == ["carol"]
    answer = reader.send("/account/delete", {"csrf": reader.token("/account"), "name": "carol"})
    assert answer.headers["location"] == "/sign-in"
    session.rollback()
    assert session.scalars(select(Subscriber)).all() == []
    assert reader.get("/account").headers["location"].startswith("/sign-in")


def test_a_key_that_only_reads_cannot_delete_its_owner(reader: Reader, new_subscriber: Any) -> None:
    reader.sign_in(new_subscriber("carol", scopes=("read",)))
    assert "/account/delete" not in reader.get("/account").text
    assert reader.send("/account/delete", {"csrf": reader.token("/account"), "name": "carol"}).status_code == 403
