"""Webhooks after Standard Webhooks 1.0: signed with HMAC-SHA256, delivered at least once with the same id and body."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from standardwebhooks.webhooks import Webhook as Signer

from alerts.channels import _out
from alerts.channels._address import Address
from alerts.channels.base import Config, Letter, Outcome, Pace
from core.clock import now
from core.errors import YinqiError
from core.http import AddressRefused, BadUrl, Response

_AGENT = "Yinqi-Webhook/1.0"
# The specification asks senders to slow down on these; 503 is HTTP's own "later" (RFC 9110, section 15.6.4).
_THROTTLED = frozenset({429, 502, 503, 504})


class WebhookConfig(Config):
    """Where to POST: an http or https address that leads outside."""

    url: Address


class Webhook:
    """The webhook channel."""

    name: ClassVar[str] = "webhook"
    Config: ClassVar[type[Config]] = WebhookConfig
    pace: ClassVar[Pace | None] = None

    def new_secret(self, config: dict[str, Any]) -> str | None:
        """A signing secret of 32 random bytes, as the specification writes them."""
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    def private(self, config: dict[str, Any]) -> str | None:
        """Nothing."""
        return None

    def public(self, config: dict[str, Any]) -> dict[str, Any]:
        """All of it."""
        return config

    def messages(self, letter: Letter, *gathered: Letter) -> int:
        """One."""
        return 1

    async def send(self, letter: Letter, *gathered: Letter) -> Outcome:
        """POST the body once; redirects are not followed, and only a 2xx answer is success."""
        headers = {"content-type": "application/json", "user-agent": _AGENT, **signature(letter, now())}
        try:
            answer = await _out.outbound().request(
                "POST",
                letter.config["url"],
                headers=headers,
                content=letter.body.encode(),
                follow=False,
                max_bytes=_out.ANSWER_READ,
                truncate=True,
                after=letter.after,
                repeat=True,  # whoever got it twice has the same id twice
            )
        except (AddressRefused, BadUrl) as error:
            return Outcome(kind="refused", reason=str(error))
        except YinqiError as error:
            return Outcome(kind="later", reason=str(error))
        return judge(answer)


def signature(letter: Letter, moment: datetime) -> dict[str, str]:
    """The three headers of the specification; the library reads naive or local times wrongly, so `moment` is UTC.

    While an old secret is in force both sign, so that a receiver may change over at any moment of it.
    """
    assert letter.secret is not None
    moment = moment.astimezone(UTC)
    secrets_in_force = [one for one in (letter.secret, letter.old_secret) if one]
    return {
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Signer(one).sign(letter.id, moment, letter.body) for one in secrets_in_force),
    }


def judge(answer: Response) -> Outcome:
    """What an answer means: 2xx delivered, 410 gone, anything else later."""
    told = _out.shown(answer.body)
    status = answer.status
    if 200 <= status < 300:
        return Outcome(kind="delivered", reason=f"answered {status}", status_code=status, answer=told)
    if status == 410:
        return Outcome(kind="gone", reason="answered 410: the endpoint is gone", status_code=status, answer=told)
    reason = f"answered {status}" + (": redirects are not followed" if 300 <= status < 400 else "")
    wait = retry_after(answer.headers.get("retry-after"), now()) if status in _THROTTLED else None
    return Outcome(kind="later", reason=reason, status_code=status, answer=told, retry_after=wait)


def retry_after(value: str | None, moment: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110: a number or a date); None where it says nothing sound."""
    told = (value or "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        asked = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return None
    # the oldest of the three forms of a date tells no zone, and means GMT (RFC 9110, section 5.6.7)
    return max(0.0, (asked.replace(tzinfo=asked.tzinfo or UTC) - moment) / timedelta(seconds=1))
