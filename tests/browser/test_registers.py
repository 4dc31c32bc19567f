"""Banks and firms under the operator's hand."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Firm
from tests.browser.stage import Stage
from tests.browser.visits import Look, Visits

BOTH = pytest.mark.parametrize("look", [Look("zh", 1280), Look("en", 360, script=False)], ids=lambda one: one.name)
OTHER = "云麓生物医药有限公司"


def test_the_registers_show_in_every_way(visits: Visits, shown: Stage) -> None:
    visits.see("/registers?q=样例", "registers", expect={"zh": "样例银行", "en": "样例银行"})
    visits.see(f"/registers/firms/{shown.firm}", "register", expect={"zh": "改动记录", "en": "changed by hand"})
    visits.see(f"/registers/banks/{shown.bank}", "register_bank", expect={"zh": "银行类别", "en": "Kind of bank"})


@BOTH
def test_a_firm_is_renamed_named_and_merged(visits: Visits, shown: Stage, session: Session, look: Look) -> None:
    other = session.scalars(select(Firm.id).where(Firm.name == OTHER)).one()
    with visits.open(f"/registers/firms/{other}", look) as page:
        page.fill("#f-region", "江苏")
        page.click("form:has(#fields) button.main")
        page.wait_for_url("**?done=changed")
        page.fill("#f-alias", "云麓生物")
        page.press("#f-alias", "Enter")
        page.wait_for_url("**?done=named")
        page.click("button[value='云麓生物']")
        page.wait_for_url("**?done=taken")
        assert page.locator("ol.versions li").count() == 3 and "alice" in page.inner_text("ol.versions")
        page.fill("#f-into", "样例市明曜机器人股份有限公司")
        page.press("#f-into", "Enter")
        page.wait_for_url("**/merge?into=*")
        assert OTHER in page.inner_text("main")
        visits.judge(page, "register_merge", look)
        page.click("button.danger")
        page.wait_for_url(f"**/registers/firms/{shown.firm}?done=merged")
        visits.judge(page, "register_merged", look)
    session.expire_all()
    assert session.get_one(Firm, other).merged_into == shown.firm
