"""Names resolve by any alias, stock code, pinyin or initials, and a near miss is met with a suggestion."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.naming import resolve
from core import catch_up
from core.models import BankAlias, FirmAlias, WatchItem
from core.names import fold
from extractor import spelling
from extractor.catching_up import DUTIES
from tests.api import rows

TYPED = (
    ("样例银行", "样例银行", "name"),
    ("样 行", "样例银行", "name"),
    ("ｓａｍｐｌｅbank", "样例银行", "name"),
    ("600999", "样例银行", "code"),
    ("600999.SH", "样例银行", "code"),
    ("SZ300999", "澄砺机器人", "code"),
    ("1234.HK", "澄砺航天科技有限公司", "code"),
    ("yangliyinhang", "样例银行", "pinyin"),
    ("ChongqingYangliYinhang", "重庆样例银行", "pinyin"),
    ("ylyh", "样例银行", "initials"),
    ("cqylyh", "重庆样例银行", "initials"),
    ("上海澄砺", "澄砺机器人", "begins"),
    ("chenglihang", "澄砺航天科技有限公司", "begins"),
    ("clhtkj", "澄砺航天科技有限公司", "begins"),
    ("样力银行", "样例银行", "sound"),
    ("澄力航添科技", "澄砺航天科技有限公司", "sound"),
    ("样木银行", "样例银行", "near"),
    ("重庆样银行", "重庆样例银行", "near"),
    ("澄砺器机人", "澄砺机器人", "near"),
    ("澄厚机器入", "澄砺机器人", "near"),
    ("yangliyinhan", "样例银行", "begins"),
    ("yanliyinhang", "样例银行", "near"),
)


@pytest.fixture(autouse=True)
def _registers(session: Session) -> Iterator[None]:
    bank = rows.bank(session, "样例银行", "样行", "样例银行股份有限公司", "SAMPLEBANK")
    bank.stock_code = "600999.SH"
    rows.bank(session, "重庆样例银行")
    rows.firm(session, "澄砺机器人", "上海澄砺机器人股份有限公司", stock_code="300999.SZ")
    rows.firm(session, "澄砺航天科技有限公司", stock_code="01234.HK")
    rows.firm(session, "澄砺秘密", origin="watched")
    session.commit()
    while catch_up.once(DUTIES):
        pass
    yield


def ask(client: httpx.Client, q: str, **more: str | int) -> list[tuple[str, str, str]]:
    answer = client.get("/v1/names", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return [(item["name"], item["alias"], item["match"]) for item in answer.json()["items"]]


def test_a_name_is_found_by_whatever_is_typed(alice: httpx.Client) -> None:
    found = {typed: [(item[0], item[2]) for item in ask(alice, typed)][:1] for typed, _, _ in TYPED}
    assert found == {typed: [(name, match)] for typed, name, match in TYPED}


def test_an_exchange_that_is_not_the_names_own_is_another_code(alice: httpx.Client) -> None:
    assert ask(alice, "600999.SZ") == []


def test_banks_or_firms_alone_may_be_asked_for(alice: httpx.Client) -> None:
    assert [name for name, _, _ in ask(alice, "cl")] == ["澄砺机器人", "澄砺航天科技有限公司"]
    assert ask(alice, "cl", kind="bank") == []
    assert ask(alice, "clj", kind="firm", limit=1) == [("澄砺机器人", "澄砺机器人", "begins")]


def test_a_bank_or_firm_is_told_once_by_the_name_that_fits_best(alice: httpx.Client) -> None:
    assert ask(alice, "样") == [("样例银行", "样行", "begins")]


def test_what_is_only_watched_is_told_to_nobody(alice: httpx.Client) -> None:
    assert ask(alice, "澄砺秘密") == [] and ask(alice, "clmm") == []


def test_nothing_near_is_an_empty_list_and_signs_are_no_patterns(alice: httpx.Client) -> None:
    for typed in ("毫不相干的名字", "%", "_", "“”", "’; DROP TABLE bank; --"):
        assert ask(alice, typed) == [], typed


def test_spelling_goes_on_where_it_stopped_and_is_done_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "BATCH", 2)
    for table in (BankAlias, FirmAlias):
        session.query(table).update({"pinyin": None})
    session.commit()
    assert catch_up.once(DUTIES) == 4
    session.expire_all()
    while catch_up.once(DUTIES):
        pass
    left = [session.scalar(select(func.count()).where(table.pinyin.is_(None))) for table in (BankAlias, FirmAlias)]
    assert left == [0, 0] and catch_up.once(DUTIES) == 0


def items(kind: str, *names: str) -> list[WatchItem]:
    return [WatchItem(kind=kind, name=name, key=fold(name)) for name in names]


def meant(session: Session, kind: str, *names: str) -> list[tuple[str | None, str]]:
    given = items(kind, *names)
    resolve.mean(session, given)
    return [(item.resolved, item.key) for item in given]


def test_a_code_pinyin_or_initials_of_exactly_one_is_that_one(session: Session) -> None:
    bank, firm = ("样例银行", "样例银行"), ("澄砺机器人", "澄砺机器人")
    assert meant(session, "bank", "600999.SH", "YangliYinhang", "ylyh") == [bank] * 3
    assert meant(session, "firm", "300999", "cljqr", "shanghaichenglijiqirengufenyouxiangongsi") == [firm] * 3


def test_what_is_a_name_or_could_be_several_or_of_the_other_kind_stays_as_typed(session: Session) -> None:
    rows.firm(session, "澄里机器人")
    catch_up.once(DUTIES)
    session.rollback()
    for kind, name in (("bank", "SampleBank"), ("firm", "cljqr"), ("firm", "600999"), ("firm", "cl"), ("word", "ylyh")):
        assert meant(session, kind, name) == [(None, fold(name))], name


def test_an_unknown_name_is_met_with_what_may_have_been_meant(session: Session) -> None:
    given = (
        items("firm", "澄砺机器入", "澄砺机器人", "谁也不知道")
        + items("bank", "样木银行", "毫无")
        + items("word", "样例")
    )
    assert resolve.suggestions(session, given) == {"澄砺机器入": ["澄砺机器人"], "样木银行": ["样例银行"]}
