"""API keys of one's own: made for each program, with no more than the asking key may do, and revoked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from yinqi.base import Answer
from yinqi.problems import plain

M = TypeVar("M", bound=BaseModel)
Id = UUID | str
Scope = Literal["read", "write", "admin"]


class Key(Answer):
    """A key by which it can be told and not used: `prefix` is how it begins, `asking`: it is the one that asked.

    `last_used_at` is exact to ten minutes.
    """

    id: UUID
    name: str | None
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    asking: bool


class NewKey(Key):
    """A key that was just made; `key` is shown this once."""

    key: str


class _Asks(Protocol):
    """What the client has that asks."""

    def _pages(self, path: str, model: type[M], limit: int, filters: Mapping[str, Any]) -> Iterator[M]: ...

    def _call(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any: ...


class Keys:
    """The part of the client that speaks of its subscriber's keys."""

    def keys(self: _Asks, *, limit: int = 50) -> Iterator[Key]:
        """Your keys, newest first; those that were revoked or expired too."""
        return self._pages("/v1/keys", Key, limit, {})

    def key(self: _Asks, key_id: Id) -> Key:
        """One of your keys."""
        return Key.model_validate(self._call("GET", f"/v1/keys/{key_id}"))

    def create_key(
        self: _Asks, name: str, scopes: Sequence[Scope] = ("read",), *, expires_at: datetime | str | None = None
    ) -> NewKey:
        """A further key, with no scope that the asking one lacks, and good no longer; `key` is shown this once."""
        body = plain({"name": name, "scopes": list(scopes), "expires_at": expires_at})
        return NewKey.model_validate(self._call("POST", "/v1/keys", json=body))

    def revoke_key(self: _Asks, key_id: Id) -> None:
        """It is good no longer, at once and for ever."""
        self._call("DELETE", f"/v1/keys/{key_id}")
