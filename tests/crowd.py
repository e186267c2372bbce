"""Many at once: threads that begin together, each with a session of its own."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from django.db import connection

from efile.kernel.errors import Refusal

T = TypeVar("T")
# Nobody waits for ever for someone who failed before the start.
PATIENCE = 60.0


def together(count: int, act: Callable[[int], T]) -> list[T | Refusal]:
    """What each of ``count`` simultaneous calls gave: its answer, or how it was refused.

    The sessions are open before the first call begins. One crowd at a time on this machine: a
    server takes 100 sessions, and other test processes need theirs.
    """
    start = Barrier(count, timeout=PATIENCE)

    def one(number: int) -> T | Refusal:
        try:
            connection.ensure_connection()
            start.wait()
            return act(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with _only_crowd(), ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@contextmanager
def _only_crowd() -> Iterator[None]:
    lock = os.open(Path(tempfile.gettempdir(), "laufmappe-test-crowd.lock"), os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
