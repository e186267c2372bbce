"""Rendered pages on disk: under their content's hash, never more than so much, never for long.

Whoever asks here has been let in: the cache knows nothing of rights. It may be deleted any time.
"""

import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache as once
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

from efile.disk import StorageUnavailable
from efile.kernel.clock import real_now
from efile.storage import ContentMissing, default_store

# Changes with what the renderer draws, so that nobody is shown what it no longer would.
EDITION: Final = "1"
# After eviction so much of the room is in use: evicting for every page would be all it does.
_LEFT: Final = 0.8
# Views of what is not on file (a letter before it is sent) are looked at once, and soon gone.
_PASSING_SECONDS: Final = 3600
# What a process writes before it looks whether there is too much.
_ROUNDS: Final = 16


class _Viewed(NamedTuple):
    """Everything kept of one file; ``used`` is when it was last looked at (seconds, true time)."""

    used: float
    size: int
    folder: Path


class Cache:
    """Small files under ``root/edition/ab/<sha256>/<name>``, written by several processes."""

    def __init__(self, root: Path, *, max_bytes: int) -> None:
        self._root = root / EDITION
        self._max_bytes = max_bytes
        self._written = 0

    def get(self, sha256: str, name: str, *, younger_than: float = math.inf) -> bytes | None:
        """What lies there; None when nothing does, it cannot be read, or it is older (seconds)."""
        path = self._folder(sha256) / name
        try:
            if real_now().timestamp() - path.stat().st_mtime > younger_than:
                return None
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path.parent)
        return content

    def put(self, sha256: str, name: str, content: bytes) -> None:
        """Keep ``content``; a disk that is full or read-only keeps nothing, and that is all."""
        folder = self._folder(sha256)
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, written = tempfile.mkstemp(dir=folder, prefix=".")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                Path(written).replace(folder / name)
            except OSError:
                Path(written).unlink(missing_ok=True)
                raise
        self._written += len(content)
        if self._written > self._max_bytes / _ROUNDS:
            self.trim()

    def trim(self, is_on_file: Callable[[str], bool] | None = None) -> int:
        """Forget what is gone from the file, then what nobody looked at for longest.

        Returns how many files' views went. ``is_on_file`` says whether content with this hash
        still lies in the store; by default the installation's store is asked.
        """
        self._written = 0
        is_on_file = is_on_file or _is_stored
        passing = real_now().timestamp() - _PASSING_SECONDS
        kept, gone = [], 0
        for viewed in self._viewed():
            if viewed.used < passing and not is_on_file(viewed.folder.name):
                gone += _remove(viewed)
            else:
                kept.append(viewed)
        used = sum(viewed.size for viewed in kept)
        if used <= self._max_bytes:
            return gone
        for viewed in sorted(kept):
            if used <= self._max_bytes * _LEFT:
                break
            used -= viewed.size
            gone += _remove(viewed)
        return gone

    def _folder(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _viewed(self) -> Iterator[_Viewed]:
        for folder in self._root.glob("??/*"):
            with suppress(OSError):
                size = sum(file.stat().st_size for file in folder.iterdir())
                yield _Viewed(folder.stat().st_mtime, size, folder)


def _remove(viewed: _Viewed) -> int:
    shutil.rmtree(viewed.folder, ignore_errors=True)
    return 1


def _is_stored(sha256: str) -> bool:
    try:
        default_store().open(sha256, verify=False).close()
    except ContentMissing:
        return False
    except StorageUnavailable:
        return True  # a disk that is away says nothing about what lies on it
    return True


def default_cache() -> Cache:
    """The installation's cache, at the setting ``VIEWS_ROOT``."""
    return _cache_at(Path(settings.VIEWS_ROOT), settings.VIEWS_MAX_BYTES)


@once
def _cache_at(root: Path, max_bytes: int) -> Cache:
    return Cache(root, max_bytes=max_bytes)
