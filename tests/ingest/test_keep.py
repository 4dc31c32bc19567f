"""Articles that are known again: by address, by text, as reprints; and those that were corrected."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.database import announced_first, transaction
from core.models import Article, ArticleBand, ArticleRevision, Extraction, Reprint, Source
from core.work import EXTRACT, queue_length
from ingest.draft import Draft, draft
from ingest.keep import Fate, Kept, keep, keep_all
from ingest.push import PushedArticle, push
from ingest.same import store
from ingest.same.catch_up import catch_up
from ingest.same.sketch import sketch
from tests.ingest.alone import push_alone
from tests.ingest.reprints import HEADLINES
from tests.ingest.templates import TEMPLATES

TITLE, TEXT = TEMPLATES[1].filled()
NOW = datetime(2026, 3, 13, 9, tzinfo=UTC)


def made(title: str = TITLE, text: str = TEXT, url: str | None = "https://a.example/1", **more: str) -> Draft:
    return draft(title=title, text=text, url=url, published=NOW, **more)


def kept(one: Draft, source: Source | None = None) -> Fate:
    with transaction() as session:
        return keep(session, one, source_id=source.id if source else None)


def polled(source: Source, *drafts: Draft) -> Kept:
    with transaction() as session:
        return keep_all(session, source, drafts, NOW)


def source(session: Session, name: str = "甲") -> Source:
    row = Source(name=name, url=f"https://{name}.example/feed", kind="rss", last_success_at=NOW)
    session.add(row)
    session.commit()
    return row


def count(session: Session, kind: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(kind)) or 0


def the_article(session: Session) -> Article:
    session.expire_all()
    return session.scalars(select(Article)).one()


def test_a_reprint_is_kept_as_a_further_source_of_the_first_article(session: Session) -> None:
    first = kept(made())
    again = made("银行与企业携手", f"来源：云州晚报\n{TEXT}\n责编：周远", "https://b.example/9", source_name="云州晚报")
    fate = kept(again, here := source(session))
    assert (fate.status, fate.article_id) == ("reprint", first.article_id)
    assert fate.reason == f"a reprint of {first.article_id}"
    [row] = session.scalars(select(Reprint))
    assert (row.article_id, row.source_id) == (first.article_id, here.id)
    assert (row.url, row.title, row.source_name) == ("https://b.example/9", "银行与企业携手", "云州晚报")
    assert row.published == NOW
    assert (count(session, Article), queue_length(EXTRACT.queue)) == (1, 1)


def test_a_reprints_address_and_text_are_known_from_then_on(session: Session) -> None:
    kept(made())
    again = made("银行与企业携手", f"{TEXT}\n责编：周远", "https://b.example/9")
    kept(again)
    assert kept(again).status == "known"
    assert kept(made("另一题", "另一正文。", "https://b.example/9")).status == "known"
    assert kept(made("银行与企业携手", f"{TEXT}\n责编：周远", None)).status == "known"
    assert polled(source(session), again) == Kept(known=1)
    assert count(session, Reprint) == 1


def test_the_same_text_at_another_address_is_a_reprint(session: Session) -> None:
    kept(made())
    assert kept(made(url="https://c.example/1")).status == "reprint"
    assert kept(made(url=None)).status == "known"
    assert kept(made(url="http://m.c.example/1?spm=1")).status == "known"
    assert count(session, Reprint) == 1


def test_a_site_that_gives_its_text_a_new_address_each_time_fills_no_table(session: Session) -> None:
    kept(made())
    for number in range(110):
        assert kept(made(url=f"https://c.example/{number}")).status == "reprint"
    assert count(session, Reprint) == 100


def test_articles_of_one_template_are_articles_of_their_own(session: Session) -> None:
    amounts = ("8000万元", "800万元", "8001万元", "8000万美元", "8亿元")
    texts = [made(*TEMPLATES[1].filled(amount=amount), url=None) for amount in amounts]
    assert polled(source(session), *texts) == Kept(stored=5)
    assert (count(session, Article), count(session, Reprint)) == (5, 0)


@pytest.mark.parametrize(
    ("before", "compared"),
    [
        (TEXT, []),  # it lacks a number of the new one
        (TEXT.replace("8000万元", "8,000\n万元").replace("126家", "127家"), [TITLE]),
        (TEXT.replace("8000万元", "８０００万元"), [TITLE]),
    ],
)
def test_of_a_template_those_are_compared_that_may_hold_the_new_one(
    session: Session, before: str, compared: list[str]
) -> None:
    kept(made(text=before, url=None))
    new = made(text=TEXT.replace("126家", "127家"), url=None)
    row = {"source_id": None, "quiet": False, "later": False, "announced": True, "own_id": None}
    with transaction() as own:
        added, near = store.keep(own, new, sketch(new.text), **row)
    assert [one.title for _, one in near] == compared
    assert (added is None) == bool(compared)


def test_of_a_thousand_texts_in_one_band_the_reprint_finds_its_own(session: Session) -> None:
    texts = [
        made(*TEMPLATES[0].filled(amount=f"{number}万元", firm=f"样例{number}号科技有限公司"), None)
        for number in range(300)
    ]
    here = source(session)
    assert polled(here, *texts) == Kept(stored=300)
    for number in (0, 150, 299):
        title, text = texts[number].title, texts[number].text
        fate = kept(made(title, f"{text}\n（责任编辑：周远）", f"https://b.example/{number}"))
        assert fate.status == "reprint"
        assert session.scalar(select(Article.title).where(Article.id == fate.article_id)) == title


def test_what_one_poll_brings_twice_is_one_article(session: Session) -> None:
    drafts = [
        made(),
        made("银行与企业携手", TEXT, "https://a.example/2"),
        made("一线观察", TEXT, "https://a.example/3"),
    ]
    assert polled(source(session), *drafts) == Kept(stored=1, reprints=2)


def test_reprints_pushed_at_once_make_one_article(session: Session) -> None:
    def pushed(number: int) -> str:
        with announced_first() as flight:
            given = PushedArticle(HEADLINES[number], TEXT, url=f"https://{number}.example/1")
            return push_alone(flight, given).status

    with ThreadPoolExecutor(5) as pool:
        told = sorted(pool.map(pushed, range(5)))
    assert told == ["duplicate"] * 4 + ["stored"]
    assert (count(session, Article), count(session, Reprint)) == (1, 4)


def test_a_correction_replaces_the_text_keeps_the_old_one_and_is_read_again(session: Session) -> None:
    here = source(session)
    first = kept(made(), here).article_id
    session.execute(update(Article).values(state="done", attempts=1, quiet=False))
    session.add(Extraction(article_id=first, engine="e", lexicon="l", events=1, milliseconds=1))
    session.commit()
    right = made(text=TEXT.replace("8000万元", "800万元"))
    assert polled(here, right) == Kept(revised=1)
    article = the_article(session)
    assert (article.id, article.text, article.content_hash) == (first, right.text, right.content_hash)
    assert (article.state, article.attempts, article.lease_until, article.quiet) == ("open", 0, None, True)
    [old] = session.scalars(select(ArticleRevision))
    assert (old.article_id, old.number, old.title, old.text, old.published) == (first, 1, TITLE, made().text, NOW)
    assert queue_length(EXTRACT.queue) == 2


def test_an_article_that_was_not_read_yet_is_not_made_quiet_by_a_correction(session: Session) -> None:
    kept(made())
    assert kept(made(text=TEXT.replace("8000", "800"))).status == "revised"
    assert not the_article(session).quiet


def test_the_address_of_another_sources_article_corrects_nothing(session: Session) -> None:
    kept(made(), source(session))
    assert polled(source(session, "乙"), made(text=TEXT.replace("8000", "800"))) == Kept(known=1)
    assert the_article(session).text == made().text


def test_a_push_corrects_an_article_whatever_brought_it(session: Session) -> None:
    kept(made(), source(session))
    with transaction() as own:
        [result] = push(own, [PushedArticle(TITLE, TEXT.replace("8000", "800"), url="http://www.a.example/1")])
    assert (result.status, result.reason) == ("stored", f"a correction of {result.article_id}")
    assert "800万元" in the_article(session).text


@pytest.mark.parametrize(
    "same",
    [
        made(text=TEXT[: TEXT.index("今年以来")] + "……"),
        made(text=f"阅读量：7\n{TEXT}\n分享到：微信"),
        made(text=TEXT.replace("\n", "\n\n　　")),
        made(f"{TITLE} - 样例日报"),
    ],
    ids=["cut", "furniture", "layout", "site"],
)
def test_a_text_that_says_nothing_more_is_no_correction(session: Session, same: Draft) -> None:
    here = source(session)
    kept(made(), here)
    assert polled(here, same) == Kept(known=1)
    assert the_article(session).text == made().text
    assert count(session, ArticleRevision) == 0


def test_a_page_that_is_never_twice_the_same_is_read_once_an_hour(session: Session) -> None:
    here = source(session)
    kept(made(), here)
    told = [polled(here, made(text=TEXT.replace("126家", f"{number}家"))) for number in (127, 128, 129)]
    assert told == [Kept(revised=1), Kept(known=1), Kept(known=1)]
    session.execute(update(ArticleRevision).values(replaced_at=ArticleRevision.replaced_at - timedelta(minutes=61)))
    session.commit()
    assert polled(here, made(text=TEXT.replace("126家", "130家"))) == Kept(revised=1)


def test_a_version_that_was_corrected_does_not_come_back(session: Session) -> None:
    here = source(session)
    kept(made(), here)
    kept(made(text=TEXT.replace("8000", "800")))
    assert polled(here, made()) == Kept(known=1)
    assert kept(made(f"{TITLE}（图）", f"{TEXT}\n责编：周远", "https://b.example/1")).status == "reprint"
    assert "800万元" in the_article(session).text


def test_another_text_at_an_address_is_an_article_that_takes_the_address(session: Session) -> None:
    first = kept(made()).article_id
    other = made(*TEMPLATES[7].filled())
    second = kept(other)
    assert second.status == "stored"
    keys = {row.id: row.canonical_url for row in session.execute(select(Article.id, Article.canonical_url))}
    assert keys == {first: None, second.article_id: "https://a.example/1"}
    assert kept(other).status == "known"
    assert kept(made()).status == "known"


def test_an_archive_corrects_nothing(session: Session) -> None:
    kept(made())
    with transaction() as own:
        assert keep(own, made(text=TEXT.replace("8000", "800")), quiet=True, backlog=True).status == "known"
        assert keep(own, made(*TEMPLATES[7].filled()), quiet=True, backlog=True).status == "known"
    assert count(session, Article) == 1


def test_articles_of_older_versions_get_their_sketch(session: Session) -> None:
    row = Article(title=TITLE, text=made().text, content_hash="old", state="done", sketched=False)
    session.add(row)
    session.commit()
    assert kept(made("银行与企业携手", url=None)).status == "stored"
    assert [catch_up(), catch_up()] == [1, 0]
    fate = kept(made("一线观察", TEXT, "https://b.example/1"))
    assert (fate.status, fate.article_id) == ("reprint", row.id)
    assert count(session, ArticleBand) == 18
