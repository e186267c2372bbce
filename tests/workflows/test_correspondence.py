"""Messages to and fro, as the office has them; the portal's side is in tests/api."""

from dataclasses import replace
from uuid import UUID

import pytest

from efile.filing import file_documents
from efile.kernel.actors import Actor
from efile.kernel.errors import Invalid, NotFound, Refusal
from efile.kernel.verify import verify
from efile.models import Document, Message, MessageAttachment
from efile.policy import ActionNotGranted
from efile.verify import project_cases
from tests import factories
from tests.efile.cases import new_document
from tests.factories import AT
from workflows import correspondence
from workflows.correspondence import NoPortal
from workflows.enclosures import on_paper
from workflows.endings import close, withdraw
from workflows.machine import StepNotPossible, TasksAreOpen
from workflows.models import Process, Task
from workflows.public import fetch_document
from workflows.verify import project_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def process() -> Process:
    return factories.submitted()


@pytest.fixture
def colleague() -> Actor:
    return factories.colleague()


def written(process: Process, text: str = "Wie lange noch?") -> None:
    submission = process.submission
    assert isinstance(submission, UUID)
    correspondence.write_to_office(submission, text, key=None, by=factories.portal(), at=AT)


def submission_of(process: Process) -> UUID:
    assert isinstance(process.submission, UUID)
    return process.submission


def filed(process: Process, kind: str = "attachment") -> UUID:
    """A document of the case that the applicant may not fetch."""
    new = replace(new_document(), kind=kind, title="Vermerk", direction="out", is_public=False)
    file_documents(process.case_id, [new], by=factories.machine(), at=AT)
    return new.id


def open_tasks(process: Process) -> int:
    return Task.objects.filter(
        case_id=process.case_id, kind="review_answer", done_at__isnull=True
    ).count()


class TestWriteToOffice:
    def test_opens_a_task_so_that_someone_reads_it(self, process: Process) -> None:
        written(process)
        assert open_tasks(process) == 1

    def test_keeps_the_case_from_being_closed_unread(
        self, process: Process, colleague: Actor
    ) -> None:
        withdraw(process.case_id, reason="", by=colleague, at=AT)
        written(process, "Halt, ich will doch.")
        with pytest.raises(TasksAreOpen):
            close(process.case_id, by=colleague, at=AT)
        correspondence.note_reading(process.case_id, by=colleague, at=AT)
        close(process.case_id, by=colleague, at=AT)

    def test_is_for_the_sender_alone(self, process: Process) -> None:
        submission = process.submission
        assert isinstance(submission, UUID)
        with pytest.raises(NotFound):
            correspondence.write_to_office(
                submission, "Hallo", key=None, by=factories.portal("other"), at=AT
            )


class TestWriteToApplicant:
    def test_needs_the_right_to_ask(self, process: Process) -> None:
        registrar = factories.colleague("r.sandmann")
        with pytest.raises(ActionNotGranted):
            correspondence.write_to_applicant(process.case_id, "Hallo", by=registrar, at=AT)

    def test_is_not_for_colleagues_elsewhere(self, process: Process) -> None:
        elsewhere = factories.colleague("j.kessler")
        with pytest.raises(NotFound):
            correspondence.write_to_applicant(process.case_id, "Hallo", by=elsewhere, at=AT)

    def test_needs_a_portal_to_arrive(self, process: Process, colleague: Actor) -> None:
        Process.objects.filter(case_id=process.case_id).update(submission=None)
        with pytest.raises(NoPortal):
            correspondence.write_to_applicant(process.case_id, "Hallo", by=colleague, at=AT)

    def test_comes_too_late_once_the_case_is_closed(
        self, process: Process, colleague: Actor
    ) -> None:
        withdraw(process.case_id, reason="", by=colleague, at=AT)
        close(process.case_id, by=colleague, at=AT)
        with pytest.raises(StepNotPossible):
            correspondence.write_to_applicant(process.case_id, "Hallo", by=colleague, at=AT)


