"""The content-addressed store: writing and removing, on real files."""

import errno
import fcntl
import hashlib
import io
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from efile.disk import StorageUnavailable
from efile.kernel.errors import FieldError, Invalid
from efile.storage import HEAD_BYTES, Store, Stored, default_store
from tests.efile.storing import (
    FAR_AHEAD,
    LARGE,
    LONG_AGO,
    MB,
    SINCE,
    age,
    alter,
    content_of,
    files_in,
    keep,
    path_of,
    refused,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
def store(root: Path) -> Store:
    return Store(root)


def run(root: Path, script: str) -> "subprocess.Popen[bytes]":
    prelude = "import os, signal, sys; from pathlib import Path; from efile.storage import Store\n"
    command = [sys.executable, "-c", prelude + script, str(root)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])


class TestWrite:
    @pytest.mark.parametrize(
        "source",
        [
            pytest.param(lambda content: [content], id="one piece"),
            pytest.param(lambda content: iter([content[:10], b"", content[10:]]), id="pieces"),
            pytest.param(io.BytesIO, id="a file"),
        ],
    )
    def test_tells_hash_size_and_beginning(
        self, store: Store, source: Callable[[bytes], Any]
    ) -> None:
        content = content_of(2 * HEAD_BYTES)

        stored = store.write(source(content), max_bytes=len(content))

        sha256 = hashlib.sha256(content).hexdigest()
        assert stored == Stored(sha256, len(content), content[:HEAD_BYTES])
        assert store.open(sha256).read() == content

    @given(st.lists(st.binary(max_size=2000), max_size=8), st.data())
    @hypothesis_settings(max_examples=60, deadline=None)
    def test_gives_back_what_it_took(self, pieces: list[bytes], data: st.DataObject) -> None:
        content = b"".join(pieces)
        start = data.draw(st.integers(0, len(content) + 2))
        stop = data.draw(st.integers(start, len(content) + 5))
        with TemporaryDirectory() as root:
            store = Store(Path(root))
            stored = store.write(iter(pieces), max_bytes=len(content))
            assert store.open(stored.sha256).read() == content
            assert b"".join(store.read_range(stored.sha256, start, stop)) == content[start:stop]
            assert store.verify(stored.sha256, len(content)) is None

    def test_keeps_memory_flat(self, store: Store) -> None:
        tracemalloc.start()
        stored = store.write((bytes(65536) for _ in range(800)), max_bytes=50 * MB)
        with store.open(stored.sha256) as one_long_line:
            assert store.write(one_long_line, max_bytes=50 * MB) == stored
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert stored.size == 50 * MB
        assert peak < 2 * MB

    def test_names_bytes_only_once_they_are_on_the_disk(
        self, root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(store, b"there before")
        calls: list[tuple[str, str]] = []
        fsync, replace = os.fsync, os.replace

        def recorded_fsync(descriptor: int) -> None:
            path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
            calls.append(("sync", str(path.relative_to(root))))
            assert path.is_dir() or path.read_bytes() == b"content"
            fsync(descriptor)

        def recorded_replace(old: str, new: Path) -> None:
            calls.append(("name", str(new.relative_to(root))))
            replace(old, new)

        monkeypatch.setattr(os, "fsync", recorded_fsync)
        monkeypatch.setattr(os, "replace", recorded_replace)
        sha256 = keep(store, b"content").sha256
        first, leaf = sha256[:2], f"{sha256[:2]}/{sha256[2:4]}"

        assert calls[0][0] == "sync"
        assert calls[0][1].startswith(".incoming/")
        assert calls[1:] == [
            ("name", f"{leaf}/{sha256}"),
            ("sync", leaf),
            ("sync", first),
            ("sync", "."),
        ]

        # Another process finds the directories and cannot know whether they were synced.
        calls.clear()
        other = Store(root)
        keep(other, b"content")
        assert calls[1:] == [("sync", leaf), ("sync", first), ("sync", ".")]

        calls.clear()
        keep(other, b"content")
        assert calls[1:] == [("sync", leaf)]

        calls.clear()
        shutil.rmtree(root / first)
        keep(other, b"content")
        assert calls[2:] == [("sync", leaf), ("sync", first), ("sync", ".")]

    def test_lets_nobody_else_read(self, root: Path, store: Store) -> None:
        before = os.umask(0)
        try:
            keep(store, b"secret")
        finally:
            os.umask(before)

        modes = {
            (path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [root, *root.rglob("*")]
        }
        assert modes == {(True, 0o700), (False, 0o600)}

    def test_refuses_what_is_too_large_without_reading_on(self, root: Path, store: Store) -> None:
        taken = count()
        source = (b"x" * 1000 for _ in taken)

        refusal = refused(lambda: store.write(source, max_bytes=2500, pointer="/file"))

        assert isinstance(refusal, Invalid)
        assert refusal.errors == (FieldError("/file", "max_bytes", {"max_bytes": 2500}),)
        assert next(taken) == 3
        assert files_in(root) == []

    def test_refuses_other_content_than_announced(self, root: Path, store: Store) -> None:
        announced = hashlib.sha256(b"announced").digest()

        refusal = refused(
            lambda: store.write([b"arrived"], max_bytes=99, expected_sha256=announced)
        )

        assert isinstance(refusal, Invalid)
        assert refusal.errors == (FieldError("", "content_digest"),)
        assert files_in(root) == []
        stored = store.write([b"announced"], max_bytes=99, expected_sha256=announced)
        assert files_in(root) == [stored.sha256]

    def test_passes_on_what_breaks_the_source(self, root: Path, store: Store) -> None:
        def source() -> Iterator[bytes]:
            yield b"half of it"
            raise ConnectionResetError(errno.ECONNRESET, "sender gone")

        with pytest.raises(ConnectionResetError):
            store.write(source(), max_bytes=99)

        assert files_in(root) == []

    def test_refuses_when_the_disk_takes_no_more(self, root: Path, store: Store) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MB, hard))
        try:
            pieces = [content_of(100_000)] * 30
            refusal = refused(lambda: store.write(pieces, max_bytes=LARGE))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert isinstance(refusal, StorageUnavailable)
        assert refusal.facts == {"reason": "EFBIG"}
        assert files_in(root) == []

    def test_writes_intact_content_once(self, root: Path, store: Store) -> None:
        stored = keep(store, b"twice")
        path = path_of(root, stored.sha256)
        age(path)
        number = path.stat().st_ino

        assert keep(store, b"twice") == stored
        assert path.stat().st_ino == number
        assert files_in(root) == [stored.sha256]

    @pytest.mark.parametrize("damage", ["cut", "altered", "link"])
    def test_heals_damaged_content(self, root: Path, store: Store, damage: str) -> None:
        stored = keep(store, b"precious")
        path = path_of(root, stored.sha256)
        if damage == "cut":
            os.truncate(path, 3)
        elif damage == "altered":
            alter(path)
        else:
            path.unlink()
            path.symlink_to("/etc/hostname")

        keep(store, b"precious")

        assert not path.is_symlink()
        assert store.open(stored.sha256).read() == b"precious"

    def test_lets_many_write_the_same_at_once(self, root: Path, store: Store) -> None:
        contents = [content_of(1024) + bytes([n]) for n in range(8)]
        script = (
            "for n in range(8):\n"
            "    pieces = [bytes(range(256)) * 4, bytes([n])]\n"
            "    Store(Path(sys.argv[1])).write(pieces, max_bytes=9999)\n"
        )
        others = [run(root, script) for _ in range(2)]
        with ThreadPoolExecutor(8) as pool:
            stored = list(pool.map(lambda content: keep(store, content), contents * 8))
        for other in others:
            assert other.communicate()[1] == b""

        expected = sorted(hashlib.sha256(content).hexdigest() for content in contents)
        assert sorted({each.sha256 for each in stored}) == expected
        assert files_in(root) == expected

    @pytest.mark.drill
    @pytest.mark.parametrize(
        "script",
        [
            pytest.param(
                "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
                "Store(Path(sys.argv[1])).write([b'unborn'], max_bytes=99)\n",
                id="before it is named",
            ),
            pytest.param(
                "def source():\n"
                "    yield b'unborn'\n"
                "    os.kill(os.getpid(), signal.SIGKILL)\n"
                "Store(Path(sys.argv[1])).write(source(), max_bytes=99)\n",
                id="half way",
            ),
        ],
    )
    def test_leaves_no_content_when_it_is_killed(
        self, root: Path, store: Store, script: str
    ) -> None:
        killed = run(root, script)
        killed.communicate()

        assert killed.returncode == -signal.SIGKILL
        assert list(store.iter_stored()) == []
        assert len(files_in(root)) == 1
        assert store.collect_temporary(LONG_AGO) == 0
        assert store.collect_temporary(FAR_AHEAD) == 1
        assert files_in(root) == []


