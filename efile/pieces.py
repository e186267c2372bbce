"""The files of uploads that arrive in pieces: where they lie, and that one writer has each."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

from efile.disk import descriptor_of, disk, make_directory, sync_directory
from efile.kernel.errors import Conflict

_BUFFER: Final = 256 * 1024


class UploadLocked(Conflict):
    """Another request is writing to this upload."""

    code = "upload_locked"


def path_of(upload_id: UUID) -> Path:
    """Where the bytes lie, on the disk of the store."""
    return _folder() / str(upload_id)


@contextmanager
def locked(upload_id: UUID) -> Iterator[None]:
    """Keep others from writing. The kernel lets go of it when this process dies.

    A file beside the bytes, as those move into the store at the end.
    Refuses: UploadLocked, StorageUnavailable.
    """
    with ExitStack() as opened:
        with disk():
            if not _folder().is_dir():
                make_directory(_folder())
            lock = descriptor_of(_lock_of(upload_id), os.O_RDWR | os.O_CREAT)
            descriptor = opened.enter_context(lock)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadLocked from None
        yield


@contextmanager
def continued(upload_id: UUID, length: int) -> Iterator[BinaryIO]:
    """The file, cut back to ``length`` and to be written on; made where there is none.

    Refuses: StorageUnavailable.
    """
    path = path_of(upload_id)
    with disk():
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "r+b", _BUFFER)
    try:
        with disk():
            if is_new:
                sync_directory(path.parent)
            os.ftruncate(descriptor, length)
            file.seek(length)
        yield file
    finally:
        # Closing flushes; on a full disk that would hide the refusal we are leaving with.
        with suppress(OSError):
            file.close()


def synced(file: BinaryIO) -> None:
    """Wait until what was written is on the disk. Refuses: StorageUnavailable."""
    with disk():
        file.flush()
        os.fsync(file.fileno())


def length_of(upload_id: UUID) -> int:
    """How many bytes lie there; 0 where there is no file."""
    try:
        return path_of(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def clear(upload_id: UUID) -> None:
    """Remove what is there. Refuses: StorageUnavailable."""
    with disk():
        path_of(upload_id).unlink(missing_ok=True)
        _lock_of(upload_id).unlink(missing_ok=True)


def collect(is_known: Callable[[UUID], bool], *, older_than: datetime) -> int:
    """Remove what was last written to before then, and is known no more; returns how many."""
    removed = 0
    with disk():
        for path in sorted(_folder().glob("*")) if _folder().is_dir() else ():
            upload_id = UUID(path.stem)
            with suppress(FileNotFoundError):
                is_old = path.stat().st_mtime < older_than.timestamp()
                if is_old and not is_known(upload_id):
                    path.unlink()
                    removed += 1
    return removed


def _lock_of(upload_id: UUID) -> Path:
    return path_of(upload_id).with_suffix(".lock")


def _folder() -> Path:
    return Path(settings.STORAGE_ROOT) / ".arriving"
