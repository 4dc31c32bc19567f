"""One article from its row to the history: lexicon -> extract -> record -> merge."""

import time
from datetime import timedelta

import structlog

from core import canary
from core.clock import now
from core.messages import log_after_commit
from core.models import Article
from core.sql import Asker
from core.work import MATCH, announce_found
from extractor import asked, lexicon_live, store
from extractor.extract import ENGINE_VERSION, extract
from extractor.lexicon import Lexicon
from extractor.merge import merge
from extractor.model import Extraction

log = structlog.get_logger(__name__)
# How long an article is here at most whose notice goes ahead: in a backlog that would save nobody time, and each that
# only tells known events would cost a message.
_NEWS = timedelta(seconds=1)


def process(session: Asker, article: Article) -> None:
    """Extract an article and merge what it tells; one transaction, so that it happens once in effect.

    What was read of an article whose text went stays as it is.
    """
    if article.forgotten_at is not None:
        log.info("article.forgotten", article_id=str(article.id))
        return
    started = time.perf_counter()
    early = asked.Early(session, article)
    lexicon = lexicon_live.in_force()
    extraction = extract(title=article.title, text=article.text, published=article.published, lexicon=lexicon)
    if article.canary:
        _pass_on(session, article, extraction)
        return
    if extraction.events and not article.quiet and now() - article.fetched_at < _NEWS:
        early.notice.send(MATCH)
    milliseconds = (time.perf_counter() - started) * 1000
    store.record_extraction(
        session,
        article,
        engine=ENGINE_VERSION,
        model=None,
        lexicon=lexicon.version,
        events=len(extraction.events),
        milliseconds=milliseconds,
    )
    merge(session, article, extraction, early, lexicon)
    told = {"events": len(extraction.events), "milliseconds": round(milliseconds)}
    log_after_commit(session, log, "article.extracted", article_id=str(article.id), **told)


def warm_up(lexicon: Lexicon) -> None:
    """Make the engine load its dictionaries and tables, which it does at its first article."""
    made = canary.article()
    extract(title=made.title, text=made.text, published=made.published, lexicon=lexicon)


def _pass_on(session: Asker, article: Article, extraction: Extraction) -> None:
    """A canary must be understood, and then goes on as a notice only: it stands in no history."""
    if not any((event.bank, event.firm) == (canary.BANK, canary.FIRM) for event in extraction.events):
        raise RuntimeError("the canary's event was not found in its article")
    announce_found(session, MATCH, store.add_notice(session, "canary", article))
