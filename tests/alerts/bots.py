"""What tests of the Chinese bots share: a bot's address and channel, alerts for it, and the text that it took."""

import json
from typing import Any

from sqlalchemy.orm import Session

from alerts import channels
from alerts.channels import Letter
from core.models import Channel, Delivery
from core.secrets import seal
from tests.alerts import samples
from tests.fakes.bots import Bots

SECRET = "SECfakefakefake"
KINDS = ("dingtalk", "feishu", "wecom")


def address(bots: Bots, kind: str, *, signed: bool = True) -> str:
    return bots.wecom() if kind == "wecom" else getattr(bots, kind)(SECRET if signed else "")


def config(bots: Bots, kind: str, secret: str | None = SECRET) -> dict[str, Any]:
    return {"url": address(bots, kind)} | ({} if kind == "wecom" else {"secret": secret})


def body(subject_firm: str = "青禾智造", quotes: int = 1, quote: str = "昨日，北海银行向青禾智造放款。") -> str:
    evidence = {"quote": quote, "title": "北海银行放款", "url": "https://news.example.cn/1"}
    event = {
        "id": "0", "bank": {"name": "北海银行"}, "firm": {"name": subject_firm}, "firm_description": None,
        "branch": None, "instrument": "loan", "instrument_text": None, "shared_amount": False, "date": None,
        "term_months": None, "status": "granted", "confidence": 0.9, "evidence": [evidence] * quotes,
        "amount": {"min": 8_000_000, "max": 8_000_000, "currency": "CNY", "qualifier": "exact"},
    }  # fmt: skip
    return json.dumps({"type": "event.created", "data": {"event": event, "previous": None, "watchlists": ["城商行"]}})


def letter(kind: str, given: dict[str, Any], told: str, *, in_doubt: bool = False) -> Letter:
    one = channels.find(kind)
    return Letter(id="1", body=told, config=one.public(given), secret=one.private(given), in_doubt=in_doubt)


def text_of(kind: str, taken: dict[str, Any]) -> str:
    if kind == "feishu":
        return str(taken["card"]["header"]["title"]["content"] + "\n" + taken["card"]["elements"][0]["content"])
    said = taken["markdown"]
    return str(said["text"] if kind == "dingtalk" else said["content"])


def bot_channel(session: Session, bots: Bots, kind: str) -> Channel:
    owner = samples.webhook(session, "https://hooks.example.com/")
    given = config(bots, kind)
    one = channels.find(kind)
    channel = Channel(
        subscriber_id=owner.subscriber_id, kind=kind, name=kind,
        config=one.public(given), secret=seal(one.private(given) or ""),
    )  # fmt: skip
    session.add(channel)
    session.flush()
    return channel


def waiting(session: Session, channel: Channel, count: int) -> list[Delivery]:
    """Deliveries of one event's versions, as many as asked for."""
    event, notice = samples.event(session)
    made = []
    for version in range(1, count + 1):
        made.append(
            Delivery(
                subscriber_id=channel.subscriber_id, channel_id=channel.id, type="event.created", event_id=event.id,
                version=version, article_id=notice.article_id, body=body(subject_firm=f"第{version}家公司"),
            )
        )  # fmt: skip
    session.add_all(made)
    session.commit()
    return made
