"""An alert as a message: headers, text and HTML. Pure."""

import json
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from alerts import digest_words, ticket, wording
from alerts.channels.base import Letter
from core.clock import SHANGHAI
from core.settings import Settings

CONFIRMATION = "confirmation"


def compose(letter: Letter, config: Settings) -> EmailMessage:
    """The message; the same id for every attempt, so that a repeated one can be told."""
    alert = json.loads(letter.body)
    asks = alert["type"] == CONFIRMATION
    told = _question(letter, alert, config) if asks else wording.told(alert, public_url=config.public_url)
    told["unsubscribe"] = unsubscribe_address(letter, config.public_url)
    domain = _domain(config)
    message = _headed(letter, told["subject"], f"<{letter.id}@{domain}>", config)
    if thread := _thread(alert, domain):
        message["References"] = thread
    _fill(message, "confirm" if asks else "digest" if "items" in told else "alert", told)
    return message


def gather(letters: Sequence[Letter], config: Settings) -> EmailMessage:
    """Several alerts as one message. Its id is that of the first with a mark of all: gathered again with others after
    a worker was killed, it is another message, and says that it may repeat something."""
    told_of = (wording.told(json.loads(one.body), public_url=config.public_url) for one in letters)
    items = [digest_words.item(one) for one in digest_words.each(told_of)]
    doubt = "【可能重复】" if any(one.in_doubt for one in letters) else ""
    lists = dict.fromkeys(name for one in letters for name in json.loads(one.body)["data"]["watchlists"])
    subject = f"{doubt}【银企】{len(items)}条提醒"
    told = {
        "kind": "汇总",
        "subject": subject,
        "rows": [("说明", "提醒较多，合为一封"), ("共计", f"{len(items)}条提醒")],
        "items": items,
        "left_out": 0,
        "link": f"{config.public_url}/",
        "watchlists": "、".join(lists),
        "unsubscribe": unsubscribe_address(letters[0], config.public_url),
    }
    mark = sha256(" ".join(one.id for one in letters).encode()).hexdigest()[:16]
    message = _headed(letters[0], subject, f"<{letters[0].id}.{mark}@{_domain(config)}>", config)
    _fill(message, "digest", told)
    return message


def _domain(config: Settings) -> str:
    return parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"


def _headed(letter: Letter, subject: str, message_id: str, config: Settings) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = wording.one_line(subject)
    message["From"] = config.mail_from
    message["To"] = letter.config["to"]
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe := unsubscribe_address(letter, config.public_url):
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _fill(message: EmailMessage, template: str, told: dict[str, Any]) -> None:
    message.set_content(_templates().get_template(f"{template}.txt").render(told))
    message.add_alternative(_templates().get_template(f"{template}.html").render(told), subtype="html")


def _question(letter: Letter, alert: dict[str, Any], config: Settings) -> dict[str, Any]:
    """What is asked of an address. Nothing that the asking subscriber wrote stands in it: it may reach a stranger."""
    assert letter.secret is not None  # confirm.ask saw to it
    to, until = alert["data"]["to"], datetime.fromisoformat(alert["data"]["expires_at"])
    made = ticket.issue(letter.channel_id, letter.secret, to, until)
    return {
        "subject": "【银企】请确认接收提醒的邮箱 / Please confirm your address",
        "to": to,
        "from_where": config.public_url,
        "link": f"{config.public_url}/v1/confirm/{made}",
        "until": f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    }


def _thread(alert: dict[str, Any], domain: str) -> str | None:
    """What all messages about one event refer to, so that mail programs show them together (RFC 5322, 3.6.4)."""
    event = alert["data"].get("event")
    return wording.one_line(f"<event-{event['id']}@{domain}>") if event else None


def unsubscribe_address(letter: Letter, public_url: str) -> str | None:
    """Where one POST ends these messages (RFC 8058); none for channels that were made before they had a token."""
    return f"{public_url}/v1/unsubscribe/{letter.channel_id}.{letter.secret}" if letter.secret else None


@lru_cache
def _templates() -> Environment:
    folder = Path(__file__).parent.parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
