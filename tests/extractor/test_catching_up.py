"""The scheduler's duties are told apart by what is open: each while it has something to do, and none afterwards."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catch_up
from core.models import Evidence, FirmAlias, QuoteIndex, WatchItem
from core.partitions import settle
from core.register import BankEntry, FirmEntry
from extractor import lexicon_live, past
from extractor.catching_up import DUTIES
from seeds.load import load
from tests.extractor.telling import tell, watch

LOAN = "9月3日，杭州银行与宁波银行组成银团，共同向澄湖量子科技有限公司发放流动资金贷款8000万元。"


def _open() -> set[str]:
    return {duty.name for duty in catch_up.Round(DUTIES).open()} - {settle.__name__}


def test_each_duty_is_asked_for_while_it_has_something_to_do(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "SETTLED", past.SETTLED * 0)
    monkeypatch.setattr(past, "INDEXED", past.INDEXED * 0)
    lexicon_live.forget()
    banks = [BankEntry(name=name, kind="city") for name in ("杭州银行", "宁波银行")]
    load(session, banks=banks, firms=[FirmEntry(name="鹤鸣股份")], sources=())
    session.commit()
    assert _open() == {"spell_banks", "spell_firms", "let_go"}
    tell(session, LOAN)
    watch(session, ("word", "量子"))
    session.add(QuoteIndex(evidence_id=session.scalars(select(Evidence.id)).first()))  # as an older version left it
    session.commit()
    assert _open() == {duty.name for duty in DUTIES} - {settle.__name__}
    while catch_up.once(DUTIES):
        pass
    assert _open() <= {"let_go"}, "which is about one kind of row a second"
    left = select(FirmAlias.key).where(FirmAlias.pinyin.is_(None)), select(WatchItem.id).where(past.TO_LOOK_FOR)
    assert [session.scalars(one).all() for one in left] == [[], []]
