"""An alert as a message: headers, text and HTML. Pure."""

import json
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from alerts import ticket, wording
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
    domain = parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"
    message = _headed(letter, told["subject"], f"<{letter.id}@{domain}>", config)
    if thread := _thread(alert, domain):
        message["References"] = thread
    _fill(message, "confirm" if asks else "alert", told)
    return message


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
    return f"<event-{event['id']}@{domain}>" if event else None


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
