"""After its time an article's text is nowhere to be had, and its quotes are; before, only who signed in sees it."""

import io
import re
import zipfile
from typing import Any

import httpx
import pyarrow.parquet
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.app import app
from api.resources.exports import tables
from api.resources.exports.formats import FORMATS
from core import catch_up
from core.models import Article, ArticleIndex, ArticleRevision, Evidence, Indicator, IndicatorSeries, News
from core.news import number_news
from tests.api import rows
from tests.api.conftest import Reader
from tests.api.test_dashboard import ROUTES
from tests.core.aged import ago, forget

QUOTE = "樣例銀行向青禾智造发放科创贷3000万元"
REST = "余下的正文谁也不曾引用"
TEXT = f"{QUOTE}。{REST}。"


@pytest.fixture
def article(session: Session) -> Article:
    """An article that tells an event and a figure, was corrected once, and is found by its text."""
    made = rows.article(session, TEXT, title="青禾的新产线")
    told = rows.event(session, rows.bank(session, "样例银行"), rows.firm(session, "青禾智造科技有限公司"))
    session.add(
        Evidence(
            event_id=told.id, article_id=made.id, position=0, start=0, end=len(QUOTE), quote=QUOTE, facts={},
            confidence=0.9,
        )
    )  # fmt: skip
    session.add(ArticleRevision(article_id=made.id, number=1, title="旧题", text=f"先前{TEXT}", content_hash="old"))
    session.add(ArticleIndex(article_id=made.id))
    session.commit()
    return made


def found(client: httpx.Client, what: str, q: str) -> list[Any]:
    items: list[Any] = client.get(f"/v1/search/{what}", params={"q": q}).json()["items"]
    return items


def test_the_text_is_gone_and_the_quotes_stay(alice: httpx.Client, session: Session, article: Article) -> None:
    assert alice.get(f"/v1/articles/{article.id}").json()["text"] == TEXT
    forget(session, article)
    shown = alice.get(f"/v1/articles/{article.id}").json()
    assert (shown["text"], shown["title"], shown["state"]) == (None, "青禾的新产线", "done")
    assert shown["forgotten_at"] == alice.get("/v1/articles").json()["items"][0]["forgotten_at"]
    assert [one["quote"] for one in shown["evidence"]] == [QUOTE]
    [event] = alice.get("/v1/events").json()["items"]
    assert [one["quote"] for one in event["evidence"]] == [QUOTE]


def test_what_it_said_before_it_was_corrected_is_gone_too(
    alice: httpx.Client, session: Session, article: Article
) -> None:
    forget(session, article)
    [earlier] = alice.get(f"/v1/articles/{article.id}/revisions").json()["items"]
    assert (earlier["title"], earlier["text"]) == ("旧题", None)


def test_it_is_found_by_its_title_and_its_events_by_their_quotes_and_nothing_by_the_rest(
    alice: httpx.Client, session: Session, article: Article
) -> None:
    forget(session, article)
    assert [one["id"] for one in found(alice, "articles", "新产线")] == [str(article.id)]
    assert len(found(alice, "events", "发放科创贷")) == 1
    assert found(alice, "articles", "发放科创贷") == []
    assert found(alice, "articles", REST) == found(alice, "events", REST) == []
    grams = session.scalars(select(ArticleIndex.grams)).one()
    assert 0 < len(grams or []) < len(TEXT), "pairs of the text itself are not kept"


def test_figures_that_it_told_stay(alice: httpx.Client, session: Session, article: Article) -> None:
    series = IndicatorSeries(id=article.id, kind="balance", subject="tech", region=["江苏"], unit="CNY", period="point")
    session.add(series)
    session.flush()
    told = {"position": 0, "subject_text": "科技企业", "value": 1, "start": 3, "end": 9, "quote": TEXT[3:9]}
    session.add(Indicator(series_id=series.id, article_id=article.id, confidence=0.9, **told))
    session.commit()
    before = alice.get(f"/v1/indicators/{series.id}").json()
    forget(session, article)
    assert alice.get(f"/v1/indicators/{series.id}").json() == before
    assert TEXT[3:9] in str(before)


def test_its_page_says_so_and_shows_the_quotes(
    reader: Reader,
    new_subscriber: Any,
    session: Session,
    article: Article,
) -> None:
    reader.sign_in(new_subscriber())
    assert REST in reader.get(f"/articles/{article.id}").text
    forget(session, article)
    for path in (f"/articles/{article.id}", f"/articles/{article.id}/revisions"):
        page = reader.get(path, headers={"accept-language": "zh"})
        assert page.status_code == 200
        assert REST not in page.text and "保存期" in page.text
    assert QUOTE in _plain(reader.get(f"/articles/{article.id}").text)
    [event] = session.scalars(select(Evidence.event_id)).all()
    assert QUOTE in _plain(reader.get(f"/events/{event}").text)


def _plain(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_no_export_holds_a_text_even_before(alice: httpx.Client, article: Article) -> None:
    for table in tables.TABLES:
        for form in FORMATS:
            answer = alice.get(f"/v1/exports/{table.name}", params={"format": form.name})
            assert answer.status_code == 200
            assert REST not in _unpacked(form.name, answer.content), (table.name, form.name)


def _unpacked(form: str, content: bytes) -> str:
    if form == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(content))
        return "".join(book.read(name).decode() for name in book.namelist())
    if form == "parquet":
        return str(pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist())
    return content.decode("utf-8-sig")


API = {path for path, operations in app.openapi()["paths"].items() if "get" in operations}
PLACES = sorted({*API, *(path for method, path in ROUTES if method == "GET"), "/metrics", "/openapi.json"})


def test_who_is_not_signed_in_is_shown_no_text(stranger: httpx.Client, article: Article) -> None:
    assert "/v1/articles/{article_id}" in PLACES and "/articles/{article_id}" in PLACES
    for place in PLACES:
        answer = stranger.get(re.sub(r"\{\w+\}", str(article.id), place), follow_redirects=True)
        assert REST not in answer.text and QUOTE not in answer.text, place


def test_a_stream_cannot_be_resumed_where_what_followed_went(
    alice: httpx.Client, session: Session, article: Article
) -> None:
    bank = rows.bank(session, "北海银行")
    for days in (90, 60, 50):
        session.add(News(event_id=rows.event(session, bank).id, version=1, made_at=ago(days)))
        session.commit()
        catch_up.once([catch_up.Duty(number_news)])
    first, second, third = session.scalars(select(News.number).order_by(News.number)).all()
    forget(session, article)
    assert session.scalars(select(News.number)).all() == [third], "the newest tells where the stream stands"
    resumed = [alice.get("/v1/stream", params={"after": at, "follow": "false"}) for at in (first, second)]
    assert [answer.status_code for answer in resumed] == [422, 200]
    assert "not kept any more" in resumed[0].text
    assert f"id: {third}\n" in resumed[1].text
