"""E-mail over SMTP: text and HTML, the evidence quoted, a link to the event, one Message-ID for all attempts."""

import asyncio
import re
import secrets
from email.message import EmailMessage
from typing import Any, ClassVar

import aiosmtplib
from pydantic import field_validator

from alerts.bounces import is_dead
from alerts.channels._mail import compose, gather
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
        return checked(value)


def checked(address: str) -> str:
    """`address`; raises ValueError where it is not one address that mail can go to."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no e-mail address")
    return address


class Email:
    """The e-mail channel."""

    name: ClassVar[str] = "email"
    Config: ClassVar[type[Config]] = EmailConfig

    @property
    def pace(self) -> Pace | None:
        """The operator's limit for each address; what is too much comes gathered in one message."""
        most = settings().mail_per_hour
        return Pace(per_minute=most, per_hour=most) if most else None

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
        """Hand the message to the mail server once; several alerts as one message."""
        message = gather((letter, *gathered), settings()) if gathered else compose(letter, settings())
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
    """5xx is final, anything else is for later (RFC 5321, section 4.2.1); an address that is no more is written to no
    more (RFC 3463)."""
    final = 500 <= code < 600
    return Outcome(
        kind="gone" if final and is_dead(message) else "refused" if final else "later",
        reason=f"the mail server answered {code}",
        status_code=code,
        answer=message[:2048],
    )


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
