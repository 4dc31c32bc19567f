"""One article by itself, as the API takes it."""

from typing import Any

from core.ahead import Ahead
from core.sql import Asker
from ingest import store
from ingest.push import PushedArticle, PushResult, keep_ready, ready


def push_alone(session: Asker, article: PushedArticle, **how: Any) -> PushResult:
    """Push an article that is all that its transaction keeps."""
    ahead = Ahead(session)
    return keep_ready(session, ready(article), store.now(session), ahead=ahead, **how)
