"""The city's double of further registers answers like the registers it stands for."""

from collections import Counter

import pytest

from backoffice.demo.further_registers import (
    BenefitsRegister,
    BusinessRegister,
    CivilStatusRegister,
)
from backoffice.demo.people import BUSINESSES, Resident, residents

PEOPLE = residents(7, 600)


def asked(one: Resident) -> dict[str, str]:
    return {
        "family_name": one.family_name,
        "given_names": one.given_names,
        "birth_date": one.birth_date.isoformat(),
    }


def test_benefits_are_known_for_some_of_the_people_and_tell_nobody_apart_by_chance() -> None:
    register = BenefitsRegister(PEOPLE)
    said = Counter(register.query(asked(one))["status"] for one in PEOPLE)
    assert said["found"] > 100
    assert said["not_found"] > 300
    assert said["ambiguous"] >= 2


@pytest.mark.parametrize("trade", BUSINESSES)
def test_businesses_are_found_by_their_name_however_it_is_written(trade: str) -> None:
    firm = BUSINESSES[trade][0].name
    answer = BusinessRegister().query({"organisation": f" {firm.upper()} "})
    assert (answer["status"], answer["craft"]) == ("found", trade == "craft")
    assert BusinessRegister().query({"organisation": "Luftschloss AG"}) == {"status": "not_found"}


class TestCivilStatus:
    def answer(self, day: str = "1990-05-04", applicant: str = "Groß") -> dict[str, object]:
        said = {"family_name": "Groß", "given_names": "Zoë", "event_date": day}
        return CivilStatusRegister(PEOPLE).query(said | {"applicant_family_name": applicant})

    def test_entitles_the_family(self) -> None:
        assert self.answer(applicant="groß") == {"status": "found", "entitled": True}
        assert self.answer(applicant="Klein") == {"status": "found", "entitled": False}

    def test_knows_nothing_of_what_was_recorded_elsewhere(self) -> None:
        assert self.answer(day="1990-05-13") == {"status": "not_found"}

    def test_keeps_silent_where_information_is_barred(self) -> None:
        barred = next(one for one in PEOPLE if one.blocked)
        said = asked(barred) | {"event_date": "1990-05-04"}
        assert CivilStatusRegister(PEOPLE).query(said) == {"status": "blocked"}
