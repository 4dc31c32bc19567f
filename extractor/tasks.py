"""The door for messages: a task takes an article's id and holds no logic."""

from typing import Any
from uuid import UUID

from core.celery_app import app
from core.work import EXTRACT, attempt
from extractor.process import process


@app.task(name="extractor.extract")
def extract_article(id: str, **_: Any) -> None:
    """Extract one article."""
    attempt(EXTRACT, UUID(id), process)
