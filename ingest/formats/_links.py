"""Addresses that items tell, made whole; documents that an item carries along."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

_TYPES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
    "text/markdown",
)
_ENDINGS = (".pdf", ".docx", ".txt", ".md")


def join(base: str, url: str) -> str:
    """`url` as seen from `base`; what is no address stays as it was told, for who keeps the item to judge."""
    try:
        return urljoin(base, url)
    except ValueError:  # such as "http://["
        return url


def is_web(url: str) -> bool:
    """Whether it is a whole address of the web, rather than an id or a path."""
    return url.lower().startswith(("http://", "https://"))


def first_document(told: Iterable[tuple[str, str]], base: str) -> str | None:
    """The first address of something to read among addresses with their types; pictures and sounds are none."""
    return next((join(base, url) for url, kind in told if url and _is_document(url, kind)), None)


def _is_document(url: str, kind: str) -> bool:
    return kind.strip().lower().startswith(_TYPES) or path_of(url).endswith(_ENDINGS)


def path_of(url: str) -> str:
    """The path of an address in small letters, empty where it is none."""
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""
