"""Finding cases: by reference, name and subject, and never more than one may see."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile.filing import file_documents
from efile.grants import bar_colleague, share_case
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.models import Case
from search.index import refresh
from search.models import IndexedCase
from search.queries import COUNTED, Hit, Narrowed, Place, find_cases
from tests.efile.cases import neighbour, new_document, user_id
from tests.factories import AT, DAY, body, colleague, drained, machine, portal, submitted
from tests.workflows.working import copies
from workflows.decisions import decide
from workflows.machine import Step, fire
from workflows.models import Process

pytestmark = pytest.mark.django_db


def applied(given: str, family: str, **changes: Any) -> Process:
    """An indexed case of somebody with that name."""
    sent = body()
    party = sent["parties"][0] | {"given_names": given, "family_name": family}
    if not given:
        del party["given_names"]
    process = submitted(parties=[party], **changes)
    refresh(process.case_id)
    return process


def found(query: str, by: Actor | None = None) -> list[UUID]:
    return [hit.case_id for hit in find_cases(query, by=by or colleague()).hits]


def total(query: str, by: Actor) -> int:
    return find_cases(query, by=by).total


class TestAReference:
    @pytest.fixture
    def wanted(self) -> Process:
        """The third of three cases: 32.2-000003/26-01."""
        *_, process = [applied("Đorđe", "Yılmaz") for _ in range(3)]
        assert process.case.reference == "32.2-000003/26-01"
        return process

    @pytest.mark.parametrize(
        "query",
        [
            "32.2-000003/26-01",
            " 32.2-000003/26-01 ",
            "32.2-000003/26",
            "000003/26",
            "3/26",
            "000003",
            "32.2-000003",
            "Yilmaz 3/26",
        ],
    )
    def test_finds_its_case_whole_and_in_pieces(self, wanted: Process, query: str) -> None:
        assert wanted.case_id in found(query)
        assert len(found(query)) == 1

    @pytest.mark.parametrize("query", ["32.2-000004/26-01", "4/26", "32.2-000003/27-01", "3/25"])
    def test_that_is_not_there_finds_nothing(self, wanted: Process, query: str) -> None:
        assert found(query) == []

    def test_of_a_permit_finds_its_case(self, wanted: Process) -> None:
        decide(wanted.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        for query in ("BPA-26-000001", "bpa-26-000001", "D-LM 123"):
            assert wanted.case_id in found(query)


class TestAName:
    @pytest.mark.parametrize(
        ("given", "family", "queries"),
        [
            ("Käthe", "Müller", ["Müller", "mueller", "Muller", "MÜLLER Käthe", "kaethe", "Mül"]),
            ("Käthe", "Müller", ["Mue", "Muel", "mu", "Kät Mü"]),
            ("Amélie", "Groß-Öztürk", ["Gross", "Groß-Öztürk", "oeztuerk", "amelie", "Gro Özt"]),
            ("Đorđe", "Yılmaz", ["Dorde", "Yilmaz", "yıl", "Yılmaz, Đorđe"]),
            ("Sơn", "Nguyễn", ["Nguyen", "son nguyen"]),
            ("", "Ibtisām", ["ibtisam", "Ibti"]),
            ("Sinéad", "O’Brien", ["O'Brien", "brien"]),
        ],
    )
    def test_is_found_however_it_is_spelled_and_by_its_beginning(
        self, given: str, family: str, queries: list[str]
    ) -> None:
        process = applied(given, family)
        applied("Jörg", "Keßler")
        for query in queries:
            assert found(query) == [process.case_id], query

    @pytest.mark.parametrize("query", ["Müllerin", "Meier", "üller", "Jörg Müller"])
    def test_is_not_found_by_what_it_is_not(self, query: str) -> None:
        applied("Käthe", "Müller")
        applied("Jörg", "Keßler")
        assert found(query) == []


class TestTheHits:
    def test_say_what_the_case_says_now(self) -> None:
        process = applied("Käthe", "Müller")
        fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT)
        (hit,) = find_cases("Müller", by=colleague()).hits
        assert hit == Hit(
            process.case_id,
            "32.2-000001/26-01",
            "Müller, Käthe",
            "Bewohnerparkausweis, Zone A4",
            "resident-parking",
            "in_examination",
            "Amt 32.2 Bürgerservice Parken",
            AT,
            Place.PERSON,
            "Müller, Käthe",
        )

    def test_come_newest_first_and_in_pages(self) -> None:
        cases = [applied("Käthe", "Müller", at=AT + number * DAY) for number in range(5)]
        newest_first = [process.case_id for process in reversed(cases)]
        by = colleague()
        pages = [find_cases("Müller", by=by, offset=offset, limit=2) for offset in (0, 2, 4, 6)]
        assert [hit.case_id for page in pages for hit in page.hits] == newest_first
        assert {page.total for page in pages} == {5}

    @pytest.mark.parametrize("query", ["", "  ", "-", "?", "…"])
    def test_are_none_where_nothing_is_asked(self, query: str) -> None:
        applied("Käthe", "Müller")
        assert find_cases(query, by=colleague()).total == 0

    @pytest.mark.parametrize("query", ["%", "' OR 1=1 --", "{}", "\\", "\0 Müller", "*" * 5000])
    def test_are_none_for_what_nobody_is_called(self, query: str) -> None:
        applied("Anna", "Zander")
        assert found(query) == []

    def test_are_counted_as_far_as_anybody_reads(self) -> None:
        process = applied("Käthe", "Müller")
        template = IndexedCase.objects.get(case=process.case_id)
        IndexedCase.objects.bulk_create(
            IndexedCase(
                case=copy.case_id,
                tenant_id=template.tenant_id,
                scope=template.scope,
                terms=template.terms,
                received_at=template.received_at + timedelta(seconds=number),
            )
            for number, copy in enumerate(copies(process, COUNTED + 5))
        )
        page = find_cases("Müller", by=colleague(), limit=10)
        assert (len(page.hits), page.total) == (10, COUNTED + 1)

    def test_take_three_statements_however_many_they_are(self) -> None:
        for _ in range(4):
            applied("Käthe", "Müller")
        by = colleague()
        with CaptureQueriesContext(connection) as captured:
            find_cases("Müller", by=by)
        assert len(captured) == 3


class TestThePlace:
    def place(self, query: str) -> tuple[Place, str]:
        (hit,) = find_cases(query, by=colleague()).hits
        return hit.place, hit.found

    def test_is_where_all_the_words_stand(self) -> None:
        process = applied("Käthe", "Müller")
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        file_documents(process.case_id, [new_document()], by=machine(), at=AT)
        drained()
        places = {
            "kaethe mu": (Place.PERSON, "Müller, Käthe"),
            "BPA-26-000001": (Place.PERMIT, "BPA-26-000001"),
            "nachw": (Place.DOCUMENT, "Nachweis"),
            "Zone A4": (Place.CASE, ""),
            "Müller Zone": (Place.CASE, ""),
            "32.2-000001/26-01": (Place.CASE, ""),
        }
        assert {query: self.place(query) for query in places} == places


class TestNarrowing:
    @pytest.fixture
    def cases(self) -> list[Process]:
        """Three of one name: a permit of the year before, one of now, and one under examination."""
        years = [applied("Käthe", "Müller", at=AT - 365 * DAY) for _ in range(2)]
        examined = applied("Käthe", "Müller")
        fire(examined.case_id, Step.EXAMINE, by=colleague(), at=AT)
        return [*years, examined]

    @pytest.mark.parametrize(
        ("narrowed", "left"),
        [
            (Narrowed(), 3),
            (Narrowed(service="resident-parking"), 3),
            (Narrowed(service="bulky-waste"), 0),
            (Narrowed(state="in_examination"), 1),
            (Narrowed(year=2025), 2),
            (Narrowed(year=2025, state="in_examination"), 0),
        ],
    )
    def test_leaves_what_fits_and_counts_it(
        self, cases: list[Process], narrowed: Narrowed, left: int
    ) -> None:
        page = find_cases("Müller", by=colleague(), narrowed=narrowed)
        assert (len(page.hits), page.total, page.unnarrowed) == (left, left, 3)

    def test_counts_each_facet_under_the_others(self, cases: list[Process]) -> None:
        facets = find_cases("Müller", by=colleague(), narrowed=Narrowed(year=2025)).facets
        assert facets.years == {2025: 2, 2026: 1}
        assert facets.states == {"received": 2}
        assert facets.services == {"resident-parking": 2}

    def test_counts_nothing_that_one_may_not_see(self, cases: list[Process]) -> None:
        collection = submitted("bulky-waste", parties=person_named("Müller"))
        refresh(collection.case_id)
        assert find_cases("Müller", by=colleague()).facets.services == {"resident-parking": 3}
        (one,) = find_cases("Müller", by=colleague("j.kessler")).hits
        assert one.unit == "Amt 70.1 Abfallwirtschaft"

    def test_goes_by_the_year_of_the_town_hall(self) -> None:
        new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
        applied("Käthe", "Müller", at=new_year)
        assert find_cases("Müller", by=colleague()).facets.years == {2026: 1}


class TestWhoFinds:
    def test_those_who_see_the_case_and_nobody_else(self) -> None:
        permit = applied("Käthe", "Müller")
        collection = submitted("bulky-waste", parties=person_named("Müller"))
        refresh(collection.case_id)
        seen = {
            "a.lopes": [permit],
            "j.kessler": [collection],
            "b.voss": [permit],
            "r.sandmann": [permit, collection],
            "o.kruse": [],
            "c.overbeck": [],
        }
        for who, cases in seen.items():
            by = colleague(who)
            assert set(found("Müller", by)) == {process.case_id for process in cases}
            assert total("Müller", by) == len(cases)

    def test_whom_it_was_shared_with(self) -> None:
        permit = applied("Käthe", "Müller")
        at = real_now()
        share_case(
            permit.case_id,
            user_id("j.kessler"),
            until=at + DAY,
            reason="Vertretung",
            by=colleague("t.oyelaran"),
            at=at,
        )
        by = colleague("j.kessler")
        assert found("Müller", by) == [permit.case_id]
        assert total("Müller", by) == 1

    def test_not_whom_it_is_closed_to(self) -> None:
        permit, other = applied("Käthe", "Müller"), applied("Anna", "Müller")
        head = colleague("t.oyelaran")
        bar_colleague(permit.case_id, user_id("a.lopes"), reason="§ 20", by=head, at=AT)
        by = colleague()
        assert found("Müller", by) == [other.case_id]
        assert total("Müller", by) == 1
        newest = applied("Käthe", "Müller", at=AT + DAY)
        page = find_cases("Müller", by=by, limit=1)
        assert ([hit.case_id for hit in page.hits], page.total) == ([newest.case_id], 2)

    def test_no_portal_no_job_and_no_other_city(self) -> None:
        applied("Käthe", "Müller")
        for by in (portal(), machine(), neighbour()):
            assert find_cases("Müller", by=by).total == 0


def person_named(family: str) -> list[dict[str, str]]:
    return [{"role": "applicant", "kind": "person", "family_name": family}]


class TestAnIndexThatLagsBehind:
    def test_shows_nobody_what_they_may_no_longer_see(self) -> None:
        permit, other = applied("Käthe", "Müller"), applied("Anna", "Müller")
        Case.objects.filter(id=permit.case_id).update(access_class="social")
        # The process follows the case by its key, the index has not heard of it yet.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        page = find_cases("Müller", by=colleague())
        assert [hit.case_id for hit in page.hits] == [other.case_id]
        assert page.total == 1

    def test_shows_no_case_that_is_gone(self) -> None:
        permit = applied("Käthe", "Müller")
        row = IndexedCase.objects.get(case=permit.case_id)
        row.case = UUID(int=7)
        row.save(force_insert=True)
        page = find_cases("Müller", by=colleague())
        assert [hit.case_id for hit in page.hits] == [permit.case_id]
        assert page.total == 1

    def test_shows_the_present_state_of_what_it_finds_by_an_old_name(self) -> None:
        permit = applied("Käthe", "Müller")
        Case.objects.filter(id=permit.case_id).update(applicant="Öztürk, Käthe")
        (hit,) = find_cases("Müller", by=colleague()).hits
        assert hit.applicant == "Öztürk, Käthe"
