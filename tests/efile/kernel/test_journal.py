"""The journal proves what happened and can still forget."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from efile.filing import write_note
from efile.kernel import journal
from efile.kernel.erasure import erase_values
from efile.kernel.models import JournalChain, JournalEntry
from efile.kernel.seals import seal_all
from efile.kernel.verify import Report, verify
from efile.verify import cases_without_chain, project_cases
from tests.factories import AT, colleague, drained, machine, submitted
from workflows.assignment import assign
from workflows.models import Process
from workflows.verify import project_work

pytestmark = pytest.mark.django_db


def checked() -> Report:
    return verify([project_cases, project_work], cases_without_chain)


def kinds() -> set[str]:
    return {fault.kind for fault in checked().faults}


def by_hand(statement: str, *parameters: Any) -> None:
    """What somebody with the database's password does, past the application's rights."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE NONE")
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET ROLE laufmappe_app")


@pytest.fixture
def case() -> Process:
    """A case with some history: received, examined, a note."""
    process = submitted()
    drained()
    who = colleague()
    assign(process.case_id, who.user_id, by=who, at=AT)
    write_note(process.case_id, "Rückruf erbeten.", by=who, at=AT)
    seal_all(at=AT)
    return process


class TestAnUntouchedJournal:
    def test_has_no_faults(self, case: Process) -> None:
        report = checked()
        assert report.faults == []
        assert report.checked >= 4

    def test_numbers_its_entries_without_gaps(self, case: Process) -> None:
        seqs = JournalEntry.objects.filter(chain_id=case.case_id).values_list("seq", flat=True)
        assert sorted(seqs) == list(range(1, len(seqs) + 1))

    def test_is_sealed_once_for_what_moved(self, case: Process) -> None:
        assert seal_all(at=AT + timedelta(minutes=1)) == 0
        write_note(case.case_id, "Noch ein Vermerk.", by=colleague(), at=AT)
        assert seal_all(at=AT + timedelta(minutes=2)) == 1
        assert checked().faults == []


