"""What the ingest process and its readers say to each other: plain data on a socket, never pickle.

A reader may have been taken over by what it read. So an answer is JSON of a bounded size that is validated strictly
into a Parsed, and an error is one of those listed in ingest.errors or none at all.
"""

import json
import socket
import struct
from dataclasses import fields, replace
from time import monotonic
from typing import Any, Final, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from core.errors import RejectedInput
from ingest import errors
from ingest.clean import storable
from ingest.errors import ReaderFailed
from ingest.formats.base import Body, Item, ItemError, Parsed

READY = b"ready"  # heads of the frames that come from a reader
TAKEN = b"taken"  # the body came; from here on what happens is of its doing
PARSED = b"parsed"
ERROR = b"error"
NO_MEMORY = b"memory"
LARGEST_ANSWER = 32 * 2**20  # bytes: the longest article (5,000,000 characters of three bytes each) twice
_LONGEST_MESSAGE = 2_000  # characters of an error's message, and of its trace
_FRAME = struct.Struct("!IQ")  # sizes of the head and of the tail
_PARSED: Final = TypeAdapter(Parsed, config=ConfigDict(ser_json_bytes="hex", val_json_bytes="hex"))
_ERROR: Final = TypeAdapter(tuple[str, str, str])


class Limits(NamedTuple):
    """What reading one body may take: seconds of wall time, bytes of memory (all of the reader's)."""

    seconds: float
    memory: int


def send(line: socket.socket, head: bytes, tail: bytes = b"") -> None:
    """One frame; TimeoutError after the socket's time-out, OSError where the other side is gone."""
    line.sendall(_FRAME.pack(len(head), len(tail)) + head)
    line.sendall(tail)


def receive(line: socket.socket, *, until: float | None = None, largest: int | None = None) -> tuple[bytes, bytes]:
    """One frame; EOFError where the other side is gone, TimeoutError where it is not whole at the moment `until`
    (of the monotonic clock), ReaderFailed where it is larger than `largest` bytes."""
    head, tail = _FRAME.unpack(_exactly(line, _FRAME.size, until))
    if largest is not None and head + tail > largest:
        raise _too_much(largest)
    return _exactly(line, head, until), _exactly(line, tail, until)


def pack_job(body: Body, limits: Limits) -> tuple[bytes, bytes]:
    """A body and its limits as a frame."""
    told = {field.name: getattr(body, field.name) for field in fields(body) if field.name != "content"}
    told["seen"] = body.seen.hex()
    return json.dumps({"limits": limits, "body": told}).encode(), body.content


def unpack_job(head: bytes, tail: bytes) -> tuple[Body, Limits]:
    """The way back."""
    told = json.loads(head)
    seen = bytes.fromhex(told["body"].pop("seen"))
    return Body(content=tail, seen=seen, **told["body"]), Limits(*told["limits"])


def pack_parsed(parsed: Parsed) -> tuple[bytes, bytes]:
    """What was read as a frame; ReaderFailed where it is more than anyone would keep."""
    try:
        told = _PARSED.dump_json(parsed)
    except PydanticSerializationError:  # lone surrogates, which no UTF-8 holds and no article keeps
        told = _PARSED.dump_json(_mended(parsed))
    if len(told) > LARGEST_ANSWER - 100:
        raise _too_much(LARGEST_ANSWER)
    return PARSED, told


def pack_error(error: BaseException, *, trace: str = "") -> tuple[bytes, bytes]:
    """Why nothing was read, as a frame; `trace` where that was not foreseen."""
    told = (type(error).__name__, storable(str(error))[:_LONGEST_MESSAGE], storable(trace)[-_LONGEST_MESSAGE:])
    return ERROR, _ERROR.dump_json(told)


def unpack_answer(head: bytes, tail: bytes, *, url: str) -> Parsed:
    """What was read at `url`; RejectedInput as the reader told it, ReaderFailed for what is out of form."""
    try:
        if head == PARSED:
            return _PARSED.validate_json(tail, strict=True)
        name, message, trace = _ERROR.validate_json(tail, strict=True)
    except ValidationError as error:
        raise ReaderFailed(f"{url}: its reader gave no proper answer") from error
    raise _error(name, message, trace, url)


def _error(name: str, message: str, trace: str, url: str) -> RejectedInput:
    """The error of that name in ingest.errors; any other was not foreseen."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, RejectedInput):
        return kind(message)
    unforeseen = ReaderFailed(f"{url}: unexpected {name}: {message.partition(chr(10))[0]}")
    unforeseen.trace = trace
    return unforeseen


def _too_much(largest: int) -> ReaderFailed:
    return ReaderFailed(f"what was found there is larger than {largest >> 20} MiB")


def _mended(parsed: Parsed) -> Parsed:
    told = tuple(ItemError(error.position, storable(error.reason)) for error in parsed.errors)
    return parsed._replace(items=tuple(map(_mended_item, parsed.items)), errors=told)


def _mended_item(item: Item) -> Item:
    texts: dict[str, Any] = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, str):
            texts[field.name] = storable(value)
    return replace(item, **texts)


def _exactly(line: socket.socket, size: int, until: float | None) -> bytes:
    parts, missing = [], size
    while missing:
        if until is not None:
            line.settimeout(max(0.001, until - monotonic()))  # 0 would mean: do not wait at all
        part = line.recv(min(missing, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
