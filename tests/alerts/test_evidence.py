"""Further evidence of a known event is told to the lists that ask for it, and to no other."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.match import match
from core import work
from core.models import Article, Delivery, Evidence, Notice
from tests.alerts import samples

AGAIN = "记者获悉，青禾智造日前得到北海银行800万元贷款。"


def _told_again(session: Session) -> tuple[Notice, Article]:
    event, _ = samples.event(session)
    article = Article(title="再次报道", text=AGAIN, content_hash="again")
    session.add(article)
    session.flush()
    place = {"position": 0, "start": 0, "end": len(AGAIN), "quote": AGAIN, "facts": {}, "confidence": 0.9}
    session.add(Evidence(event_id=event.id, article_id=article.id, **place))
    notice = Notice(kind="event.evidence", event_id=event.id, article_id=article.id)
    session.add(notice)
    session.commit()
    return notice, article


def _deliveries(session: Session) -> list[Delivery]:
    session.expire_all()
    return list(session.scalars(select(Delivery)))


def test_who_asked_for_evidence_is_told_once_of_each_article_that_tells_the_event(session: Session) -> None:
    channel = samples.webhook(session, "http://127.0.0.1:9/")
    samples.watch(session, channel, banks=["北海银行"], triggers=["evidence"])
    notice, article = _told_again(session)
    for _ in range(2):
        match(session, notice)
        session.commit()
    [delivery] = _deliveries(session)
    body = json.loads(delivery.body)
    assert (delivery.type, body["type"]) == ("event.evidence", "event.evidence")
    assert [telling["article_id"] for telling in body["data"]["event"]["evidence"]] == [str(article.id)]
    assert body["data"]["event"]["version"] == 1
    assert body["data"]["previous"] is None


def test_who_asked_for_events_alone_is_not_told_again(session: Session) -> None:
    channel = samples.webhook(session, "http://127.0.0.1:9/")
    samples.watch(session, channel, banks=["北海银行"], triggers=["created", "updated", "retracted"])
    notice, _ = _told_again(session)
    work.attempt(work.MATCH, notice.id, match)
    assert not _deliveries(session)
