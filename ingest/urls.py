"""One form of an address, so that an article that is linked in two ways is stored once.

The form is a key to look up by, not an address to call: it stands for a page over http and https, on a site's host and
on its mobile one, with and without what a sharer's app, a session or a page's quick display added to it. What differs
between addresses of one page are data (`data/`).
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from core.http import check_url

_DATA = Path(__file__).parent / "data"
_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_NAMES_AN_ARTICLE = re.compile("[0-9]{6}")
_REGISTRIES = frozenset({"com", "net", "org", "gov", "edu", "ac", "co", "mil"})  # below which names are sold


@lru_cache(maxsize=4096)  # a feed's items are seen at each of its polls
def canonical(url: str) -> str:
    """The key of the page at `url`: https, no www or mobile host, default port, fragment, last slash, index page,
    AMP ending, session or tracking parameter.

    The order of the other parameters is kept, as it may matter to a site. BadUrl where it is no http(s) address.
    """
    parts = urlsplit(check_url(url))
    query = "&".join(part for part in parts.query.split("&") if part and not _says_nothing(part))
    # "#!/news/7" and "#/news/7" choose the page on sites that are one script; other fragments only scroll
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit(("https", _host(parts.netloc), _path(parts.path, query), _escapes(query), fragment))


def _host(netloc: str) -> str:
    """Without the labels of the same site in another dress, as long as a site is left."""
    while True:
        first, _, rest = netloc.partition(".")
        labels = rest.partition(":")[0].rstrip(".").split(".")
        if first not in _rules("host") or len(labels) < 2 or (len(labels) == 2 and labels[0] in _REGISTRIES):
            return netloc
        netloc = rest


def _path(path: str, query: str) -> str:
    parts = [_without_session(part) for part in _escapes(path).split("/")]
    if len(parts) > 2 and parts[1] in _rules("folder") and _NAMES_AN_ARTICLE.search("/".join(parts[2:])):
        del parts[1]
    if parts[-1].lower() in _rules("page") and not query:
        parts.pop()
    whole = "/".join(parts).rstrip("/")
    for rule in _rules("ending"):
        ending, _, kept = rule.partition(" = ")
        if whole.endswith(ending):
            whole = whole.removesuffix(ending) + kept
    return whole.rstrip("/") or "/"


def _escapes(text: str) -> str:
    """Escapes in capitals, as RFC 3986 asks."""
    return _ESCAPE.sub(lambda found: found.group().upper(), text)


def _without_session(part: str) -> str:
    """A part of a path without `;jsessionid=…`; other parameters behind a semicolon stay."""
    name, _, session = part.partition(";")
    return name if session and _matches(session.partition("=")[0].lower(), "session") else part


def _says_nothing(parameter: str) -> bool:
    """Whether a parameter chooses no page."""
    name = unquote_plus(parameter.partition("=")[0]).lower()
    flags = _rules("flag")
    tracks = any(fnmatchcase(name, pattern) for pattern in _tracking())
    return tracks or name in flags or parameter.lower() in flags or _matches(name, "session")


def _matches(name: str, kind: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in _rules(kind))


@lru_cache
def _rules(kind: str) -> tuple[str, ...]:
    lines = (line.partition(" ") for line in _lines("same_pages.txt"))
    return tuple(rest for first, _, rest in lines if first == kind)


@lru_cache
def _tracking() -> tuple[str, ...]:
    return tuple(_lines("tracking_parameters.txt"))


def _lines(name: str) -> list[str]:
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
