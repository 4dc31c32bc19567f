"""Banks and firms alike: where each is kept, and what the operator may change of it."""

from dataclasses import dataclass
from typing import Any, Literal

from core.models import Bank, BankAlias, Firm, FirmAlias

Kind = Literal["bank", "firm"]


@dataclass(frozen=True, slots=True)
class Register:
    """A register's tables; `owner` is the column of a name that tells whose it is."""

    kind: Kind
    rows: Any
    aliases: Any
    owner: str
    columns: tuple[str, ...]

    @property
    def owned(self) -> Any:
        """That column."""
        return getattr(self.aliases, self.owner)


BANKS = Register("bank", Bank, BankAlias, "bank_id", ("name", "kind", "parent", "stock_code", "region"))
FIRMS = Register("firm", Firm, FirmAlias, "firm_id", ("name", "stock_code", "sector", "tech", "region"))
