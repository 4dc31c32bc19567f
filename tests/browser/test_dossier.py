"""The dossier builder: firms in, their banks out."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.models import Bank, Event, Firm
from tests.api.test_referrals import refer
from tests.browser.stage import Stage
from tests.browser.visits import LOOKS, Look, Visits

FIRMS = "/dossier?" + "&".join(
    f"firm={name}"
    for name in ("样例市明曜机", "江滨启衡微电", "云麓生物医药有限公司", "北原新能源汽车动力系统研究院股份有限公司")
)


@pytest.fixture
def chained(session: Session, shown: Stage) -> Stage:
    """The stage, and two recommendations end to end."""
    firms = {firm.name[:2]: firm for firm in session.query(Firm).all()}
    bank = session.query(Bank).filter_by(id=shown.bank).one()
    refer(session, firms["样例"], firms["江滨"], bank)
    refer(session, firms["江滨"], firms["云麓"], bank)
    session.execute(update(Event).where(Event.status == "planned").values(term_months=18))
    session.commit()
    return shown


def test_a_dossier_shows_in_every_way(visits: Visits, chained: Stage) -> None:
    expect = {"zh": "样例银行", "en": "At a glance"}
    visits.see(f"{FIRMS}&firm=明曜机器人", "dossier", expect=expect)


def test_the_empty_form_says_what_it_makes(visits: Visits, shown: Stage) -> None:
    visits.see("/dossier", "dossier-empty", expect={"zh": "一行一家", "en": "one a line"}, looks=LOOKS[:4])


@pytest.mark.parametrize("look", [Look("zh", 1280), Look("en", 360, script=False)], ids=lambda one: one.name)
def test_one_names_firms_and_takes_the_table_away(visits: Visits, chained: Stage, look: Look) -> None:
    with visits.open("/dossier", look) as page:
        page.fill("textarea[name=firm]", "样例市明曜机\n没有这家企业\n云麓生物医药有限公司")
        page.click("form.dossier button[type=submit]")
        page.wait_for_selector("section.dossier-firm")
        assert page.locator("section.dossier-firm > h2").count() == 2
        assert "没有这家企业" in page.inner_text(".notice")
        assert "2000万元" in page.inner_text("section.dossier-firm >> nth=0") or look.language == "en"
        chain = page.inner_text("section.dossier-firm >> nth=1 >> .chain")
        assert chain.index("样例市明曜") < chain.index("江滨启衡") < chain.index("云麓生物")
        for kind, start in (("docx", b"PK"), ("xlsx", b"PK"), ("md", b"# "), ("json", b"{")):
            with page.expect_download() as got:
                page.click(f".head a[href*='format={kind}']")
            assert got.value.suggested_filename.endswith(f".{kind}")
            assert got.value.path().read_bytes().startswith(start)


def test_a_name_is_completed_while_it_is_typed(visits: Visits, chained: Stage) -> None:
    with visits.open("/dossier") as page:
        page.fill("textarea[name=firm]", "样例市明曜机\n")
        page.locator("textarea[name=firm]").press_sequentially("云麓生")
        page.select_option("select[name=instrument]", "")
        page.click("#names a.chip")
        page.wait_for_selector("section.dossier-firm")
        assert page.input_value("textarea[name=firm]").split("\n")[:2] == ["样例市明曜机", "云麓生物医药有限公司"]


def test_an_unknown_name_is_replaced_by_what_was_meant(visits: Visits, chained: Stage) -> None:
    with visits.open("/dossier?firm=云麓生物医药公司&date_from=2020-01-01", LOOKS[4]) as page:
        page.click(".notice a.chip")
        page.wait_for_selector("section.dossier-firm")
        assert page.input_value("input[name=date_from]") == "2020-01-01"
        assert page.locator(".notice").count() == 0
