"""Tests of efile.viewing.cache: quick, bounded, and never the reason why something fails."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from efile.storage import default_store
from efile.viewing.cache import Cache

KB = 1024
LONG_AGO = 1_577_836_800.0
ONE, OTHER = "1" * 64, "2" * 64


def everything(_sha256: str) -> bool:
    return True


def nothing(_sha256: str) -> bool:
    return False


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "views", max_bytes=100 * KB)


def kept_in(root: Path) -> int:
    return sum(file.stat().st_size for file in root.rglob("*") if file.is_file())


def age(root: Path, sha256: str) -> None:
    (folder,) = root.rglob(sha256)
    os.utime(folder, (LONG_AGO, LONG_AGO))


class TestACache:
    def test_gives_back_what_it_got(self, cache: Cache) -> None:
        cache.put(ONE, "1-800-0", b"Seite")

        assert cache.get(ONE, "1-800-0") == b"Seite"
        assert cache.get(ONE, "2-800-0") is None
        assert cache.get(OTHER, "1-800-0") is None

    def test_shows_nobody_half_a_page(self, cache: Cache) -> None:
        pages = [bytes([number]) * 10_000 for number in range(20)]

        def write_and_read(page: bytes) -> bytes | None:
            cache.put(ONE, "1-800-0", page)
            return cache.get(ONE, "1-800-0")

        with ThreadPoolExecutor(8) as writers:
            assert set(writers.map(write_and_read, pages)) <= set(pages)

    def test_is_readable_by_our_account_alone(self, cache: Cache, tmp_path: Path) -> None:
        cache.put(ONE, "1-800-0", b"Seite")
        (file,) = (path for path in tmp_path.rglob("*") if path.is_file())

        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0

    def test_holds_old_answers_back(self, cache: Cache, tmp_path: Path) -> None:
        cache.put(ONE, "outline.not", b"damaged")
        assert cache.get(ONE, "outline.not", younger_than=60) == b"damaged"
        (file,) = tmp_path.rglob("outline.not")
        os.utime(file, (LONG_AGO, LONG_AGO))

        assert cache.get(ONE, "outline.not", younger_than=60) is None

    def test_on_a_disk_that_refuses_keeps_nothing_and_breaks_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "views").write_bytes(b"a file where the folder should be")
        cache = Cache(tmp_path / "views", max_bytes=KB)
        cache.put(ONE, "1-800-0", b"Seite")

        assert cache.get(ONE, "1-800-0") is None

    def test_never_grows_much_beyond_its_bound(self, cache: Cache, tmp_path: Path) -> None:
        for number in range(60):
            cache.put(f"{number:064x}", "1-800-0", bytes(5 * KB))

        assert kept_in(tmp_path) <= 110 * KB


class TestTrimming:
    def test_forgets_what_nobody_looked_at_for_longest(self, tmp_path: Path) -> None:
        wide, cache = (Cache(tmp_path / "views", max_bytes=size) for size in (KB * KB, 10 * KB))
        for sha256 in (ONE, OTHER):
            wide.put(sha256, "1-800-0", bytes(6 * KB))
            age(tmp_path, sha256)
        assert cache.get(ONE, "1-800-0") is not None

        assert cache.trim(everything) == 1
        assert cache.get(ONE, "1-800-0") is not None
        assert cache.get(OTHER, "1-800-0") is None

    @pytest.mark.parametrize(("on_file", "gone"), [(everything, 0), (nothing, 1)])
    def test_forgets_what_is_no_longer_on_file(
        self, cache: Cache, tmp_path: Path, on_file: Callable[[str], bool], gone: int
    ) -> None:
        cache.put(ONE, "1-800-0", b"Seite")
        age(tmp_path, ONE)

        assert cache.trim(on_file) == gone

    def test_leaves_what_is_looked_at_just_now(self, cache: Cache) -> None:
        cache.put(ONE, "1-800-0", b"Ein Entwurf, der nicht zur Akte liegt")

        assert cache.trim(nothing) == 0

    def test_asks_the_store(self, cache: Cache, tmp_path: Path) -> None:
        stored = default_store().write([b"Zur Akte"], max_bytes=KB)
        for sha256 in (stored.sha256, OTHER):
            cache.put(sha256, "1-800-0", b"Seite")
            age(tmp_path, sha256)

        assert cache.trim() == 1
        age(tmp_path, stored.sha256)
        default_store().delete(stored.sha256)
        assert cache.trim() == 1
