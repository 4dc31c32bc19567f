"""What came back of mail that was sent: delivery status notifications and complaints, read from a message. Pure.

RFC 3464 (message/delivery-status) and RFC 5965 (message/feedback-report), codes after RFC 3463.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

# The mailbox, or its domain, is not there or takes mail no more. Others of the class 5 speak of one message, of its
# sender or of policy (5.2.2 full, 5.7.1 refused, 5.1.7 and 5.1.8 a bad sender), and may pass.
DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ADDRESS = re.compile(r"[^\s<>;,\"]+@[^\s<>;,\"]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
_MOST = 100  # recipients of one report that are read


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """One address that mail did not reach, or that complained (`kind` bounce or complaint).

    `permanent`: it never will. `message_id` is that of the mail it is about, angle brackets included; None where the
    report does not say, as `address` is where it was left out for privacy.
    """

    kind: str
    address: str | None
    permanent: bool
    reason: str
    message_id: str | None = None


def is_dead(answer: str) -> bool:
    """Whether a mail server's answer, or a status code, says that an address is no more."""
    found = _STATUS.search(answer)
    return found is not None and found[1] in DEAD


def parse(content: bytes) -> list[Bounce]:
    """The bounces that a report tells; none where the message is no report, or one of delays and successes only."""
    message = message_from_bytes(content, policy=default)
    parts = list(message.walk())
    about = _about(parts)
    found: list[Bounce] = []
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            found += _failures(part, about)
        elif kind == "message/feedback-report":
            found += _complaints(part, parts, about)
    return found[:_MOST]


def _failures(part: Message, about: str | None) -> Iterator[Bounce]:
    for block in _blocks(part):
        if _first(block, "action").lower() != "failed":
            continue
        status, told = _first(block, "status"), _first(block, "diagnostic-code")
        address = _address(_first(block, "original-recipient")) or _address(_first(block, "final-recipient"))
        if address:
            reason = " ".join(f"{status} {told}".split())[:500]
            yield Bounce(kind="bounce", address=address, permanent=is_dead(status), reason=reason, message_id=about)


def _complaints(part: Message, parts: list[Any], about: str | None) -> Iterator[Bounce]:
    [block, *_] = [*_blocks(part), EmailMessage()]
    kind = _first(block, "feedback-type").lower() or "abuse"
    if kind == "not-spam":
        return
    original = next((one for one in parts if _is_original(one)), None)
    to = _first(original, "to") if original is not None else ""
    address = _address(_first(block, "original-rcpt-to")) or _address(to)
    yield Bounce(kind="complaint", address=address, permanent=True, reason=f"complaint: {kind}"[:500], message_id=about)


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report; what the parser left as text is read here."""
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    groups = re.split(r"\r?\n[ \t]*\r?\n", str(payload))
    return [message_from_bytes(one.encode("utf-8", "replace"), policy=default) for one in groups if one.strip()]


def _about(parts: list[Any]) -> str | None:
    """The Message-ID of the mail that came back, whole or as its headers."""
    for part in parts:
        if _is_original(part) and (found := _MESSAGE_ID.search(_first(part, "message-id"))):
            return found[0]
        if part.get_content_type() == "text/rfc822-headers":
            text = str(part.get_payload())
            if found := re.search(r"(?im)^message-id:\s*(<[^<>\s]{1,400}>)", text):
                return found[1]
    return None


def _is_original(part: Message) -> bool:
    """Whether a part stands inside a report as the mail that it is about."""
    return bool(part.get("message-id")) and part.get_content_maintype() != "message" and not _is_report(part)


def _is_report(part: Message) -> bool:
    return part.get_content_type() == "multipart/report"


def _address(told: str) -> str | None:
    """The address of `rfc822; someone@example.com` or `<someone@example.com>`; None where there is none."""
    found = _ADDRESS.search(told.partition(";")[2] or told)
    return found[0].lower()[:320] if found else None


def _first(part: Any, name: str) -> str:
    try:
        return str(part.get(name) or "").strip()
    except (ValueError, IndexError, AttributeError, TypeError):  # the library's parser of a malformed header
        return ""
