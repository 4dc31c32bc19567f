"""How a source is reaches whoever asked for it, once, by the channels that alerts take."""

from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from alerts.deliver import deliver
from alerts.match import match
from alerts.post import close
from alerts.tell import tell
from core import work
from core.models import Delivery, Notice, Source
from core.settings import settings
from tests.alerts import samples
from tests.fakes.mail import MailCatcher
from tests.fakes.receiver import Receiver

REASON = "no usable answer since 2026-03-02 04:00 UTC, at 7 polls one after another: answered with status 500"


def trouble(session: Session, **facts: Any) -> Notice:
    """A notice as ingest gives it."""
    source = session.scalar(select(Source)) or Source(name="样例财经", url="https://news.example.cn/rss", kind="rss")
    session.add(source)
    session.flush()
    told = {
        "source": {"id": str(source.id), "name": source.name, "url": source.url, "kind": source.kind},
        "health": "dead",
        "previous": "ok",
        "since": "2026-03-02T09:00:00.000Z",
        "reason": REASON,
        **facts,
    }
    kind = "source.recovered" if told["health"] == "ok" else "source.troubled"
    notice = Notice(kind=kind, source_id=source.id, facts=told)
    session.add(notice)
    session.commit()
    return notice


def test_trouble_and_its_end_arrive_by_webhook_with_their_reason(session: Session) -> None:
    with Receiver() as receiver:
        samples.watch(session, samples.webhook(session, receiver.url), name="来源", triggers=["source"])
        first = trouble(session)
        tell(first.id)
        close()
        tell(trouble(session, health="ok", previous="dead").id)
        close()
    bad, good = (got.json for got in receiver.received)
    assert all(got.verified(samples.SECRET) for got in receiver.received)
    assert (bad["type"], good["type"]) == ("source.troubled", "source.recovered")
    assert bad["data"] == {**(first.facts or {}), "watchlists": ["来源"]}
    assert (good["data"]["health"], good["data"]["previous"]) == ("ok", "dead")


def test_a_notice_makes_one_delivery_for_each_channel_however_often_it_is_matched(session: Session) -> None:
    one, other = (
        samples.webhook(session, "https://one.example/"),
        samples.webhook(session, "https://x.example/", name="x"),
    )
    samples.watch(session, one, other, name="甲", triggers=["source"])
    samples.watch(session, one, name="乙", triggers=["event", "source"], banks=["北海银行"])
    samples.watch(session, other, name="丙", banks=["北海银行"])  # wants no sources
    notice = trouble(session)
    work.attempt(work.MATCH, notice.id, match)
    for alert in match(session, notice):
        assert not list(alert.rows)
    made = {row.channel_id: row for row in session.scalars(select(Delivery))}
    assert {channel: row.watchlists for channel, row in made.items()} == {one.id: ["甲", "乙"], other.id: ["甲"]}
    assert {(row.type, row.article_id, row.event_id) for row in made.values()} == {("source.troubled", None, None)}
    assert {row.source_id for row in made.values()} == {notice.source_id}


def test_two_troubles_of_one_source_are_two_deliveries(session: Session) -> None:
    samples.watch(session, samples.webhook(session, "https://one.example/"), triggers=["source"])
    for _ in range(2):
        work.attempt(work.MATCH, trouble(session).id, match)
    assert session.scalar(select(func.count()).select_from(Delivery)) == 2


def test_what_was_told_of_a_source_stays_in_the_log_when_it_is_deleted(session: Session) -> None:
    samples.watch(session, samples.webhook(session, "https://one.example/"), triggers=["source"])
    work.attempt(work.MATCH, trouble(session).id, match)
    session.execute(delete(Source))
    [row] = session.scalars(select(Delivery))
    session.refresh(row)
    assert row.source_id is None and REASON in row.body


def test_an_email_says_in_chinese_how_the_source_is(session: Session, catcher: MailCatcher) -> None:
    mail = samples.email(session, "desk@example.com", like=samples.webhook(session, "https://unused.example/"))
    samples.watch(session, mail, name="来源", triggers=["source"])
    notice = trouble(session, health="challenged", reason="a challenge page <b>&</b>")
    for one in (notice, trouble(session, health="ok", previous="challenged")):
        tell(one.id)
        deliver(session.scalars(select(Delivery.id).where(Delivery.notice_id == one.id)).one())
    bad, good = catcher.messages
    assert bad["Subject"] == "【银企】来源“样例财经”：要求浏览器或验证码"
    assert good["Subject"] == "【银企】来源“样例财经”：恢复正常"
    plain = bad.get_body(("plain",)).get_content()
    assert "来源异常" in bad.get_body(("html",)).get_content()
    assert "a challenge page &lt;b&gt;" in bad.get_body(("html",)).get_content()
    for line in (
        "地址：https://news.example.cn/rss",
        "状态：要求浏览器或验证码",
        "此前：正常",
        f"{settings().public_url}/sources/{notice.source_id}",
    ):
        assert line in plain
