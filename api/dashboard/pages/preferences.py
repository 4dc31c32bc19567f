"""`/preferences`: the language and the colours, kept in cookies, so that they hold before anyone signs in too."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from api.dashboard import cookies, wording
from api.dashboard.deps import safe_next
from api.dashboard.forms import Filled
from api.dashboard.page import Page
from api.dashboard.rendering import THEME
from api.dashboard.route import page_router

_YEAR = timedelta(days=365)
router = page_router()
PAGE = Page("preferences", router)


class Preferences(Filled):
    """What is to change, and the page to go back to."""

    lang: Literal["zh", "en"] | None = None
    theme: Literal["auto", "light", "dark"] | None = None
    back: str = Field("/", max_length=2000)


@router.post("/preferences")
def prefer(request: Request, form: Annotated[Preferences, Form()]) -> Response:
    """Keep what was chosen, and go back."""
    answer = RedirectResponse(safe_next(form.back), HTTPStatus.SEE_OTHER)
    for name, chosen in ((wording.COOKIE, form.lang), (THEME, form.theme)):
        if chosen is not None:
            cookies.put(request, answer, name, chosen, life=_YEAR)
    return answer
