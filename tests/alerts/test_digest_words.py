"""How a digest reads by mail and by bot, and what it tells of each event that waits in it."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from alerts import digest_view
from alerts.channels._bot import composed
from alerts.channels._mail import compose, gather
from alerts.channels.base import Letter
from core.models import Channel
from core.settings import settings
from tests.alerts import samples
from tests.alerts.digests import DAILY, MONDAY, change, deliveries, mention, pass_time, tell

pytestmark = pytest.mark.usefixtures("present")


def digest_of(session: Session, channel: Channel) -> Letter:
    """A digest of a changed event and three articles, as its channel sends it."""
    samples.watch(session, channel, banks=["北海银行"], triggers=["event", "mention"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    pass_time(session)
    tell(session, change(session, event, status="agreed"))
    for number in range(3):
        tell(session, mention(session, number))
    pass_time(session)
    return Letter(id="1", body=deliveries(session)[-1].body, config={"to": "reader@example.org"}, secret="s")


def test_a_digest_by_mail_tells_each_entry_with_its_quote_and_what_changed(session: Session, hook: Channel) -> None:
    message = compose(digest_of(session, hook), settings())
    assert message["subject"].startswith("【银企】摘要（") and message["subject"].endswith("）：事件1件，提及3篇")
    assert message["references"] is None
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        said = re.sub(r"</?strong[^>]*>", "", part.get_content())  # facts are marked in quotes
        for words in (
            "事件更新",
            "状态：已发放 → 已获批",
            samples.TEXT[3:-1],
            "北海银行昨日公告。",
            "北海银行第2号公告",
        ):
            assert words in said


def test_a_digest_by_bot_fits_its_parts_and_says_how_much_does_not(session: Session, hook: Channel) -> None:
    letter = digest_of(session, hook)
    [(title, text)] = composed([letter], 4000)
    assert title.startswith("【银企】摘要（") and "事件1件，提及3篇" in title
    assert f"> “{samples.TEXT[3:-1]}”" in text and "2. [提及 北海银行：北海银行第0号公告](" in text
    body = json.loads(letter.body)
    body["data"]["items"] = body["data"]["items"][:1] * 200
    body["data"]["left_out"] = 7
    much = replace(letter, body=json.dumps(body))
    parts = composed([much], 4000)
    assert len(parts) == 3 and all(len(f"### {title}\n\n{text}".encode()) <= 4000 for title, text in parts)
    lines = sum(text.count(f"{settings().public_url}/events/") for _, text in parts)
    assert lines > 30 and f"另有{207 - lines}条未列出" in parts[-1][1]


def test_a_digest_among_gathered_alerts_keeps_its_entries(session: Session, hook: Channel) -> None:
    letter = digest_of(session, hook)
    first = replace(letter, id="0", body=json.dumps(json.loads(letter.body)["data"]["items"][0]))
    [(_, text)] = composed([first, letter], 4000)
    html = gather([first, letter], settings()).get_body(("html",))
    assert html is not None
    for said in (text, html.get_content()):
        assert "北海银行第0号公告" in said and "北海银行第2号公告" in said


def test_further_evidence_is_told_to_who_asked_for_it_and_knows_the_event() -> None:
    ids = {"event_id": UUID(int=1), "article_id": UUID(int=2)}
    item = SimpleNamespace(kind="event.evidence", name="w", created_at=MONDAY, **ids)
    view = {"id": str(UUID(int=1)), "state": "live", "status": "granted", "evidence": [{"quote": n} for n in range(5)]}
    told = digest_view.event([item], view, version=1, told={"status": "granted"})
    assert told is not None and (told.type, told.version, told.data["previous"]) == ("event.evidence", None, None)
    assert [one["quote"] for one in told.data["event"]["evidence"]] == [2, 3, 4]  # what is new, not what it knows
    created = digest_view.event([item], view, version=1, told=None)
    assert created is not None and created.type == "event.created"
    item.kind = "event.updated"
    assert digest_view.event([item], view, version=1, told={"status": "granted"}) is None
