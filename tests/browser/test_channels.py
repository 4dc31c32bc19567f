"""The pages of channels and of the log of deliveries: one is made, tried, and looked up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.models import Attempt, Channel, Delivery, Subscriber
from tests.alerts import samples
from tests.browser.stage import Stage
from tests.browser.visits import LOOKS, Visits

SHORT = (LOOKS[0], LOOKS[3])


@pytest.fixture
def channels(session: Session, visits: Visits, shown: Stage) -> list[Channel]:
    """One that is well, one that keeps failing, one that waits for its reader; and what was sent."""
    owner = session.scalars(select(Subscriber)).one()
    same = {"subscriber_id": owner.id}
    well = Channel(**same, kind="webhook", name="投行部的系统", config={"url": "https://hooks.example.com/yinqi"})
    fails = Channel(
        **same, kind="dingtalk", name="科创群", config={"url": "https://oapi.dingtalk.com/robot/send?access_token=…abcd"},
        failures=7, failing_since=now() - timedelta(hours=5),
    )  # fmt: skip
    waits = Channel(**same, kind="email", name="值班邮箱", config={"to": "desk@example.com"})
    session.add_all([well, fails, waits])
    session.flush()
    waits.confirmed_at = None
    for channel, state, code in ((well, "done", 200), (fails, "failed", 500), (fails, "open", 500)):
        row = samples.delivery(
            session, channel, shown.event, shown.article, version=1 + (state == "open"), state=state,
            watchlists=["机器人与两家银行"], body='{"type": "event.created"}',
            attempts=10 if state == "failed" else 1, reason=None if state == "done" else "answered 500",
        )  # fmt: skip
        told = {
            "outcome": "delivered" if state == "done" else "later",
            "status_code": code,
            "answer": "<html>busy</html>",
        }
        session.add(Attempt(delivery_id=row.id, number=1, milliseconds=84.5, reason=f"answered {code}", **told))
    session.commit()
    return [well, fails, waits]


def test_the_pages_of_channels_show_in_every_way(visits: Visits, channels: list[Channel]) -> None:
    visits.see("/channels", "channels", expect={"zh": "连续失败", "en": "keeps failing"}, looks=LOOKS[:5])
    visits.see("/channels/new", "channel-kinds", expect={"zh": "企业微信", "en": "WeCom"}, looks=SHORT)
    visits.see("/channels/new?kind=dingtalk", "channel-new", expect={"zh": "加签", "en": "bot"}, looks=SHORT)
    visits.see(f"/channels/{channels[1].id}", "channel", expect={"zh": "连续失败7次", "en": "7×"}, looks=LOOKS[:4])
    visits.see(
        f"/channels/{channels[2].id}", "channel-pending", expect={"zh": "待确认", "en": "confirmed"}, looks=SHORT
    )


def test_the_log_shows_in_every_way(visits: Visits, channels: list[Channel], session: Session) -> None:
    visits.see("/deliveries", "deliveries", expect={"zh": "科创群", "en": "科创群"}, looks=LOOKS[:5])
    failed = session.scalars(select(Delivery).where(Delivery.state == "failed")).one()
    visits.see(f"/deliveries/{failed.id}", "delivery", expect={"zh": "500", "en": "500"}, looks=LOOKS[:4])
    visits.see(
        "/deliveries?state=failed", "deliveries-failed", expect={"zh": "全部重发", "en": "once more"}, looks=SHORT
    )


def test_one_makes_a_channel_sees_its_secret_once_and_a_test_that_arrives_by_itself(
    visits: Visits, session: Session
) -> None:
    with visits.open("/channels/new") as page:
        page.click("text=Webhook")
        page.fill("#f-name", "我们的接口")
        page.fill("#f-url", "http://127.0.0.1:9/hook")
        page.click("form.fill button.main")
        assert page.inner_text(".secret").startswith("whsec_")
        page.reload()
        assert page.locator(".secret").count() == 0
        page.click("form[action$='/test'] button")
        page.wait_for_selector("#delivery-state .chip.warn")
        session.rollback()
        row = session.scalars(select(Delivery)).one()
        row.state, row.delivered_at = "done", now()
        session.commit()
        page.wait_for_selector("#delivery-state .chip.good")
