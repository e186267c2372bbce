"""Messages with documents and files from the case page, and the switch of the persons' overview."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from efile.kernel.models import Tenant
from efile.models import Document, MessageAttachment, Upload
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import city, portal, submitted, uploaded
from workflows.correspondence import messages, write_to_office
from workflows.models import Process

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def plan() -> SimpleUploadedFile:
    return SimpleUploadedFile("Plan.pdf", PDF, "application/pdf")


@pytest.fixture
def process() -> Process:
    """A case on which the applicant has written, with a file."""
    process = submitted()
    assert process.submission
    sent = [{"upload": uploaded(portal(), filename="Foto.pdf")}]
    write_to_office(
        process.submission,
        "Reicht das?",
        attachments=sent,
        key=None,
        by=portal(),
        at=process.received_at,
    )
    return process


class TestAMessage:
    def test_takes_documents_of_the_case_and_new_files(
        self, desk: Client, process: Process
    ) -> None:
        document = Document.objects.get(title="Foto.pdf")
        form = {"text": "Ja.", "documents": [str(document.id)], "files": [plan()]}
        assert desk.post(f"/cases/{process.case_id}/message", form).status_code == 302
        assert isinstance(process.submission, UUID)
        *_, answered = messages(process.submission, by=portal())
        assert [one["title"] for one in answered["attachments"]] == ["Foto.pdf", "Plan.pdf"]

    def test_shows_on_the_thread_what_went_along_both_ways(
        self, desk: Client, process: Process
    ) -> None:
        desk.post(f"/cases/{process.case_id}/message", {"text": "Ja.", "files": [plan()]})
        thread = desk.get(f"/cases/{process.case_id}").context["page"].thread
        assert [[link.text for link in row.attachments] for row in thread.latest] == [
            ["Foto.pdf"],
            ["Plan.pdf"],
        ]
        assert [row.read for row in thread.latest][1] == "noch nicht gelesen"

    def test_keeps_its_files_when_it_is_refused(self, desk: Client, process: Process) -> None:
        here = f"/cases/{process.case_id}"
        answer = desk.post(f"{here}/message", {"text": "", "files": [plan()]})
        assert answer.status_code == 422
        (kept,) = (one for one in answer.context["page"].message.fields if one.name == "uploads")
        (option,) = kept.options
        assert (option.label, option.selected) == ("Plan.pdf", True)
        desk.post(f"{here}/message", {"text": "Ja.", "uploads": [option.value]})
        assert Upload.objects.get(id=option.value).claimed_at

    def test_says_which_file_it_does_not_take(self, desk: Client, process: Process) -> None:
        files = [SimpleUploadedFile("leer.pdf", b"", "application/pdf")]
        answer = desk.post(f"/cases/{process.case_id}/message", {"text": "Ja.", "files": files})
        assert answer.status_code == 422
        (field,) = (one for one in answer.context["page"].message.fields if one.name == "files")
        assert field.error
        assert MessageAttachment.objects.count() == 1

    def test_offers_no_decision_to_go_along(self, desk: Client, process: Process) -> None:
        Document.objects.filter(title="Foto.pdf").update(kind="decision")
        page = desk.get(f"/cases/{process.case_id}").context["page"]
        labels = [option.label for field in page.message.fields for option in field.options]
        assert "Foto.pdf" not in labels


class TestTheOverviewForPeople:
    def test_is_switched_by_an_administrator(self, signed_in: SignedIn) -> None:
        desk = signed_in("o.kruse")
        for form, offered in (({"offered": "on"}, True), ({}, False)):
            assert desk.post("/portals/dashboard", form).status_code == 302
            assert Tenant.objects.get(id=city().pk).offers_dashboard is offered

    def test_is_nobody_elses_to_switch(self, desk: Client) -> None:
        assert desk.post("/portals/dashboard", {"offered": "on"}).status_code == 403
