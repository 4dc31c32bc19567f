"""What can be wrong with what comes in (RejectedInput: told to whoever gave it, or kept in the source's errors)."""

from core.errors import PermanentFailure, RejectedInput, TemporaryFailure


class Unreadable(RejectedInput):
    """Bytes that are no text in any encoding that is told or likely."""


class BadFeed(RejectedInput):
    """What came from a source is not in a form that Yinqi reads."""


class BadArticle(RejectedInput):
    """An article that cannot be kept: empty, too long, a bad address."""


class Challenged(RejectedInput):
    """A page that wants a browser, a cookie or a captcha, and stands where an article or a list should."""


class NothingFound(RejectedInput):
    """A page that can be read and holds nothing that Yinqi looks for there."""


class NoArticle(NothingFound):
    """A web page without an article's text: only navigation, or a shell that scripts would fill."""


class NoLinks(NothingFound):
    """A list page without links to articles, by itself or by the source's selector."""


class ReaderFailed(RejectedInput):
    """Reading a body raised what nobody had foreseen, or brought forth more than anyone would keep.

    `trace` is for our own log: where in the code that was.
    """

    trace = ""


class ReaderKilled(ReaderFailed):
    """A body whose reader was ended: it took too long, needed too much memory, or crashed."""


class BadStatus(TemporaryFailure):
    """A source answered with a status that is not success."""


class Gone(PermanentFailure):
    """An answer that asking again would not change: there is no such page, or it may not be had."""


class Forbidden(PermanentFailure):
    """A site's robots.txt asks not to be asked for it."""
