"""What can be wrong with what comes in (RejectedInput: told to whoever gave it, or kept in the source's errors)."""

from core.errors import RejectedInput, TemporaryFailure


class Unreadable(RejectedInput):
    """Bytes that are no text in any encoding that is told or likely."""


class BadFeed(RejectedInput):
    """What came from a source is not in a form that Yinqi reads."""


class BadArticle(RejectedInput):
    """An article that cannot be kept: empty, too long, a bad address."""


class BadStatus(TemporaryFailure):
    """A source answered with a status that is not success."""
