"""A second permit: the same person, the same car, and who may be the same."""

from datetime import date

import pytest

from tests.factories import drained, renewed, submitted
from tests.workflows.applicants import PEOPLE, applying, is_at_home, resident
from tests.workflows.test_checks import checked, failed, outcomes
from tests.workflows.working import published
from workflows.models import StandingMatter, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "registers")]


class TestASecondPermit:
    @pytest.fixture
    def first(self) -> StandingMatter:
        return StandingMatter.objects.get(case_id=checked(resident()).case_id)

    def other_car(self) -> str:
        return next(
            car.plate for one in PEOPLE for car in one.vehicles if car not in resident().vehicles
        )

    def test_of_the_same_person_is_noticed(self, first: StandingMatter) -> None:
        assert "single-permit" in failed(checked(resident(), plate=self.other_car()))

    def test_of_who_may_be_the_same_person_is_left_to_a_person(self, first: StandingMatter) -> None:
        said = applying(resident(), plate=self.other_car())
        said["parties"][0]["identity"].pop("bpk2")
        process = submitted(**said)
        drained()
        assert outcomes(process)["single-permit"] == "not_evaluated"
        assert renewed(process).state == State.RECEIVED

    def test_of_who_had_the_first_taken_down_is_left_to_a_person(
        self, first: StandingMatter
    ) -> None:
        StandingMatter.objects.filter(id=first.id).update(holder="")
        again = checked(resident(), plate=self.other_car())
        assert outcomes(again)["single-permit"] == "not_evaluated"

    def test_of_a_stranger_born_on_the_same_day_is_none(self, first: StandingMatter) -> None:
        said = applying(resident(), plate=self.other_car())
        said["parties"][0]["identity"].pop("bpk2")
        said["parties"][0]["family_name"] = "Niemandsonst"
        process = submitted(**said)
        drained()
        assert outcomes(process)["single-permit"] == "passed"

    def test_for_the_same_object_is_noticed(self) -> None:
        about = {"grouping": "per_object", "object": "/form/plate"}
        published("resident-parking", lambda document: document["file"].update(about))
        checked(resident())
        neighbour = resident(lambda one: is_at_home(one) and one.index > resident().index)
        again = checked(neighbour, plate=resident().vehicles[0].plate)
        assert "single-permit" in failed(again)

    @pytest.mark.parametrize("end", ["ended_on", "valid_to"])
    def test_is_allowed_once_the_first_is_over(self, first: StandingMatter, end: str) -> None:
        StandingMatter.objects.filter(id=first.id).update(
            valid_from=date(2025, 3, 10), **{end: date(2026, 3, 9)}
        )
        assert failed(checked(resident())) == set()

    def test_is_one_to_the_end_of_its_last_day(self, first: StandingMatter) -> None:
        StandingMatter.objects.filter(id=first.id).update(
            valid_from=date(2025, 3, 11), valid_to=date(2026, 3, 10)
        )
        assert failed(checked(resident())) == {"single-permit"}
