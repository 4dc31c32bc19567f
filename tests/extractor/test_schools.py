"""A school that an article names is no firm, unless a register has it for one."""

from core.register import FirmEntry
from extractor import Lexicon
from tests.extractor.readers import BANKS, told

TEAM = (
    "澄砺科技做减速器。这家科创企业的创始团队来自云麓大学，凭借算法在养老赛道突破。"
    "今年初，兴业银行向其投放500万元信用贷款。"
)
SIGNED = "招商银行与云麓大学签署合作协议，授信2亿元。"


def test_where_founders_come_from_is_not_who_borrows() -> None:
    (event,) = told(TEAM).events
    assert (event.bank, event.firm) == ("兴业银行", "澄砺科技")


def test_a_school_is_no_firm_by_its_name_alone() -> None:
    assert told(SIGNED).events == ()
    assert [event.firm for event in told("招商银行向云麓大学产业集团有限公司发放贷款500万元。").events] == [
        "云麓大学产业集团有限公司"
    ]


def test_a_school_that_a_register_has_is_recognised() -> None:
    lexicon = Lexicon.build(BANKS, (FirmEntry(name="云麓大学", tech=True),))
    assert [event.firm for event in told(SIGNED, lexicon=lexicon).events] == ["云麓大学"]
