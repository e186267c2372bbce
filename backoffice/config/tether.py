"""Starts a program that ends with its parent and, where asked, without the parent's root rights.

The module runs as a script between fork and the program itself, because what it does (Linux
``prctl``) must happen inside the child and is not safe between fork and exec of a process that
has threads.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522


def tethered(
    command: Sequence[str], *, at_parents_end: signal.Signals, account: str = ""
) -> list[str]:
    """The command line that runs ``command`` tethered to the calling thread.

    The program gets ``at_parents_end`` as soon as the calling *thread* is gone, also after a
    ``kill -9``; elsewhere than on Linux it is started untethered. With ``account`` (a user name)
    it runs as that user, and may still pass through folders that only root may enter.
    """
    own_file = str(Path(__file__).resolve())
    tether = [sys.executable, "-I", "-S", own_file, str(os.getpid()), str(int(at_parents_end))]
    return [*tether, account, *command]


def main(arguments: Sequence[str]) -> None:
    """Become the program: ``PARENT SIGNAL ACCOUNT PROGRAM [ARGUMENT …]``."""
    parent, at_parents_end, account, *command = arguments
    if account:
        _become(pwd.getpwnam(account))
    if sys.platform == "linux":
        # After the change of user: Linux forgets this signal when the user changes.
        _prctl(PR_SET_PDEATHSIG, int(at_parents_end))
        if os.getppid() != int(parent):  # the parent died before the line above
            sys.exit(1)
    # Python ignores these two, and ignored signals would stay so in the program.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execvp(command[0], command)


def _become(account: pwd.struct_passwd) -> None:
    """Change to ``account`` for good.

    Of root's rights one is kept: to pass through folders. A check-out in a home folder or a
    private temporary one is closed to everybody else, and opening it would be worse.
    """
    if sys.platform == "linux":
        _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if sys.platform == "linux":
        for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            if _keep_only(capability):
                _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)
                return


def _keep_only(capability: int) -> bool:
    """Give up every capability but this one; False when it is not ours to keep."""
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable: first for capabilities 0 to 31, then for the others
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    return bool(ctypes.CDLL(None).capset(header, sets) == 0)


def _prctl(option: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    if libc.prctl(ctypes.c_int(option), *padded) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), f"prctl({option})")


if __name__ == "__main__":
    main(sys.argv[1:])
