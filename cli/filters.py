"""Options that several commands take, the filters of events above all; the API says what makes no sense."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

Options = Mapping[str, tuple[Any, str]]
"""The type and the help of each option by its name; one that takes several is of a list."""
SEVERAL = "May be given several times."
FILTERS: Options = {
    "bank": (list[str], f"Bank by any of its names. {SEVERAL}"),
    "branch": (list[str], f"Branch, with all below it. {SEVERAL}"),
    "firm": (list[str], f"Firm by any of its names. {SEVERAL}"),
    "tech": (bool | None, "Technology firms only, or none of them."),
    "instrument": (list[str], f"Instrument, by its slug. {SEVERAL}"),
    "sector": (list[str], f"The firm's sector. {SEVERAL}"),
    "region": (list[str], f"Province or city. {SEVERAL}"),
    "status": (list[str], f"planned, agreed, granted or cooperation. {SEVERAL}"),
    "currency": (str | None, "ISO 4217 code, as CNY."),
    "min_amount": (float | None, "Least sum, in units of its currency."),
    "max_amount": (float | None, "Largest sum."),
    "date_from": (str | None, "Told date on this day or later."),
    "date_to": (str | None, "Told date on this day or earlier."),
    "since": (str | None, "First seen then or later: an ISO date or date-time, in China's time."),
    "until": (str | None, "First seen before then."),
    "confidence": (float | None, "Least confidence, 0 to 1."),
    "source": (list[str], f"Source or outlet of an article that tells it. {SEVERAL}"),
}


def takes(*groups: Options) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The command with these options too, which it gets as its `**NAME`: only those that were given."""
    options = {name: option for group in groups for name, option in group.items()}

    def taking(command: Callable[..., Any]) -> Callable[..., Any]:
        def with_options(**given: Any) -> Any:
            chosen = {name: given.pop(name) for name in options}
            return command(**given, **{name: value for name, value in chosen.items() if value not in (None, [])})

        own = inspect.signature(command, eval_str=True)
        kept = [one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
        with_options.__signature__ = own.replace(parameters=[*kept, *_parameters(options)])  # type: ignore[attr-defined]
        with_options.__name__, with_options.__doc__ = command.__name__, command.__doc__
        return with_options

    return taking


takes_filters = takes(FILTERS)


def _parameters(options: Options) -> list[inspect.Parameter]:
    made = []
    for name, (kind, told) in options.items():
        option: Any = Annotated[kind, typer.Option(help=told)]
        default: Any = [] if kind == list[str] else None
        made.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option))
    return made
