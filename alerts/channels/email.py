"""E-mail over SMTP: text and HTML, the evidence quoted, a link to the event, one Message-ID for all attempts."""

import asyncio
import json
import re
import secrets
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import field_validator

from alerts import wording
from alerts.channels.base import SEND_TIMEOUT, Config, Letter, Outcome, Pace
from core.settings import Settings, settings

# One address, no list, no quoted local part: what mail users have (a subset of RFC 5321, section 4.1.2).
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}")


class EmailConfig(Config):
    """Whom to write to."""

    to: str

    @field_validator("to")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if not _ADDRESS.fullmatch(value):
            raise ValueError(f"{value!r} is no e-mail address")
        return value


class Email:
    """The e-mail channel."""

    name: ClassVar[str] = "email"
    Config: ClassVar[type[Config]] = EmailConfig
    pace: ClassVar[Pace | None] = None

    def new_secret(self, config: dict[str, Any]) -> str | None:
        """None: the mail server's password is the operator's, in the settings."""
        return None

    def private(self, config: dict[str, Any]) -> str | None:
        """A token of its own, by which whoever holds a message may end them."""
        return secrets.token_urlsafe(24)

    def public(self, config: dict[str, Any]) -> dict[str, Any]:
        """All of it."""
        return config

    def messages(self, letter: Letter, *gathered: Letter) -> int:
        """One."""
        return 1

    async def send(self, letter: Letter, *gathered: Letter) -> Outcome:
        """Hand the message to the mail server once."""
        message = compose(letter, settings())
        try:
            await asyncio.wait_for(_hand_over(message, settings()), SEND_TIMEOUT)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            return _told(first.code, first.message)
        except aiosmtplib.SMTPResponseException as error:
            return _told(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Outcome(kind="later", reason=f"the mail server did not take it: {type(error).__name__}: {error}")
        return Outcome(kind="delivered", reason="taken by the mail server")


def _told(code: int, message: str) -> Outcome:
    """5xx is final, anything else is for later (RFC 5321, section 4.2.1)."""
    return Outcome(
        kind="refused" if 500 <= code < 600 else "later",
        reason=f"the mail server answered {code}",
        status_code=code,
        answer=message[:2048],
    )


def compose(letter: Letter, config: Settings) -> EmailMessage:
    """The message; the same id for every attempt, so that a repeated one can be told."""
    alert = json.loads(letter.body)
    told = wording.told(alert, public_url=config.public_url)
    told["unsubscribe"] = unsubscribe_address(letter, config.public_url)
    domain = parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage()
    message["Subject"] = wording.one_line(told["subject"])
    message["From"] = config.mail_from
    message["To"] = letter.config["to"]
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if thread := _thread(alert, domain):
        message["References"] = thread
    if unsubscribe := unsubscribe_address(letter, config.public_url):
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_templates().get_template("alert.txt").render(told))
    message.add_alternative(_templates().get_template("alert.html").render(told), subtype="html")
    return message


def _thread(alert: dict[str, Any], domain: str) -> str | None:
    """What all messages about one event refer to, so that mail programs show them together (RFC 5322, 3.6.4)."""
    event = alert["data"].get("event")
    return f"<event-{event['id']}@{domain}>" if event else None


def unsubscribe_address(letter: Letter, public_url: str) -> str | None:
    """Where one POST ends these messages (RFC 8058); none for channels that were made before they had a token."""
    return f"{public_url}/v1/unsubscribe/{letter.channel_id}.{letter.secret}" if letter.secret else None


async def _hand_over(message: EmailMessage, config: Settings) -> None:
    await aiosmtplib.send(
        message,
        hostname=config.smtp_host,
        port=config.smtp_port,
        username=config.smtp_user or None,
        password=config.smtp_password.get_secret_value() if config.smtp_password else None,
        use_tls=config.smtp_tls == "tls",
        start_tls=config.smtp_tls == "starttls",
        timeout=SEND_TIMEOUT,
    )


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
