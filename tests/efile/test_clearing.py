"""Files that could not be scanned when they came: held, scanned later, and the cases are told."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from efile.clearing import not_scanned, note_infected, note_verdict, scan_waiting
from efile.filing import file_documents
from efile.kernel.models import JournalEntry
from efile.models import Content, Document, DocumentVersion, ScanState
from efile.reading import look_at_document, read_document
from efile.scanning import Infected, NotYetScanned
from efile.viewing.pages import kept, known_text
from efile.viewing.preparing import prepare_views
from tests.api.endpoints import files
from tests.efile.cases import new_document, opened
from tests.efile.eicar import EICAR
from tests.efile.storing import path_of
from tests.environment import clamd_url
from tests.factories import AT, colleague, drained, machine, submitted
from workflows.malware import TEXT
from workflows.models import FollowUp

pytestmark = pytest.mark.django_db

AWAY = "tcp://127.0.0.1:1"


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_ROOT, settings.VIEWS_ROOT = tmp_path / "storage", tmp_path / "views"
    settings.CLAMD_URL = AWAY
    return tmp_path / "storage"


def filed(content: bytes) -> Document:
    """A document that just came into a case, not scanned."""
    case = submitted().case_id
    document = new_document(content)
    file_documents(case, [document], by=machine(), at=AT)
    return Document.objects.get(id=document.id)


def state_of(document: Document) -> str:
    return Content.objects.get(
        id__in=DocumentVersion.objects.filter(document=document).values("content")
    ).scan


def kinds(case_id: UUID) -> set[str]:
    return set(JournalEntry.objects.filter(chain_id=case_id).values_list("kind", flat=True))


class TestAHeldDocument:
    def test_is_shown_and_not_opened(self) -> None:
        document = filed(files.pdf())
        for read in (read_document, look_at_document):
            with pytest.raises(NotYetScanned):
                read(document.id, by=colleague(), at=AT)
        prepare_views(document.case_id)
        assert known_text(kept(new_document(files.pdf()).sha256)) is None

    def test_is_opened_where_there_is_no_scanner(self, settings: Settings) -> None:
        document = filed(b"Ein Nachweis")
        settings.CLAMD_URL = ""
        assert read_document(document.id, by=colleague(), at=AT).size
        assert (scan_waiting(at=AT), not_scanned()) == (0, 0)

    def test_is_never_opened_with_malware(self) -> None:
        document = filed(b"Ein Nachweis")
        content = Content.objects.get(
            id__in=DocumentVersion.objects.filter(document=document).values("content")
        )
        note_verdict(content.id, ScanState.INFECTED, at=AT)
        note_verdict(content.id, ScanState.CLEAN, at=AT)
        with pytest.raises(Infected):
            read_document(document.id, by=colleague(), at=AT)


@pytest.mark.requires("clamd")
class TestTheJob:
    def test_releases_what_is_clean(self, settings: Settings) -> None:
        document = filed(b"Ein Nachweis")
        settings.CLAMD_URL = clamd_url()
        assert not_scanned() == 2  # the case came with a proof of its own
        assert scan_waiting(at=AT) == 2
        assert read_document(document.id, by=colleague(), at=AT).size
        assert "documents.cleared" in kinds(document.case_id)
        assert (not_scanned(), scan_waiting(at=AT)) == (0, 0)

    def test_holds_malware_for_good_and_tells_the_office(self, settings: Settings) -> None:
        document = filed(EICAR)
        settings.CLAMD_URL = clamd_url()
        scan_waiting(at=AT)
        with pytest.raises(Infected):
            read_document(document.id, by=colleague(), at=AT)
        assert "documents.malware_found" in kinds(document.case_id)

        drained()
        Content.objects.filter(scan="infected").update(scan="clean")
        note_infected(Content.objects.get(size=len(EICAR)).sha256, at=AT)
        drained()

        assert [one.text for one in FollowUp.objects.filter(case_id=document.case_id)] == [TEXT]

    def test_waits_for_the_scanner(self) -> None:
        document = filed(b"Ein Nachweis")
        assert scan_waiting(at=AT) == 0
        assert state_of(document) == "not_scanned"
        assert not Content.objects.filter(scan_due_at__isnull=False).exists()

    def test_does_not_try_again_at_once_what_is_too_large_or_gone(
        self, settings: Settings, root: Path
    ) -> None:
        document = new_document(b"Ein Nachweis")
        file_documents(opened().id, [document], by=machine(), at=AT)
        path_of(root, document.sha256).unlink()
        settings.CLAMD_URL = clamd_url()
        assert scan_waiting(at=AT) == 0
        [due] = Content.objects.values_list("scan_due_at", flat=True)
        assert due == AT + timedelta(minutes=5)
        assert Content.objects.filter(scan="not_scanned").count() == not_scanned() == 1


def test_a_case_has_it_in_its_history() -> None:
    case = opened()
    document = new_document(b"Ein Nachweis")
    file_documents(case.id, [document], by=machine(), at=AT)
    note_infected(document.sha256, at=AT)
    assert "documents.malware_found" in kinds(case.id)
