"""Content-addressed storage: bytes lie under their SHA-256, durable before anyone names them."""

import errno
import fcntl
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Container, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

from django.conf import settings

from efile.disk import (
    StorageUnavailable,
    descriptor_of,
    disk,
    make_directory,
    names_in,
    sync_directory,
)
from efile.kernel.errors import FieldError, Invalid, Unavailable

Fault = Literal["missing", "altered"]

# So much of the beginning a write hands back, to tell the media type from.
HEAD_BYTES = 8 * 1024
_CHUNK = 256 * 1024
# Content up to this size is read and verified in one go, larger content is hashed beforehand.
_WHOLE = 1024 * 1024
_ASSURED_MAX = 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PAIR = re.compile(r"[0-9a-f]{2}")
_ANY = re.compile(r".+")


class ContentMissing(Unavailable):
    """Nothing lies under this hash. Facts: ``sha256``."""

    code = "content_missing"


class ContentAltered(Unavailable):
    """What lies under this hash does not have it any more. Facts: ``sha256``."""

    code = "content_altered"


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: hash (64 hex digits), size in bytes, the first ``HEAD_BYTES``."""

    sha256: str
    size: int
    head: bytes


# Looks at a file before it is kept; what it raises keeps it out.
Inspection = Callable[[BinaryIO, Stored], None]


class StoredFile(NamedTuple):
    """A file found in the store; ``mtime`` (UTC) is when its content was last handed in."""

    sha256: str
    size: int
    mtime: datetime


class Store:
    """Content under ``root/ab/cd/<sha256>``, readable by our account alone.

    A file appears under its hash only as a whole and only after its bytes are on the disk;
    after that it is never written to. Several processes may share a store. Every time here is
    the file system's, so compare with the true time, never with the demo clock's.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / ".incoming"
        # One byte per leaf directory whose own name is known to be on the disk.
        self._anchored = bytearray(0x10000)
        self._assured: dict[str, tuple[int, ...]] = {}

    def write(
        self,
        source: Iterable[bytes] | BinaryIO,
        *,
        max_bytes: int,
        expected_sha256: bytes | None = None,
        pointer: str = "",
        inspect: Inspection | None = None,
    ) -> Stored:
        """Keep what ``source`` yields; when this returns, it survives a power cut.

        Memory stays flat whatever the size. Content that lies there intact is not written
        again, damaged content is healed. ``expected_sha256`` is the raw digest (RFC 9530),
        ``pointer`` names the input in a refusal. ``inspect`` reads the whole before it gets its
        place. What ``source`` or ``inspect`` raises passes through.

        Refuses: Invalid (rules ``max_bytes``, ``content_digest``), StorageUnavailable; then, and
        whatever else was raised, nothing is left behind.
        """
        digest, size, head = hashlib.sha256(), 0, bytearray()
        with self._temporary() as (file, name):
            for chunk in _chunks(source):
                size += len(chunk)
                if size > max_bytes:
                    raise Invalid([FieldError(pointer, "max_bytes", {"max_bytes": max_bytes})])
                digest.update(chunk)
                if len(head) < HEAD_BYTES:
                    head += chunk[: HEAD_BYTES - len(head)]
                with disk():
                    file.write(chunk)
            if expected_sha256 is not None and digest.digest() != expected_sha256:
                raise Invalid([FieldError(pointer, "content_digest")])
            stored = Stored(digest.hexdigest(), size, bytes(head))
            if inspect:
                with disk():
                    file.flush()
                _inspect(Path(name), stored, inspect)
            with disk():
                self._place(file, name, stored)
        return stored

    def adopt(self, path: Path, *, inspect: Inspection | None = None) -> Stored:
        """Keep the file at ``path``, which lies on the store's disk, without copying it.

        The same durability as ``write``. Afterwards there is nothing at ``path``; what ``inspect``
        raises passes through and leaves it there. Refuses: StorageUnavailable.
        """
        with disk(), path.open("rb", buffering=0) as file:
            stored = Stored(_hash(file), os.fstat(file.fileno()).st_size, file.read(HEAD_BYTES))
        if inspect:
            _inspect(path, stored, inspect)
        with disk(), path.open("rb", buffering=0) as file:
            os.utime(path)  # it is handed in now, whenever its last byte came
            self._place(file, str(path), stored)
            path.unlink(missing_ok=True)
        return stored

    def open(self, sha256: str, *, verify: bool = True) -> BinaryIO:
        """The content, seekable, verified before the first byte is handed out.

        A large file that changes while it is read is hashed again before its next byte. With
        ``verify=False`` the reader does its own checking.

        Refuses: ContentMissing, ContentAltered, StorageUnavailable (and so does reading).
        """
        with ExitStack() as opened, disk():
            file = opened.enter_context(self._file(sha256))
            if verify and os.fstat(file.fileno()).st_size <= _WHOLE:
                content = file.readall()
                if hashlib.sha256(content).hexdigest() != sha256:
                    raise ContentAltered(sha256=sha256)
                return io.BytesIO(content)
            if verify:
                self._assure(sha256, file)
                file.check = partial(self._assure, sha256)
            opened.pop_all()
            return io.BufferedReader(file, _CHUNK)

    def read_range(self, sha256: str, start: int, stop: int) -> Generator[bytes, None, None]:
        """The bytes from ``start`` up to ``stop`` (exclusive, like a slice), piece by piece.

        Verified like ``open``, before this returns; when asked again, large content is hashed
        again only if its file has changed. Close what you do not read to the end.
        Refuses: as ``open``.
        """
        if not 0 <= start <= stop:
            raise ValueError(f"not a range: {start} to {stop}")
        pieces = _pieces(self.open(sha256), start, stop)
        next(pieces)  # enter it: a generator that was never begun closes nothing
        return pieces

    def verify(self, sha256: str, size: int) -> Fault | None:
        """What is wrong with the content said to have ``size`` bytes, read from end to end.

        Refuses: StorageUnavailable, when that cannot be told.
        """
        try:
            with disk(), self._file(sha256) as file:
                intact = os.fstat(file.fileno()).st_size == size and _hash(file) == sha256
        except ContentMissing:
            return "missing"
        except (ContentAltered, StorageUnavailable) as refusal:
            # A bad sector is damage to this content; a disk that is gone says nothing about it.
            if refusal.facts.get("reason", "EIO") != "EIO":
                raise
            intact = False
        return None if intact else "altered"

    def iter_stored(self, beginnings: Container[str] | None = None) -> Iterator[StoredFile]:
        """Everything in the store, in the order of the hashes. Refuses: StorageUnavailable.

        With ``beginnings`` only the hashes whose first two digits are among them.
        """
        with disk():
            for first in names_in(self._root, _PAIR):
                if beginnings is not None and first not in beginnings:
                    continue
                for second in names_in(self._root / first, _PAIR):
                    for sha256 in names_in(self._root / first / second, _SHA256):
                        try:
                            found = os.lstat(self._path(sha256))
                        except FileNotFoundError:
                            continue  # deleted in the meantime, or in another's directory
                        yield StoredFile(sha256, found.st_size, _modified(found))

    def delete(self, sha256: str, *, older_than: datetime | None = None) -> bool:
        """Remove the content for good; whether something was removed.

        With ``older_than`` content that was handed in since stays. So a collector that looks
        for references and then deletes never takes what was written again in between.
        Refuses: StorageUnavailable.
        """
        path = self._path(sha256)
        with disk(), suppress(FileNotFoundError):
            with self._lock(fcntl.LOCK_EX):
                if older_than is not None and _modified(os.lstat(path)) >= older_than:
                    return False
                os.unlink(path)
            sync_directory(path.parent)
            return True
        return False

    def collect_temporary(self, older_than: datetime) -> int:
        """Remove what writers that died left behind; returns how many files.

        A file that was written to since ``older_than`` may belong to a living writer and
        stays. Refuses: StorageUnavailable.
        """
        collected = 0
        with disk():
            for name in names_in(self._incoming, _ANY):
                with suppress(FileNotFoundError):
                    if _modified(os.lstat(self._incoming / name)) < older_than:
                        os.unlink(self._incoming / name)
                        collected += 1
        return collected

    def probe(self) -> None:
        """Write, sync and remove a tiny file: is the disk willing? Refuses: StorageUnavailable."""
        with self._temporary() as (file, _name), disk():
            file.write(b"probe")
            file.flush()
            os.fsync(file.fileno())

    def _path(self, sha256: str) -> Path:
        # The only way from a name to a path: nothing but a hash leads into the store.
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _file(self, sha256: str) -> "_WatchedFile":
        path = self._path(sha256)
        try:
            return _WatchedFile(path, opener=lambda p, flags: os.open(p, flags | os.O_NOFOLLOW))
        except FileNotFoundError:
            raise ContentMissing(sha256=sha256) from None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR):  # a link or a directory
                raise ContentAltered(sha256=sha256) from None
            raise

    def _assure(self, sha256: str, file: io.FileIO) -> None:
        """Hash the file, unless this very state of it has been hashed before."""
        identity = _identity(file)
        if self._assured.get(sha256) == identity:
            return
        if _hash(file) != sha256:
            raise ContentAltered(sha256=sha256)
        if len(self._assured) >= _ASSURED_MAX:
            self._assured.clear()
        self._assured[sha256] = identity

    @contextmanager
    def _temporary(self) -> Iterator[tuple[BinaryIO, str]]:
        """A new file beside the content, and its name; gone afterwards, unless it was placed."""
        with disk():
            if not self._incoming.is_dir():
                make_directory(self._incoming)
            descriptor, name = tempfile.mkstemp(dir=self._incoming)
        file = os.fdopen(descriptor, "wb", _CHUNK)
        try:
            yield file, name
        finally:
            # Closing flushes; on a full disk that would hide the refusal we are leaving with.
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                os.unlink(name)

    def _place(self, file: BinaryIO | io.FileIO, name: str, stored: Stored) -> None:
        """Sync a file beside the content, give it its place, and sync the way to that place."""
        path = self._path(stored.sha256)
        leaf = int(stored.sha256[:4], 16)
        for directory in (path.parent.parent, path.parent):
            with suppress(FileExistsError):
                directory.mkdir(mode=0o700)
                self._anchored[leaf] = False
        file.flush()
        os.fsync(file.fileno())
        with self._lock(fcntl.LOCK_SH):
            if self.verify(stored.sha256, stored.size) is None:
                os.utime(path)  # handed in again: a collector at work must spare it
            else:
                os.replace(name, path)
        sync_directory(path.parent)
        # Directories that were there may have been made by another process a moment ago, so
        # their names are synced as well, once per process.
        if not self._anchored[leaf]:
            sync_directory(path.parent.parent)
            sync_directory(self._root)
            self._anchored[leaf] = True

    @contextmanager
    def _lock(self, how: int) -> Iterator[None]:
        # Writers share it, so only deleting waits: it must not fall between a writer's look
        # at present content and its claim on it. A file, as NFS locks no directories.
        with descriptor_of(self._root / ".lock", os.O_RDWR | os.O_CREAT) as lock:
            fcntl.flock(lock, how)
            yield


