"""One form of an address, so that an article that is linked in two ways is stored once."""

from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from core.http import check_url

_DATA = Path(__file__).parent / "data" / "tracking_parameters.txt"


def canonical(url: str) -> str:
    """`url` with scheme and host in lower case, without default port, fragment, tracking parameters and last slash.

    The order of the other parameters is kept, as it may matter to a site. BadUrl where it is no http(s) address.
    """
    parts = urlsplit(check_url(url))
    query = "&".join(part for part in parts.query.split("&") if part and not _is_tracking(part))
    # "#!/news/7" and "#/news/7" choose the page on sites that are one script; other fragments only scroll
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") or "/", query, fragment))


def _is_tracking(parameter: str) -> bool:
    name = unquote_plus(parameter.partition("=")[0]).lower()
    return any(fnmatchcase(name, pattern) for pattern in _tracking())


@lru_cache
def _tracking() -> tuple[str, ...]:
    lines = _DATA.read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
