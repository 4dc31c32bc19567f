"""The process that reads bodies for the ingest process, one after another, and may be killed over any of them.

Jobs come and answers go over a socket until the parent closes it or dies.
"""

import importlib
import os
import socket
import traceback
from collections.abc import Callable

from core.errors import RejectedInput
from ingest.errors import ReaderFailed
from ingest.formats.base import Body, Parsed
from ingest.reading import confine, fence, wire


def main(fd: str, parent: str, memory: str, module: str) -> None:
    """Read by `module`'s `read(Body) -> Parsed` what comes over the socket `fd`, until the other side is gone.

    `parent` is the parent's process id, `memory` what this process may ever hold, in bytes.
    """
    reading: Callable[[Body], Parsed] = importlib.import_module(module).read
    confine.for_life(int(parent), memory=int(memory))
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # libraries grumble of bad input; until now it told of our own faults
    with socket.socket(fileno=int(fd)) as line:
        fence.close()
        wire.send(line, wire.READY)
        while _one(line, reading):
            pass


def _one(line: socket.socket, reading: Callable[[Body], Parsed]) -> bool:
    """Read one body and answer; False where no other is to come here."""
    try:
        job = wire.receive(line)
    except (EOFError, OSError):
        return False
    body, limits = wire.unpack_job(*job)
    del job
    wire.send(line, wire.TAKEN)
    confine.for_body(**limits._asdict())
    answer = _answer(body, reading)
    confine.after_body()
    wire.send(line, *answer)
    return answer[0] != wire.NO_MEMORY


def _answer(body: Body, reading: Callable[[Body], Parsed]) -> tuple[bytes, bytes]:
    try:
        return wire.pack_parsed(reading(body))
    except MemoryError:
        return wire.NO_MEMORY, b""
    except ReaderFailed as error:
        return wire.pack_error(ReaderFailed(f"{body.url}: {error}"))
    except RejectedInput as error:
        return wire.pack_error(error)
    except BaseException as error:  # SystemExit too: nothing that a body brings about ends the reader
        return wire.pack_error(error, trace=traceback.format_exc())
