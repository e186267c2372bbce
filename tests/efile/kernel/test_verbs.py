"""A verb is one change: one transaction, one entry for everything it did, or nothing."""

from contextlib import suppress
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from efile.filing import write_note
from efile.kernel.errors import Conflict
from efile.kernel.ids import uuid7
from efile.kernel.journal import record, running_unit
from efile.kernel.models import JournalChain, JournalEntry
from efile.kernel.verbs import part, unit_of_work, verb
from efile.kernel.verify import verify
from efile.lifecycle import CaseIsClosed, close_case
from efile.models import Case, Note
from efile.verify import cases_without_chain, project_cases
from tests.crowd import together
from tests.efile.cases import neighbour, opened, recorded
from tests.efile.kernel.stage import CurtainRose
from tests.factories import AT, city, machine

pytestmark = pytest.mark.django_db


def note(case_id: UUID, text: str = "Rückruf erbeten.") -> None:
    write_note(case_id, text, by=machine(), at=AT)


@verb
def note_twice(case_id: UUID, *, refuse: bool = False) -> str:
    """Two notes, then perhaps a refusal."""
    note(case_id, "Erster Vermerk.")
    note(case_id, "Zweiter Vermerk.")
    if refuse:
        raise Conflict
    return "geschrieben"


def texts() -> list[str]:
    return list(Note.objects.order_by("id").values_list("text", flat=True))


class TestAVerb:
    def test_hands_its_answer_on(self) -> None:
        assert note_twice(opened().id) == "geschrieben"

    def test_keeps_name_and_words(self) -> None:
        assert note_twice.__name__ == "note_twice"
        assert note_twice.__doc__ == "Two notes, then perhaps a refusal."

    def test_joins_the_verb_that_calls_it(self) -> None:
        """One transaction, and one statement for all its entries."""
        case = opened()
        with CaptureQueriesContext(connection) as queries:
            note_twice(case.id)
        sent = [query["sql"] for query in queries]
        assert len([sql for sql in sent if "INSERT INTO kernel_journalentry" in sql]) == 1
        assert len([sql for sql in sent if sql.startswith("SAVEPOINT")]) == 1
        assert recorded(case) == ["case.opened", "note.written", "note.written"]

    def test_is_undone_with_the_verb_that_calls_it(self) -> None:
        case = opened()
        with pytest.raises(Conflict):
            note_twice(case.id, refuse=True)
        assert texts() == []
        assert recorded(case) == ["case.opened"]

    def test_that_was_refused_leaves_the_transaction_around_it_alone(self) -> None:
        case = opened()
        with transaction.atomic():
            note(case.id, "Davor.")
            with pytest.raises(Conflict):
                note_twice(case.id, refuse=True)
            note(case.id, "Danach.")
        assert texts() == ["Davor.", "Danach."]
        assert recorded(case) == ["case.opened", "note.written", "note.written"]

    def test_that_was_refused_is_over(self) -> None:
        with pytest.raises(Conflict):
            note_twice(opened().id, refuse=True)
        assert running_unit.get() is None

    @pytest.mark.django_db(transaction=True)
    def test_commits_on_its_own_when_nobody_else_began(self) -> None:
        case = opened()
        with CaptureQueriesContext(connection) as queries:
            note_twice(case.id)
        sent = [query["sql"] for query in queries]
        assert (sent[0], sent[-1]) == ("BEGIN", "COMMIT")
        assert [sql for sql in sent if "SAVEPOINT" in sql] == []


class TestWhatTheDatabaseGuards:
    def test_is_refused_like_any_other_rule(self) -> None:
        case = opened()
        close_case(case.id, by=machine(), at=AT)
        with pytest.raises(CaseIsClosed) as refusal:
            note(case.id)
        assert isinstance(refusal.value.__cause__, DatabaseError)
        assert running_unit.get() is None

    def test_of_a_part_leaves_the_rest_of_the_unit_at_work(self) -> None:
        closed, open_one = opened(), opened()
        close_case(closed.id, by=machine(), at=AT)

        @verb
        def note_where_it_goes() -> None:
            with suppress(CaseIsClosed), part():
                note(closed.id)
            note(open_one.id)

        note_where_it_goes()
        assert texts() == ["Rückruf erbeten."]
        assert recorded(open_one) == ["case.opened", "note.written"]

    def test_without_being_a_rule_of_ours_stays_a_bug(self) -> None:
        case = opened()

        @verb
        def rename() -> None:
            Case.objects.filter(id=case.id).update(reference="X-1")

        with pytest.raises(DatabaseError, match="a reference does not change"):
            rename()


