"""Pages from templates: in the reader's language and colours, under a policy that runs nothing but our own scripts."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.dashboard import assets, csrf, formats, menu, values
from api.dashboard.wording import language_of, words

THEMES = ("auto", "light", "dark")
THEME = "theme"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Our own pages may learn where a reader comes from: by the same rule browsers tell a form's origin (csrf.py).
_HEADERS = {"content-security-policy": POLICY, "referrer-policy": "same-origin", "vary": "cookie, accept-language"}


def render(
    request: Request, template: str, *, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None, **given: Any
) -> HTMLResponse:
    """The answer with `templates/TEMPLATE` filled with `given`, and with what every page has (see `frame`)."""
    language = language_of(request)
    drawn = environment(language).get_template(template).render(**frame(request), **given)
    return HTMLResponse(drawn, status, headers={**_HEADERS, **(headers or {})})


def frame(request: Request) -> dict[str, Any]:
    """What the frame around every page needs.

    `visitor` (api/dashboard/deps.py, None where nobody is signed in), `csrf`, the value of each form's hidden field of
    that name (the macro `form.token`), `menu`, `pages` (the names of those that the visitor may see), `theme`, `here`
    (path and query) and `path`.
    """
    visitor = getattr(request.state, "visitor", None)
    theme = request.cookies.get(THEME, "")
    query = f"?{request.url.query}" if request.url.query else ""
    return {
        "visitor": visitor,
        "csrf": csrf.token(request),
        "pages": {page.name for page in request.app.state.pages if visitor and page.scope in visitor.scopes},
        "menu": menu.groups(request.app.state.pages, visitor, request.url.path),
        "theme": theme if theme in THEMES else THEMES[0],
        "path": request.url.path,
        "here": request.url.path + query,
        "with_query": lambda **changed: _with_query(request, changed),
        "is_piece": "hx-request" in request.headers,
    }


def _with_query(request: Request, changed: dict[str, Any]) -> str:
    """This page's address with other values in its query; None takes one out."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    return "?" + urlencode(kept + [(name, value) for name, value in changed.items() if value is not None])


@cache
def environment(language: str) -> Environment:
    """The templates with the words and forms of one language: `t("page.key")`, `x | money`, `asset("app.css")`."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    t = words(language)
    made.globals |= {"t": t, "language": language, "asset": assets.address, **values.of(t)}
    made.filters |= formats.of(t)
    return made
