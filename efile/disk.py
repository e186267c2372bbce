"""The disk, spoken to so that what is written survives: its refusals, directories, syncing."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from efile.kernel.errors import Unavailable


class StorageUnavailable(Unavailable):
    """The disk refused: full, read-only, gone. Facts: ``reason``, the name of the errno."""

    code = "storage_unavailable"


@contextmanager
def disk() -> Iterator[None]:
    """Around what touches the disk: its errors refuse with StorageUnavailable."""
    try:
        yield
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "unknown")
        raise StorageUnavailable(reason=reason) from error


def names_in(directory: Path, pattern: re.Pattern[str]) -> list[str]:
    """The names in ``directory`` that fit, in their order; none where there is no directory."""
    try:
        return sorted(name for name in os.listdir(directory) if pattern.fullmatch(name))
    except (FileNotFoundError, NotADirectoryError):
        return []


def make_directory(directory: Path) -> None:
    """Make it and what is missing above it, for our account alone, and sync each new name."""
    if not directory.parent.is_dir():
        make_directory(directory.parent)
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """Put the names in ``directory`` on the disk."""
    with descriptor_of(directory, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        os.fsync(descriptor)


@contextmanager
def descriptor_of(path: Path, flags: int) -> Iterator[int]:
    """``path`` opened, for our account alone if that makes it."""
    descriptor = os.open(path, flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
