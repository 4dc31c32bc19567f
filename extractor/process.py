"""One article from its row to the history: lexicon -> extract -> merge -> record."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter, sleep

import structlog

from core import canary
from core.clock import now
from core.messages import log_after_commit
from core.models import Article
from core.sql import Asker, Flight
from core.work import MATCH, announce_found, keep_part
from extractor import asked, lexicon_live, store
from extractor.extract import ENGINE_VERSION, extract
from extractor.lexicon import Lexicon
from extractor.merge import merge
from extractor.model import Extraction

log = structlog.get_logger(__name__)
# How long an article is here at most whose events are kept first, and whose notice goes ahead: in a backlog that would
# save nobody time, and would cost a commit and, where only known events are told, a message.
_NEWS = timedelta(seconds=1)
# Seconds that figures and referrals then leave the processors, and PostgreSQL, to the alert: some as long as it takes
# from there to leave the house.
HEAD_START = 0.01


def process(session: Flight, article: Article) -> None:
    """Extract an article and merge what it tells; in one transaction, but that news of an event does not wait for
    figures and referrals, which follow in another. Whatever happens between, it happens once in effect.

    What was read of an article whose text went stays as it is.
    """
    if article.forgotten_at is not None:
        log.info("article.forgotten", article_id=str(article.id))
        return
    early, lexicon = asked.Early(session, article), lexicon_live.in_force(session)
    started, merging, first = perf_counter(), 0.0, Extraction((), ())

    def heard(told: Extraction) -> None:
        nonlocal merging, first
        if told.events and _is_news(article) and not early.was_extracted():
            begun, first = perf_counter(), _first(told)
            early.notice.send(MATCH)
            merge(session, article, first, early, lexicon)
            keep_part(session)
            sleep(HEAD_START)
            merging = perf_counter() - begun

    extraction = extract(
        title=article.title, text=article.text, published=article.published, lexicon=lexicon, heard=heard
    )
    milliseconds = (perf_counter() - started - merging) * 1000
    if article.canary:
        _pass_on(session, article, extraction)
        return
    merge(session, article, _rest(extraction, first), early, lexicon)
    store.record_extraction(
        session,
        article,
        engine=ENGINE_VERSION,
        model=None,
        lexicon=lexicon.version,
        events=len(extraction.events),
        milliseconds=milliseconds,
    )
    told = {"events": len(extraction.events), "milliseconds": round(milliseconds)}
    log_after_commit(session, log, "article.extracted", article_id=str(article.id), **told)


def _is_news(article: Article) -> bool:
    """Whether somebody may wait for an alert of the article's first event."""
    return not (article.quiet or article.canary) and now() - article.fetched_at < _NEWS


def _first(told: Extraction) -> Extraction:
    """What an alert of an event needs: the event, and the words in its evidence for those who watch these."""
    return told if any(one.kind == "word" for one in told.mentions) else replace(told, mentions=())


def _rest(whole: Extraction, first: Extraction) -> Extraction:
    """What was not merged first."""
    return replace(
        whole,
        events=() if first.events else whole.events,
        mentions=() if first.mentions else whole.mentions,
    )


def warm_up(lexicon: Lexicon) -> None:
    """Make the engine load its dictionaries and tables, which it does at its first article."""
    made = canary.article()
    extract(title=made.title, text=made.text, published=made.published, lexicon=lexicon)


def _pass_on(session: Asker, article: Article, extraction: Extraction) -> None:
    """A canary must be understood, and then goes on as a notice only: it stands in no history."""
    if not any((event.bank, event.firm) == (canary.BANK, canary.FIRM) for event in extraction.events):
        raise RuntimeError("the canary's event was not found in its article")
    announce_found(session, MATCH, store.add_notice(session, "canary", article))
