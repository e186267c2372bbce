"""Tests of workflows.journal_view: everything that happened, and whether it is still provable."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile import grants
from efile.filing import file_documents, write_note
from efile.kernel.actors import Actor
from efile.kernel.erasure import erase_values
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.models import Case
from efile.reading import read_document
from tests.efile.cases import (
    by_the_owner,
    neighbour,
    new_document,
    opened,
    recorded,
    user_id,
)
from tests.factories import AT, DAY, colleague, drained, machine, portal, submitted
from workflows.assignment import assign
from workflows.journal_view import JournalView, Wanted, open_journal, prove

pytestmark = pytest.mark.django_db


def journal(case: Case, wanted: Wanted | None = None, by: Actor | None = None) -> JournalView:
    return open_journal(case.id, wanted or Wanted(), by=by or colleague())


def busy(notes: int) -> Case:
    """A case with ``notes`` notes on it."""
    case = opened()
    for number in range(notes):
        write_note(case.id, f"Notiz {number}", by=colleague(), at=AT)
    return case


class TestTheJournal:
    def test_has_every_entry_the_latest_first(self) -> None:
        case = busy(2)
        found = journal(case)

        assert [line.entry.kind for line in found.lines] == recorded(case)[::-1]
        assert [line.seq for line in found.lines] == [3, 2, 1]
        assert found.kinds == {"case.opened": 1, "note.written": 2}

    def test_can_begin_at_the_beginning(self) -> None:
        lines = journal(busy(2), Wanted(oldest_first=True)).lines

        assert [line.seq for line in lines] == [1, 2, 3]

    def test_says_who_did_it_and_what_the_values_were(self) -> None:
        process = submitted()
        assign(process.case_id, user_id("d.yilmaz"), by=colleague(), at=AT)
        found = journal(process.case)
        assigned = next(one for one in found.lines if one.entry.kind == "process.assigned")

        assert assigned.entry.actor_name == "Ana Lopes"
        assert assigned.entry.changes == {"process.assignee": (None, user_id("d.yilmaz"))}
        assert found.people == {user_id("d.yilmaz"): "Deniz Yılmaz"}

    def test_names_units_documents_and_those_it_was_shared_with(self) -> None:
        case, new = opened(), new_document()
        file_documents(case.id, [new], by=machine(), at=AT)
        head = colleague("t.oyelaran")
        grants.bar_colleague(case.id, user_id("d.yilmaz"), reason="Nachbarn", by=head, at=AT)
        found = journal(case)

        assert found.units == {case.lead_unit_id: "Amt 32.2 Bürgerservice Parken"}
        assert found.documents == {str(new.id): "Nachweis"}
        assert found.people == {user_id("d.yilmaz"): "Deniz Yılmaz"}

    def test_shows_one_kind_alone(self) -> None:
        lines = journal(busy(2), Wanted(kind="note.written")).lines

        assert [line.entry.kind for line in lines] == ["note.written"] * 2

    def test_says_who_read_a_document_of_a_protected_class(self) -> None:
        case = opened(access_class="social", unit="sozialamt", position="50.1")
        file_documents(case.id, [new := new_document()], by=machine(), at=AT)
        reader = colleague("f.okonkwo")
        read_document(new.id, by=reader, at=AT + DAY)
        (line,) = journal(case, Wanted(kind="document.fetched"), reader).lines

        assert (line.entry.actor_name, line.entry.facts) == (
            "Folake Okonkwo",
            {"document": str(new.id)},
        )

    @pytest.mark.parametrize("oldest_first", [False, True])
    def test_goes_on_where_the_page_before_ended(self, oldest_first: bool) -> None:
        case, seen, after = busy(6), [], None
        while True:
            wanted = Wanted(oldest_first=oldest_first, after=after)
            page = open_journal(case.id, wanted, by=colleague(), limit=3)
            seen += [line.seq for line in page.lines]
            if (after := page.after) is None:
                break

        assert seen == sorted(range(1, 8), reverse=not oldest_first)

    def test_is_whole_where_no_limit_is_set(self) -> None:
        found = open_journal(busy(4).id, Wanted(), by=colleague(), limit=None)

        assert (len(found.lines), found.after) == (5, None)

    def test_tells_erased_values_from_none(self) -> None:
        case = busy(1)
        erase_values(case.id, basis="Art. 17 DSGVO", by=machine(), at=AT)
        found = journal(case)

        assert [line.is_erased for line in found.lines] == [False, True, True]
        assert found.lines[-1].entry.changes == {}

    def test_survives_values_that_somebody_spoilt(self) -> None:
        case = busy(1)
        for spoilt in ("[]", '{"changes": {"grant.x": 1}}', "gone"):
            by_the_owner(
                "UPDATE kernel_journalvalues SET values = %s WHERE chain = %s", spoilt, case.id
            )
            assert [line.entry.changes for line in journal(case).lines] == [{}, {}]

    def test_is_for_those_who_see_the_case(self) -> None:
        case = opened()
        for stranger in (colleague("r.aydin"), neighbour(), portal()):
            for key in (case.id, uuid7()):
                with pytest.raises(NotFound):
                    open_journal(key, Wanted(), by=stranger)
                with pytest.raises(NotFound):
                    prove(key, by=stranger)

    @pytest.mark.parametrize("username", ["a.lopes", "t.oyelaran", "r.sandmann", "v.nightingale"])
    def test_is_for_every_role_that_reads(self, username: str) -> None:
        assert journal(opened(), by=colleague(username)).lines

    def test_costs_six_statements_however_long_it_is(self) -> None:
        by = colleague()
        costs: list[int] = []
        for process in (submitted(), submitted()):
            for number in range(30 * len(costs)):
                write_note(process.case_id, f"Notiz {number}", by=by, at=AT)
            assign(process.case_id, by.user_id, by=by, at=AT)
            with CaptureQueriesContext(connection) as captured:
                open_journal(process.case_id, Wanted(), by=by)
            costs.append(len(captured))

        assert costs == [6, 6]


class TestTheProof:
    def test_finds_nothing_wrong_with_what_nobody_touched(self) -> None:
        process = submitted()
        drained()
        report = prove(process.case_id, by=colleague())

        assert report.faults == []
        assert report.checked == len(recorded(process.case))

    def test_still_holds_after_a_lawful_erasure(self) -> None:
        case = busy(2)
        erase_values(case.id, basis="Art. 17 DSGVO", by=machine(), at=AT)

        assert prove(case.id, by=colleague()).faults == []

    def test_names_what_was_altered(self) -> None:
        case = busy(2)
        by_the_owner(
            "UPDATE kernel_journalentry SET actor = 'user:0' WHERE chain_id = %s AND seq = 2",
            case.id,
        )
        by_the_owner("UPDATE efile_case SET subject = 'Anderes' WHERE id = %s", case.id)
        faults = {(one.kind, one.seq, one.detail) for one in prove(case.id, by=colleague()).faults}

        assert ("altered_row", 1, "case.subject") in faults
        assert any(kind == "altered_entry" and seq == 2 for kind, seq, _ in faults)

    def test_names_what_is_missing(self) -> None:
        case = busy(2)
        by_the_owner("DELETE FROM kernel_journalentry WHERE chain_id = %s AND seq = 3", case.id)
        assert "cut_tail" in {one.kind for one in prove(case.id, by=colleague()).faults}

        by_the_owner("DELETE FROM kernel_journalentry WHERE chain_id = %s", case.id)
        by_the_owner("DELETE FROM kernel_journalchain WHERE id = %s", case.id)
        assert [one.kind for one in prove(case.id, by=colleague()).faults] == ["missing_chain"]

    def test_is_of_this_case_alone(self) -> None:
        case, other = busy(1), busy(1)
        by_the_owner("UPDATE efile_case SET subject = 'Anderes' WHERE id = %s", other.id)

        assert prove(case.id, by=colleague()).faults == []
