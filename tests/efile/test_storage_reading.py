"""The content-addressed store: reading and examining, on real files."""

import errno
import os
import shutil
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from efile.disk import StorageUnavailable
from efile.storage import ContentAltered, ContentMissing, Store, StoredFile
from tests.efile.storing import (
    LARGE,
    LONG_AGO,
    age,
    alter,
    content_of,
    keep,
    path_of,
    refused,
)

SIZES = pytest.mark.parametrize("size", [1024, LARGE], ids=["small", "large"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
def store(root: Path) -> Store:
    return Store(root)


def replace_by_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def replace_by_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = pytest.mark.parametrize(
    ("damage", "kind", "refusal"),
    [
        pytest.param(Path.unlink, "missing", ContentMissing, id="removed"),
        pytest.param(alter, "altered", ContentAltered, id="altered"),
        pytest.param(lambda path: os.truncate(path, 300), "altered", ContentAltered, id="cut"),
        pytest.param(lambda path: os.truncate(path, 0), "altered", ContentAltered, id="emptied"),
        pytest.param(replace_by_link, "altered", ContentAltered, id="link"),
        pytest.param(replace_by_directory, "altered", ContentAltered, id="directory"),
    ],
)


class TestOpen:
    @SIZES
    def test_gives_the_content_from_any_position(self, store: Store, size: int) -> None:
        content = content_of(size)
        with store.open(keep(store, content).sha256) as file:
            assert file.read(10) == content[:10]
            file.seek(-5, os.SEEK_END)
            assert file.read() == content[-5:]
            file.seek(0)
            assert file.read() == content

    @SIZES
    @DAMAGES
    def test_refuses_damaged_content(
        self,
        root: Path,
        store: Store,
        size: int,
        damage: Callable[[Path], None],
        kind: str,
        refusal: type[Exception],
    ) -> None:
        sha256 = keep(store, content_of(size)).sha256
        store.open(sha256).close()
        damage(path_of(root, sha256))
        descriptors = os.listdir("/proc/self/fd")

        refused_by_open = refused(lambda: store.open(sha256))
        refused_by_range = refused(lambda: store.read_range(sha256, 0, 1))

        assert type(refused_by_open) is type(refused_by_range) is refusal
        assert refused_by_open.facts == refused_by_range.facts == {"sha256": sha256}
        assert os.listdir("/proc/self/fd") == descriptors

    def test_refuses_when_the_disk_cannot_tell(self, root: Path, store: Store) -> None:
        sha256 = keep(store, b"content").sha256
        shutil.rmtree(root / sha256[:2])
        (root / sha256[:2]).write_bytes(b"")

        for call in (lambda: store.open(sha256), lambda: store.verify(sha256, 7)):
            refusal = refused(call)
            assert isinstance(refusal, StorageUnavailable)
            assert refusal.facts == {"reason": "ENOTDIR"}

    def test_notices_what_is_altered_while_it_is_read(self, root: Path, store: Store) -> None:
        sha256 = keep(store, content_of(LARGE)).sha256
        with store.open(sha256) as file:
            file.read(10)
            alter(path_of(root, sha256), at=LARGE - 1)

            assert isinstance(refused(file.read), ContentAltered)
            file.seek(LARGE - 300)
            assert isinstance(refused(lambda: file.read(300)), ContentAltered)

    def test_reads_on_when_the_content_is_handed_in_again(self, root: Path, store: Store) -> None:
        content = content_of(LARGE)
        sha256 = keep(store, content).sha256
        with store.open(sha256) as file:
            beginning = file.read(10)
            age(path_of(root, sha256))
            keep(store, content)

            assert beginning + file.read() == content

    def test_reads_on_when_the_content_is_deleted(self, store: Store) -> None:
        content = content_of(LARGE)
        sha256 = keep(store, content).sha256
        with store.open(sha256) as file:
            store.delete(sha256)

            assert file.read() == content

    @SIZES
    def test_leaves_the_checking_to_others_if_asked(
        self, root: Path, store: Store, size: int
    ) -> None:
        content = content_of(size)
        sha256 = keep(store, content).sha256
        alter(path_of(root, sha256))

        with store.open(sha256, verify=False) as file:
            assert file.read() == b"\x01" + content[1:]

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "../../../etc/passwd",
            "/etc/passwd",
            "A" * 64,
            "0" * 63,
            "0" * 65,
            "0" * 64 + "\n",
            "٠" * 64,
            "../" + "0" * 61,
            "0" * 63 + "\x00",
        ],
    )
    def test_takes_nothing_but_a_hash(self, store: Store, name: str) -> None:
        calls: tuple[Callable[[str], object], ...] = (
            store.open,
            store.delete,
            lambda name: store.read_range(name, 0, 1),
            lambda name: store.verify(name, 1),
        )
        for call in calls:
            with pytest.raises(ValueError, match="not a SHA-256"):
                call(name)


