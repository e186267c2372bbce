"""The receipt of a submission: made when it is first asked for, the same ever after."""

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest

from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.kernel.models import JournalEntry
from efile.models import Case, Document
from tests.crowd import together
from tests.efile.letters.reading import words
from tests.factories import AT, DAY, body, colleague, portal, renewed, submit, submitted
from tests.workflows.working import answered, notified, recorded
from workflows.endings import close
from workflows.machine import Step
from workflows.models import Process
from workflows.receipts import Receipt, case_receipt, submission_receipt

pytestmark = pytest.mark.django_db


def fetched(process: Process) -> Receipt:
    assert process.submission
    return submission_receipt(process.submission, by=portal(), at=AT + DAY)


def receipts(process: Process) -> list[Document]:
    return list(Document.objects.filter(case_id=process.case_id, kind="receipt"))


class TestAReceipt:
    def test_says_what_was_received_and_when(self) -> None:
        process = submitted()
        text = words(fetched(process).pdf)
        for said in (
            process.case.reference,
            "10.03.2026, 12:00 Uhr",
            "Bewohnerparkausweis",
            "Online-Portal",
            "Đorđe Yılmaz",
            "D-LM 123",
            "Zulassungsbescheinigung Teil I",
            "Wir prüfen ihn jetzt.",
        ):
            assert said in text

    def test_shows_groups_and_lists_of_a_form(self) -> None:
        text = words(fetched(submitted("bulky-waste")).pdf)
        for said in ("Lindenstraße", "Gegenstände 1", "Möbel", "1,5", "Gegenstände 2"):
            assert said in text

    def test_takes_what_was_typed_as_it_was_typed(self) -> None:
        form = body()["form"] | {"make": "<b>Volks\u202ewagen</b> & Söhne"}
        assert "<b>Volkswagen</b> & Söhne" in words(fetched(submitted(form=form)).pdf)

    def test_is_filed_once_and_stays_the_same(self) -> None:
        process = submitted()
        first, second = fetched(process), fetched(process)
        assert first == second
        assert hashlib.sha256(first.pdf).hexdigest() == first.sha256
        (document,) = receipts(process)
        assert (document.direction, document.is_public) == ("out", True)
        assert recorded(process.case_id).count("documents.filed") == 1

    def test_of_a_closed_case_is_not_filed(self, clock: object) -> None:
        process = notified(Step.GRANT)
        close(process.case_id, by=colleague(), at=AT)
        assert fetched(process) == fetched(process)
        assert receipts(process) == []

    @pytest.mark.parametrize("is_filed", [True, False])
    @pytest.mark.parametrize("access_class", ["general", "social"])
    def test_of_a_protected_class_names_who_reads_it(
        self, clock: object, access_class: str, is_filed: bool
    ) -> None:
        process = notified(Step.GRANT)
        Case.objects.filter(id=process.case_id).update(access_class=access_class)
        if is_filed:
            fetched(process)
        scopes = frozenset({renewed(process).case.scope})
        by = replace(colleague(), reach={"caseworker": scopes})
        close(process.case_id, by=by, at=AT)
        case_receipt(process.case_id, by=by, at=AT)
        is_protected = access_class == "social"
        assert recorded(process.case_id).count("document.fetched") == is_protected
        assert len(receipts(process)) == is_filed

    def test_of_what_is_no_case_yet_is_not_filed(self) -> None:
        sent = body(on_invalid="clarify")
        del sent["form"]["plate"]
        submission = UUID(submit(sent)["id"])
        text = words(submission_receipt(submission, by=portal(), at=AT).pdf)
        assert str(submission) in text.replace(" ", "")
        assert "Eine Kollegin oder ein Kollege" in text
        assert "Nachweis.pdf" in text
        assert not Document.objects.exists()

    def test_is_there_for_its_sender_alone(self) -> None:
        process = submitted()
        assert process.submission
        for submission, by in ((process.submission, portal("another")), (uuid7(), portal())):
            with pytest.raises(NotFound):
                submission_receipt(submission, by=by, at=AT)

    def test_is_there_for_whoever_sees_the_case(self) -> None:
        process = submitted()
        receipt = case_receipt(process.case_id, by=colleague(), at=AT)
        assert receipt == fetched(process)
        for case, by in ((process.case_id, colleague("r.aydin")), (uuid7(), colleague())):
            with pytest.raises(NotFound):
                case_receipt(case, by=by, at=AT)


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_at_once_get_the_same_and_one_is_on_file() -> None:
    process = submitted()
    got = answered(together(8, lambda _number: fetched(process)))
    assert len({receipt.sha256 for receipt in got}) == 1
    assert len(receipts(process)) == 1
    assert (
        JournalEntry.objects.filter(chain_id=process.case_id, kind="documents.filed").count() == 1
    )
