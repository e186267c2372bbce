"""Tests of workflows.file_view: a file shows what its reader may see, and nothing of the rest."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile import grants
from efile.filing import file_documents
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.models import Case, DocumentVersion
from tests.efile.cases import closed, neighbour, new_document, opened, user_id
from tests.factories import AT, DAY, city, colleague, machine, portal, submitted
from workflows.decisions import decide
from workflows.file_view import PAGE, FileView, open_file
from workflows.machine import Step

pytestmark = pytest.mark.django_db


def seen(case: Case, by: Actor | None = None, before: int | None = None) -> FileView:
    return open_file(case.case_file_id, by=by or colleague(), before=before)


def bar(case: Case, username: str = "a.lopes") -> None:
    head = colleague("t.oyelaran")
    grants.bar_colleague(case.id, user_id(username), reason="Nachbarn", by=head, at=AT)


class TestAFile:
    def test_shows_its_cases_the_newest_first(self) -> None:
        first = opened(bpk2="a", subject="Zone A4")
        second = closed(bpk2="a", subject="Zone B1")
        file = seen(first)

        assert [case.id for case in file.cases] == [second.id, first.id]
        assert (file.reference, file.subject, file.cases_seen) == (
            first.case_file.reference,
            "Zone A4",
            2,
        )
        assert file.position.code == "32.2"

    def test_tells_the_life_of_a_case(self) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT + DAY)
        (case,) = seen(process.case).cases

        assert (case.state, case.decision, case.decided_at) == ("decided", "granted", AT + DAY)
        assert (case.closed_at, case.retained_until) == (None, None)
        assert case.unit == "Amt 32.2 Bürgerservice Parken"

    def test_tells_until_when_a_closed_case_is_kept(self) -> None:
        (case,) = seen(closed()).cases

        assert case.closed_at == AT
        assert case.retained_until is not None
        assert (case.retained_until.year, case.disposal_code) == (AT.year + 3, "V")

    def test_goes_down_to_the_bytes(self) -> None:
        case = opened()
        new = new_document(b"Erste Fassung")
        file_documents(case.id, [new], by=colleague(), at=AT)
        second = new_document(b"Zweite Fassung")
        DocumentVersion.objects.create(
            tenant=city(),
            document_id=new.id,
            number=2,
            content_id=second.content_id,
            filename="Zweite.txt",
            made_at=AT + DAY,
            made_by=machine().key,
        )
        ((document,),) = (one.documents for one in seen(case).cases)

        assert (document.title, document.direction, document.filed_at) == ("Nachweis", "in", AT)
        assert [(one.number, one.sha256, one.made_by_name) for one in document.versions] == [
            (2, second.sha256, ""),
            (1, new.sha256, "Ana Lopes"),
        ]
        assert document.versions[0].size == len("Zweite Fassung")

    def test_goes_on_where_the_page_before_ended(self) -> None:
        cases = [opened(bpk2="a") for _ in range(PAGE + 3)]
        first = seen(cases[0])
        rest = seen(cases[0], before=first.before)

        shown = [case.id for page in (first, rest) for case in page.cases]
        assert shown == [case.id for case in reversed(cases)]
        assert (first.cases_seen, rest.before) == (PAGE + 3, None)


class TestWhoSeesIt:
    def test_is_whoever_sees_one_of_its_cases_and_of_it_only_that(self) -> None:
        hidden = opened(bpk2="a", subject="Nachbars Zone")
        shown = opened(bpk2="a", subject="Zone B1")
        bar(hidden)
        file = seen(shown)

        assert [case.id for case in file.cases] == [shown.id]
        assert (file.subject, file.cases_seen) == ("Zone B1", 1)

    def test_is_nobody_who_sees_none_of_them(self) -> None:
        case = opened()
        bar(case)
        for stranger in (colleague(), colleague("r.aydin"), neighbour(), portal()):
            for file_id in (case.case_file_id, uuid7()):
                with pytest.raises(NotFound):
                    open_file(file_id, by=stranger)

    def test_is_told_by_role_and_unit(self) -> None:
        audience = {one.role: one for one in seen(opened()).audience}

        assert audience["caseworker"].units == ["Amt 32.2 Bürgerservice Parken"]
        assert audience["caseworker"].people == 3
        assert audience["head"].units == ["Amt 32 Ordnung", "Amt 32.2 Bürgerservice Parken"]
        assert set(audience) == {"caseworker", "head", "registrar", "auditor"}

    def test_follows_the_access_class(self) -> None:
        case = opened(access_class="foreigners")
        audience = {one.role: one for one in seen(case, colleague("b.voss")).audience}

        assert audience["head"].units == ["Amt 32 Ordnung"]
        assert "caseworker" not in audience

    def test_names_the_exceptions_by_number(self) -> None:
        case, at = opened(), real_now()
        grants.share_case(
            case.id,
            user_id("f.okonkwo"),
            until=at + 14 * DAY,
            reason="Rat",
            by=colleague("t.oyelaran"),
            at=at,
        )
        bar(case, "d.yilmaz")
        file = seen(case)

        assert (file.shares, file.bars) == (1, 1)


class TestTheCost:
    def statements(self, file_id: UUID, by: Actor) -> int:
        with CaptureQueriesContext(connection) as captured:
            open_file(file_id, by=by)
        return len(captured)

    def test_is_six_statements_however_much_there_is(self) -> None:
        by = colleague()
        small, large = opened(bpk2="a"), opened(bpk2="b")
        for _ in range(PAGE + 5):
            case = opened(bpk2="b")
            file_documents(case.id, [new_document(), new_document(b"2")], by=machine(), at=AT)

        costs = [self.statements(one.case_file_id, by) for one in (small, large)]
        assert costs == [6, 6]
