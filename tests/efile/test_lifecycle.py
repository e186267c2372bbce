"""The legal life of a case: opened in a file, closed, reopened."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound, Refusal
from efile.kernel.ids import uuid7
from efile.kernel.models import JournalValues
from efile.lifecycle import (
    CaseIsClosed,
    CaseIsOpen,
    FileAppeared,
    NewParty,
    close_case,
    holder_of,
    join_file,
    open_case,
    reopen_case,
)
from efile.models import Case, CaseFile, Party
from efile.policy import ActionNotGranted
from tests.crowd import together
from tests.efile.cases import (
    as_stored,
    closed,
    neighbour,
    new_case,
    opened,
    recorded,
    somebody_waits_for_me,
)
from tests.eventually import eventually
from tests.factories import AT, DAY, colleague, machine, portal

pytestmark = pytest.mark.django_db

BPK2 = "Zm9v+bpk2-of-one-person="


class TestOpenCase:
    def test_opens_a_file_and_numbers_the_case_within_it(self) -> None:
        case = as_stored(opened())
        assert case.case_file.reference == "32.2-000001/26"
        assert case.reference == "32.2-000001/26-01"

    def test_draws_one_number_after_the_other(self) -> None:
        assert [opened().reference for _ in range(3)] == [
            "32.2-000001/26-01",
            "32.2-000002/26-01",
            "32.2-000003/26-01",
        ]

    def test_begins_a_series_for_each_position_of_the_file_plan(self) -> None:
        opened()
        assert opened(position="70.1").reference == "70.1-000001/26-01"

    def test_begins_the_series_of_each_city_on_its_own(self) -> None:
        opened()
        assert opened(by=neighbour()).reference == "32.2-000001/26-01"

    def test_files_the_parties_in_their_order(self) -> None:
        parties = [
            NewParty(role="applicant", kind="organisation", organisation="Fahrschule Łódź GmbH"),
            NewParty(role="representative", kind="person", family_name="Nguyễn"),
        ]
        case = opened(parties=parties)
        filed = Party.objects.filter(case=case).order_by("position")
        assert [party.display_name for party in filed] == ["Fahrschule Łódź GmbH", "Nguyễn"]
        assert case.applicant == "Fahrschule Łódź GmbH"

    def test_knows_retention_and_disposal_from_the_file_plan(self) -> None:
        case = opened(position="32.1", unit="amt-32")
        assert (case.retention_years, case.disposal_code) == (5, "B")

    def test_lets_a_service_say_otherwise(self) -> None:
        case = opened(retention_years=0, disposal_code="A")
        assert (case.retention_years, case.disposal_code) == (0, "A")

    def test_is_recorded_with_everything_that_was_filed(self) -> None:
        case = opened()
        party = Party.objects.get(case=case)
        assert recorded(case) == ["case.opened"]
        values = JournalValues.objects.get(chain=case.id).values
        assert f'"case.reference":[null,"{case.reference}"]' in values
        assert f'"party.{party.id}":' in values


class TestTheFileOfAnApplicant:
    def test_takes_every_case_of_the_same_person(self) -> None:
        first, second = opened(bpk2=BPK2), opened(bpk2=BPK2)
        assert first.case_file_id == second.case_file_id
        assert second.reference == "32.2-000001/26-02"

    def test_is_not_joined_by_name(self) -> None:
        known = opened(bpk2=BPK2)
        namesake = opened()
        assert namesake.case_file_id != known.case_file_id

    def test_is_another_for_a_namesake_with_another_pseudonym(self) -> None:
        known = opened(bpk2=BPK2)
        namesake = opened(bpk2="another")
        assert namesake.applicant == known.applicant
        assert namesake.case_file_id != known.case_file_id

    def test_stays_the_same_after_a_change_of_name(self) -> None:
        before, after = opened(bpk2=BPK2), opened(bpk2=BPK2, family_name="Yılmaz-Şahin")
        assert before.case_file_id == after.case_file_id

    def test_is_another_below_another_position(self) -> None:
        parking, waste = opened(bpk2=BPK2), opened(bpk2=BPK2, position="70.1")
        assert parking.case_file_id != waste.case_file_id

    def test_is_another_in_another_city(self) -> None:
        ours, theirs = opened(bpk2=BPK2), opened(bpk2=BPK2, by=neighbour())
        assert ours.case_file_id != theirs.case_file_id

    def test_keeps_no_pseudonym_that_could_be_read(self) -> None:
        case = as_stored(opened(bpk2=BPK2))
        party = Party.objects.get(case=case)
        assert party.holder == case.case_file.holder == holder_of(case.tenant_id, BPK2)
        assert BPK2 not in JournalValues.objects.get(chain=case.id).values

    @pytest.mark.django_db(transaction=True)
    def test_may_appear_while_a_second_case_looks_for_it(self) -> None:
        """The second saw no file, waits for the number, and then must begin again."""
        holds = Event()

        def act(number: int) -> object:
            if number == 0:
                with transaction.atomic():
                    opened(bpk2=BPK2)
                    holds.set()
                    return eventually(somebody_waits_for_me)
            holds.wait()
            return opened(bpk2=BPK2)

        _, second = together(2, act)
        assert isinstance(second, FileAppeared)
        assert opened(bpk2=BPK2).reference == "32.2-000001/26-02"
        assert opened().reference == "32.2-000002/26-01"

    @pytest.mark.django_db(transaction=True)
    def test_is_one_even_when_its_first_cases_arrive_at_once(self) -> None:
        cases = together(4, lambda _: opened_patiently(BPK2))
        references = {case.reference for case in cases if isinstance(case, Case)}
        assert references == {f"32.2-000001/26-0{number}" for number in (1, 2, 3, 4)}
        assert CaseFile.objects.get().cases == 4


def opened_patiently(bpk2: str) -> Case:
    """What intake does: the whole verb again, when the file appeared in the meantime."""
    while True:
        try:
            return opened(bpk2=bpk2)
        except FileAppeared:
            continue


class TestTheFileOfAnObject:
    def test_takes_every_case_about_it(self) -> None:
        first, second = opened(object_key="D-LM 123"), opened(object_key="D-LM 123")
        assert first.case_file_id == second.case_file_id
        assert opened(object_key="D-LM 124").case_file_id != first.case_file_id


class TestHolderOf:
    def test_hides_the_pseudonym_behind_a_key(self, settings: Any) -> None:
        hashed = holder_of(1, BPK2)
        assert len(hashed) == 64
        settings.IDENTITY_KEY = b"another key"
        assert holder_of(1, BPK2) != hashed

    def test_links_nobody_across_cities(self) -> None:
        assert holder_of(1, BPK2) != holder_of(2, BPK2)

    def test_of_nobody_is_empty(self) -> None:
        assert holder_of(1, "") == ""


class TestCloseCase:
    def test_dates_the_closing(self) -> None:
        case = opened()
        close_case(case.id, by=colleague(), at=AT + DAY)
        assert as_stored(case).closed_at == AT + DAY
        assert as_stored(case).is_closed

    @pytest.mark.parametrize(
        ("at", "until"),
        [
            (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), date(2029, 12, 31)),
            (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2029, 12, 31)),
            (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2030, 12, 31)),
        ],
        ids=["on new year's day", "in the last minute of the year", "after midnight in Berlin"],
    )
    def test_keeps_the_case_to_the_end_of_a_year(self, at: datetime, until: date) -> None:
        case = opened()
        close_case(case.id, by=machine(), at=at)
        assert as_stored(case).retained_until == until

    def test_is_recorded(self) -> None:
        assert recorded(closed()) == ["case.opened", "case.closed"]

    def test_refuses_a_case_that_the_actor_does_not_see(self) -> None:
        with pytest.raises(NotFound):
            close_case(opened().id, by=colleague("j.kessler"), at=AT)

    def test_refuses_a_case_that_does_not_exist(self) -> None:
        with pytest.raises(NotFound):
            close_case(uuid7(), by=colleague(), at=AT)

    def test_refuses_a_portal(self) -> None:
        with pytest.raises(NotFound):
            close_case(opened().id, by=portal(), at=AT)

    def test_refuses_whoever_only_reads(self) -> None:
        with pytest.raises(ActionNotGranted):
            close_case(opened().id, by=colleague("v.nightingale"), at=AT)

    def test_refuses_a_case_that_is_closed(self) -> None:
        with pytest.raises(CaseIsClosed):
            close_case(closed().id, by=colleague(), at=AT)

    @pytest.mark.django_db(transaction=True)
    def test_happens_once(self) -> None:
        case = opened()
        answers = together(4, lambda _: close_case(case.id, by=machine(), at=AT))
        assert codes(answers) == ["case_is_closed"] * 3
        assert recorded(case) == ["case.opened", "case.closed"]


def codes(answers: Sequence[object]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refusal)]


class TestReopenCase:
    def test_lets_the_retention_begin_anew(self) -> None:
        case = closed()
        reopen_case(case.id, reason="Neue Tatsachen.", by=colleague("t.oyelaran"), at=AT)
        assert (as_stored(case).closed_at, as_stored(case).retained_until) == (None, None)
        close_case(case.id, by=machine(), at=AT + 365 * DAY)
        assert as_stored(case).retained_until == date(2030, 12, 31)

    def test_is_recorded_with_its_reason(self) -> None:
        case = closed()
        reopen_case(case.id, reason="Neue Tatsachen.", by=colleague("t.oyelaran"), at=AT)
        assert recorded(case) == ["case.opened", "case.closed", "case.reopened"]
        values = JournalValues.objects.filter(chain=case.id).order_by("-seq")[0].values
        assert '"reason":"Neue Tatsachen."' in values
        assert '"case.retained_until":["2029-12-31",null]' in values

    def test_refuses_a_case_that_is_open(self) -> None:
        with pytest.raises(CaseIsOpen):
            reopen_case(opened().id, reason="Irrtum.", by=colleague("t.oyelaran"), at=AT)

    def test_refuses_a_caseworker(self) -> None:
        with pytest.raises(ActionNotGranted):
            reopen_case(closed().id, reason="Neue Tatsachen.", by=colleague(), at=AT)

    def test_refuses_a_case_that_the_actor_does_not_see(self) -> None:
        with pytest.raises(NotFound):
            reopen_case(closed().id, reason="Irrtum.", by=colleague("r.aydin"), at=AT)


class TestJoinFile:
    @pytest.fixture
    def known(self) -> Case:
        """The first case of an applicant with a file of their own."""
        return as_stored(opened(bpk2=BPK2))

    def join(self, case: UUID, file: str, by: Actor | None = None) -> None:
        join_file(case, file, by=by or colleague(), at=AT)

    def test_moves_the_case_and_keeps_its_reference(self, known: Case) -> None:
        case = opened()
        self.join(case.id, known.case_file.reference)
        moved = as_stored(case)
        assert (moved.case_file_id, moved.number) == (known.case_file_id, 2)
        assert moved.reference == "32.2-000002/26-01"

    def test_leaves_the_next_number_of_the_file_free(self, known: Case) -> None:
        self.join(opened().id, known.case_file.reference)
        assert opened(bpk2=BPK2).reference == "32.2-000001/26-03"

    def test_is_recorded_with_both_files(self, known: Case) -> None:
        case = opened()
        self.join(case.id, known.case_file.reference)
        values = JournalValues.objects.filter(chain=case.id).order_by("-seq")[0].values
        assert '"case.file":["32.2-000002/26","32.2-000001/26"]' in values

    def test_takes_a_person_who_may_examine(self, known: Case) -> None:
        with pytest.raises(ActionNotGranted):
            self.join(opened().id, known.case_file.reference, colleague("r.sandmann"))

    def test_refuses_a_closed_case(self, known: Case) -> None:
        with pytest.raises(CaseIsClosed):
            self.join(closed().id, known.case_file.reference)

    @pytest.mark.parametrize(
        "elsewhere",
        [
            {"unit": "abfallwirtschaft"},
            {"access_class": "social"},
            {"position": "70.1"},
            {"bpk2": ""},
        ],
        ids=[
            "of another office",
            "of another access class",
            "below another position",
            "of no applicant",
        ],
    )
    def test_takes_a_file_for_absent(self, elsewhere: dict[str, Any]) -> None:
        hidden = as_stored(opened(**{"bpk2": BPK2} | elsewhere))
        with pytest.raises(NotFound):
            self.join(opened().id, hidden.case_file.reference)

    def test_takes_the_file_of_another_city_for_absent(self) -> None:
        opened()
        opened(bpk2=BPK2, by=neighbour())
        with pytest.raises(NotFound):
            self.join(opened().id, "32.2-000001/26")

    def test_takes_a_file_that_does_not_exist_for_absent(self) -> None:
        with pytest.raises(NotFound):
            self.join(opened().id, "32.2-999999/26")

    def test_does_not_move_a_case_into_the_file_where_it_is(self, known: Case) -> None:
        with pytest.raises(NotFound):
            self.join(known.id, known.case_file.reference)
        assert as_stored(known).number == 1


class TestARefusedOpening:
    def test_leaves_nothing_behind(self) -> None:
        opened(bpk2=BPK2)
        new = new_case(bpk2=BPK2, access_class="secret")
        with pytest.raises(Exception, match="case_class_is_known"):
            open_case(new, by=machine(), at=AT)
        assert CaseFile.objects.get().cases == 1
        assert not Party.objects.filter(case_id=new.id).exists()