class TestUnitOfWork:
    def test_writes_nothing_when_nothing_happened(self) -> None:
        with CaptureQueriesContext(connection) as queries, unit_of_work():
            pass
        assert [sql for query in queries if "journal" in (sql := query["sql"])] == []

    def test_keeps_the_order_of_what_happened_in_every_chain(self) -> None:
        one, other = opened(), opened()
        with unit_of_work():
            note(one.id)
            record(CurtainRose(case_id=other.id), by=machine(), at=AT)
            record(CurtainRose(case_id=one.id), by=machine(), at=AT)
            note(other.id)
        assert recorded(one)[1:] == ["note.written", "stage.curtain_rose"]
        assert recorded(other)[1:] == ["stage.curtain_rose", "note.written"]

    def test_works_for_one_city_only(self) -> None:
        ours, theirs = opened(), opened(by=(them := neighbour()))

        @verb
        def note_across_the_border() -> None:
            note(ours.id)
            write_note(theirs.id, "Grüße von nebenan.", by=them, at=AT)

        with pytest.raises(ValueError, match="too many values"):
            note_across_the_border()
        assert texts() == []
        assert (recorded(ours), recorded(theirs)) == (["case.opened"], ["case.opened"])

    def test_asks_for_no_head_of_a_chain_that_it_opens_itself(self) -> None:
        begun = uuid7()
        with CaptureQueriesContext(connection) as queries, unit_of_work() as unit:
            unit.opens(begun)
            record(CurtainRose(case_id=begun), by=machine(), at=AT)
        assert [sql for query in queries if "FOR UPDATE" in (sql := query["sql"])] == []
        assert JournalChain.objects.get(id=begun).seq == 1


class TestAPart:
    def test_that_fails_leaves_nothing_of_itself(self) -> None:
        case, begun = opened(), uuid7()

        @verb
        def try_twice() -> None:
            note(case.id, "Davor.")
            with suppress(Conflict), part():
                note(case.id, "Versuch.")
                running_unit.get().opens(begun)  # type: ignore[union-attr]
                record(CurtainRose(case_id=begun), by=machine(), at=AT)
                raise Conflict
            note(case.id, "Danach.")

        try_twice()
        assert texts() == ["Davor.", "Danach."]
        assert recorded(case) == ["case.opened", "note.written", "note.written"]
        assert not JournalChain.objects.filter(id=begun).exists()
        assert verify([project_cases], cases_without_chain).faults == []

    def test_that_ends_well_counts(self) -> None:
        case = opened()
        with unit_of_work(), part():
            note(case.id)
        assert recorded(case) == ["case.opened", "note.written"]

    def test_that_is_all_there_is_is_a_unit(self) -> None:
        case = opened()
        with part():
            note(case.id)
        assert recorded(case) == ["case.opened", "note.written"]
        assert running_unit.get() is None


class TestRecord:
    def test_outside_of_a_verb_is_an_error(self) -> None:
        with pytest.raises(RuntimeError, match="outside a verb"):
            record(CurtainRose(case_id=None), by=machine(), at=AT)

    def test_of_what_happens_to_no_case_goes_into_the_chain_of_the_city(self) -> None:
        with unit_of_work():
            record(CurtainRose(case_id=None), by=machine(), at=AT)
        entry = JournalEntry.objects.get(kind=CurtainRose.name)
        assert entry.chain_id == UUID(int=city().pk)
        assert (entry.actor, entry.at) == ("system:test", AT)


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_append_to_one_chain_in_turn(self) -> None:
        case = opened()
        together(8, lambda number: note(case.id, f"Vermerk {number}"))
        entries = JournalEntry.objects.filter(chain_id=case.id).order_by("seq")
        assert list(entries.values_list("seq", flat=True)) == list(range(1, 10))
        assert verify([project_cases], cases_without_chain, only=case.id).faults == []

    def test_begin_one_chain_together(self) -> None:
        begun = uuid7()

        @verb
        def begin() -> None:
            record(CurtainRose(case_id=begun), by=machine(), at=AT)

        together(8, lambda _: begin())
        assert JournalChain.objects.get(id=begun).seq == 8

    def test_never_wait_for_each_other_crosswise(self) -> None:
        one, other = opened(), opened()

        @verb
        def note_both(first: UUID, second: UUID) -> None:
            record(CurtainRose(case_id=first), by=machine(), at=AT)
            record(CurtainRose(case_id=second), by=machine(), at=AT)

        there, back = (one.id, other.id), (other.id, one.id)
        together(8, lambda number: note_both(*(there if number % 2 else back)))
        assert len(recorded(one)) == len(recorded(other)) == 9
