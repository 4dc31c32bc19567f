"""What one page after a redirect shows, and no page again: it travels encrypted in the reader's own cookie."""

import base64
import json
from datetime import timedelta

from fastapi import Request, Response

from api.dashboard import cookies
from core import secrets

_COOKIE = "once"
_LIFE = timedelta(minutes=2)


def put(request: Request, response: Response, about: str, text: str) -> None:
    """Have the next page that asks for what is `about` some thing show `text`."""
    sealed = secrets.seal(json.dumps([about, text]))
    cookies.put(request, response, _COOKIE, base64.urlsafe_b64encode(sealed).decode(), life=_LIFE)


def look(request: Request, about: str) -> str:
    """The text about it, empty where there is none; the page that shows it is to `drop` it."""
    try:
        sealed = base64.urlsafe_b64decode(cookies.get(request, _COOKIE))
        found, text = json.loads(secrets.unseal(sealed)) if sealed else ("", "")
    except ValueError:  # whatever stands there is none of ours
        return ""
    return str(text) if found == about else ""


def drop(request: Request, response: Response) -> None:
    """It was shown."""
    cookies.drop(request, response, _COOKIE)
