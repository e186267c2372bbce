"""The store takes over files that lie on its disk, and looks at files before it keeps them."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from efile.storage import HEAD_BYTES, Store, Stored
from tests.efile.storing import SINCE, age, content_of, files_in, keep, path_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
def store(root: Path) -> Store:
    return Store(root)


def arrived(root: Path, content: bytes) -> Path:
    """A file on the store's disk that is not kept yet."""
    root.mkdir(exist_ok=True)
    path = root / "arrived"
    path.write_bytes(content)
    return path


class TestAdopt:
    def test_takes_a_file_over_without_copying_it(
        self, root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = content_of(2 * HEAD_BYTES)
        path = arrived(root, content)
        inode = path.stat().st_ino
        synced: list[int] = []
        fsync = os.fsync

        def recorded(descriptor: int) -> None:
            synced.append(os.fstat(descriptor).st_ino)
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", recorded)

        stored = store.adopt(path)

        assert stored == Stored(
            hashlib.sha256(content).hexdigest(), len(content), content[:HEAD_BYTES]
        )
        assert path_of(root, stored.sha256).stat().st_ino == inode == synced[0]
        assert not path.exists()
        assert store.open(stored.sha256).read() == content

    def test_leaves_nothing_where_the_content_was_known(self, root: Path, store: Store) -> None:
        stored = keep(store, b"known")
        path = arrived(root, b"known")
        assert store.adopt(path) == stored
        assert files_in(root) == [stored.sha256]

    def test_counts_as_handed_in_now(self, root: Path, store: Store) -> None:
        path = arrived(root, b"long ago")
        age(path)
        stored = store.adopt(path)
        assert not store.delete(stored.sha256, older_than=SINCE)

    @pytest.mark.parametrize("way", ["write", "adopt"])
    def test_keeps_out_what_does_not_pass(self, root: Path, store: Store, way: str) -> None:
        path = arrived(root, b"unfit") if way == "adopt" else root / "nothing"
        seen: list[bytes] = []

        def inspect(file: Any, stored: Stored) -> None:
            seen.append(file.read())
            raise ValueError(stored.sha256)

        ways = {
            "adopt": lambda: store.adopt(path, inspect=inspect),
            "write": lambda: store.write([b"unfit"], max_bytes=9, inspect=inspect),
        }
        with pytest.raises(ValueError, match=hashlib.sha256(b"unfit").hexdigest()):
            ways[way]()
        assert seen == [b"unfit"]
        assert files_in(root) == ([path.name] if way == "adopt" else [])
