"""A file of 100 MB in pieces (tus): how fast, and how much memory the web workers take for it."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.client import Attachment, Portal

MEGABYTE = 1024 * 1024
LOOK_EVERY = 0.05


def measure(
    portal: Portal, memory: Callable[[], list[float]], folder: Path, *, megabytes: int = 100
) -> dict[str, Any]:
    """MB/s, and the resident memory (MB) of each worker before, at most meanwhile, and after.

    ``memory`` tells that of the workers now; ``folder`` is where the file is made.
    """
    path = folder / "large.txt"
    line = os.urandom(MEGABYTE // 2).hex().encode()
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(line)
    before, most, over = memory(), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY):
            most[0] = max([most[0], *memory()])

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.perf_counter()
    try:
        portal.upload(Attachment(path, path.name, "text/plain"))
    finally:
        over.set()
        watching.join()
    seconds = time.perf_counter() - began
    return {
        "megabytes": megabytes,
        "MB per second": megabytes / seconds,
        "memory before, MB": before,
        "memory at most, MB": most[0],
        "memory after, MB": memory(),
    }
