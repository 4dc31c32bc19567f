"""Articles and events are found by every piece of their text, and shown with the place."""

import unicodedata
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.resources.events import store as events
from api.resources.events.schemas import EventQuery
from api.resources.search import find
from api.resources.search.schemas import ArticleSearchQuery, SearchQuery
from core import catch_up
from core.models import Article, ArticleIndex, Evidence, QuoteIndex
from core.plain import plain
from extractor.catching_up import DUTIES
from tests.api import rows

TEXT = "日前，樣例銀行　蘇州分行向澄砺量子科技有\n限公司發放「科創貸」3000萬元，ＡＩ模型也在用。"


def index(session: Session, *articles: Article) -> None:
    """Note them as read, and catch up."""
    session.add_all(ArticleIndex(article_id=article.id) for article in articles)
    session.commit()
    while catch_up.once(DUTIES):
        pass


def search(client: httpx.Client, what: str, q: str, **more: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/search/{what}", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_every_piece_of_two_signs_or_more_is_found_and_marked(alice: httpx.Client, session: Session) -> None:
    article, other = rows.article(session, TEXT, title="一笔貸款"), rows.article(session, "毫不相干的一篇。")
    index(session, article, other)
    for start in range(0, len(TEXT) - 2, 3):
        piece = TEXT[start : start + 5]
        page = search(alice, "articles", piece)
        assert ids(page) == [str(article.id)], piece
        snippet = page["items"][0]["snippets"][0]
        [(first, last), *_] = snippet["marks"]
        assert TEXT[snippet["start"] :].startswith(snippet["text"])
        assert snippet["text"][first:last].strip("，「」　\n") in piece
    assert search(alice, "articles", "贷款")["items"][0]["snippets"] == [
        {"where": "title", "start": 0, "text": "一笔貸款", "marks": [[2, 4]]}
    ]


@pytest.mark.parametrize(
    ("q", "stands"),
    [
        ("科创贷", 1),
        ("量子科技有限公司", 1),
        ("ai 模型", 1),
        ("模型 样例", 1),
        ("模型样例", 0),
        ("模型 没有", 0),
        ("%_", 0),
    ],
)
def test_all_that_is_searched_must_stand_there(alice: httpx.Client, session: Session, q: str, stands: int) -> None:
    index(session, rows.article(session, TEXT))
    assert len(search(alice, "articles", q)["items"]) == stands


def test_pairs_that_stand_apart_are_no_find(alice: httpx.Client, session: Session) -> None:
    index(session, rows.article(session, "科创和创贷，各是各的。"))
    assert search(alice, "articles", "科创贷")["items"] == []


def test_pages_neither_skip_nor_repeat_what_is_added_meanwhile(
    alice: httpx.Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "SPARE", 1)
    monkeypatch.setattr(find, "MOST_COMPARED", 4)
    told = [rows.article(session, f"第{n}篇，{'科创贷' if n % 3 == 0 else '科创和创贷'}。") for n in range(12)]
    index(session, *told)
    seen, cursor = [], None
    while True:
        page = search(alice, "articles", "科创贷", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += ids(page)
        if (cursor := page["next"]) is None:
            break
        index(session, rows.article(session, f"又一篇科创贷，{len(seen)}{cursor}"))
    assert seen == [str(article.id) for article in reversed(told[::3])]


def test_the_best_is_what_speaks_of_it_most(alice: httpx.Client, session: Session) -> None:
    much = rows.article(session, "科创贷又是科创贷，还是科创贷。")
    titled = rows.article(session, "这里讲到科创贷，还有别的许多事。", title="科创贷来了")
    little = rows.article(session, "这里讲到科创贷，还有别的许多事，讲得很长很长。")
    index(session, much, titled, little)
    assert ids(search(alice, "articles", "科创贷", sort="best")) == [str(one.id) for one in (titled, much, little)]


def test_events_are_found_by_a_piece_of_any_of_their_quotes(alice: httpx.Client, session: Session) -> None:
    bank, firm = rows.bank(session), rows.firm(session)
    first, second = (
        rows.article(session, "工商银行发放贷款给它。"),
        rows.article(session, "据悉工商银行放款，贷款已到账。"),
    )
    event, other = rows.event(session, bank, firm, first), rows.event(session, bank)
    quote = second.text[:8]
    told = {"facts": {}, "confidence": 0.9, "position": 0, "start": 0, "end": 8, "quote": quote}
    session.add(Evidence(event_id=event.id, article_id=second.id, **told))
    session.commit()
    index(session, first, second)
    [found] = search(alice, "events", "据悉工商")["items"]
    assert (found["event"]["id"], found["article_id"]) == (str(event.id), str(second.id))
    assert found["snippets"] == [{"where": "text", "start": 0, "text": quote, "marks": [[0, 4]]}]
    assert len(search(alice, "events", "工商银行")["items"]) == 1
    assert search(alice, "events", "贷款已到")["items"] == [], "it stands in the article and in no quote"
    assert other.id != event.id


@pytest.mark.parametrize(
    ("q", "stands"),
    [
        ('"科创 贷"', 1),  # a phrase is one piece, in any spacing
        ('"科创贷" 苏州', 1),
        ('"贷 科创"', 0),
        ("“樣例銀行 苏州分行” 3000", 1),
        ('苏州 "科创', 1),  # a quote that nobody closed
    ],
)
def test_a_phrase_in_quotes_is_one_piece(alice: httpx.Client, session: Session, q: str, stands: int) -> None:
    index(session, rows.article(session, TEXT))
    assert len(search(alice, "articles", q)["items"]) == stands


SIGNS = st.sampled_from([*"银行贷款蘇州苏科創创，。“”「」 \n　ＡＩai３3％%_\\\"'", "𠮷", "ﬁ", "滙", "\u200b"])
WORDS = st.lists(SIGNS, min_size=2, max_size=40).map("".join)


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(text=WORDS, data=st.data())
def test_every_piece_of_any_text_is_found(session: Session, text: str, data: st.DataObject) -> None:
    """In articles and in events by their quotes, whatever stands in the text and however a piece of it is written."""
    article = rows.article(session, f"开头{text}")
    bank = rows.bank(session, uuid4().hex)
    event = rows.event(session, bank)
    told = {"facts": {}, "confidence": 0.9, "position": 0, "start": 2, "end": 2 + len(text), "quote": text}
    session.add(Evidence(event_id=event.id, article_id=article.id, **told))
    index(session, article)
    start = data.draw(st.integers(0, len(text) - 2))
    piece = text[start : data.draw(st.integers(start + 2, len(text)))]
    piece = data.draw(st.sampled_from([piece, f'"{piece}"', piece.upper(), unicodedata.normalize("NFKC", piece)]))
    try:
        query = SearchQuery.model_validate({"q": piece})
    except ValidationError:
        assert len(plain(piece).text) < 2
        return
    asked = ArticleSearchQuery.model_validate({"q": piece})
    assert article.id in {one["id"] for one in find.newest(session, asked)["items"]}
    assert str(event.id) in {one["event"]["id"] for one in find.events(session, query)["items"]}
    assert event.id in events.page(session, EventQuery.model_validate({"q": piece}))[0]


def test_what_stands_nowhere_is_suggested_as_words_that_do(alice: httpx.Client, session: Session) -> None:
    index(session, rows.article(session, "苏州的企业拿到了贷款。"))
    assert search(alice, "articles", "苏州贷款") == {"items": [], "next": None, "suggestion": "苏州 贷款"}
    assert search(alice, "articles", "苏州贷款", sort="best")["suggestion"] == "苏州 贷款"
    assert search(alice, "events", "苏州贷款")["suggestion"] == "苏州 贷款"
    assert len(search(alice, "articles", "苏州 贷款")["items"]) == 1
    assert search(alice, "articles", "杭州存款")["suggestion"] is None


def test_quotes_of_an_older_version_are_found_once_they_are_caught_up_with(
    alice: httpx.Client, session: Session
) -> None:
    told = rows.article(session, "工商银行放款给它。")
    event = rows.event(session, rows.bank(session), None, told)
    [evidence] = session.scalars(select(Evidence.id))
    session.add(QuoteIndex(evidence_id=evidence))
    session.commit()
    assert search(alice, "events", "工商银行")["items"] == []
    while catch_up.once(DUTIES):
        pass
    assert [one["event"]["id"] for one in search(alice, "events", "工商银行")["items"]] == [str(event.id)]


@pytest.mark.parametrize("q", ["银", "　", "“”", "a", '""', '"银"'])
def test_what_is_too_short_is_refused_by_name(alice: httpx.Client, q: str) -> None:
    answer = alice.get("/v1/search/articles", params={"q": q})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "query.q"


def test_another_lists_cursor_is_refused(alice: httpx.Client, session: Session) -> None:
    index(session, *(rows.article(session, f"{n}科创贷") for n in range(3)))
    cursor = search(alice, "articles", "科创贷", limit=1)["next"]
    for path, more in (("articles", {"sort": "best"}), ("events", {})):
        answer = alice.get(f"/v1/search/{path}", params={"q": "科创贷", "cursor": cursor, **more})
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "query.cursor"