class TestDelete:
    def test_removes_the_content(self, root: Path, store: Store) -> None:
        stored = keep(store, b"no longer needed")

        assert store.delete(stored.sha256)
        assert files_in(root) == []
        assert store.verify(stored.sha256, stored.size) == "missing"

    def test_says_when_there_is_nothing_to_remove(self, root: Path, store: Store) -> None:
        assert not store.delete("0" * 64)
        keep(store, b"something else")
        assert not store.delete("0" * 64)

    def test_spares_what_was_handed_in_again(self, root: Path, store: Store) -> None:
        old, again = keep(store, b"old"), keep(store, b"again")
        for stored in (old, again):
            age(path_of(root, stored.sha256))
        keep(store, b"again")

        assert store.delete(old.sha256, older_than=SINCE)
        assert not store.delete(again.sha256, older_than=SINCE)
        assert files_in(root) == [again.sha256]

    def test_waits_while_a_writer_claims_what_is_there(
        self, root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Seen by a third party: writers share the lock, deleting has it alone."""
        seen: list[tuple[str, bool, bool]] = []
        replace, utime, unlink = os.replace, os.utime, os.unlink

        def may_lock(how: int) -> bool:
            with (root / ".lock").open("w") as lock:
                try:
                    fcntl.flock(lock, how | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
            return True

        def recorded(name: str, call: Callable[..., None]) -> Callable[..., None]:
            def recording(path: str | Path, *arguments: object) -> None:
                if ".incoming" not in str(path) or name == "replace":
                    seen.append((name, may_lock(fcntl.LOCK_SH), may_lock(fcntl.LOCK_EX)))
                call(path, *arguments)

            return recording

        monkeypatch.setattr(os, "replace", recorded("replace", replace))
        monkeypatch.setattr(os, "utime", recorded("utime", utime))
        monkeypatch.setattr(os, "unlink", recorded("unlink", unlink))
        stored = keep(store, b"contested")
        keep(store, b"contested")
        store.delete(stored.sha256)

        assert seen == [
            ("replace", True, False),
            ("utime", True, False),
            ("unlink", False, False),
        ]
        assert may_lock(fcntl.LOCK_EX)


class TestCollectTemporary:
    def test_finds_nothing_where_nothing_was_written(self, store: Store) -> None:
        assert store.collect_temporary(FAR_AHEAD) == 0

    def test_leaves_living_writers_alone(self, root: Path, store: Store) -> None:
        def source() -> Iterator[bytes]:
            yield b"first half"
            assert store.collect_temporary(SINCE) == 0
            yield b"second half"

        stored = store.write(source(), max_bytes=99)

        assert files_in(root) == [stored.sha256]


class TestProbe:
    def test_leaves_nothing_behind(self, root: Path, store: Store) -> None:
        store.probe()

        assert files_in(root) == []

    def test_refuses_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")

        refusal = refused(Store(tmp_path / "file").probe)

        assert isinstance(refusal, StorageUnavailable)
        assert refusal.facts == {"reason": "ENOTDIR"}


class TestDefaultStore:
    def test_lies_where_the_settings_say(self, root: Path) -> None:
        with override_settings(STORAGE_ROOT=root):
            stored = keep(default_store(), b"content")

            assert default_store() is default_store()
        assert files_in(root) == [stored.sha256]
