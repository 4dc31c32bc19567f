"""Webhooks after Standard Webhooks, checked by two foreign libraries on a real server."""

from datetime import UTC, datetime, timedelta, timezone
from weakref import WeakKeyDictionary

import pytest

from alerts.channels import Letter, _out
from alerts.channels.webhook import Webhook, retry_after, signature
from alerts.loop import run
from tests.alerts.samples import SECRET
from tests.fakes.origin import Origin
from tests.fakes.receiver import Receiver


@pytest.fixture(autouse=True)
def _allowed(environment: dict[str, str]) -> None:
    """Loopback may be called."""


def _letter(url: str) -> Letter:
    return Letter(id="msg_1", body='{"type":"event.created"}', config={"url": url}, secret=SECRET)


def test_the_published_vector_is_met() -> None:
    letter = Letter(id="msg_p5jXN8AQM9LWM0D4loKWxJek", body='{"test": 2432232314}', config={}, secret=SECRET)
    signed = signature(letter, datetime.fromtimestamp(1614265330, UTC))
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_moment_in_shanghai_signs_as_the_same_moment_in_utc() -> None:
    utc = datetime.fromtimestamp(1614265330, UTC)
    assert signature(_letter(""), utc.astimezone(timezone(timedelta(hours=8)))) == signature(_letter(""), utc)


def test_two_foreign_libraries_accept_the_signature_and_refuse_a_changed_body() -> None:
    with Receiver() as receiver:
        assert run(Webhook().send(_letter(receiver.url))).kind == "delivered"
    [got] = receiver.received
    assert got.verified(SECRET)
    got.body += b" "
    with pytest.raises(Exception, match="ignature"):
        got.verified(SECRET)


@pytest.mark.parametrize(
    ("status", "kind"), [(200, "delivered"), (204, "delivered"), (301, "later"), (400, "later"), (500, "later")]
)
def test_only_2xx_is_success(status: int, kind: str) -> None:
    with Receiver(answers=[(status, {})]) as receiver:
        assert run(Webhook().send(_letter(receiver.url))).kind == kind


def test_410_is_gone() -> None:
    with Receiver(answers=[(410, {})]) as receiver:
        assert run(Webhook().send(_letter(receiver.url))).kind == "gone"


def test_a_redirect_is_not_followed() -> None:
    with Receiver() as other, Receiver(answers=[(308, {"location": other.url})]) as receiver:
        outcome = run(Webhook().send(_letter(receiver.url)))
    assert outcome.kind == "later"
    assert not other.received


@pytest.mark.parametrize("path", ["/endless", "/vast"])
def test_an_answer_without_end_is_read_to_its_bound_and_counts_by_its_status(path: str) -> None:
    with Origin() as origin:
        outcome = run(Webhook().send(_letter(origin.url(path))))
    assert outcome.kind == "delivered"
    assert len(outcome.answer or "") <= _out.ANSWER_KEPT == 2048
    assert _out.ANSWER_READ == 64 * 1024


def test_an_answer_that_drips_is_given_up_when_the_exchange_has_had_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _out.TOTAL == 10
    monkeypatch.setattr(_out, "TOTAL", 0.3)
    monkeypatch.setattr(_out, "_ways", WeakKeyDictionary())
    with Origin() as origin:
        outcome = run(Webhook().send(_letter(origin.url("/drip"))))
    assert (outcome.kind, outcome.status_code) == ("later", None)
    assert "in time" in outcome.reason


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert retry_after("120", moment) == 120
    assert retry_after("Thu, 01 Jan 2026 00:10:00 GMT", moment) == 600
    assert retry_after("soon", moment) is None
    with Receiver(answers=[(429, {"retry-after": "77"})]) as receiver:
        assert run(Webhook().send(_letter(receiver.url))).retry_after == 77


def test_an_inner_address_is_refused_without_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.settings import settings

    with Receiver() as receiver:
        monkeypatch.setenv("YINQI_ALLOWED_NETWORKS", "")
        settings.cache_clear()
        outcome = run(Webhook().send(_letter(receiver.url)))
    assert outcome.kind == "refused"
    assert not receiver.received


def test_an_endpoint_that_refuses_is_tried_later() -> None:
    outcome = run(Webhook().send(_letter("http://127.0.0.1:9/hook")))
    assert outcome.kind == "later"
    assert "127.0.0.1" in outcome.reason


def test_while_two_secrets_are_in_force_each_library_takes_either() -> None:
    old = Webhook().new_secret({})
    assert old is not None
    with Receiver(secrets=[SECRET, old]) as receiver:
        letter = Letter(id="msg_1", body="{}", config={"url": receiver.url}, secret=SECRET, old_secret=old)
        assert run(Webhook().send(letter)).kind == "delivered"
    [got] = receiver.received
    assert len(got.headers["webhook-signature"].split()) == 2


def test_a_receiver_of_the_tests_lets_no_unsigned_request_pass() -> None:
    other = Webhook().new_secret({})
    with pytest.raises(AssertionError, match="does not verify"), Receiver(secrets=[str(other)]) as receiver:
        run(Webhook().send(_letter(receiver.url)))
    assert len(receiver.faults) == 1
