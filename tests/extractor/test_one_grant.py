"""One grant told with its sum and again by its kind is one event; another form beside a loan is a second."""

from __future__ import annotations

from tests.extractor.readers import told


def _told(text: str) -> list[tuple[str, float | int | None]]:
    return [(event.instrument, event.amount.max if event.amount else None) for event in told(text).events]


def test_a_loan_told_again_by_its_collateral_is_one_event() -> None:
    found = _told(
        "近日，工商银行苏州分行向苏州砺芯半导体有限公司发放流动资金贷款800万元。"
        "据了解，工商银行苏州分行为苏州砺芯半导体有限公司办理的是专利质押贷款，从申请到放款只用了五天。"
    )
    assert found == [("ip_pledge_loan", 8_000_000)]


def test_a_lease_beside_a_loan_is_an_event_of_its_own() -> None:
    found = _told(
        "工商银行苏州分行向苏州砺芯半导体有限公司发放流动资金贷款800万元。"
        "工商银行苏州分行还为苏州砺芯半导体有限公司的新设备办理了融资租赁业务。"
    )
    assert ("working_capital_loan", 8_000_000) in found
    assert any(instrument == "leasing" for instrument, _ in found)
