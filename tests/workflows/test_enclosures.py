"""What goes along with a message has been seen by the scanner, where there is one."""

import pytest
from pytest_django import Settings

from efile.clearing import infected_among, note_verdict
from efile.facts import MalwareFound
from efile.kernel.models import JournalEntry
from efile.models import Document, DocumentVersion, Message, ScanState
from efile.scanning import NotYetScanned
from tests.factories import AT, colleague, submitted
from tests.workflows.conftest import Clock
from workflows.correspondence import write_to_applicant
from workflows.models import Process

pytestmark = pytest.mark.django_db


def proof_of(process: Process) -> DocumentVersion:
    documents = Document.objects.filter(case_id=process.case_id, kind="proof")
    return DocumentVersion.objects.select_related("content").get(document__in=documents)


def test_what_the_scanner_has_yet_to_see_does_not_leave_the_house(
    clock: Clock, settings: Settings
) -> None:
    process = submitted()
    version = proof_of(process)
    settings.CLAMD_URL = "tcp://127.0.0.1:9"

    with pytest.raises(NotYetScanned):
        write_to_applicant(
            process.case_id, "Anbei.", documents=[version.document_id], by=colleague(), at=AT
        )
    assert not Message.objects.filter(case_id=process.case_id).exists()

    note_verdict(version.content_id, ScanState.CLEAN, at=AT)
    write_to_applicant(
        process.case_id, "Anbei.", documents=[version.document_id], by=colleague(), at=AT
    )
    assert Message.objects.filter(case_id=process.case_id).count() == 1


def test_malware_is_told_to_the_case_whichever_way_it_came(clock: Clock) -> None:
    process = submitted()
    version = proof_of(process)
    Document.objects.filter(id=version.document_id).update(direction="out")
    content = version.content
    assert infected_among(process.tenant_id, [content.sha256]) == set()

    note_verdict(version.content_id, ScanState.INFECTED, at=AT)

    assert infected_among(process.tenant_id, [content.sha256]) == {content.sha256}
    told = JournalEntry.objects.filter(chain_id=process.case_id, kind=MalwareFound.name)
    assert told.count() == 1
