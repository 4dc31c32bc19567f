"""What a test's reader reads by: bodies that name what is to go wrong (see test_isolate). It runs in the child."""

import ctypes
import os
import re
import signal
import socket
import sys
import time
from pathlib import Path

from core.errors import TemporaryFailure
from ingest import formats
from ingest.errors import Challenged
from ingest.formats.base import Body, Item, Parsed

_KEPT: list[bytearray] = []


def read(body: Body) -> Parsed:
    """`name` or `name argument`; anything else is read as usual."""
    name, _, argument = body.content.decode("latin-1").partition(" ")
    act = _ACTS.get(name)
    return act(argument) if act else formats.read(body)


def _say(text: str) -> Parsed:
    return Parsed((Item(title=str(os.getpid()), text=text),))


def _hang(_: str) -> Parsed:
    time.sleep(60)
    return _say("awake")


def _spin(_: str) -> Parsed:
    re.match(r"(a+)+b", "a" * 60)  # in C, holding the interpreter
    return _say("done")


def _eat(megabytes: str) -> Parsed:
    for _ in range(int(megabytes)):
        _KEPT.append(bytearray(b"x" * 2**20))
    return _say("full")


def _crash(number: str) -> Parsed:
    os.kill(os.getpid(), int(number))
    return _say("alive")


def _exit(status: str) -> Parsed:
    os._exit(int(status))


def _quit(_: str) -> Parsed:
    sys.exit(3)


def _deaf(_: str) -> Parsed:
    """Nothing that can be blocked ends it, and its alarm is off."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    time.sleep(60)
    return _say("awake")


def _refuse(_: str) -> Parsed:
    raise Challenged("a page that wants a browser")


def _slip(_: str) -> Parsed:
    raise ZeroDivisionError("nobody\nforesaw this")


def _tempt(_: str) -> Parsed:
    raise TemporaryFailure("try again")


def _swell(megabytes: str) -> Parsed:
    return _say("长" * (int(megabytes) * 2**20 // 3))


def _forge(kind: str) -> Parsed:
    """Past everything of ours: bytes of its own straight to the parent."""
    answers = {
        "garbage": b"\x80\x04cos\nsystem\n",
        "types": b'[[{"title":1,"text":null}],[],null]',
        "huge": b"",
    }
    tail = answers[kind]
    size = 2**40 if kind == "huge" else len(tail)
    line = socket.socket(fileno=int(sys.argv[1]))
    line.sendall((6).to_bytes(4, "big") + size.to_bytes(8, "big") + b"parsed" + tail)
    time.sleep(60)
    return _say("over")


def _write(path: str) -> Parsed:
    with Path(path).open("wb") as file:
        file.write(b"x" * 100)
    return _say("written")


def _connect(port: str) -> Parsed:
    socket.create_connection(("127.0.0.1", int(port)))
    return _say("connected")


def _run(_: str) -> Parsed:
    os.execv("/bin/true", ["true"])


def _delete(path: str) -> Parsed:
    Path(path).unlink()
    return _say("deleted")


def _rename(path: str) -> Parsed:
    Path(path).rename(f"{path}.taken")
    return _say("renamed")


def _spy(pid: str) -> Parsed:
    """Reads another process's memory, as debuggers do (PTRACE_ATTACH is 16)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, int(pid), 0, 0) == 0:
        return _say("attached")
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _environment(_: str) -> Parsed:
    return _say(" ".join(sorted(os.environ)))


def _files(_: str) -> Parsed:
    held = [f"/proc/self/fd/{number}" for number in range(64)]
    return _say(" ".join(os.path.realpath(path) for path in held if os.path.lexists(path)))


def _surrogates(_: str) -> Parsed:
    return _say("半\ud800个")


_ACTS = {
    "say": _say,
    "hang": _hang,
    "spin": _spin,
    "eat": _eat,
    "crash": _crash,
    "exit": _exit,
    "quit": _quit,
    "deaf": _deaf,
    "refuse": _refuse,
    "slip": _slip,
    "tempt": _tempt,
    "swell": _swell,
    "forge": _forge,
    "write": _write,
    "connect": _connect,
    "run": _run,
    "delete": _delete,
    "rename": _rename,
    "spy": _spy,
    "environment": _environment,
    "files": _files,
    "surrogates": _surrogates,
}
