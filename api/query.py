"""Queries read as a whole: a model's parameters are documented one by one, and validated by pydantic at once.

FastAPI reads a query that is a model field by field and looks anew at each field's type every time, which takes a
millisecond for the filters of a list, as long as finding its page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from inspect import signature
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from fastapi import Depends, FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.deps import Asking, Bearer

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Asked(Generic[M]):
    """What is asked, and by whom, which is not known yet."""

    asking: Asking
    query: M


if TYPE_CHECKING:
    QueryOf = Annotated[M, "query"]
    AskedFor = Annotated[Asked[M], "asked"]
else:

    class QueryOf:
        """The type of a route's parameter that is its query: `query: QueryOf[EventQuery]`."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            """The model, read out of the request."""
            return Annotated[model, Depends(_reader(model))]

    class AskedFor:
        """The same with who asks, for routes that are asked all day, which are to find it out: it needs one
        dependency, each of which costs as much as reading the query."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            """Both, for a key with the scope `read`."""
            return Annotated[Asked[model], Depends(_Asks("read", model))]


@lru_cache
def _reader(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    lists = frozenset(name for name, field in model.model_fields.items() if get_origin(field.annotation) is list)

    async def read(request: Request) -> M:  # async: needs no thread of its own
        params = request.query_params
        given = {name: params.getlist(name) if name in lists else params[name] for name in params}
        try:
            return model.model_validate(given)
        except ValidationError as error:
            told = [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
            raise RequestValidationError(told) from None

    read.__dict__["query_model"] = model
    return read


class _Asks(Bearer, Generic[M]):
    """A dependency that reads the query, and leaves it to the route to find out who asks."""

    def __init__(self, scope: str, model: type[M]) -> None:
        super().__init__(scope)
        self.query_model, self._read = model, _reader(model)

    async def __call__(self, request: Request) -> Asked[M]:
        """Both; of who may not ask the query is not judged."""
        asking = Asking(request, self.scope)
        try:
            return Asked(asking, await self._read(request))
        except RequestValidationError:
            await run_in_threadpool(asking.caller)
            raise


def parameters(endpoint: Callable[..., Any]) -> list[dict[str, Any]]:
    """The parameters of the query that a route has declared so, as the OpenAPI document tells them."""
    hints = get_type_hints(endpoint, include_extras=True)
    found = [one for name in signature(endpoint).parameters for one in get_args(hints[name])[1:]]
    models = [one.dependency.query_model for one in found if hasattr(getattr(one, "dependency", None), "query_model")]
    return [parameter for model in models for parameter in _documented(model)]


@lru_cache
def _documented(model: type[BaseModel]) -> list[dict[str, Any]]:
    """As FastAPI documents a query that is this model."""
    app = FastAPI()

    @app.get("/")
    def route(query: Annotated[model, Query()]) -> None:  # type: ignore[valid-type]
        """Stands in no document of ours."""

    told: list[dict[str, Any]] = app.openapi()["paths"]["/"]["get"]["parameters"]
    return told
