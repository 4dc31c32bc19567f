"""An event under the operator's hand: the form, what it refuses, the verdicts, and what the event's page tells then."""

import pytest
from sqlalchemy.orm import Session

from core.models import Event
from tests.browser.stage import Stage
from tests.browser.visits import Look, Visits

BOTH = pytest.mark.parametrize("look", [Look("zh", 1280), Look("en", 360, script=False)], ids=lambda one: one.name)


def test_the_form_shows_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see(f"/events/{shown.event}/correct", "correction", expect={"zh": "机器读作", "en": "The machine read"})


@BOTH
def test_what_is_changed_is_the_operators_and_the_page_tells_who_did_it(
    visits: Visits, shown: Stage, session: Session, look: Look
) -> None:
    with visits.open(f"/events/{shown.event}", look) as page:
        page.click("a[href$='/correct']")
        page.fill("#f-amount_min", "25,000,000")
        page.fill("#f-amount_max", "")
        page.select_option("#f-status", "agreed")
        page.fill("#f-note", "原文表格写的是2500万元")
        page.click("form[action$='/correct'] button.main")
        page.wait_for_url(f"**/events/{shown.event}?done=corrected")
        versions = page.inner_text("ol.versions li >> nth=0")
        assert "alice" in versions and "原文表格写的是2500万元" in versions
        assert {"zh": "2500万元", "en": "CNY 25m"}[look.language] in page.inner_text("dl.tiles")
        visits.judge(page, "event_corrected", look)
    event = session.get_one(Event, shown.event)
    assert sorted(event.held or {}) == ["amount", "status"], "what was left alone stays the machine's"


@BOTH
def test_a_refusal_stands_at_its_field_and_keeps_what_was_filled_in(visits: Visits, shown: Stage, look: Look) -> None:
    with visits.open(f"/events/{shown.event}/correct", look) as page:
        page.fill("#f-date", "去年")
        page.fill("#f-branch", "滨江支行")
        # sent beside the page: that an answer is 422 is told on the console
        sent = "form[action$='/correct']"
        fields = page.locator(f"{sent} :is(input, select, textarea)")
        form: dict[str, str | float | bool] = {}
        form |= {one.get_attribute("name") or "": one.input_value() for one in fields.all()}
        origin = page.url.partition("/events")[0]
        answer = page.request.post(page.url, form=form, headers={"origin": origin})
        assert answer.status == 422
        page.set_content(answer.text())
        assert page.locator("#f-date[aria-invalid=true]").count() == 1
        assert "去年" in page.inner_text("#e-date")
        assert (page.input_value("#f-branch"), page.input_value("#f-date")) == ("滨江支行", "去年")
        visits.judge(page, "correction_refused", look)


def test_an_event_is_rejected_given_back_and_confirmed(visits: Visits, shown: Stage, session: Session) -> None:
    with visits.open(f"/events/{shown.event}/correct", Look("zh", 1280)) as page:
        for verdict, done, state in (
            ("reject", "rejected", "retracted"),
            ("release", "released", "live"),
            ("confirm", "confirmed", "live"),
        ):
            page.click(f"button[value={verdict}]")
            page.wait_for_url(f"**?done={done}")
            session.expire_all()
            assert session.get_one(Event, shown.event).state == state
            page.click("a[href$='/correct']")
