"""Waiting for another process, without guessing how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0


def eventually(question: Callable[[], T], *, patience: float = PATIENCE) -> T:
    """The first true answer to ``question``; AssertionError when none comes in that time."""
    deadline = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
