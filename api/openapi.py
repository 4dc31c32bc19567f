"""What the OpenAPI document says beyond the routes: every error is a problem document, told where it can happen."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import MEDIA_TYPE, Problem
from api.limits.middleware import EXEMPT
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

# Those without an id in their path that answer 404 all the same: what they name may not be there, or no more.
_NAME_A_THING = {"stream_events", "lift_suppression", "get_own_subscriber", "delete_own_subscriber"}

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
    for path, methods in document["paths"].items():
        if "security" in methods.get("post", {}):  # what a mail's link does without a key does it once as it is
            methods["post"].setdefault("parameters", []).append(_IDEMPOTENCY)
        for method, told in methods.items():
            for status, may_be in _may_answer(method, path, told).items():
                if not may_be:
                    del told["responses"][str(int(status))]
    schemas = document["components"]["schemas"]
    for model in (Problem, ArticleIn):
        schema = model.model_json_schema(ref_template=_SCHEMAS + "{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    return document


def _may_answer(method: str, path: str, told: dict[str, Any]) -> dict[HTTPStatus, bool]:
    """Whether an operation may answer each of the problems that not all may."""
    has_key, by_mail = "security" in told, "{ticket}" in path
    reads_body = "requestBody" in told or _IDEMPOTENCY in told.get("parameters", [])
    return {
        HTTPStatus.UNAUTHORIZED: has_key,
        HTTPStatus.FORBIDDEN: has_key,
        HTTPStatus.NOT_FOUND: "{" in path or told["operationId"] in _NAME_A_THING,
        HTTPStatus.CONFLICT: has_key and method != "get",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: reads_body,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: not by_mail,  # a mail program posts a form
        HTTPStatus.UNPROCESSABLE_ENTITY: not by_mail and (reads_body or "parameters" in told),
        HTTPStatus.TOO_MANY_REQUESTS: path not in EXEMPT,
        HTTPStatus.SERVICE_UNAVAILABLE: path != "/healthz",
    }
