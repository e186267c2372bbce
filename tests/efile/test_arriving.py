"""Uploads in pieces: what survives a crash, a cut line and a second writer."""

import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from efile import arriving, pieces
from efile.arriving import Progress, WrongOffset, append_piece, begin_upload, get_progress
from efile.kernel.clock import real_now
from efile.kernel.errors import Refusal
from efile.models import Content, PartialUpload, Upload
from efile.pieces import UploadLocked
from efile.storage import default_store
from efile.upkeep import GRACE, collect_orphans, collect_partial
from tests.efile.storing import age, files_in, path_of
from tests.factories import DAY, portal

pytestmark = pytest.mark.django_db

MB = 1024 * 1024
CONTENT = b"Zeile um Zeile\n" * 1000
HALF = len(CONTENT) // 2
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_ROOT = tmp_path / "storage"
    return tmp_path / "storage"


@pytest.fixture
def now() -> datetime:
    return real_now()


def begun(at: datetime, size: int = len(CONTENT)) -> UUID:
    return begin_upload(
        size=size, filename="Bauplan.txt", declared="", sha256="", by=portal(), at=at
    ).id


def append(upload: UUID, *content: bytes, offset: int, at: datetime) -> Progress:
    return append_piece(upload, iter(content), offset=offset, by=portal(), at=at)


def offset_of(upload: UUID, at: datetime) -> int:
    return get_progress(upload, by=portal(), at=at).offset


class Killed(BaseException):
    """The process is gone: nothing of it is tidied up by what catches exceptions."""


class TestAPiece:
    def test_is_on_the_disk_before_it_is_told(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(arriving, "CHECKPOINT", 4)
        upload = begun(now)
        calls: list[str] = []
        fsync, keep = os.fsync, arriving._keep

        def synced(descriptor: int) -> None:
            calls.append("s")
            fsync(descriptor)

        def told(partial: PartialUpload, offset: int, *, at: datetime) -> None:
            calls.append("t")
            keep(partial, offset, at=at)

        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(arriving, "_keep", told)
        append(upload, b"abcd", b"ef", offset=0, at=now)
        assert "".join(calls).endswith("stst")

    def test_counts_as_far_as_it_came(self, now: datetime) -> None:
        upload = begun(now)

        def source() -> Iterator[bytes]:
            yield CONTENT[:HALF]
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            append_piece(upload, source(), offset=0, by=portal(), at=now)

        assert offset_of(upload, now) == HALF
        append(upload, CONTENT[HALF:], offset=HALF, at=now)
        assert Upload.objects.select_related("content").get(id=upload).content.sha256 == SHA256

    def test_has_the_upload_for_itself(self, now: datetime) -> None:
        upload = begun(now)

        def source() -> Iterator[bytes]:
            yield CONTENT[:HALF]
            with pytest.raises(UploadLocked):
                append(upload, b"second writer", offset=0, at=now)
            yield CONTENT[HALF:]

        append_piece(upload, source(), offset=0, by=portal(), at=now)
        assert Upload.objects.select_related("content").get(id=upload).content.sha256 == SHA256

    def test_keeps_memory_flat(self, now: datetime) -> None:
        upload = begun(now, 64 * MB)
        tracemalloc.start()
        source = (b"x" * MB for _ in range(64))
        append_piece(upload, source, offset=0, by=portal(), at=now)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert Content.objects.get().size == 64 * MB
        assert peak < 8 * MB


class TestAfterACrash:
    def test_bytes_that_were_not_told_do_not_count(self, now: datetime) -> None:
        upload = begun(now)
        append(upload, CONTENT[:HALF], offset=0, at=now)
        with pieces.path_of(upload).open("ab") as file:
            file.write(b"written, but nobody was told")
        assert offset_of(upload, now) == HALF
        append(upload, CONTENT[HALF:], offset=HALF, at=now)
        assert Upload.objects.select_related("content").get(id=upload).content.sha256 == SHA256

    def test_bytes_that_are_gone_are_sent_again(self, now: datetime) -> None:
        upload = begun(now)
        append(upload, CONTENT[:HALF], offset=0, at=now)
        os.truncate(pieces.path_of(upload), 10)
        with pytest.raises(WrongOffset) as refusal:
            append(upload, CONTENT[HALF:], offset=HALF, at=now)
        assert refusal.value.facts == {"offset": 0}
        append(upload, CONTENT, offset=0, at=now)
        assert Upload.objects.filter(id=upload).exists()

    @pytest.mark.parametrize("moment", ["adopt", "receive_upload"])
    def test_what_was_complete_is_finished_by_whoever_asks(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch, moment: str
    ) -> None:
        """Killed before the bytes get their place, or after that and before the row."""
        upload = begun(now)

        def killed(*_: object, **__: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(default_store() if moment == "adopt" else arriving, moment, killed)
            with pytest.raises(Killed):
                append(upload, CONTENT, offset=0, at=now)
        assert not Upload.objects.exists()
        assert PartialUpload.objects.get().received == len(CONTENT)

        # The sender asks, or sends the end once more.
        if moment == "adopt":
            assert offset_of(upload, now) == len(CONTENT)
        else:
            append(upload, offset=len(CONTENT), at=now)
        assert Upload.objects.select_related("content").get(id=upload).content.sha256 == SHA256
        assert not PartialUpload.objects.exists()


class TestCollecting:
    def test_takes_what_nobody_continued_with_its_bytes(self, root: Path, now: datetime) -> None:
        left, going = begun(now), begun(now)
        append(left, CONTENT[:HALF], offset=0, at=now)
        append(going, CONTENT[:HALF], offset=0, at=now + timedelta(hours=12))
        assert collect_partial(at=now + DAY) == 1
        assert not pieces.path_of(left).exists()
        assert offset_of(going, now + DAY) == HALF

    def test_leaves_what_is_being_written(self, now: datetime) -> None:
        upload = begun(now)
        with pieces.locked(upload):
            assert collect_partial(at=now + 2 * DAY) == 0
        assert collect_partial(at=now + 2 * DAY) == 1

    def test_takes_files_without_a_row(self, now: datetime) -> None:
        gone, going = begun(now), begun(now)
        for upload in (gone, going):
            append(upload, CONTENT[:HALF], offset=0, at=now)
            age(pieces.path_of(upload))
        PartialUpload.objects.filter(id=gone).delete()
        collect_partial(at=now)
        assert not pieces.path_of(gone).exists()
        assert pieces.path_of(going).exists()

    def test_takes_bytes_that_no_row_knows(self, root: Path, now: datetime) -> None:
        store = default_store()
        old, young = store.write([b"old"], max_bytes=9), store.write([b"young"], max_bytes=9)
        upload = begun(now)
        append(upload, CONTENT, offset=0, at=now)
        for sha256 in (old.sha256, SHA256):
            age(path_of(root, sha256))
        assert collect_orphans(at=now, everywhere=True) == 1
        assert {young.sha256, SHA256} <= set(files_in(root))
        assert old.sha256 not in files_in(root)

    def test_looks_through_the_whole_store_within_a_day(self, root: Path, now: datetime) -> None:
        stored = default_store().write([b"old"], max_bytes=9)
        age(path_of(root, stored.sha256))
        rounds = [now + timedelta(minutes=15 * number) for number in range(96)]
        assert sum(collect_orphans(at=at) for at in rounds) == 1
        assert GRACE == DAY


def test_nobody_continues_what_has_expired(now: datetime) -> None:
    upload = begun(now)
    with pytest.raises(Refusal) as refusal:
        get_progress(upload, by=portal(), at=now + DAY)
    assert refusal.value.code == "not_found"
