"""Every page of the catalogue's frame, and the pages that everyone has."""

import pytest

from tests.browser.stage import Stage
from tests.browser.visits import LOOKS, SCREENSHOTS, Look, Visits


def test_the_account_shows_in_every_way(visits: Visits) -> None:
    visits.see("/account", "account", expect={"zh": "登录会话", "en": "Sessions"})


def test_an_error_shows_in_every_way(visits: Visits) -> None:
    for look in (LOOKS[0], LOOKS[3]):
        with visits.open("/account", look) as page:
            page.evaluate("() => history.replaceState(null, '', '/nothing')")  # a 404 itself is told on the console
            page.set_content(page.request.get(page.url, headers={"accept": "text/html"}).text())
            assert "404" in page.inner_text("main")
            visits.judge(page, "problem", look)


@pytest.mark.parametrize("look", [Look("zh", 1280), Look("en", 360, script=False)], ids=lambda one: one.name)
def test_one_signs_in_by_the_form_changes_language_and_signs_out(visits: Visits, look: Look) -> None:
    with visits.open("/?status=granted", look, signed_in=False) as page:
        page.screenshot(path=SCREENSHOTS / f"sign_in-{look.name}.png")
        page.fill("input[name=key]", visits._key)
        page.press("input[name=key]", "Enter")
        page.wait_for_url("**/?status=granted")
        if look.width == 360:
            page.click(".menu-button")
            page.screenshot(path=SCREENSHOTS / f"menu-{look.name}.png")
        other = "en" if look.language == "zh" else "zh"
        page.click(f"button[name=lang][value={other}]")
        page.wait_for_url("**/?status=granted")
        assert page.get_attribute("html", "lang") == {"en": "en", "zh": "zh-CN"}[other]
        if look.width == 360:
            page.click(".menu-button")
        page.click("form[action='/sign-out'] button")
        page.wait_for_url("**/sign-in")


def test_the_keyboard_comes_to_the_content_at_once_and_through_the_whole_page(visits: Visits, shown: Stage) -> None:
    with visits.open("/") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("() => location.hash") == "#main"
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_what_htmx_sends_is_taken_and_a_session_that_ended_leads_to_the_sign_in(visits: Visits) -> None:
    with visits.open("/search") as page:
        page.evaluate(
            "() => htmx.ajax('POST', '/preferences', {source: document.body, values: {lang: 'en'}, swap: 'none'})"
        )
        page.reload()
        assert page.get_attribute("html", "lang") == "en"
        page.context.clear_cookies(name="yinqi")
        page.locator("#q").press_sequentially("样例")
        page.wait_for_url("**/sign-in")