class TestReadRange:
    @SIZES
    @pytest.mark.parametrize(
        ("start", "stop"), [(0, 0), (0, 1), (5, 600_000), (1023, 1024), (1000, LARGE + 9)]
    )
    def test_gives_what_a_slice_gives(self, store: Store, size: int, start: int, stop: int) -> None:
        content = content_of(size)
        sha256 = keep(store, content).sha256

        assert b"".join(store.read_range(sha256, start, stop)) == content[start:stop]

    @pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 4)])
    def test_takes_no_impossible_range(self, store: Store, start: int, stop: int) -> None:
        sha256 = keep(store, b"content").sha256
        with pytest.raises(ValueError, match="not a range"):
            store.read_range(sha256, start, stop)

    def test_hashes_large_content_once(
        self, root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sha256 = keep(store, content_of(LARGE)).sha256
        hashed: list[int] = []
        pread = os.pread

        def recorded(descriptor: int, length: int, offset: int) -> bytes:
            hashed.append(offset)
            return pread(descriptor, length, offset)

        monkeypatch.setattr(os, "pread", recorded)
        for start in range(0, LARGE, LARGE // 4):
            assert len(b"".join(store.read_range(sha256, start, start + 100))) == 100
        passes = hashed.count(0)
        age(path_of(root, sha256))
        assert b"".join(store.read_range(sha256, 0, 3)) == b"\x00\x01\x02"

        assert passes == 1
        assert hashed.count(0) == 2

    @SIZES
    def test_closes_the_file_of_who_stops_early(self, store: Store, size: int) -> None:
        sha256 = keep(store, content_of(size)).sha256
        with warnings.catch_warnings(record=True) as heard:  # of files that nobody closed
            warnings.simplefilter("always")
            store.read_range(sha256, 0, size).close()
            begun = store.read_range(sha256, 0, size)
            next(begun)
            begun.close()
            del begun

        assert heard == []


class TestVerify:
    @SIZES
    def test_finds_nothing_wrong_with_intact_content(self, store: Store, size: int) -> None:
        stored = keep(store, content_of(size))

        assert store.verify(stored.sha256, stored.size) is None

    @SIZES
    @DAMAGES
    def test_names_what_is_wrong(
        self,
        root: Path,
        store: Store,
        size: int,
        damage: Callable[[Path], None],
        kind: str,
        refusal: type[Exception],
    ) -> None:
        stored = keep(store, content_of(size))
        damage(path_of(root, stored.sha256))

        assert store.verify(stored.sha256, stored.size) == kind

    def test_counts_another_size_than_recorded_as_altered(self, store: Store) -> None:
        stored = keep(store, b"content")

        assert store.verify(stored.sha256, stored.size + 1) == "altered"

    def test_counts_a_bad_sector_as_altered(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stored = keep(store, b"content")
        monkeypatch.setattr(os, "pread", failing(errno.EIO))

        assert store.verify(stored.sha256, stored.size) == "altered"

    def test_refuses_to_judge_when_the_disk_is_gone(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stored = keep(store, b"content")
        monkeypatch.setattr(os, "pread", failing(errno.ESTALE))

        refusal = refused(lambda: store.verify(stored.sha256, stored.size))

        assert isinstance(refusal, StorageUnavailable)
        assert refusal.facts == {"reason": "ESTALE"}


class TestIterStored:
    def test_lists_the_content_in_the_order_of_hashes(self, root: Path, store: Store) -> None:
        kept = [keep(store, bytes([n])) for n in range(40)]
        for stored in kept:
            age(path_of(root, stored.sha256))

        expected = sorted(StoredFile(stored.sha256, 1, LONG_AGO) for stored in kept)
        assert list(store.iter_stored()) == expected

    def test_tells_when_content_was_handed_in_last(self, root: Path, store: Store) -> None:
        sha256 = keep(store, b"content").sha256
        age(path_of(root, sha256))
        before = datetime.fromtimestamp(int(root.stat().st_mtime), UTC)
        keep(store, b"content")

        [found] = store.iter_stored()

        assert found.mtime >= before

    def test_passes_over_what_is_not_ours(self, root: Path, store: Store) -> None:
        sha256 = keep(store, b"content").sha256
        leaf = path_of(root, sha256).parent
        (root / "README").write_text("not ours")
        (root / "ff").write_text("not a directory")
        (leaf / "notes.txt").write_text("not ours")
        (leaf / ("0" * 64)).write_text("not at home here")

        assert [found.sha256 for found in store.iter_stored()] == [sha256]

    def test_finds_nothing_where_nothing_was_written(self, store: Store) -> None:
        assert list(store.iter_stored()) == []


def failing(number: int) -> Callable[[int, int, int], bytes]:
    def pread(descriptor: int, length: int, offset: int) -> bytes:
        raise OSError(number, os.strerror(number))

    return pread
