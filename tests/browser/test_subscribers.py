"""Subscribers and their keys under the operator's hand."""

import pytest

from tests.browser.stage import Stage
from tests.browser.visits import Look, Visits

BOTH = pytest.mark.parametrize("look", [Look("zh", 1280), Look("en", 360, script=False)], ids=lambda one: one.name)


def test_the_subscribers_show_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see("/subscribers", "subscribers", expect={"zh": "新增订阅者", "en": "Add a subscriber"})


@BOTH
def test_a_subscriber_is_added_given_a_key_and_deleted(visits: Visits, shown: Stage, look: Look) -> None:
    with visits.open("/subscribers", look) as page:
        page.fill("#f-name", "样例研究部")
        page.click("form:has(#f-label) button.main")
        page.wait_for_url("**?done=added*")
        plain = page.inner_text(".secret")
        visits.judge(page, "subscriber_added", look)
        page.reload()
        assert plain.startswith("yq_") and plain not in page.content()
        page.fill("#f-label", "看板")
        page.fill("#f-expires_at", "2099-01-01")
        page.click("form:has(#f-label) button.main")
        page.wait_for_url("**?done=given*")
        page.locator("button[name=key]").first.click()
        page.wait_for_url("**?done=revoked*")
        assert page.locator("button[name=key]").count() == 1
        page.fill("#f-name", "别的名字")
        page.click("button.danger")
        page.wait_for_selector("#e-name")
        visits.judge(page, "subscriber", look)
        page.fill("#f-name", "样例研究部")
        page.click("button.danger")
        page.wait_for_url("**/subscribers?deleted=true")
        assert "样例研究部" not in page.inner_text("table")
