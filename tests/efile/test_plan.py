"""Tests of efile.plan: what the file plan shows whom, and how much of it."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from efile import grants, lifecycle, plan
from efile.filing import file_documents
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.kernel.errors import NotFound
from efile.models import Case, CaseFile, FilePlan, FilePlanPosition
from efile.plan import PAGE, Branch, Plan, Shelf, file_plan, shelf
from efile.reading import read_document
from tests.efile.cases import closed, neighbour, new_document, opened, user_id
from tests.factories import AT, DAY, city, colleague, machine

pytestmark = pytest.mark.django_db


def the_plan(by: Actor | None = None) -> Plan:
    return file_plan(by=by or colleague(), on=AT.date())


def branch(code: str, by: Actor | None = None) -> Branch:
    return next(one for one in the_plan(by).branches if one.position.code == code)


def counted(code: str, by: Actor | None = None) -> tuple[int, int]:
    found = branch(code, by)
    return found.files, found.cases


def parking(by: Actor | None = None, before: UUID | None = None) -> Shelf:
    key = FilePlanPosition.objects.get(tenant=city(), code="32.2").pk
    return shelf(key, by=by or colleague(), before=before)


def listed(by: Actor | None = None) -> list[UUID]:
    """Every file of the position, page after page."""
    files, page = [], parking(by)
    while True:
        files += [one.id for one in page.files]
        if page.before is None:
            return files
        page = parking(by, page.before)


def bar(case: Case, username: str = "a.lopes") -> None:
    head = colleague("t.oyelaran")
    grants.bar_colleague(case.id, user_id(username), reason="Nachbarn", by=head, at=AT)


def new_position(code: str, parent: FilePlanPosition | None, plan_: FilePlan) -> FilePlanPosition:
    return FilePlanPosition(
        tenant=city(),
        plan=plan_,
        parent=parent,
        code=code,
        title="Weiteres",
        retention_years=1,
        disposal_code="V",
        access_class="general",
    )


class TestThePlan:
    def test_has_every_position_before_those_below_it(self) -> None:
        positions = [one.position for one in the_plan().branches]

        seen: set[int | None] = {None}
        for one in positions:
            assert one.parent_id in seen
            seen.add(one.id)
        assert len(positions) == FilePlanPosition.objects.filter(tenant=city()).count()

    def test_orders_by_number_not_by_letter(self) -> None:
        above = FilePlanPosition.objects.get(tenant=city(), code="32")
        new_position("32.10", above, above.plan).save()
        positions = [one.position for one in the_plan().branches]
        codes = [one.code for one in positions if one.parent_id == above.pk]

        assert codes == ["32.1", "32.2", "32.3", "32.4", "32.5", "32.10"]

    def test_knows_how_deep_a_position_lies(self) -> None:
        assert [branch(code).level for code in ("3", "32", "32.2")] == [1, 2, 3]

    def test_is_the_version_in_force_on_the_day(self) -> None:
        following = FilePlan.objects.create(tenant=city(), version=2, valid_from=date(2027, 1, 1))
        new_position("1", None, following).save()

        assert the_plan().version == 1
        assert file_plan(by=colleague(), on=date(2027, 1, 1)).version == 2
        assert [one[0] for one in the_plan().versions] == [2, 1]

    def test_is_the_version_that_is_asked_for(self) -> None:
        FilePlan.objects.create(tenant=city(), version=2, valid_from=date(2027, 1, 1))

        assert file_plan(by=colleague(), on=AT.date(), version=2).branches == []
        with pytest.raises(NotFound):
            file_plan(by=colleague(), on=AT.date(), version=3)

    def test_is_that_of_the_reader_s_own_city(self) -> None:
        opened()

        (only,) = the_plan(neighbour()).branches
        assert (only.position.code, only.files) == ("32.2", 0)


class TestTheCounts:
    def test_include_what_lies_below(self) -> None:
        opened(bpk2="a")
        opened(bpk2="a")
        opened()

        assert counted("32.2") == counted("32") == counted("3") == (2, 3)
        assert counted("7") == (0, 0)

    def test_are_of_what_the_reader_sees(self) -> None:
        bar(opened(bpk2="a"))
        opened(bpk2="a")

        assert counted("32.2") == (1, 1)
        assert counted("32.2", colleague("t.oyelaran")) == (1, 2)
        assert counted("32.2", colleague("r.aydin")) == (0, 0)

    def test_include_a_case_that_was_shared(self) -> None:
        case, guest, at = opened(), "f.okonkwo", real_now()
        opened()
        grants.share_case(
            case.id,
            user_id(guest),
            until=at + 14 * DAY,
            reason="Rat",
            by=colleague("t.oyelaran"),
            at=at,
        )

        assert counted("32.2", colleague(guest)) == (1, 1)
        assert listed(colleague(guest)) == [case.case_file_id]

    @pytest.mark.parametrize("username", ["a.lopes", "t.oyelaran", "r.aydin", "r.sandmann"])
    def test_equal_the_lists(self, username: str) -> None:
        for number in range(4):
            bar(opened(bpk2=f"{number % 2}"))
        opened()
        by = colleague(username)

        assert len(listed(by)) == counted("32.2", by)[0]
        assert sum(one.open_cases for one in parking(by).files) == counted("32.2", by)[1]

    @pytest.mark.parametrize("few", [0, 20_000])
    def test_stop_where_nobody_would_count_any_more(
        self, monkeypatch: pytest.MonkeyPatch, few: int
    ) -> None:
        monkeypatch.setattr(plan, "COUNTED", 3)
        monkeypatch.setattr(plan, "FEW", few)
        for holder in "abc":
            opened(bpk2=holder)
        assert counted("32.2") == counted("3") == (3, 3)
        opened(bpk2="c")
        assert counted("32.2") == (3, 4)
        for _ in range(2):
            opened()
        assert counted("32.2") == counted("3") == (4, 4)

    @pytest.mark.parametrize("username", ["a.lopes", "t.oyelaran", "r.aydin", "r.sandmann"])
    def test_are_the_same_for_somebody_who_sees_few_cases_and_many(
        self, monkeypatch: pytest.MonkeyPatch, username: str
    ) -> None:
        for number in range(4):
            bar(opened(bpk2=f"{number % 2}"))
        shared, at = opened(), real_now()
        opened(unit="sozialamt", position="50.1", access_class="social")
        if username == "r.aydin":
            grants.share_case(
                shared.id,
                user_id(username),
                until=at + DAY,
                reason="Rat",
                by=colleague("t.oyelaran"),
                at=at,
            )
        by = colleague(username)
        with_few = the_plan(by).branches
        monkeypatch.setattr(plan, "FEW", 0)

        assert the_plan(by).branches == with_few
        assert any(one.files for one in with_few)


class TestAShelf:
    def test_shows_what_lies_in_a_file(self) -> None:
        first = opened(bpk2="a", subject="Zone A4")
        closed(bpk2="a", subject="Zone B1")
        (file,) = parking().files

        assert file.id == first.case_file_id
        assert (file.reference, file.subject) == (first.case_file.reference, "Zone A4")
        assert (file.open_cases, file.closed_cases) == (1, 1)
        assert file.changed_at == AT

    def test_says_nothing_of_a_case_its_reader_does_not_see(self) -> None:
        bar(opened(bpk2="a", subject="Nachbars Zone"))
        opened(bpk2="a", subject="Zone B1")
        (file,) = parking().files

        assert (file.subject, file.open_cases) == ("Zone B1", 1)

    def test_takes_no_reading_for_a_change(self) -> None:
        case = opened(access_class="social", unit="sozialamt", position="50.1")
        file_documents(case.id, [document := new_document()], by=machine(), at=AT + DAY)
        read_document(document.id, by=colleague("f.okonkwo"), at=AT + 2 * DAY)
        key = case.case_file.position_id
        (file,) = shelf(key, by=colleague("f.okonkwo")).files

        assert file.changed_at == AT + DAY

    def test_goes_on_where_the_page_before_ended(self) -> None:
        made = [opened().case_file_id for _ in range(PAGE + 2)]

        assert listed() == made[::-1]
        assert len(parking().files) == PAGE

    def test_leads_back_to_the_main_group(self) -> None:
        assert [one.code for one in parking().above] == ["3", "32"]
        assert parking().position.code == "32.2"

    def test_of_another_city_is_not_there(self) -> None:
        stranger = neighbour()
        with pytest.raises(NotFound):
            parking(stranger)
        with pytest.raises(NotFound):
            shelf(0, by=colleague())

    def test_follows_a_case_into_another_file(self) -> None:
        target = opened(bpk2="a")
        case = opened()
        emptied = case.case_file_id
        lifecycle.join_file(case.id, target.case_file.reference, by=colleague(), at=AT)

        assert listed() == [target.case_file_id]
        assert CaseFile.objects.filter(id=emptied).exists()


class TestTheCost:
    def statements(self, by: Actor) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as of_plan:
            file_plan(by=by, on=AT.date())
        key = FilePlanPosition.objects.get(tenant=city(), code="32.2").pk
        with CaptureQueriesContext(connection) as of_shelf:
            shelf(key, by=by)
        return len(of_plan), len(of_shelf)

    def test_is_two_statements_each_however_much_there_is(self) -> None:
        by = colleague()
        opened()
        with_little = self.statements(by)
        tall = FilePlan.objects.get(tenant=city())
        FilePlanPosition.objects.bulk_create(
            new_position(f"99.{number}", None, tall) for number in range(1000)
        )
        for _ in range(8):
            opened()

        assert self.statements(by) == with_little == (2, 2)
        assert len(the_plan().branches) > 1000

    @pytest.mark.parametrize("few", [0, 20_000])
    def test_is_two_statements_beyond_what_is_counted(
        self, monkeypatch: pytest.MonkeyPatch, few: int
    ) -> None:
        monkeypatch.setattr(plan, "COUNTED", 2)
        monkeypatch.setattr(plan, "FEW", few)
        for _ in range(4):
            opened()

        assert self.statements(colleague()) == (2, 2)
