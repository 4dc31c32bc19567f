"""The door for messages: a task takes an article's id and holds no logic."""

import gc
from typing import Any
from uuid import UUID

import structlog
from celery import signals
from sqlalchemy.exc import SQLAlchemyError

from core import database
from core.ahead import locking_made
from core.celery_app import app
from core.work import EXTRACT, attempt, claiming
from extractor import lexicon_live
from extractor.process import process, warm_up


@app.task(name="extractor.extract")
def extract_article(id: str, ahead: bool = False, **_: Any) -> None:
    """Extract one article, whose row is still being made where its message went `ahead`."""
    how = locking_made if ahead else claiming
    attempt(EXTRACT, UUID(id), process, claiming=how, counted=not ahead, asking=lexicon_live.ask)


@signals.worker_init.connect
def _before_forking(**_: Any) -> None:
    """Load what every worker process needs once, in their parent: they share its memory and start at once."""
    try:
        warm_up(lexicon_live.in_force())
    except SQLAlchemyError as error:  # the first article loads it then
        structlog.get_logger(__name__).warning("lexicon.not_preloaded", error=str(error).splitlines()[0])
    database.engine().dispose()
    gc.collect()
    gc.freeze()  # collection in the children must not touch, and so copy, the shared pages
