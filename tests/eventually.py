"""Waiting for another process, without guessing how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0


def eventually(question: Callable[[], T]) -> T:
    """The first true answer to ``question``; an AssertionError when none comes in a minute."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
