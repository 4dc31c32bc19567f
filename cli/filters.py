"""The filters of events as options, for every command that takes them; the API says what makes no sense."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

_SEVERAL = "May be given several times."
_OPTIONS: dict[str, tuple[Any, str]] = {
    "bank": (list[str], f"Bank by any of its names. {_SEVERAL}"),
    "branch": (list[str], f"Branch, with all below it. {_SEVERAL}"),
    "firm": (list[str], f"Firm by any of its names. {_SEVERAL}"),
    "tech": (bool | None, "Technology firms only, or none of them."),
    "instrument": (list[str], f"Instrument, by its slug. {_SEVERAL}"),
    "sector": (list[str], f"The firm's sector. {_SEVERAL}"),
    "region": (list[str], f"Province or city. {_SEVERAL}"),
    "status": (list[str], f"planned, agreed, granted or cooperation. {_SEVERAL}"),
    "currency": (str | None, "ISO 4217 code, as CNY."),
    "min_amount": (float | None, "Least sum, in units of its currency."),
    "max_amount": (float | None, "Largest sum."),
    "date_from": (str | None, "Told date on this day or later."),
    "date_to": (str | None, "Told date on this day or earlier."),
    "since": (str | None, "First seen then or later: an ISO date or date-time, in China's time."),
    "until": (str | None, "First seen before then."),
    "confidence": (float | None, "Least confidence, 0 to 1."),
    "source": (list[str], f"Source or outlet of an article that tells it. {_SEVERAL}"),
}


def takes_filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with an option for each filter, which it gets as `**filters`: only those that were given."""

    def with_filters(**given: Any) -> Any:
        chosen = {name: given.pop(name) for name in _OPTIONS}
        return command(**given, **{name: value for name, value in chosen.items() if value not in (None, [])})

    own = inspect.signature(command, eval_str=True)
    kept = [one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    with_filters.__signature__ = own.replace(parameters=[*kept, *_parameters()])  # type: ignore[attr-defined]
    with_filters.__name__, with_filters.__doc__ = command.__name__, command.__doc__
    return with_filters


def _parameters() -> list[inspect.Parameter]:
    made = []
    for name, (kind, told) in _OPTIONS.items():
        option: Any = Annotated[kind, typer.Option(help=told)]
        default: Any = [] if kind == list[str] else None
        made.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option))
    return made
