"""Two promises to whoever reads, one case for each route of the OpenAPI document: a list takes no cursor but its own,
for the filters and the order it came from; and what did not change is not sent again."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import pagination
from api.app import app
from api.pagination import Position
from core.models import (
    ArticleIndex,
    Channel,
    Evidence,
    Mailbox,
    Mention,
    QuoteIndex,
    Referral,
    Source,
    SourceError,
    Subscriber,
)
from core.plain import grams, plain
from tests.alerts import samples
from tests.api import rows
from tests.api.test_indicators import figure, series

PARAMETERS: dict[str, dict[str, Any]] = {
    path: {one["name"]: one["schema"] for one in gets["get"].get("parameters", ()) if one["in"] == "query"}
    for path, gets in app.openapi()["paths"].items()
    if "get" in gets
}
TAGGED = sorted(
    path for path, gets in app.openapi()["paths"].items() if "304" in gets.get("get", {"responses": ()})["responses"]
)
LISTS = sorted(path for path, given in PARAMETERS.items() if "cursor" in given)
BESIDE = {"limit", "cursor", "fields", "evidence", "total"}  # how much of a list is shown, and how
FIRST: dict[str, Any] = {
    "/v1/search/articles": {"q": "科创贷"},
    "/v1/search/events": {"q": "科创贷"},
    "/v1/names": {"q": "样例"},
    "/v1/stats": {"by": "bank"},
}  # what cannot be left out
OTHER: dict[str, Any] = {
    "bank": "样例银行", "firm": "示例机器人", "branch": "苏州分行", "sector": "robotics", "region": "江苏", "q": "银行",
    "currency": "CNY", "since": "2020-01-01", "until": "2040-01-01", "programme": "示例贷", "type": "event.created",
    "min_amount": 1, "max_amount": 10**12, "confidence": 0.1, "kind": "city",
}  # fmt: skip


@pytest.fixture
def ids(alice: httpx.Client, session: Session) -> dict[str, Any]:
    """Two rows of every list, and the ids of those that have lists of their own."""
    hook = {"kind": "webhook", "name": "desk", "config": {"url": "http://127.0.0.1:9/hook"}}  # the tests' own network
    channel, _ = (alice.post("/v1/channels", json={**hook, "name": name}).json()["id"] for name in ("one", "two"))
    asked = {"banks": ["样例银行"], "channels": [channel]}
    assert alice.post("/v1/keys", json={"name": "the desk", "scopes": ["read"]}).status_code == 201
    bank, _ = rows.bank(session, "样例银行"), rows.bank(session, "乙银行")
    firm, other = rows.firm(session, "示例机器人股份有限公司", "示例机器人"), rows.firm(session, "示例光电有限公司")
    watchlist, _ = (alice.post("/v1/watchlists", json={**asked, "name": name}).json()["id"] for name in ("x", "y"))
    source = Source(name="示例", url="https://news.example.com/rss", kind="feed")
    session.add_all(
        [Subscriber(name="bob"), source, Source(name="样例", url="https://press.example.com/rss", kind="feed")]
    )
    session.flush()
    made = series(session)
    desk = session.get_one(Channel, channel)
    for number in range(2):
        told = rows.article(session, f"科创贷由样例银行发放，第{number}篇", source_id=source.id, source_name="示例财经")
        event = rows.event(session, bank, firm, told)
        pairs = grams(plain(told.title + told.text).text)
        session.add(ArticleIndex(article_id=told.id, grams=pairs))
        session.add(Mention(article_id=told.id, kind="bank", name="样例银行", bank_id=bank.id, start=4, end=8,
                            where="text"))  # fmt: skip
        samples.delivery(session, desk, event.id, told.id, watchlists=["x"])
        evidence = session.scalars(select(Evidence).where(Evidence.event_id == event.id)).one()
        quoted = grams(plain(evidence.quote).text)
        session.add(QuoteIndex(evidence_id=evidence.id, plain=plain(evidence.quote).text, grams=quoted))
        session.add_all(SourceError(source_id=one, input="item 1", reason="no text") for one in (source.id, None))
        referral = {
            "bank_id": bank.id,
            "confidence": 0.9,
            "article_id": told.id,
            "position": 0,
            "quote": "推荐",
            "start": 0,
            "end": 2,
        }
        pair = (firm, other)[:: 1 - 2 * number]
        session.add(Referral(from_firm_id=pair[0].id, to_firm_id=pair[1].id, **referral))
        session.add(Mailbox(address=f"{number}@example.com", suppressed_at=rows.NOON, cause="bounce", reason="gone"))
        figure(session, made, told, day=f"2025-1{number}", value=1)
        figure(session, series(session, region=["江苏"], subject=("tech", "green")[number]), told, position=1, value=1)
        for kind, row in (("banks", bank), ("firms", firm)):
            alias = {"alias": f"又名{kind}{number}"}
            assert alice.post(f"/v1/{kind}/{row.id}/aliases", json=alias).is_success
    session.commit()
    return {"bank_id": bank.id, "firm_id": firm.id, "watchlist_id": watchlist, "source_id": source.id,
            "channel_id": channel, "series_id": made.id, "event_id": event.id, "article_id": told.id}  # fmt: skip


def _first(client: httpx.Client, path: str, ids: dict[str, Any]) -> str:
    """The cursor of a list's second page."""
    answer = client.get(path.format(**ids), params={**FIRST.get(path, {}), "limit": 1})
    assert answer.status_code == 200, answer.text
    cursor = answer.json()["next"]
    assert cursor, f"{path} needs two rows here"
    return str(cursor)