class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("actor", "user:1"), ("kind", "note.written"), ("at", "2020-01-01T00:00:00Z")],
    )
    def test_with_a_row_is_found(self, case: Process, column: str, value: str) -> None:
        by_hand(
            f"UPDATE kernel_journalentry SET {column} = %s WHERE chain_id = %s AND seq = 2",
            value,
            case.case_id,
        )
        faults = checked().faults
        assert [(fault.kind, fault.seq) for fault in faults] == [("altered_entry", 2)]
        assert faults[0].chain == case.case_id

    def test_with_a_value_is_found(self, case: Process) -> None:
        by_hand(
            "UPDATE kernel_journalvalues SET values = replace(values, 'received', 'closed') "
            "WHERE chain = %s AND seq = 1",
            case.case_id,
        )
        assert "altered_values" in kinds()

    def test_by_removing_a_value_is_found(self, case: Process) -> None:
        by_hand("DELETE FROM kernel_journalvalues WHERE chain = %s AND seq = 2", case.case_id)
        assert kinds() == {"missing_values"}

    def test_with_a_link_is_found(self, case: Process) -> None:
        by_hand(
            "UPDATE kernel_journalentry SET previous = %s WHERE chain_id = %s AND seq = 3",
            bytes(32),
            case.case_id,
        )
        assert kinds() == {"broken_link", "altered_entry"}

    def test_by_taking_an_entry_out_is_found(self, case: Process) -> None:
        by_hand("DELETE FROM kernel_journalentry WHERE chain_id = %s AND seq = 2", case.case_id)
        assert "missing_entry" in kinds()

    def test_by_cutting_the_tail_is_found(self, case: Process) -> None:
        last = JournalEntry.objects.filter(chain_id=case.case_id).count()
        by_hand(
            "DELETE FROM kernel_journalentry WHERE chain_id = %s AND seq = %s", case.case_id, last
        )
        assert "cut_tail" in kinds()

    def test_by_cutting_the_tail_with_its_head_and_values_is_found(self, case: Process) -> None:
        last = JournalEntry.objects.filter(chain_id=case.case_id).count()
        before = JournalEntry.objects.get(chain_id=case.case_id, seq=last - 1)
        # A proof kept from the time when the chain really ended there: a restored old head.
        proof = journal.head_proof(case.case_id, last - 1, bytes(before.mac))
        by_hand(
            "DELETE FROM kernel_journalentry WHERE chain_id = %s AND seq = %s", case.case_id, last
        )
        by_hand(
            "DELETE FROM kernel_journalvalues WHERE chain = %s AND seq = %s", case.case_id, last
        )
        by_hand(
            "UPDATE kernel_journalchain SET seq = %s, head = %s, proof = %s WHERE id = %s",
            last - 1,
            bytes(before.mac),
            proof,
            case.case_id,
        )
        assert "cut_tail" in kinds()

    def test_by_removing_a_whole_case_is_found(self, case: Process) -> None:
        remove_case(case.case_id)
        assert ("missing_chain", case.case_id) in {
            (fault.kind, fault.chain) for fault in checked().faults
        }

    def test_by_recomputing_a_chain_without_the_key_is_found(
        self, case: Process, settings: Any
    ) -> None:
        genuine, settings.JOURNAL_KEY = settings.JOURNAL_KEY, b"a guess"
        recompute(case.case_id)
        settings.JOURNAL_KEY = genuine
        assert "recomputed_chain" in kinds()

    def test_by_recomputing_a_chain_with_a_stolen_key_is_told_by_the_seals(
        self, case: Process
    ) -> None:
        by_hand(
            "UPDATE kernel_journalentry SET actor = 'user:1' WHERE chain_id = %s AND seq = 2",
            case.case_id,
        )
        recompute(case.case_id)
        assert "recomputed_chain" in kinds()

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE workflows_process SET state = 'closed' WHERE case_id = %s", "process.state"),
            ("UPDATE efile_case SET subject = 'Anderes' WHERE id = %s", "case.subject"),
            ("UPDATE efile_note SET text = 'Anderes' WHERE case_id = %s", "note."),
            ("UPDATE efile_party SET family_name = 'Anders' WHERE case_id = %s", "party."),
            ("DELETE FROM efile_note WHERE case_id = %s", "note."),
            ("UPDATE workflows_submission SET envelope = '{}' WHERE case_id = %s", "submission."),
        ],
    )
    def test_with_a_business_row_is_found(self, case: Process, statement: str, named: str) -> None:
        by_hand(statement, case.case_id)
        faults = checked().faults
        assert {fault.kind for fault in faults} == {"altered_row"}
        assert faults[0].detail.startswith(named)

    def test_by_slipping_in_a_row_is_found(self, case: Process) -> None:
        by_hand(
            "INSERT INTO efile_note (id, tenant_id, case_id, text, author, written_at) "
            "SELECT gen_random_uuid(), tenant_id, case_id, 'erfunden', author, written_at "
            "FROM efile_note WHERE case_id = %s",
            case.case_id,
        )
        assert kinds() == {"altered_row"}

    @pytest.mark.parametrize("column", ["root", "previous"])
    def test_with_a_seal_is_found(self, case: Process, column: str) -> None:
        by_hand(f"UPDATE kernel_journalseal SET {column} = %s", b"\x01" * 32)
        assert "altered_seal" in kinds()

    def test_by_removing_a_seal_from_the_middle_is_found(self, case: Process) -> None:
        write_note(case.case_id, "Noch ein Vermerk.", by=colleague(), at=AT)
        seal_all(at=AT + timedelta(minutes=1))
        by_hand(
            "DELETE FROM kernel_journalsealmember WHERE seal_id IN "
            "(SELECT id FROM kernel_journalseal WHERE number = 1)"
        )
        by_hand("DELETE FROM kernel_journalseal WHERE number = 1")
        assert "missing_seal" in kinds()


