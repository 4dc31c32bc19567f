"""Promises of the whole chain, kept by real workers over a real database and broker."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import Delivery, Event, Evidence
from ingest.push import PushedArticle, push
from tests.alerts import samples
from tests.fakes.receiver import Receiver
from tests.flow.chain import chain, settled, until


def _push(*texts: str, published: datetime | None = None, quiet: bool = False) -> None:
    """Each text from an outlet of its own."""
    with transaction() as session:
        articles = [
            PushedArticle(title=f"消息{n}", text=text, published=published, source_name=f"第{n}家媒体")
            for n, text in enumerate(texts)
        ]
        assert all(result.status == "stored" for result in push(session, articles, quiet=quiet))


def test_twenty_tellings_on_eight_workers_make_one_event_and_one_alert(
    seeded: Session, environment: dict[str, str]
) -> None:
    tellings = [
        f"本报讯（记者{n}）杭州银行向澄湖量子科技有限公司发放流动资金贷款{amount}，用于采购设备。"
        for n, amount in enumerate(["1000万元", "1,000万元", "人民币一千万元", "10000000元"] * 5)
    ]
    with Receiver() as receiver:
        samples.watch(seeded, samples.webhook(seeded, receiver.url), banks=["杭州银行"])
        with chain(environment, "extractor", "alerts", "scheduler", YINQI_EXTRACTOR_PROCESSES="8"):
            _push(*tellings)
            until(settled(seeded), seconds=120)
    [event] = seeded.scalars(select(Event))
    assert seeded.scalar(select(func.count(Evidence.id))) == 20
    assert event.amount_min == 10_000_000
    [got] = receiver.received  # verified by the receiver
    assert got.json["type"] == "event.created"


def test_backfilled_articles_alert_nobody(seeded: Session, environment: dict[str, str]) -> None:
    grant = "杭州银行向澄湖量子科技有限公司发放流动资金贷款{}万元。"
    with Receiver() as receiver:
        samples.watch(seeded, samples.webhook(seeded, receiver.url), banks=["杭州银行"], triggers=["event", "mention"])
        with chain(environment, "extractor", "alerts", "scheduler"):
            _push(grant.format(100), quiet=True)
            _push(grant.format(3000), published=datetime.now(UTC) - timedelta(days=8))
            until(settled(seeded))
    assert seeded.scalar(select(func.count(Event.id))) == 2
    assert seeded.scalar(select(func.count(Delivery.id))) == 0
    assert not receiver.received


def test_half_past_midnight_on_1_march_in_china_is_read_as_march(seeded: Session, environment: dict[str, str]) -> None:
    with chain(environment, "extractor", "scheduler"):
        _push(
            "本月，杭州银行向澄湖量子科技有限公司发放流动资金贷款1000万元。",
            published=datetime.fromisoformat("2025-03-01T00:30:00+08:00"),
        )
        until(settled(seeded))
    assert seeded.scalar(select(Event.date)) == "2025-03"


def test_a_watched_name_that_no_register_knows_is_found_by_running_workers(
    seeded: Session, environment: dict[str, str]
) -> None:
    with Receiver() as receiver, chain(environment, "extractor", "alerts", "scheduler"):
        _push("无关的消息，先让工作进程读入词库。")
        until(settled(seeded))
        channel = samples.webhook(seeded, receiver.url)
        samples.watch_and_tell(seeded, channel, firms=["岚谷引力"], triggers=["mention"])
        until(lambda: _told_of(receiver, "岚谷引力"), seconds=30)
    assert receiver.received[0].json["data"]["mentions"][0]["name"] == "岚谷引力"


def _told_of(receiver: Receiver, name: str) -> bool:
    """Push a further article that mentions `name`, and say whether an alert has come."""
    _push(f"{datetime.now(UTC).isoformat()}，{name}在展会上亮相，引来不少参观者。")
    until(lambda: True)
    return bool(receiver.received)
