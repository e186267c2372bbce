"""What the tests of the store share: contents, paths, and ways to do damage."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from efile.kernel.errors import Refusal
from efile.storage import Store, Stored

MB = 1024 * 1024
LARGE = 3 * MB
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SINCE = datetime(2021, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)


def keep(store: Store, content: bytes) -> Stored:
    return store.write([content], max_bytes=100 * MB)


def content_of(size: int) -> bytes:
    return bytes(range(256)) * (size // 256)


def path_of(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256[2:4] / sha256


def files_in(root: Path) -> list[str]:
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path.name for path in found if path.name != ".lock")


def alter(path: Path, *, at: int = 0) -> None:
    """Turn one byte and hide it: size and time of modification stay as they were."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))
    # Until the file system's clock has ticked, so that this is no matter of luck.
    while path.stat().st_ctime_ns == before.st_ctime_ns:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def age(path: Path) -> None:
    os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))


def refused(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value
