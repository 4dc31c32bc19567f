"""The menu: the pages that stand in it, by group, for who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.dashboard.deps import Visitor
from api.dashboard.page import GROUPS, Page


@dataclass(frozen=True)
class Entry:
    """A line of the menu: `name` of the page, where it leads, and whether that is where the reader is."""

    name: str
    address: str
    is_here: bool


def groups(pages: Iterable[Page], visitor: Visitor | None, path: str) -> list[tuple[str, list[Entry]]]:
    """Each group's name with its entries; nothing for who is not signed in."""
    if visitor is None:
        return []
    seen = [page for page in pages if page.menu and page.scope in visitor.scopes]
    made = [(group, [_entry(page, path) for page in seen if page.group == group]) for group in GROUPS]
    return [(group, entries) for group, entries in made if entries]


def _entry(page: Page, path: str) -> Entry:
    address = page.menu or "/"
    within = address != "/" and path.startswith(f"{address}/")
    return Entry(page.name, address, path == address or within)