def default_store() -> Store:
    """The installation's store, at the setting ``STORAGE_ROOT``."""
    return _store_at(Path(settings.STORAGE_ROOT))


_store_at = cache(Store)


class _WatchedFile(io.FileIO):
    """A file that is checked after each read, before the bytes are handed on."""

    check: Callable[[io.FileIO], None] | None = None

    def readinto(self, buffer: Any, /) -> int | None:
        with disk():
            count = super().readinto(buffer)
            if self.check:
                self.check(self)
        return count

    def readall(self) -> bytes:
        with disk():
            content = super().readall()
            if self.check:
                self.check(self)
        return content


def _inspect(path: Path, stored: Stored, inspect: Inspection) -> None:
    """Outside of ``disk()``: what a scanner's socket raises is no refusal of the disk."""
    with path.open("rb") as content:
        inspect(content, stored)


def _chunks(source: Iterable[bytes] | BinaryIO) -> Iterator[bytes]:
    # What can be read is not iterated: a file's lines may be as long as the file.
    read = getattr(source, "read", None)
    return iter(partial(read, _CHUNK), b"") if read else iter(source)


def _pieces(file: BinaryIO, start: int, stop: int) -> Generator[bytes, None, None]:
    with file:
        yield b""
        file.seek(start)
        while piece := file.read(min(_CHUNK, stop - start)):
            start += len(piece)
            yield piece


def _hash(file: io.FileIO) -> str:
    # By pread, so that a reader's position stays where it is.
    digest, offset = hashlib.sha256(), 0
    while chunk := os.pread(file.fileno(), _CHUNK, offset):
        digest.update(chunk)
        offset += len(chunk)
    return digest.hexdigest()


def _identity(file: io.FileIO) -> tuple[int, ...]:
    # With ctime, which, unlike mtime, nobody can set back.
    now = os.fstat(file.fileno())
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


def _modified(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)