class TestLawfulErasure:
    def test_is_not_a_fault(self, case: Process) -> None:
        erased = erase_values(case.case_id, basis="Art. 17 DSGVO", by=machine(), at=AT)
        assert erased >= 4
        assert checked().faults == []

    def test_covers_nothing_that_comes_after_it(self, case: Process) -> None:
        erase_values(case.case_id, basis="Art. 17 DSGVO", by=machine(), at=AT)
        write_note(case.case_id, "Danach.", by=colleague(), at=AT)
        last = JournalEntry.objects.filter(chain_id=case.case_id).count()
        by_hand(
            "DELETE FROM kernel_journalvalues WHERE chain = %s AND seq = %s", case.case_id, last
        )
        assert kinds() == {"missing_values"}


class TestTheApplicationsRole:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE kernel_journalentry SET actor = 'user:1'",
            "DELETE FROM kernel_journalentry",
            "UPDATE kernel_journalvalues SET values = ''",
            "TRUNCATE kernel_journalentry",
            "UPDATE workflows_serviceversion SET number = 7",
            "UPDATE workflows_submission SET envelope = '{}'",
            "UPDATE efile_documentversion SET number = 7",
            "UPDATE kernel_installation SET is_demo = true",
            "CREATE TABLE mine (id int)",
        ],
    )
    def test_may_not_rewrite(self, statement: str) -> None:
        from django.db import ProgrammingError

        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as c:
            c.execute(statement)


def remove_case(case_id: UUID) -> None:
    """Take out every row that carries the case, its chain included."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "DELETE FROM efile_documentversion WHERE document_id IN "
            "(SELECT id FROM efile_document WHERE case_id = %s)",
            [case_id],
        )
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'case_id' "
            "AND table_schema = 'public'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table} WHERE case_id = %s", [case_id])
        cursor.execute("DELETE FROM efile_case WHERE id = %s", [case_id])
        for column, table in (
            ("chain_id", "kernel_journalentry"),
            ("chain", "kernel_journalvalues"),
            ("id", "kernel_journalchain"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [case_id])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET ROLE laufmappe_app")


def recompute(case_id: UUID) -> None:
    """Make the whole chain consistent again with whatever key the settings hold."""
    previous = journal.NO_PREVIOUS
    chain = JournalChain.objects.get(id=case_id)
    relink: Callable[..., None] = by_hand
    for entry in JournalEntry.objects.filter(chain_id=case_id).order_by("seq"):
        mac = journal.entry_mac(
            case_id,
            entry.seq,
            entry.kind,
            entry.actor,
            entry.at,
            bytes(entry.values_digest),
            previous,
        )
        relink(
            "UPDATE kernel_journalentry SET mac = %s, previous = %s WHERE id = %s",
            mac,
            previous,
            entry.id,
        )
        previous = mac
    proof = journal.head_proof(case_id, chain.seq, previous)
    by_hand(
        "UPDATE kernel_journalchain SET head = %s, proof = %s WHERE id = %s",
        previous,
        proof,
        case_id,
    )


class TestTheCommand:
    def test_says_in_json_what_is_wrong_and_exits_1(
        self, case: Process, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from django.core.management import call_command

        call_command("verify_journal", "--json")
        assert json.loads(capsys.readouterr().out)["faults"] == []
        by_hand("UPDATE efile_case SET subject = 'Anderes' WHERE id = %s", case.case_id)
        with pytest.raises(SystemExit) as exit_:
            call_command("verify_journal", "--json", "--case", case.case.reference)
        assert exit_.value.code == 1
        (fault,) = json.loads(capsys.readouterr().out)["faults"]
        assert fault["kind"] == "altered_row"
        assert fault["tenant"] == "musterstadt"
        assert fault["case"] == case.case.reference
        assert fault.keys() == {"kind", "tenant", "case", "seq", "detail"}
