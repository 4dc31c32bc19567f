"""What a reader may not ask of Linux's kernel, whatever it has read: a seccomp filter, which needs no privilege.

It has its open socket to the parent and may read files. It makes no other socket, runs no other program, looks into no
other process, and removes or renames no file (confine sees to it that it writes none). See seccomp(2) and the
kernel's Documentation/userspace-api/seccomp_filter.rst; numbers are those of each machine's unistd.h.
"""

import ctypes
import errno
import platform
import struct
import sys
from typing import NamedTuple


class _Machine(NamedTuple):
    """`architecture` as the kernel tells it to filters (linux/audit.h), and the numbers of the calls by name."""

    architecture: int
    calls: dict[str, int]


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        {
            "socket": 41, "connect": 42, "bind": 49, "execve": 59, "execveat": 322, "ptrace": 101,
            "process_vm_readv": 310, "process_vm_writev": 311, "io_uring_setup": 425, "truncate": 76,
            "rename": 82, "renameat": 264, "renameat2": 316, "rmdir": 84, "unlink": 87, "unlinkat": 263,
        },
    ),
    "aarch64": _Machine(
        0xC00000B7,
        {
            "socket": 198, "connect": 203, "bind": 200, "execve": 221, "execveat": 281, "ptrace": 117,
            "process_vm_readv": 270, "process_vm_writev": 271, "io_uring_setup": 425, "truncate": 45,
            "renameat": 38, "renameat2": 276, "unlinkat": 35,
        },
    ),
}  # fmt: skip
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE = 0, 4  # places in struct seccomp_data
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_OTHER_ABI = 0x40000000  # x32 calls of x86_64, which have numbers of their own


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def close() -> bool:
    """Close the fence around this process, for good; False where the system knows none."""
    machine = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if machine is None:
        return False
    steps = _steps(machine)
    program = _Program(len(steps) // 8, steps)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_FILTER, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(machine: _Machine) -> bytes:
    """The filter: calls of another architecture or ABI are refused, then those that are listed; all others go."""
    numbers = list(machine.calls.values())
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, len(numbers) + 1, 0, _OTHER_ABI),
    ]
    steps += [(_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
