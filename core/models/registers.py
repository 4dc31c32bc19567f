"""Written by seeds (what comes with Yinqi), the extractor (learnt names) and the operator through the API."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from core.models.base import Base, Id, Made, Moment, Words

_CODE = "split_part(stock_code, '.'::text, 1)"
_UNMERGED = text("merged_into IS NULL")
_MERGED = text("merged_into IS NOT NULL")


class Spelt:
    """How a name is typed in Latin letters, and by what a near miss of it is found (core/pinyin.py).

    None until the scheduler's process has caught up with it (core/catch_up.py); setting `pinyin` to null has it done
    anew. Letters are compared bytewise, so that what begins alike stands together.
    """

    pinyin: Mapped[str | None] = mapped_column(Text(collation="C"))
    initials: Mapped[str | None] = mapped_column(Text(collation="C"))
    near: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy calls it with the class
        """An index for each way to look a name up, and one over what is still to be spelt."""
        name = getattr(cls, "__tablename__", "")
        return (
            Index(f"ix_{name}_begins", "key", postgresql_ops={"key": "text_pattern_ops"}),
            Index(f"ix_{name}_pinyin", "pinyin"),
            Index(f"ix_{name}_initials", "initials"),
            Index(f"ix_{name}_near", "near", postgresql_using="gin"),
            Index(f"ix_{name}_unspelt", "key", postgresql_where=text("pinyin IS NULL")),
        )


class Edited:
    """What the operator did to a row by hand: `edited_at` last, `edited` the columns that are theirs, `refused` the
    folded names that they took from it. Neither seeds nor the extractor change these back."""

    edited_at: Mapped[Moment | None]
    edited: Mapped[Words]
    refused: Mapped[Words]


class Bank(Edited, Base):
    """A bank or a bank's financing subsidiary, by its head-office short name; `merged_into` as a firm's."""

    __tablename__ = "bank"

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str]
    parent: Mapped[str | None]
    stock_code: Mapped[str | None]
    region: Mapped[str | None]
    origin: Mapped[str] = mapped_column(server_default="seed")
    created_at: Mapped[Made]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("bank.id"))
    aliases: Mapped[list["BankAlias"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (
        Index("uq_bank_name", "name", unique=True, postgresql_where=_UNMERGED),
        Index("ix_bank_code", text(_CODE)),
    )


class BankAlias(Spelt, Base):
    """Another name of a bank, its own name included. `key` is the folded form that is compared (core/names.py)."""

    __tablename__ = "bank_alias"

    key: Mapped[str] = mapped_column(primary_key=True)
    alias: Mapped[str]
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("bank.id", ondelete="CASCADE"), index=True)


class Firm(Edited, Base):
    """An enterprise. `merged_into` leads to the row that stands for it since both were found to be one."""

    __tablename__ = "firm"

    id: Mapped[Id]
    name: Mapped[str]
    stock_code: Mapped[str | None]
    sector: Mapped[str | None]
    tech: Mapped[bool | None]
    region: Mapped[str | None]
    origin: Mapped[str] = mapped_column(server_default="seed")
    created_at: Mapped[Made]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"))
    aliases: Mapped[list["FirmAlias"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (
        Index("ix_firm_name", "name"),
        Index("ix_firm_code", text(_CODE)),
        Index("ix_firm_made", "created_at", "id"),
        Index("ix_firm_merged", "merged_into", postgresql_where=_MERGED),
    )


class FirmAlias(Spelt, Base):
    """A name of a firm, its own included; a name belongs to one firm. `stem` finds kin names (extractor/kinship.py)."""

    __tablename__ = "firm_alias"

    key: Mapped[str] = mapped_column(primary_key=True)
    alias: Mapped[str]
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    stem: Mapped[str | None] = mapped_column(index=True)


class RegisterEdit(Base):
    """One edit of a bank or firm by the operator's hand: `what` was done, the values `before` and `after` it, `via` the
    API, the dashboard or the terminal; `by` is none there, and where that subscriber is no more."""

    __tablename__ = "register_edit"

    id: Mapped[Id]
    kind: Mapped[str]
    row_id: Mapped[UUID]
    what: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("subscriber.id", ondelete="SET NULL"))
    via: Mapped[str]
    at: Mapped[Made]

    __table_args__ = (Index("ix_register_edit_row", "row_id", "at", "id"),)


class LexiconChange(Base):
    """A tick: registers or watched names changed, so running extractors load their lexicon anew."""

    __tablename__ = "lexicon_change"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Made]
    what: Mapped[str]


class NameTable(Base):
    """All names of large registers as one block of bytes (extractor/name_table.py), as of `change` and `since`."""

    __tablename__ = "name_table"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    change: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[Moment]
    names: Mapped[int]
    digest: Mapped[str]
    built_at: Mapped[Made]


class NameTablePart(Base):
    """One part of a name table's bytes; the parts in order are the whole."""

    __tablename__ = "name_table_part"

    table_id: Mapped[int] = mapped_column(ForeignKey("name_table.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
