"""What the OpenAPI document says beyond the routes: every error is a problem document."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import MEDIA_TYPE, Problem
from api.resources.articles.schemas import ArticleIn

_SCHEMAS = "#/components/schemas/"
_EXAMPLE = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "body.firms.0: '银行' is a generic word that stands in nearly every article",
    "errors": [{"field": "body.firms.0", "reason": "'银行' is a generic word that stands in nearly every article"}],
    "request_id": "5f0c7e0a4f6d4b1b8a0f4a54b0a3c1de",
}


def _problem(status: HTTPStatus) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS + "Problem"}
    content = {MEDIA_TYPE: {"schema": schema, **({"example": _EXAMPLE} if status == 422 else {})}}
    return {"description": status.phrase, "content": content}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    int(status): _problem(status)
    for status in (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
}


_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "A key of your own choice, such as a UUID: for a day the same request gets the same answer again, "
    "and is carried out once. 409 while it is being carried out, 422 where the key was used for another request.",
    "example": "6f1c2a52-8d0b-4f0e-9a39-8f5f0c1f7a10",
}


def install(app: FastAPI) -> None:
    """Make `app` serve its document with the schemas that no route names by itself."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # FastAPI's documented way to extend it


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    for methods in document["paths"].values():
        if "security" in methods.get("post", {}):  # what a mail's link does without a key does it once as it is
            methods["post"].setdefault("parameters", []).append(_IDEMPOTENCY)
    schemas = document["components"]["schemas"]
    for model in (Problem, ArticleIn):
        schema = model.model_json_schema(ref_template=_SCHEMAS + "{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    return document
