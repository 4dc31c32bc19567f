"""An article whose text went is known again: by its content, by its address, and by what is like it there."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import transaction
from core.models import Article
from ingest.draft import Draft, draft
from ingest.keep import Fate, keep
from tests.core.aged import forget
from tests.ingest.templates import TEMPLATES

TITLE, TEXT = TEMPLATES[1].filled()
OTHER_TITLE, OTHER_TEXT = TEMPLATES[4].filled()
URL = "https://a.example/1"


def made(title: str = TITLE, text: str = TEXT, url: str | None = URL) -> Draft:
    return draft(title=title, text=text, url=url)


def kept(one: Draft, *, backlog: bool = False) -> Fate:
    with transaction() as session:
        return keep(session, one, backlog=backlog)


@pytest.fixture
def article(session: Session) -> Article:
    with transaction() as own:
        fate = keep(own, made())
    row = session.get_one(Article, fate.article_id)
    row.state = "done"
    session.commit()
    forget(session, row)
    return row


@pytest.mark.parametrize("backlog", [False, True], ids=["as it comes", "as a backfill brings it"])
def test_the_same_content_is_known(session: Session, article: Article, backlog: bool) -> None:
    assert kept(made(), backlog=backlog) == Fate("known", article.id, "known by its content")
    elsewhere = kept(made(url="https://b.example/2"), backlog=backlog)
    assert (elsewhere.status, elsewhere.article_id) == ("reprint", article.id)
    assert session.scalar(select(func.count(Article.id))) == 1


def test_a_slightly_other_text_at_its_address_brings_it_not_back(session: Session, article: Article) -> None:
    assert kept(made(text=f"{TEXT}\n（责任编辑：周远）")).status == "known"
    session.expire_all()
    assert article.text == "" and article.forgotten_at


def test_another_text_at_its_address_is_another_article(session: Session, article: Article) -> None:
    fate = kept(made(OTHER_TITLE, OTHER_TEXT))
    assert fate.status == "stored" and fate.article_id != article.id


def test_what_is_like_it_elsewhere_is_an_article_of_its_own(session: Session, article: Article) -> None:
    """There is no text left to tell whether it says the same, and guessing could lose news."""
    assert kept(made(text=f"{TEXT}\n又有三家企业获得贷款。", url="https://b.example/2")).status == "stored"
