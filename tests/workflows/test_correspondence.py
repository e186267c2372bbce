"""Messages to and fro, as the office has them; the portal's side is in tests/api."""

from uuid import UUID

import pytest

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.models import Message
from efile.policy import ActionNotGranted
from tests import factories
from tests.factories import AT
from workflows import correspondence
from workflows.correspondence import NoPortal
from workflows.endings import close, withdraw
from workflows.machine import StepNotPossible, TasksAreOpen
from workflows.models import Process, Task

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