def _refused(client: httpx.Client, path: str, ids: dict[str, Any], **query: Any) -> None:
    answer = client.get(path.format(**ids), params={**FIRST.get(path, {}), **query})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), (path, query)
    assert [error["field"] for error in answer.json()["errors"]] == ["query.cursor"], (path, query)


def _spoilt(cursor: str) -> Iterator[str]:
    """The same with a sign changed at either end and within, cut short, drawn out; and what never was one."""
    for place in (0, len(cursor) // 2, len(cursor) - 3):
        yield cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
    yield from (cursor[:-4], cursor[: len(cursor) // 2], cursor + "AAAA", "", "2", "游标", "../../etc", "A" * 200)


def _others(path: str, ids: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each other filter and order of a list, with a value that it takes and does not have by itself."""
    for name, schema in PARAMETERS[path].items():
        if name not in BESIDE:
            yield name, _other(path, name, schema, ids)


def _other(path: str, name: str, schema: dict[str, Any], ids: dict[str, Any]) -> Any:
    kind = next((one for one in schema.get("anyOf", ()) if one["type"] != "null"), schema)
    kind = kind.get("items", kind)
    if "enum" in kind:
        return next(value for value in reversed(kind["enum"]) if value != schema.get("default"))
    if kind.get("format") == "uuid":
        return str(ids[f"{name}_id"])
    if kind.get("format") == "date":
        return "2025-10-01" if name == "date_from" else "2025-12-01"
    if kind["type"] == "boolean":
        return "true"
    return "示例财经" if (path, name) == ("/v1/events", "source") else OTHER[name]


def test_a_cursor_that_was_tampered_with_or_belongs_elsewhere_is_refused(
    alice: httpx.Client, ids: dict[str, Any]
) -> None:
    for path in LISTS:
        _takes_its_own_cursor_only(alice, ids, path)


def _takes_its_own_cursor_only(alice: httpx.Client, ids: dict[str, Any], path: str) -> None:
    cursor = _first(alice, path, ids)
    assert alice.get(path.format(**ids), params={**FIRST.get(path, {}), "cursor": cursor}).status_code == 200
    for spoilt in _spoilt(cursor):
        _refused(alice, path, ids, cursor=spoilt)
    for name, value in _others(path, ids):
        _refused(alice, path, ids, cursor=cursor, **{name: value})
    elsewhere = next(one for one in ("/v1/banks", "/v1/firms") if one != path)
    _refused(alice, path, ids, cursor=_first(alice, elsewhere, ids))
    _refused(alice, path, ids, cursor=pagination.encode(path, Position(rows.NOON, uuid4())))


def test_all_that_is_read_again_and_again_is_tagged() -> None:
    read = {"events", "articles", "banks", "firms", "names", "search", "indicators", "stats", "index", "network"}
    untagged = {path for path in PARAMETERS if path.split("/")[2:3] and path.split("/")[2] in read} - set(TAGGED)
    assert {path for path in untagged if not path.endswith("/corrections")} == set()


def test_what_did_not_change_is_not_sent_again(alice: httpx.Client, ids: dict[str, Any]) -> None:
    for path in TAGGED:
        _is_sent_once(alice, ids, path)


def _is_sent_once(alice: httpx.Client, ids: dict[str, Any], path: str) -> None:
    path, asked = path.format(**ids), FIRST.get(path, {})
    first = alice.get(path, params=asked)
    assert first.status_code == 200, first.text
    for told in (first.headers["etag"], f'W/{first.headers["etag"]}, "other"', "*"):
        again = alice.get(path, params=asked, headers={"if-none-match": told})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"]
    assert alice.get(path, params=asked, headers={"if-none-match": '"other"'}).content == first.content