class TestWhatGoesAlong:
    def test_is_of_the_case_or_new_and_the_applicants_to_fetch(
        self, process: Process, colleague: Actor
    ) -> None:
        internal = filed(process)
        upload = UUID(factories.uploaded(colleague, filename="Plan.pdf"))
        sent = correspondence.write_to_applicant(
            process.case_id,
            "Anbei.",
            documents=[internal],
            uploads=[upload],
            by=colleague,
            at=AT,
        )
        [message] = correspondence.messages(submission_of(process), by=factories.portal())
        assert [one["title"] for one in message["attachments"]] == ["Vermerk", "Plan.pdf"]
        assert message["id"] == str(sent.id)
        for one in message["attachments"]:
            fetch_document(submission_of(process), UUID(one["id"]), by=factories.portal(), at=AT)

    def test_is_never_of_another_case(self, process: Process, colleague: Actor) -> None:
        foreign = filed(factories.submitted())
        with pytest.raises(Invalid) as refused:
            correspondence.write_to_applicant(
                process.case_id, "Anbei.", documents=[foreign], by=colleague, at=AT
            )
        assert [one.rule for one in refused.value.errors] == ["unknown_document"]
        assert not Document.objects.get(id=foreign).is_public

    def test_is_never_a_decision(self, process: Process, colleague: Actor) -> None:
        decision = filed(process, kind="decision")
        with pytest.raises(Invalid):
            correspondence.write_to_applicant(
                process.case_id, "Anbei.", documents=[decision], by=colleague, at=AT
            )

    @pytest.mark.parametrize(
        ("who", "refusal"), [("j.kessler", NotFound), ("r.sandmann", ActionNotGranted)]
    )
    def test_is_handed_in_by_whoever_may_write(
        self, process: Process, who: str, refusal: type[Refusal]
    ) -> None:
        with pytest.raises(refusal):
            correspondence.keep_enclosure(
                process.case_id,
                [b"%PDF-1.7"],
                filename="Plan.pdf",
                media_type="application/pdf",
                by=factories.colleague(who),
                at=AT,
            )

    def test_is_watched_by_the_journal(self, process: Process, colleague: Actor) -> None:
        correspondence.write_to_applicant(
            process.case_id, "Anbei.", documents=[filed(process)], by=colleague, at=AT
        )
        case = process.case_id
        assert not verify([project_cases, project_work], lambda _: [], only=case).faults
        MessageAttachment.objects.all().delete()
        faults = verify([project_cases, project_work], lambda _: [], only=case).faults
        assert [one.kind for one in faults] == ["altered_row"]
        assert faults[0].detail.endswith(".attachments: the row is gone")

    def test_is_named_in_the_letter_to_whoever_reads_paper(
        self, process: Process, colleague: Actor
    ) -> None:
        sent = correspondence.write_to_applicant(
            process.case_id, "Anbei.", documents=[filed(process)], by=colleague, at=AT
        )
        assert on_paper(sent.id) == "Anbei.\n\nAnlagen: Vermerk"


class TestNoteReading:
    def test_marks_what_the_applicant_wrote_and_ends_its_tasks(
        self, process: Process, colleague: Actor
    ) -> None:
        written(process)
        written(process, "Hallo?")
        correspondence.note_reading(process.case_id, by=colleague, at=AT)
        assert open_tasks(process) == 0
        assert set(Message.objects.values_list("read_at", flat=True)) == {AT}

    def test_leaves_answers_to_be_reviewed(self, process: Process, colleague: Actor) -> None:
        Task.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            kind="review_answer",
            opened_at=AT,
        )
        correspondence.note_reading(process.case_id, by=colleague, at=AT)
        assert open_tasks(process) == 1


class TestMarkRead:
    def test_comes_too_late_once_the_case_is_closed(
        self, process: Process, colleague: Actor
    ) -> None:
        sent = correspondence.write_to_applicant(process.case_id, "Hallo", by=colleague, at=AT)
        withdraw(process.case_id, reason="", by=colleague, at=AT)
        close(process.case_id, by=colleague, at=AT)
        submission = process.submission
        assert isinstance(submission, UUID)
        with pytest.raises(StepNotPossible):
            correspondence.mark_read(submission, sent.id, by=factories.portal(), at=AT)
