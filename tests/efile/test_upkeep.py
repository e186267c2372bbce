"""Clearing away: uploads nobody claimed, and bytes nothing refers to."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from efile import upkeep
from efile.filing import claim_uploads, content_for, file_documents, receive_upload
from efile.jobs import collect
from efile.kernel.clock import real_now
from efile.models import Content, Upload
from efile.storage import default_store
from efile.upkeep import GRACE, collect_bytes, collect_uploads
from tests.crowd import together
from tests.efile.cases import neighbour, new_document, opened, somebody_waits_for_me
from tests.efile.storing import age, files_in, path_of
from tests.eventually import eventually
from tests.factories import DAY, city, machine, portal

pytestmark = pytest.mark.django_db

BYTES = b"Ein Nachweis"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    """A store of its own for each test."""
    settings.STORAGE_ROOT = tmp_path / "storage"
    return tmp_path / "storage"


@pytest.fixture
def now() -> datetime:
    """Expiry and grace are about true time, like the file system's own stamps."""
    return real_now()


def upload(at: datetime, content: bytes = BYTES) -> Upload:
    stored = default_store().write([content], max_bytes=len(content))
    return receive_upload(
        stored, media_type="text/plain", filename="Nachweis.txt", by=portal(), at=at
    )


def forgotten(root: Path, at: datetime, tenant_id: int | None = None) -> Content:
    """Content without any reference, as old as ``at`` says, and its bytes older still."""
    stored = default_store().write([BYTES], max_bytes=len(BYTES))
    content = content_for(tenant_id or city().pk, stored, "text/plain", at=at)
    age(path_of(root, stored.sha256))
    return Content.objects.get(id=content)


class TestCollectUploads:
    def test_removes_what_expired(self, now: datetime) -> None:
        upload(now)
        assert collect_uploads(at=now + DAY + SECOND) == 1
        assert not Upload.objects.exists()

    def test_leaves_what_can_still_be_claimed(self, now: datetime) -> None:
        upload(now)
        assert collect_uploads(at=now + DAY) == 0

    def test_leaves_what_was_claimed(self, now: datetime) -> None:
        used = upload(now)
        claim_uploads({used.id: "/attachments/0"}, by=portal())
        assert collect_uploads(at=now + 10 * DAY) == 0

    def test_does_not_do_everything_at_once(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "BATCH", 2)
        for _ in range(3):
            upload(now)
        assert [collect_uploads(at=now + 2 * DAY) for _ in range(3)] == [2, 1, 0]


class TestCollectBytes:
    def test_removes_row_and_bytes_that_nothing_refers_to(self, root: Path, now: datetime) -> None:
        forgotten(root, now - GRACE - SECOND)
        assert collect_bytes(at=now) == 1
        assert not Content.objects.exists()
        assert files_in(root) == []

    def test_leaves_what_an_upload_refers_to(self, root: Path, now: datetime) -> None:
        kept = upload(now - 2 * DAY)
        age(path_of(root, Content.objects.get(id=kept.content_id).sha256))
        assert collect_bytes(at=now) == 0

    def test_leaves_what_is_on_file(self, root: Path, now: datetime) -> None:
        document = new_document(BYTES)
        file_documents(opened().id, [document], by=machine(), at=now)
        Content.objects.update(stored_at=now - 2 * DAY)
        age(path_of(root, document.sha256))
        assert collect_bytes(at=now) == 0
        assert files_in(root) == [document.sha256]

    def test_leaves_what_may_belong_to_a_transaction_that_still_runs(
        self, root: Path, now: datetime
    ) -> None:
        forgotten(root, now - GRACE + SECOND)
        assert collect_bytes(at=now) == 0

    def test_leaves_bytes_that_another_city_refers_to(self, root: Path, now: datetime) -> None:
        forgotten(root, now - 2 * DAY)
        abroad = forgotten(root, now, neighbour().tenant_id)
        assert collect_bytes(at=now) == 1
        assert Content.objects.get() == abroad
        assert files_in(root) == [abroad.sha256]

    def test_leaves_bytes_that_were_handed_in_again_a_moment_ago(
        self, root: Path, now: datetime
    ) -> None:
        content = forgotten(root, now - 2 * DAY)
        default_store().write([BYTES], max_bytes=len(BYTES))
        assert collect_bytes(at=now) == 1
        assert files_in(root) == [content.sha256]

    def test_clears_up_after_writers_that_died(self, root: Path, now: datetime) -> None:
        default_store().probe()
        left = root / ".incoming" / "left-behind"
        left.write_bytes(b"halb")
        age(left)
        collect_bytes(at=now)
        assert not left.exists()

    @pytest.mark.django_db(transaction=True)
    def test_gives_way_to_an_upload_of_the_same_bytes(self, root: Path, now: datetime) -> None:
        """The upload holds the row first and commits while the collector waits for it."""
        content = forgotten(root, now - 2 * DAY)
        holds = Event()

        def act(number: int) -> object:
            if number == 0:
                with transaction.atomic():
                    upload(now)
                    holds.set()
                    return eventually(somebody_waits_for_me)
            holds.wait()
            return collect_bytes(at=now)

        assert together(2, act) == [True, 0]
        assert Upload.objects.get().content_id == content.id
        assert files_in(root) == [content.sha256]


class TestTheJob:
    def test_does_both_by_the_true_time(self, root: Path, now: datetime) -> None:
        upload(now - 2 * DAY)
        age(path_of(root, Content.objects.get().sha256))
        collect()
        assert not Upload.objects.exists()
        assert not Content.objects.exists()
