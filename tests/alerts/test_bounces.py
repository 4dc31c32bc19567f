"""What came back of mail is read from reports as mail servers write them, and from nothing else."""

import pytest

from alerts.bounces import Bounce, is_dead, parse

ID = "<019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11@yinqi.example>"
ORIGINAL = f"""Message-ID: {ID}
From: Yinqi <yinqi@yinqi.example>
To: gone@example.com
Subject: x

body
"""


def report(
    fields: str, *, kind: str = "delivery-status", original: str = "message/rfc822", of: str = ORIGINAL
) -> bytes:
    """A multipart/report with one machine-readable part of these fields."""
    lines = [
        "From: MAILER-DAEMON@example.com",
        "To: yinqi@yinqi.example",
        "Message-ID: <report@example.com>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "该邮件未能送达。",
        "--b",
        f"Content-Type: message/{kind}",
        "",
        fields.strip(),
        "",
        "--b",
        f"Content-Type: {original}",
        "",
        of,
        "--b--",
        "",
    ]
    return "\r\n".join("\n".join(lines).split("\n")).encode()


def failed(status: str, *, action: str = "failed", recipient: str = "gone@example.com") -> str:
    return f"""Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user"""


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_mailbox_that_is_not_there_is_a_bounce_for_good_and_names_the_mail(original: str) -> None:
    [one] = parse(report(failed("5.1.1"), original=original))
    reason = "5.1.1 smtp; 550 5.1.1 no such user"
    assert one == Bounce(kind="bounce", address="gone@example.com", permanent=True, reason=reason, message_id=ID)


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.1.8", "4.4.1", "5.0.0"])
def test_what_may_pass_is_no_bounce_for_good(status: str) -> None:
    [one] = parse(report(failed(status)))
    assert not one.permanent


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_is_no_bounce(action: str) -> None:
    assert parse(report(failed("4.4.1", action=action))) == []


def test_each_recipient_of_a_report_is_read_and_the_one_that_was_written_to_first() -> None:
    second = "\n\nOriginal-Recipient: rfc822;Reader@example.com\nFinal-Recipient: rfc822; x@inner.example\n"
    second += "Action: failed\nStatus: 5.2.1"
    found = parse(report(failed("5.1.1") + second))
    assert [one.address for one in found] == ["gone@example.com", "reader@example.com"]


def test_a_complaint_names_the_address_or_else_the_mail() -> None:
    told = "Feedback-Type: abuse\nUser-Agent: Some/1.0\nVersion: 1\n"
    [one] = parse(report(told + "Original-Rcpt-To: <reader@example.com>", kind="feedback-report"))
    assert (one.kind, one.address, one.message_id) == ("complaint", "reader@example.com", ID)
    hidden = ORIGINAL.replace("gone@example.com", "redacted")
    [one] = parse(report(told, kind="feedback-report", of=hidden))
    assert (one.address, one.message_id) == (None, ID)
    assert parse(report(told.replace("abuse", "not-spam"), kind="feedback-report")) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: out of office\r\n\r\n5.1.1 gone@example.com",
        report(""),
        report("Final-Recipient: rfc822;\nAction: failed\nStatus: 5.1.1"),
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\x80",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n",
    ],
)
def test_what_is_no_report_tells_nothing_and_breaks_nothing(content: bytes) -> None:
    assert [one for one in parse(content) if one.kind == "bounce"] == []


def test_only_codes_of_a_mailbox_that_is_no_more_are_dead() -> None:
    assert is_dead("5.1.1 <x@example.com>: Recipient address rejected")
    assert not is_dead("5.7.1 relaying denied")
    assert not is_dead("mailbox unavailable")
