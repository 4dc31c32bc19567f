"""The pages of watchlists: one is made, tried out, changed and deleted, with and without JavaScript."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Channel, Subscriber, Watchlist
from tests.browser.stage import Stage
from tests.browser.visits import LOOKS, SCREENSHOTS, Look, Visits


@pytest.fixture
def channel(session: Session, visits: Visits) -> Channel:
    """A place of the reader's to send to."""
    owner = session.scalars(select(Subscriber)).one()
    made = Channel(
        subscriber_id=owner.id, kind="webhook", name="投行部的系统", config={"url": "https://hooks.example.com/"}
    )
    session.add(made)
    session.commit()
    return made


def _kept(session: Session) -> Watchlist:
    session.rollback()
    return session.scalars(select(Watchlist)).one()


def test_the_pages_show_in_every_way(visits: Visits, shown: Stage, channel: Channel, session: Session) -> None:
    visits.see("/watchlists", "watchlists-empty", expect={"zh": "三步", "en": "Three steps"}, looks=LOOKS[:4])
    visits.see(
        f"/watchlists/new?firm={shown.firm}&bank={shown.bank}",
        "watchlist-new",
        expect={"zh": "新建关注", "en": "New watchlist"},
    )
    with visits.open(f"/watchlists/new?firm={shown.firm}&bank={shown.bank}") as page:
        page.check(f"#f-channels-{channel.id}")
        page.fill("#f-min_amount", "1000")
        page.click("button[value=save]")
        page.wait_for_url("**saved=new**")
    kept = _kept(session)
    assert kept.name == "样例市明曜机器人股份有限公司等2项"
    assert [one.id for one in kept.channels] == [channel.id]
    assert kept.min_amount == 10_000_000
    visits.see("/watchlists", "watchlists", expect={"zh": "投行部的系统", "en": "My watchlists"})
    visits.see(f"/watchlists/{kept.id}", "watchlist", expect={"zh": "试算", "en": "Try out"}, looks=LOOKS[:4])
    visits.see(
        f"/watchlists/{kept.id}/delete", "watchlist-delete", expect={"zh": "删除", "en": "Delete"}, looks=LOOKS[2:4]
    )
    visits.see(f"/watchlists/{kept.id}/backtest?days=365", "backtest", expect={"zh": "会提醒", "en": "alert"})
    visits.see(f"/watchlists/{kept.id}/articles", "watched", expect={"zh": "样例银行以知识产权", "en": "Articles of"})


def test_names_are_suggested_while_one_types_and_the_form_is_tried_out(
    visits: Visits, shown: Stage, session: Session
) -> None:
    with visits.open("/watchlists/new") as page:
        page.locator("#f-find_firm").press_sequentially("jiangbin")
        page.wait_for_selector("#names-firm button")
        page.keyboard.press("Enter")
        assert page.input_value("#f-firms") == "江滨启衡微电子（集团）科技有限公司\n"
        page.locator("#f-find_bank").press_sequentially("样例银行苏州")
        page.fill("#f-find_bank", "样例银行苏州分行")
        page.locator("#names-bank button", has_text="苏州分行").first.click()
        assert page.input_value("#f-banks") == "样例银行 / 苏州分行\n"
        page.fill("#f-min_amount", "很多")
        page.click("button[value=save]")
        assert page.locator("#e-min_amount").inner_text() == "请填数字。"
        page.screenshot(path=SCREENSHOTS / "watchlist-refused.png", full_page=True)
        page.fill("#f-min_amount", "")
        page.click("button[value=test]")
        assert "江滨启衡微电子" in page.inner_text("#tested blockquote >> nth=0")
        visits.judge(page, "watchlist-tried", Look("zh", 1280))
    assert session.scalars(select(Watchlist)).all() == []


def test_a_list_is_made_without_javascript(visits: Visits, shown: Stage, session: Session) -> None:
    with visits.open("/watchlists/new", LOOKS[4]) as page:
        page.fill("#f-find_firm", "样例市明曜")
        page.press("#f-find_firm", "Enter")
        page.screenshot(path=SCREENSHOTS / "watchlist-looked-up.png", full_page=True)
        page.click("#names-firm button >> nth=0")
        assert "样例市明曜机器人股份有限公司" in page.input_value("#f-firms")
        page.fill("#f-name", "明曜")
        page.press("#f-name", "Enter")
        page.wait_for_url("**saved=new**")
        page.click("text=试算")
        assert "样例市明曜" in page.inner_text("main")
    assert _kept(session).name == "明曜"
