"""Referrals: who recommended whom to a bank, over all articles that tell it, and the chains that they make."""

import httpx
import pytest
from sqlalchemy.orm import Session

from api.resources.referrals.chains import chains
from core.models import Bank, Firm, Referral
from tests.api import rows
from yinqi import Client


def refer(
    session: Session, who: Firm, whom: Firm, bank: Bank, *, confidence: float = 0.9, quote: str = "推荐"
) -> Referral:
    told = rows.article(session)
    row = Referral(
        from_firm_id=who.id, to_firm_id=whom.id, bank_id=bank.id, branch="苏州分行", article_id=told.id, position=0,
        quote=quote, start=0, end=2, confidence=confidence,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def named(session: Session) -> tuple[Bank, list[Firm]]:
    """A bank, and four firms."""
    names = ("甲样科技有限公司", "乙样科技有限公司", "丙样科技有限公司", "丁样科技有限公司")
    return rows.bank(session), [rows.firm(session, name, origin="learnt") for name in names]


def test_the_same_firms_and_bank_are_one_referral_with_every_article(
    alice: httpx.Client, session: Session, named: tuple[Bank, list[Firm]]
) -> None:
    bank, (one, other, *_) = named
    first = refer(session, one, other, bank, confidence=0.85, quote="经甲引荐")
    refer(session, one, other, bank, confidence=0.95, quote="甲推荐乙")
    (found,) = alice.get("/v1/referrals").json()["items"]
    assert found["id"] == str(first.id)
    assert (found["from_firm"]["name"], found["to_firm"]["name"], found["bank"]["name"]) == (
        one.name,
        other.name,
        bank.name,
    )
    assert found["confidence"] == 0.95
    assert [row["quote"] for row in found["evidence"]] == ["甲推荐乙", "经甲引荐"]


def test_referrals_are_found_by_either_firm_and_by_bank(
    alice: httpx.Client, session: Session, named: tuple[Bank, list[Firm]]
) -> None:
    bank, (one, other, third, _) = named
    elsewhere = rows.bank(session, "招商银行", "招行")
    refer(session, one, other, bank)
    refer(session, other, third, elsewhere, confidence=0.75)

    def asked(**query: str) -> set[str]:
        return {row["to_firm"]["name"] for row in alice.get("/v1/referrals", params=query).json()["items"]}

    assert asked(firm=other.name) == {other.name, third.name}
    assert asked(firm=str(third.id)) == {third.name}
    assert asked(bank="招行") == {third.name}
    assert asked(confidence="0.8") == {other.name}
    assert alice.get("/v1/referrals", params={"firm": "没有这家"}).status_code == 422


def test_pages_of_referrals_miss_and_repeat_nothing(
    alice: httpx.Client, session: Session, named: tuple[Bank, list[Firm]]
) -> None:
    bank, firms = named
    for who, whom in ((0, 1), (1, 2), (2, 3), (0, 2), (0, 3)):
        refer(session, firms[who], firms[whom], bank)
    with Client(str(alice.base_url), alice.headers["authorization"].removeprefix("Bearer ")) as client:
        found = [(row.from_firm.name, row.to_firm.name) for row in client.referrals(limit=2)]
    assert len(found) == len(set(found)) == 5
    assert alice.get("/v1/referrals", params={"cursor": "x"}).status_code == 422


def test_a_chain_leads_from_the_first_who_recommended_to_the_last_who_was(
    alice: httpx.Client, session: Session, named: tuple[Bank, list[Firm]]
) -> None:
    bank, (one, other, third, alone) = named
    elsewhere = rows.bank(session, "招商银行", "招行")
    steps = [refer(session, one, other, bank), refer(session, other, third, bank)]
    refer(session, third, alone, elsewhere)
    key = alice.headers["authorization"].removeprefix("Bearer ")
    with Client(str(alice.base_url), key) as client:
        longest, short = client.referral_chains()
        assert [firm.name for firm in longest.firms] == [one.name, other.name, third.name]
        assert longest.referrals == [step.id for step in steps]
        assert (longest.bank.name, short.bank.name) == (bank.name, "招商银行")
        assert [len(chain.firms) for chain in client.referral_chains(least=3)] == [3]
        assert [chain.bank.name for chain in client.referral_chains(firm=alone.name)] == ["招商银行"]


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([(1, 2), (2, 3)], [(1, 2, 3)]),
        ([(1, 2), (1, 3), (3, 4)], [(1, 3, 4), (1, 2)]),
        ([(1, 2), (2, 1)], [(1, 2)]),
        ([(0, 1), (1, 2), (2, 1)], [(0, 1, 2)]),
        ([(1, 1)], []),
        ([], []),
    ],
)
def test_ways_meet_nobody_twice_and_end_where_nobody_else_was_recommended(
    pairs: list[tuple[int, int]], told: list[tuple[int, ...]]
) -> None:
    assert chains(pairs, 10) == told


def test_a_crowd_in_which_everybody_recommended_everybody_stays_within_its_bounds() -> None:
    everybody = [(one, other) for one in range(30) for other in range(30) if one != other]
    assert len(chains(everybody, 50)) == 50
