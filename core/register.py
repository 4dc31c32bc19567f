"""A register's entries as plain data: what `seeds` reads from files, the database keeps and the extractor matches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BankEntry:
    """One bank or financing subsidiary of a bank.

    `name` is the head-office short name of GUIDELINES.md (工商银行, 深圳农商银行, 工银投资); `kind` one of
    policy, state, joint_stock, city, rural, private, foreign, village, leasing, investment, wealth, other;
    `aliases` every other name (full legal, short, former, English); `parent` the owning bank's `name`, or None.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    stock_code: str | None = None
    parent: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmEntry:
    """One enterprise: `name` its usual (short) name, `aliases` its other names, `tech` None where not known.

    `sector` is a slug of `seeds/data/sectors.csv`; `origin` is seed, learnt or watched.
    """

    name: str
    aliases: tuple[str, ...] = ()
    stock_code: str | None = None
    sector: str | None = None
    tech: bool | None = None
    region: str | None = None
    origin: str = "seed"
