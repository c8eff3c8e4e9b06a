"""Lets a process read a file that another one has locked for writing.

The engine locks its file against every other process, and has no setting to read without a lock. Where the system says
that locks are not supported, as on some network drives, it reads all the same. So that is what it is told here, by a
filter on the system calls of this process (seccomp(2)): only that call is answered so, and for good.
"""

import ctypes
import errno
import platform
import struct
import sys

# Of the kernel's headers: the number of the architecture (audit.h) and of fcntl (unistd.h) on it.
ARCHITECTURES = {"x86_64": (0xC000003E, 72), "aarch64": (0xC00000B7, 25)}
F_SETLK = 6
# Places in what the filter is given (seccomp_data): number, architecture, lower half of the second argument.
NUMBER, ARCHITECTURE, COMMAND = 0, 4, 24
# Instructions of the filter (bpf_common.h): load a word, skip so many where it is not equal, answer.
LOAD, UNLESS, ANSWER = 0x20, 0x15, 0x06
ALLOWED, FAILS = 0x7FFF0000, 0x00050000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def can_read_without_lock() -> bool:
    """Whether this system has what it takes."""
    return sys.platform == "linux" and platform.machine() in ARCHITECTURES


def read_without_lock() -> None:
    """From now on this process, and what it starts, gets no locks on files; raises OSError."""
    architecture, fcntl = ARCHITECTURES[platform.machine()]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (UNLESS, 0, 5, architecture),
        (LOAD, 0, 0, NUMBER),
        (UNLESS, 0, 3, fcntl),
        (LOAD, 0, 0, COMMAND),
        (UNLESS, 0, 1, F_SETLK),
        (ANSWER, 0, 0, FAILS | errno.ENOTSUP),
        (ANSWER, 0, 0, ALLOWED),
    ]
    instructions = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.addressof(instructions))
    system = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)):
        if system.prctl(*call):
            raise OSError(ctypes.get_errno(), "prctl")
