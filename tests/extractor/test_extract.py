"""What the engine promises of one article; the articles are made up here."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from extractor import Amount, Lexicon, extract
from tests.extractor.readers import BANKS, FIRMS, LEXICON, told

GRANT = "近日，工商银行武威分行向上海星禾智能科技有限公司（以下简称“星禾智能”）发放500万元信用贷款，期限两年。"


def test_a_plain_grant_is_read_with_all_its_slots() -> None:
    (event,) = told(GRANT).events
    assert (event.bank, event.branch) == ("工商银行", "武威分行")
    assert (event.firm, event.firm_aliases) == ("上海星禾智能科技有限公司", ("星禾智能",))
    assert event.amount == Amount(5_000_000, 5_000_000, "CNY", "exact")
    assert (event.instrument, event.instrument_text) == ("credit_loan", "信用贷款")
    assert (event.date, event.term_months, event.status, event.tech) == ("2025-03", 24, "granted", True)
    assert 0 < event.confidence <= 1


def test_the_evidence_is_a_span_of_the_original_text_to_the_character() -> None:
    text = "　　导语。\n\n" + GRANT
    (event,) = told(text).events
    assert text[event.start : event.end] == event.evidence
    assert len(event.evidence) <= 200


def test_each_field_is_proven_by_characters_of_the_original_text() -> None:
    for text in (GRANT, "　　导语。\n\n" + GRANT, GRANT.replace("500万", "５００万")):
        (event,) = told(text).events
        proven = {field: text[start:end] for field, start, end in event.spans}
        assert list(proven) == ["date", "bank", "firm", "amount", "instrument", "term_months"]
        assert proven["bank"] == "工商银行武威分行"
        assert proven["firm"] in ("上海星禾智能科技有限公司", "星禾智能")
        assert proven["amount"] in ("500万元", "５００万元")
        assert (proven["instrument"], proven["date"]) == ("信用贷款", "近日")
        assert "两年" in proven["term_months"]


def test_the_proofs_of_a_long_text_count_from_its_beginning() -> None:
    text = "没有什么可说的一行，天气很好。\n" * 4000 + GRANT
    (event,) = told(text).events
    proven = {field: text[start:end] for field, start, end in event.spans}
    assert (proven["bank"], proven["amount"]) == ("工商银行武威分行", "500万元")


def test_a_word_that_stands_for_the_bank_or_firm_proves_it() -> None:
    text = "工商银行武威分行走访了上海星禾智能科技有限公司。该行向公司发放500万元信用贷款。"
    (event,) = told(text).events
    proven = {field: text[start:end] for field, start, end in event.spans}
    assert (proven["bank"], proven["firm"]) == ("该行", "公司")


def test_hard_wraps_inside_names_and_numbers_are_undone_and_the_evidence_keeps_them() -> None:
    whole = (
        GRANT
        + "另据介绍，该公司今后还会添置设备，扩大生产的规模，并在当地新招员工，产品主要销往东部沿海省份，也会出口。"
    )
    wrapped = "\n".join(whole[i : i + 14] for i in range(0, len(whole), 14))
    (event,) = told(wrapped).events
    assert event.firm == "上海星禾智能科技有限公司"
    assert "\n" in event.evidence and wrapped[event.start : event.end] == event.evidence


def test_a_traditional_article_keeps_its_script_for_the_firm_and_gives_banks_in_simplified() -> None:
    (event,) = told("近日，中國銀行向澄石半導體（中國）有限公司發放3億港元貸款，業務開展順利。").events
    assert event.bank == "中国银行"
    assert event.firm == "澄石半導體（中國）有限公司"
    assert event.firm_aliases == ("澄石半导体(中国)有限公司",)
    assert event.amount == Amount(300_000_000, 300_000_000, "HKD", "exact")


def test_half_past_midnight_on_the_first_of_march_in_china_is_march() -> None:
    late = datetime(2025, 2, 28, 16, 30, tzinfo=UTC)
    (event,) = extract(title="", text=GRANT, published=late, lexicon=LEXICON).events
    assert event.date == "2025-03"


def test_without_a_day_relative_dates_stay_null() -> None:
    (event,) = told(GRANT, day=None).events
    assert event.date is None


def test_the_bank_and_firm_in_focus_answer_for_pronouns() -> None:
    text = (
        "上海星禾智能科技有限公司成立于2019年，主营工业机器人。去年，公司接到急单，资金吃紧。"
        "招商银行上海分行的客户经理上门走访。今年2月，该行向企业发放800万元信用贷款。"
    )
    (event,) = told(text).events
    assert (event.bank, event.firm) == ("招商银行", "上海星禾智能科技有限公司")
    assert event.date == "2025-02"


def test_lists_in_one_order_are_read_in_that_order() -> None:
    text = (
        "3月10日，苏州砺芯半导体股份有限公司和上海星禾智能科技有限公司分别与工商银行苏州分行、招商银行上海分行"
        "签订贷款合同，金额分别为1亿元和2000万元。"
    )
    found = {(e.firm, e.bank, e.amount.max if e.amount else None) for e in told(text).events}
    assert found == {
        ("苏州砺芯半导体股份有限公司", "工商银行", 100_000_000),
        ("上海星禾智能科技有限公司", "招商银行", 20_000_000),
    }


def test_every_named_bank_of_a_syndicate_has_its_event_and_the_sum_is_marked_shared() -> None:
    text = "3月1日，苏州砺芯半导体股份有限公司与工商银行、农业银行和交通银行签订12亿元银团贷款协议。"
    events = told(text).events
    assert {event.bank for event in events} == {"工商银行", "农业银行", "交通银行"}
    assert all(event.shared_amount and event.instrument == "syndicated_loan" for event in events)


@pytest.mark.parametrize(
    "text",
    [
        "截至3月末，工商银行科技贷款余额9000亿元，服务企业超过10万户。",
        "未来五年，中国银行将为产业链企业提供不低于1万亿元综合金融支持。",
        "商业银行普遍认为，科技企业贷款风险较高。",
        "上海星禾智能科技有限公司用5000万元闲置资金买了招商银行的结构性存款理财产品。",
        "",
    ],
)
def test_balances_programmes_and_parked_cash_are_no_events(text: str) -> None:
    assert told(text).events == ()


def test_a_watched_name_is_a_mention_wherever_it_stands() -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, watched=["穹天"])
    (mention,) = (m for m in told("穹天今天开了年会。", lexicon=lexicon).mentions if m.watched)
    assert (mention.kind, mention.text, mention.start, mention.end, mention.where) == ("firm", "穹天", 0, 2, "text")


def test_a_watched_name_inside_a_full_name_is_a_mention_and_makes_that_one_watched() -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, watched=["星禾"])
    watched = [m.text for m in told(GRANT, lexicon=lexicon).mentions if m.watched]
    assert watched == ["上海星禾智能科技有限公司", "星禾", "星禾智能", "星禾"]


def test_a_watched_name_is_found_where_others_watch_a_longer_one() -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, watched=["穹天", "穹天机器人"])
    found = told("昨天，穹天机器人开了年会。", lexicon=lexicon).mentions
    assert {m.name for m in found if m.watched} == {"穹天", "穹天机器人"}


def test_a_watched_name_is_not_seen_in_another_firms_name() -> None:
    lexicon = Lexicon.build(BANKS, FIRMS, watched=["京东"])
    assert not any(m.watched for m in told("工商银行向京东方科技集团股份有限公司发放贷款。", lexicon=lexicon).mentions)


def test_a_lexicon_of_other_content_has_another_version() -> None:
    assert Lexicon.build(BANKS, FIRMS).version == LEXICON.version
    assert Lexicon.build(BANKS, FIRMS, ["穹天"]).version != LEXICON.version


def test_a_gold_row_has_exactly_the_public_fields() -> None:
    (event,) = told(GRANT).events
    assert list(event.as_gold()) == [
        *("bank", "branch", "firm", "firm_aliases", "firm_description", "tech", "instrument", "instrument_text"),
        *("amount", "date", "term_months", "status", "evidence", "confidence", "sector", "shared_amount"),
    ]


def test_an_article_of_one_day_and_one_lexicon_is_always_read_alike() -> None:
    assert told(GRANT) == told(GRANT) and told(GRANT, day=date(2024, 1, 1)) != told(GRANT)


def test_a_very_long_text_is_read_in_parts_and_every_span_still_stands() -> None:
    text = "\n".join(["今天天气晴朗，大家都很高兴。" * 200, GRANT] * 40)
    found = told(text)
    assert len(text) > 100_000 and len(found.events) >= 3
    assert all(text[event.start : event.end] == event.evidence for event in found.events)
    assert all(text[m.start : m.end] == m.text for m in found.mentions)
