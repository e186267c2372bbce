"""The database itself keeps closed cases and every reference as they are, whoever writes."""

from collections.abc import Callable
from threading import Event

import pytest
from django.db import DatabaseError, transaction

from efile.filing import file_documents, write_message, write_note
from efile.kernel.ids import uuid7
from efile.lifecycle import CaseIsClosed, close_case, reopen_case
from efile.models import Case, DocumentVersion, Note
from tests.crowd import together
from tests.efile.cases import (
    as_stored,
    by_hand,
    by_the_owner,
    new_document,
    opened,
    somebody_waits_for_me,
)
from tests.eventually import eventually
from tests.factories import AT, colleague, machine

pytestmark = pytest.mark.django_db

CLOSED = "the case is closed"


@pytest.fixture
def case() -> Case:
    """A closed case with one of everything on it."""
    case = opened()
    by = machine()
    file_documents(case.id, [new_document()], by=by, at=AT)
    write_message(case.id, "Bitte noch die Rückseite.", direction="out", by=by, at=AT)
    write_note(case.id, "Rückruf erbeten.", by=by, at=AT)
    close_case(case.id, by=by, at=AT)
    return case


def told(act: Callable[[], object]) -> bool:
    """A verb says what the database only raises."""
    with pytest.raises(CaseIsClosed), transaction.atomic():
        act()
    return True


def refused(act: Callable[[], object], *, because: str = CLOSED) -> bool:
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        act()
    return True


PARTS = ["efile_party", "efile_document", "efile_message", "efile_note"]


class TestAClosedCase:
    def test_takes_no_document(self, case: Case) -> None:
        assert told(lambda: file_documents(case.id, [new_document()], by=machine(), at=AT))

    def test_takes_no_version_of_a_document_it_has(self, case: Case) -> None:
        version = DocumentVersion.objects.get(document__case=case)
        version.id, version.number = uuid7(), 2
        assert refused(lambda: version.save(force_insert=True))

    def test_takes_no_message(self, case: Case) -> None:
        assert told(
            lambda: write_message(case.id, "Noch etwas.", direction="in", by=machine(), at=AT)
        )

    def test_takes_no_note(self, case: Case) -> None:
        assert told(lambda: write_note(case.id, "Noch etwas.", by=machine(), at=AT))

    @pytest.mark.parametrize("table", PARTS)
    def test_changes_in_no_part(self, case: Case, table: str) -> None:
        assert refused(
            lambda: by_hand(f"UPDATE {table} SET tenant_id = tenant_id WHERE case_id = %s", case.id)
        )

    @pytest.mark.parametrize("table", PARTS)
    def test_loses_no_part(self, case: Case, table: str) -> None:
        assert refused(lambda: by_hand(f"DELETE FROM {table} WHERE case_id = %s", case.id))

    @pytest.mark.parametrize("table", PARTS)
    def test_gives_no_part_to_another_case(self, case: Case, table: str) -> None:
        other = opened()
        move = f"UPDATE {table} SET case_id = %s WHERE case_id = %s"
        assert refused(lambda: by_hand(move, other.id, case.id))

    @pytest.mark.parametrize("table", PARTS)
    def test_gets_no_part_from_another_case(self, case: Case, table: str) -> None:
        other = opened()
        file_documents(other.id, [new_document()], by=machine(), at=AT)
        write_message(other.id, "Guten Tag.", direction="in", by=machine(), at=AT)
        write_note(other.id, "Erledigt.", by=machine(), at=AT)
        move = f"UPDATE {table} SET case_id = %s WHERE case_id = %s"
        assert refused(lambda: by_hand(move, case.id, other.id))

    @pytest.mark.parametrize(
        "change",
        [
            "subject = 'Anderes'",
            "applicant = 'Andere'",
            "access_class = 'social'",
            "number = 7",
            "received_at = now()",
            "retention_years = 1",
            "disposal_code = 'A'",
        ],
    )
    def test_stays_as_it_is(self, case: Case, change: str) -> None:
        assert refused(lambda: by_hand(f"UPDATE efile_case SET {change} WHERE id = %s", case.id))

    def test_resists_the_owner_of_the_tables_too(self, case: Case) -> None:
        assert refused(
            lambda: by_the_owner("UPDATE efile_note SET text = '' WHERE case_id = %s", case.id)
        )

    def test_takes_everything_again_once_it_is_reopened(self, case: Case) -> None:
        reopen_case(case.id, reason="Neue Tatsachen.", by=colleague("t.oyelaran"), at=AT)
        write_note(case.id, "Es geht weiter.", by=machine(), at=AT)
        assert Note.objects.filter(case=case).count() == 2


class TestAReference:
    @pytest.mark.parametrize("table", ["efile_case", "efile_casefile"])
    def test_does_not_change(self, table: str) -> None:
        opened()
        statement = f"UPDATE {table} SET reference = 'X-1'"
        assert refused(lambda: by_hand(statement), because="a reference does not change")
        assert refused(lambda: by_the_owner(statement), because="a reference does not change")

    @pytest.mark.parametrize("table", ["efile_case", "efile_casefile"])
    def test_does_not_change_its_city(self, table: str) -> None:
        opened()
        statement = f"UPDATE {table} SET tenant_id = tenant_id + 1"
        assert refused(lambda: by_hand(statement), because="a reference does not change")

    @pytest.mark.parametrize("constraint", ["case_reference_is_unique", "file_reference_is_unique"])
    def test_is_given_once(self, constraint: str) -> None:
        case = as_stored(opened())
        twin = case if constraint.startswith("case") else case.case_file
        twin.pk = uuid7()
        assert refused(lambda: twin.save(force_insert=True), because=constraint)


@pytest.mark.django_db(transaction=True)
class TestAWriteThatRacesWithClosing:
    def test_and_comes_second_is_refused(self) -> None:
        """The closing holds the case; the note waits for it and then finds the case closed."""
        case = opened()
        holds = Event()

        def act(number: int) -> object:
            if number == 0:
                with transaction.atomic():
                    close_case(case.id, by=machine(), at=AT)
                    holds.set()
                    return eventually(somebody_waits_for_me)
            holds.wait()
            return told(lambda: write_note(case.id, "Zu spät.", by=machine(), at=AT))

        assert together(2, act) == [True, True]
        assert not Note.objects.filter(case=case).exists()

    def test_and_comes_first_is_on_file_before_the_case_is_closed(self) -> None:
        case = opened()
        holds = Event()

        def act(number: int) -> object:
            if number == 0:
                with transaction.atomic():
                    write_note(case.id, "Gerade noch.", by=machine(), at=AT)
                    holds.set()
                    return eventually(somebody_waits_for_me)
            holds.wait()
            return close_case(case.id, by=machine(), at=AT).is_closed

        assert together(2, act) == [True, True]
        assert Note.objects.filter(case=case).count() == 1
        assert as_stored(case).is_closed

    def test_leaves_no_part_on_a_closed_case_however_it_ends(self) -> None:
        case = opened()

        def act(number: int) -> object:
            if number == 0:
                return close_case(case.id, by=machine(), at=AT)
            return write_note(case.id, "Knapp.", by=machine(), at=AT)

        _, *written = together(6, act)
        kept = Note.objects.filter(case=case).count()
        assert kept == len([one for one in written if isinstance(one, Note)])
        assert all(isinstance(one, CaseIsClosed) for one in written if not isinstance(one, Note))
