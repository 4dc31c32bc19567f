"""The contract of a page: one file of `pages/` with a `PAGE`, listed in `PAGES` (pages/__init__.py)."""

from dataclasses import dataclass

from fastapi import APIRouter

GROUPS = ("read", "figures", "own", "house")
"""The groups of the menu, in order; their names are `menu.group.NAME` in words/LANGUAGE/menu.toml."""


@dataclass(frozen=True)
class Page:
    """A page, or a few that belong together.

    `name` is that of its words (words/LANGUAGE/NAME.toml; NAME.menu is its line of the menu) and its template. `menu`:
    the address of its line there, None for a page that is reached by links only; `group` one of GROUPS; `scope` of the
    key that sees the line. The routes themselves ask for who may see them (`Viewer` and others of api/dashboard/deps).
    """

    name: str
    router: APIRouter
    menu: str | None = None
    group: str = "read"
    scope: str = "read"
