"""The index says of a case what the case says now."""

import pytest

from efile.filing import file_documents
from efile.kernel.ids import uuid7
from efile.models import Case, Party
from search.index import SHORTEST_PREFIX, beginnings, refresh
from search.models import IndexedCase
from tests.efile.cases import new_document
from tests.factories import AT, city, colleague, drained, machine, submitted
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import Process

pytestmark = pytest.mark.django_db


def indexed(process: Process) -> IndexedCase:
    return IndexedCase.objects.get(case=process.case_id)


class TestRefreshing:
    def test_makes_a_case_known_by_reference_names_and_subject(self) -> None:
        process = submitted()
        refresh(process.case_id)
        row = indexed(process)
        assert {
            "32.2-000001/26-01",
            "000001",
            "1",
            "yilmaz",
            "yil",
            "dorde",
            "bewohnerparkausweis",
            "zone",
            "a4",
        } <= set(row.terms)
        assert (row.tenant_id, row.scope, row.received_at) == (
            city().pk,
            process.case.scope,
            process.case.received_at,
        )

    def test_is_owed_for_every_case_that_is_opened(self) -> None:
        process = submitted()
        assert not IndexedCase.objects.exists()
        drained()
        assert indexed(process).tenant_id == process.tenant_id

    def test_twice_leaves_one_row_that_says_the_same(self) -> None:
        process = submitted()
        refresh(process.case_id)
        before = indexed(process).terms
        refresh(process.case_id)
        assert indexed(process).terms == before
        assert IndexedCase.objects.count() == 1

    def test_says_what_the_case_says_by_now(self) -> None:
        process = submitted()
        refresh(process.case_id)
        Case.objects.filter(id=process.case_id).update(subject="Handwerkerparkausweis")
        Party.objects.filter(case_id=process.case_id).update(family_name="Öztürk")
        refresh(process.case_id)
        terms = set(indexed(process).terms)
        assert {"handwerkerparkausweis", "ozturk"} <= terms
        assert "bewohnerparkausweis" not in terms

    def test_knows_a_permit_and_what_it_is_for_once_it_is_granted(self) -> None:
        process = submitted()
        drained()
        assert "bpa-26-000001" not in indexed(process).terms
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        assert {"bpa-26-000001", "d", "lm", "123"} <= set(indexed(process).terms)

    def test_follows_the_case_to_another_unit(self) -> None:
        process = submitted()
        refresh(process.case_id)
        Case.objects.filter(id=process.case_id).update(access_class="social")
        refresh(process.case_id)
        assert indexed(process).scope.endswith(":social")

    def test_knows_every_party(self) -> None:
        parties = [
            {"role": "applicant", "kind": "organisation", "organisation": "Çelik & Söhne OHG"},
        ]
        process = submitted("bulky-waste", parties=parties)
        refresh(process.case_id)
        assert {"celik", "sohne", "ohg", "lindenstrasse"} <= set(indexed(process).terms)

    def test_knows_the_titles_of_documents_as_they_come(self) -> None:
        process = submitted()
        drained()
        assert "nachweis" not in indexed(process).terms
        file_documents(process.case_id, [new_document()], by=machine(), at=AT)
        drained()
        assert {"nachweis", "nachw"} <= set(indexed(process).terms)

    def test_forgets_a_case_that_is_gone(self) -> None:
        gone = IndexedCase.objects.create(
            case=uuid7(), tenant=city(), scope="1:general", terms=["x"], received_at=AT
        )
        refresh(gone.case)
        assert not IndexedCase.objects.exists()


class TestBeginnings:
    def test_are_all_that_are_long_enough_to_be_asked_for(self) -> None:
        assert beginnings("muller") == ["mu", "mul", "mull", "mulle", "muller"]
        assert len(beginnings("muller")[0]) == SHORTEST_PREFIX

    def test_of_a_short_word_are_the_word(self) -> None:
        assert beginnings("a") == ["a"]
        assert beginnings("a4") == ["a4"]
