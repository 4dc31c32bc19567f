"""An article's figures in the database: kept, replaced, and gone with it."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Article, Bank, Evidence, Indicator, IndicatorSeries, Notice
from extractor import lexicon_live
from tests.api.rows import bank
from tests.extractor.telling import extracted, tell

TOLD = "北海银行2025年末科技贷款余额210亿元，同比增长30%。\n江苏省2025年末科技型企业贷款余额2.1万亿元。"


@pytest.fixture(autouse=True)
def _registers(session: Session) -> None:
    lexicon_live.forget()
    bank(session, "北海银行", kind="city")


def _again(session: Session, article: Article, text: str | None = None) -> None:
    article.state, article.text, article.content_hash = "open", text or article.text, uuid4().hex
    session.commit()
    extracted(session, article)


def _kept(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(
        select(IndicatorSeries.kind, Indicator.value)
        .join(Indicator)
        .where(Indicator.value.is_not(None))
        .order_by(Indicator.article_id, Indicator.position)
    )
    return [(kind, int(value or 0)) for kind, value in rows]


def test_figures_are_kept_with_their_series_and_their_quotes(session: Session) -> None:
    article = tell(session, TOLD)
    assert _kept(session) == [("loan_balance", 21_000_000_000), ("loan_balance", 2_100_000_000_000)]
    of_bank, of_region = session.scalars(select(Indicator).order_by(Indicator.position))
    assert article.text[of_bank.start : of_bank.end] == of_bank.quote
    assert of_bank.growth == 30
    assert of_bank.growth_base == "year_before"
    series = session.get_one(IndicatorSeries, of_bank.series_id)
    assert series.bank is not None and series.bank.name == "北海银行"
    assert session.get_one(IndicatorSeries, of_region.series_id).region == ["江苏"]


def test_reading_an_article_again_replaces_its_figures(session: Session) -> None:
    article = tell(session, TOLD)
    _again(session, article)
    assert len(_kept(session)) == 2
    assert session.scalar(select(func.count(IndicatorSeries.id))) == 2


def test_a_corrected_article_tells_its_new_figures_only(session: Session) -> None:
    article = tell(session, TOLD)
    _again(session, article, "江苏省2025年末科技型企业贷款余额2.2万亿元。")
    assert _kept(session) == [("loan_balance", 2_200_000_000_000)]
    _again(session, article, "今天没有数字。")
    assert _kept(session) == []


def test_an_article_takes_its_figures_with_it(session: Session) -> None:
    article = tell(session, TOLD)
    session.delete(article)
    session.commit()
    assert _kept(session) == []


def test_a_quiet_article_tells_figures_and_no_figure_makes_a_notice(session: Session) -> None:
    tell(session, TOLD, quiet=True)
    assert len(_kept(session)) == 2
    assert session.scalar(select(func.count(Notice.id))) == 0
    assert session.scalar(select(func.count(Evidence.id))) == 0


def test_a_bank_that_no_register_knows_is_learnt_once(session: Session) -> None:
    for value in (21, 22):
        tell(session, f"青溪农商银行2025年末科技贷款余额{value}亿元。")
    names = list(session.scalars(select(Bank.name).where(Bank.origin == "learnt")))
    assert names == ["青溪农商银行"]
    assert session.scalar(select(func.count(IndicatorSeries.id))) == 1
