"""What a site's robots.txt says (RFC 9309), read by protego: what may be asked for, how often, and how long it holds.

Pure. A text is kept as it came in the `host` table; None stands for a site that has none.
"""

from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

from ingest.charset import decode
from ingest.errors import Unreadable

PRODUCT = "Yinqi"  # the name that a robots.txt addresses us by
MOST_BYTES = 500 * 1024  # that are read (RFC 9309, 2.5, asks for as many at least)
_DAY = 86_400.0  # longer no text holds (2.4)
_SHORTEST = 60.0  # nor shorter, whatever the site's answer says
UNREACHED = 900.0  # seconds until a robots.txt that could not be had is asked for again
_LONGEST_DELAY = 3600.0  # a Crawl-delay is obeyed this far
_UNREACHED_MARK = "# not reached: "


@dataclass(frozen=True, slots=True)
class Robots:
    """What was learnt: the text (None: there is none), seconds that it holds, seconds between two requests."""

    text: str | None
    holds: float
    delay: float | None = None


def learnt(body: bytes, content_type: str, max_age: float | None) -> Robots:
    """From an answer with a text; `max_age` is what the answer itself says of how long it holds, None where nothing."""
    try:
        text = decode(body[:MOST_BYTES], content_type=content_type, name="robots.txt").replace("\0", "")
    except Unreadable:
        text = ""
    delay = _parsed(text).crawl_delay(PRODUCT)
    return Robots(text, _holding(max_age), min(max(delay, 0.0), _LONGEST_DELAY) if delay else None)


def none(max_age: float | None) -> Robots:
    """From an answer that there is none (400 to 499): all may be asked for."""
    return Robots(None, _holding(max_age))


def unreached(reason: str, before: str | None, delay: float | None) -> Robots:
    """From no answer, or one of the server's own trouble: what was known goes on, else nothing may be asked for."""
    if before and not before.startswith(_UNREACHED_MARK):
        return Robots(before, UNREACHED, delay)
    told = " ".join(reason.split())
    return Robots(f"{_UNREACHED_MARK}{told}\nUser-agent: *\nDisallow: /\n", UNREACHED, delay)


def refusal(text: str | None, url: str) -> str | None:
    """Why `url` may not be asked for, None where it may."""
    if text is None or _parsed(text).can_fetch(url, PRODUCT):
        return None
    if text.startswith(_UNREACHED_MARK):
        reason = text.partition("\n")[0].removeprefix(_UNREACHED_MARK)
        return f"its robots.txt could not be read, so nothing else is asked for: {reason}"
    return f"robots.txt forbids {PRODUCT} to ask for {url}"


def sitemaps(text: str | None) -> list[str]:
    """The sitemaps that it names, as it names them."""
    return [] if text is None else list(_parsed(text).sitemaps)


def is_unreached(text: str | None) -> bool:
    """Whether the text stands for one that could not be had."""
    return text is not None and text.startswith(_UNREACHED_MARK)


def _holding(max_age: float | None) -> float:
    return _DAY if max_age is None else min(max(max_age, _SHORTEST), _DAY)


@lru_cache(maxsize=128)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
