"""A URL as written: what Yinqi will call at all. Parsed once, by httpx, so that no two parsers can disagree."""

import ipaddress
import re
import unicodedata
from functools import lru_cache

import httpx

from core.http.errors import BadUrl

_LONGEST = 4096  # characters; beyond what servers and proxies commonly take (RFC 9110 asks for 8000 octets at least)
_START = re.compile(r"https?://", re.IGNORECASE)
_PLAIN = re.compile("[!-~]+")  # has nothing of what is looked for below
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


def check_url(url: str) -> str:
    """The URL in normal form, or BadUrl with the reason; looks at the text only, resolves nothing."""
    return str(parse_url(url))


@lru_cache(maxsize=256)  # a webhook's is called for each alert; what a host leads to is judged each time
def parse_url(url: str) -> httpx.URL:
    """Like `check_url`, as httpx's own URL, the very object that is then called."""
    _check_text(url)
    try:
        scheme, rest = url.split(":", 1)
        parsed = httpx.URL(f"{scheme.lower()}:{rest}")  # or httpx overlooks a default port
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise BadUrl(f"{_brief(url)}: not a URL: {error}") from error
    _check_host(url, parsed.raw_host.decode("ascii", "replace"))
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise BadUrl(f"{_brief(url)}: port {parsed.port} does not exist")
    return parsed


def shown(url: httpx.URL) -> str:
    """Scheme and host for messages and logs; path and query may hold a secret."""
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"


def _check_text(url: str) -> None:
    if len(url) > _LONGEST:
        raise BadUrl(f"{_brief(url)}: longer than {_LONGEST} characters")
    if not _PLAIN.fullmatch(url) and any(
        char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Co"} for char in url
    ):
        raise BadUrl(f"{_brief(url)}: contains white space or control characters")
    if "\\" in url:
        raise BadUrl(f"{_brief(url)}: contains a backslash")
    if not _START.match(url):
        raise BadUrl(f"{_brief(url)}: starts with neither http:// nor https://")
    authority = _AUTHORITY.match(url)
    if authority and "@" in authority[1]:
        raise BadUrl(f"{_brief(url)}: contains a user name or password")


def _check_host(url: str, host: str) -> None:
    if not host:
        raise BadUrl(f"{_brief(url)}: has no host")
    if ":" in host:
        _check_ipv6(url, host)
        return
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadUrl(f"{_brief(url)}: the host is not a valid name")
    if _NUMBER.fullmatch(labels[-1]) and not _is_dotted_quad(host):
        raise BadUrl(f"{_brief(url)}: an address is written as four decimal numbers")


def _check_ipv6(url: str, host: str) -> None:
    try:
        zone = ipaddress.IPv6Address(host).scope_id
    except ValueError as error:
        raise BadUrl(f"{_brief(url)}: the host is not a valid IPv6 address") from error
    if zone is not None:
        raise BadUrl(f"{_brief(url)}: an IPv6 address with a zone")


def _is_dotted_quad(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _brief(url: str) -> str:
    """The scheme and host of a bad URL, safe to print: no user name, password, path or query."""
    scheme, mark, rest = url.partition("://")
    host = re.split(r"[/?#\\]", rest.rpartition("@")[2], maxsplit=1)[0]
    return ascii(f"{scheme[:32]}{mark}{host[:64]}")
