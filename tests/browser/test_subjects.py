"""The pages of firms and banks, their lists, and the network."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from core.models import Bank, Event, Firm, Referral
from extractor.facilities import group_shared
from tests.api import rows
from tests.browser.stage import Stage
from tests.browser.visits import LOOKS, Look, Visits

DESK, PHONE, NO_SCRIPT = LOOKS[0], LOOKS[3], Look("en", 360, script=False)
_SECTORS = ("ai", "robotics", "biomedicine", None)
_KINDS = ("tech_loan", "ip_pledge_loan", "credit_line", "leasing")
_BANKS = ("样例银行", "例样银行", "示范银行", "江滨农商银行", "云麓金租")
_FIRMS = (
    "样例市明曜机器人股份有限公司", "江滨启衡微电子（集团）科技有限公司", "云麓生物医药有限公司",
    "北原新能源汽车动力系统研究院股份有限公司", "示例光电科技有限公司", "示例智能装备有限公司", "样例新材料有限公司",
    "例样航天器件有限公司", "曜石机器人有限公司",
)  # fmt: skip


class World:
    """Five banks and nine firms over three years, some sums shared, some ranges, some in dollars."""

    def __init__(self, session: Session) -> None:
        self.banks = [rows.bank(session, name, f"{name}股份有限公司", kind="city") for name in _BANKS]
        self.firms = [
            rows.firm(session, name, name[:6], sector=_SECTORS[number % 3], region="江苏", tech=True)
            for number, name in enumerate(_FIRMS)
        ]
        told = rows.article(session, title="一篇写到多家企业的文章", source_name="样例财经")
        for number in range(48):
            event = self._event(session, number)
            if number % 12 == 0:
                rows.tell(session, event, told, number)
        for position, bank in enumerate(self.banks[:3]):
            shared = rows.event(
                session, bank, self.firms[0], shared_amount=True, instrument="syndicated_loan", **_sums(300)
            )
            rows.tell(session, shared, told, 100 + position)
        rows.event(session, self.banks[0], self.firms[0], status="planned", **_sums(80))
        rows.event(session, self.banks[0], None, firm_description="某芯片企业")
        for position, (one, other) in enumerate(((0, 4), (4, 8))):
            ends = {"from_firm_id": self.firms[one].id, "to_firm_id": self.firms[other].id}
            place = {"position": position, "start": 0, "end": 6, "quote": told.text[:6], "confidence": 0.9}
            session.add(Referral(bank_id=self.banks[0].id, article_id=told.id, **ends, **place))
        group_shared(session)
        session.commit()

    def _event(self, session: Session, number: int) -> Event:
        day = date(2024 + number % 3, 1 + number % 12, 1 + number % 27)
        firm: Firm = self.firms[number * 4 % 9]
        bank: Bank = self.banks[number % 5 * (number % 2)]
        fields: dict[str, Any] = {
            "sector": firm.sector,
            "regions": [("江苏", "浙江", "上海")[number % 3]],
            "instrument": _KINDS[number % 4],
        }
        sums = _sums(5, currency="USD") if number % 11 == 0 else _sums(number + 2, number + 2 + number % 3 * 10)
        return rows.event(session, bank, firm, date=str(day), date_from=day, date_to=day, **sums, **fields)


def _sums(least: int, most: int | None = None, **fields: Any) -> dict[str, Any]:
    return {"amount_min": Decimal(least * 10**6), "amount_max": Decimal((most or least) * 10**6), **fields}


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_a_firm_shows_in_every_way(visits: Visits, world: World) -> None:
    visits.see(f"/firms/{world.firms[0].id}", "firm", expect={"zh": "合作银行", "en": "Its banks"})


def test_a_bank_shows_in_every_way(visits: Visits, world: World) -> None:
    visits.see(f"/banks/{world.banks[0].id}", "bank", expect={"zh": "支持的企业", "en": "Its firms"})


def test_the_network_shows_in_every_way(visits: Visits, world: World) -> None:
    path = f"/network?around={world.firms[0].id}&depth=2"
    visits.see(path, "network", expect={"zh": "样例市明曜机器人", "en": "样例市明曜机器人"})


@pytest.mark.parametrize(("path", "zh", "en"), [("/firms", "曜石机器人", "Tech"), ("/banks", "城市商业银行", "City")])
def test_the_lists_show_in_every_way(visits: Visits, world: World, path: str, zh: str, en: str) -> None:
    visits.see(path, path.strip("/"), expect={"zh": zh, "en": en})


def test_one_of_whom_nothing_is_told_yet_says_so(visits: Visits, session: Session) -> None:
    firm, bank = rows.firm(session, "寂静科技有限公司"), rows.bank(session, "寂静银行")
    looks = (DESK, NO_SCRIPT)
    quiet = {"zh": "还没有这家企业的事件", "en": "No event tells of this firm"}
    visits.see(f"/firms/{firm.id}", "firm-quiet", expect=quiet, looks=looks)
    visits.see(f"/banks/{bank.id}", "bank-quiet", expect={"zh": "还没有", "en": "No event"}, looks=looks)
    visits.see(f"/network?around={firm.id}", "network-quiet", expect={"zh": "没有可画的", "en": "Nothing"}, looks=looks)


def test_a_firm_is_found_by_another_of_its_names_and_leads_on(visits: Visits, world: World) -> None:
    for look in (DESK, NO_SCRIPT):
        with visits.open("/firms", look) as page:
            page.fill("input[name=q]", "江滨启衡微电")
            page.click("form.filters button[type=submit]")
            page.wait_for_url("**/firms?*q=*")
            assert page.locator("tbody tr").count() == 1
            page.click("tbody a")
            page.wait_for_url(f"**/firms/{world.firms[1].id}")
            page.locator("section:has(#others) tbody a").first.click()
            page.wait_for_url("**/banks/*")
            page.click("a[href^='/network?around=']")
            page.wait_for_url("**/network?around=*")
            assert page.locator("tbody tr").count() > 0


def test_a_firm_shows_what_counts_when_it_is_asked_for(visits: Visits, world: World) -> None:
    with visits.open(f"/firms/{world.firms[0].id}", DESK) as page:
        page.wait_for_selector("figure[data-chart=years-chart] canvas")
        page.wait_for_selector("figure[data-chart=others-chart] canvas")
        before = int(page.inner_text(".tiles dd >> nth=0").split()[0])
        page.click("details.filters summary")
        page.select_option("select[name=count]", "all")
        page.click("details.filters button[type=submit]")
        page.wait_for_url("**?*count=all*")
        assert int(page.inner_text(".tiles dd >> nth=0").split()[0]) == before + 1


def test_a_dot_of_the_network_leads_to_its_page(visits: Visits, world: World) -> None:
    with visits.open(f"/network?around={world.firms[8].id}&limit=30", DESK) as page:
        canvas = page.locator("figure[data-chart=graph] canvas")
        expect(canvas).to_be_visible()
        place = page.evaluate(
            "() => { const chart = echarts.getInstanceByDom(document.querySelector('[data-chart]'));"
            " const series = chart.getModel().getSeriesByIndex(0);"
            " return series.coordinateSystem.dataToPoint(series.getData().getItemLayout(0)); }"
        )
        canvas.click(position={"x": place[0], "y": place[1]})
        page.wait_for_url("**/banks/*")


def test_names_on_other_pages_lead_to_whom_they_name(visits: Visits, shown: Stage) -> None:
    for path in ("/", f"/events/{shown.event}", f"/articles/{shown.article}", "/search?q=样例银行", "/statistics"):
        with visits.open(path, NO_SCRIPT) as page:
            assert page.locator(f"main a[href='/banks/{shown.bank}']").count() > 0, path
    for path in ("/", f"/events/{shown.event}", f"/articles/{shown.article}", "/search?q=样例市"):
        with visits.open(path, DESK) as page:
            page.locator(f"main a[href='/firms/{shown.firm}']").first.click()
            page.wait_for_url(f"**/firms/{shown.firm}")


def test_a_row_of_the_feed_leads_to_its_event_from_anywhere_but_its_names(visits: Visits, shown: Stage) -> None:
    with visits.open("/", DESK) as page:
        place = page.locator(f"#event-{shown.event} .sum").bounding_box()
        assert place
        page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        page.wait_for_url(f"**/events/{shown.event}")
