"""The pages on which one reads: feed, event, article, search, sources, failed articles."""

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.models import Article, Event, EventVersion, News
from core.views import facts
from tests.api import rows
from tests.browser.stage import Stage
from tests.browser.visits import Look, Visits

DESK, NO_SCRIPT = Look("zh", 1280), Look("en", 360, script=False)


def test_the_feed_shows_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see("/", "feed", expect={"zh": "2000万元", "en": "CNY 20m"})


def test_the_feed_is_filtered_with_and_without_javascript(visits: Visits, shown: Stage) -> None:
    for look in (DESK, NO_SCRIPT):
        with visits.open("/", look) as page:
            page.select_option("select[name=status]", "planned")
            page.click("form.filters button[type=submit]")
            page.wait_for_url("**/?*status=planned*")
            assert page.locator(".events > li:visible").count() == 1
            with page.expect_download() as download:
                page.click("a[href*='format=csv']")
            table = download.value.path().read_text("utf-8-sig").splitlines()
            assert len(table) == 2, "a heading and the one event"
            page.click("form.filters a.button")
            page.wait_for_url("**/")
            assert page.locator(".events > li:visible").count() == 6


def _tell(session: Session, like: Event, **fields: object) -> Event:
    """An event, told as news."""
    made = rows.event(session, like.bank, like.firm, first_seen=now(), last_seen=now(), **fields)
    session.add(News(event_id=made.id, version=1))
    session.commit()
    return made


def test_new_events_slide_in_and_known_ones_change_where_they_stand(
    visits: Visits, shown: Stage, session: Session
) -> None:
    known = session.get_one(Event, shown.event)
    with visits.open("/?status=granted", DESK) as page:
        rows_of = page.locator(".events > li")
        before = rows_of.count()
        _tell(session, known, status="planned")  # the filter keeps it out
        _tell(session, known, instrument="green_loan")
        expect(page.locator(".events > li.is-new")).to_have_count(1, timeout=15_000)
        assert "绿色贷款" in page.inner_text(".events > li >> nth=0")
        known.instrument, known.version = "leasing", 3
        change = EventVersion(event_id=known.id, version=3, type="event.updated", facts=facts(known), previous={})
        session.add_all([change, News(event_id=known.id, version=3)])
        session.commit()
        expect(page.locator(f"#event-{known.id}")).to_contain_text("融资租赁", timeout=15_000)
        assert rows_of.count() == before + 1


def test_an_event_shows_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see(f"/events/{shown.event}", "event", expect={"zh": "证据（2）", "en": "Evidence (2)"})


def test_what_proves_an_event_is_marked_by_field_in_its_quote(visits: Visits, shown: Stage) -> None:
    with visits.open(f"/events/{shown.event}", DESK) as page:
        quote = page.locator(".tellings blockquote").first
        assert quote.locator(".m-bank.quoted").first.inner_text().startswith("样例银行")
        assert quote.locator(".m-firm.quoted").first.inner_text() == "样例市明曜机器人股份有限公司"
        assert quote.locator(".m-amount.quoted").first.inner_text() == "2000万元"
        assert quote.locator(".m-instrument.quoted").first.inner_text() == "知识产权质押贷款"
        page.click(".tellings a >> nth=0")
        page.wait_for_url(f"**/articles/{shown.article}#q0")
        assert page.locator("#q0").inner_text().startswith("样例银行")


def test_an_article_shows_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see(f"/articles/{shown.article}", "article", expect={"zh": "样例财经", "en": "样例财经"})


def test_search_finds_and_shows_in_every_way(visits: Visits, shown: Stage) -> None:
    words = {"zh": "主营工业机器人关节模组", "en": "主营工业机器人关节模组"}
    visits.see("/search?q=器人关节&kind=articles", "search", expect=words)
    events = {"zh": "样例市明曜机器人", "en": "样例市明曜机器人"}
    visits.see("/search?q=样例银行", "search_events", expect=events, looks=(DESK, NO_SCRIPT))
    none = {"zh": "没有找到", "en": "Nothing found"}
    visits.see("/search?q=没有这样的词", "search_none", expect=none, looks=(NO_SCRIPT,))


def test_names_are_suggested_while_one_types(visits: Visits, shown: Stage) -> None:
    with visits.open("/search", DESK) as page:
        page.locator("#q").press_sequentially("样例")
        expect(page.locator("#names .chip.bank")).to_have_count(1)
        assert page.inner_text("#names .chip.bank") == "样例银行"


def test_sources_show_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see("/sources", "sources", expect={"zh": "无应答", "en": "No answer"})
    visits.see(
        f"/sources/{shown.source}", "source", expect={"zh": "样例财经", "en": "样例财经"}, looks=(DESK, NO_SCRIPT)
    )


def test_an_operator_has_failed_articles_read_again(visits: Visits, shown: Stage, session: Session) -> None:
    visits.see("/failed", "failed", expect={"zh": "读不出来的文章", "en": "读不出来的文章"})
    with visits.open("/failed", NO_SCRIPT) as page:
        page.click("tbody button")
        page.wait_for_url("**/failed?opened=1")
        assert "1 article is open again" in page.inner_text("main")
    assert session.scalar(select(Article.state).where(Article.id == shown.failed)) == "open"
