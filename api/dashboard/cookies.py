"""The dashboard's cookies: only for us, only from our own pages, and over HTTPS only where that is spoken."""

from datetime import timedelta

from fastapi import Request, Response

from core.settings import settings

SESSION = "yinqi"
FORM = "yinqi_form"


def is_secure(request: Request) -> bool:
    """Whether readers come by HTTPS: by this request's own scheme, or by the installation's public address."""
    return request.url.scheme == "https" or settings().public_url.lower().startswith("https:")


def get(request: Request, name: str) -> str:
    """The value of a cookie of ours, empty where there is none."""
    return request.cookies.get(named(request, name), "")


def put(request: Request, response: Response, name: str, value: str, *, life: timedelta | None = None) -> None:
    """Set a cookie for `life`, or until the browser is closed.

    SameSite=Lax, so that a link in an alert finds its reader signed in.
    """
    response.set_cookie(
        named(request, name),
        value,
        max_age=int(life.total_seconds()) if life else None,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path="/",
    )


def drop(request: Request, response: Response, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(named(request, name), path="/", httponly=True, samesite="lax", secure=is_secure(request))


def named(request: Request, name: str) -> str:
    """`__Host-` lets no neighbouring host set the cookie (RFC 6265bis); browsers take that name over HTTPS only."""
    return f"__Host-{name}" if is_secure(request) and name in (SESSION, FORM) else name
