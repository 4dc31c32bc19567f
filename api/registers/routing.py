"""What the routes of banks and of firms have in common."""

from typing import Annotated, Any

from fastapi import Depends

from api.deps import Operator
from api.registers.edit import Hand
from api.registers.kinds import Register


def _hand(asking: Operator) -> Hand:
    return Hand(asking.subscriber_id, "api")


OperatorHand = Annotated[Hand, Depends(_hand)]
"""The operator who edits through the API; who is none is refused."""


def shown(register: Register, row: Any) -> dict[str, Any]:
    """What the API answers of a bank or firm."""
    fields = ("id", *register.columns, "merged_into", "edited")
    aliases = sorted({alias.alias for alias in row.aliases} - {row.name})
    return {**{field: getattr(row, field) for field in fields}, "aliases": aliases}
