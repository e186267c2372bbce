"""The invented residents: the same for the same seed, with names as hard as the norm allows."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest

from backoffice.demo.names import LONGEST_NAME
from backoffice.demo.people import CITY, Organisation, Person, Resident, residents
from backoffice.demo.streets import STREETS
from tests.backoffice.demo.din_91379 import DATATYPE_A

PEOPLE = residents(7, 2000)

# What makes a name hard → how to see it
HARD: dict[str, Callable[[Resident], bool]] = {
    "a letter that only exists as a sequence": lambda one: any(
        unicodedata.combining(char) for char in one.full_name
    ),
    "a mark below two letters": lambda one: "\u035f" in one.full_name,
    "Latin Extended Additional": lambda one: any(
        "\u1e00" <= char <= "\u1eff" for char in one.full_name
    ),
    "a dotless i": lambda one: "ı" in one.full_name,
    "a dotted I": lambda one: "İ" in one.full_name,
    "a letter with a stroke": lambda one: bool(set("ĐđŁłØø") & set(one.full_name)),
    "a comma below": lambda one: bool(set("ȘșȚț") & set(one.full_name)),
    "a capital sharp s": lambda one: "ẞ" in one.full_name,
    "an apostrophe": lambda one: "'" in one.full_name,
    "a typographic apostrophe": lambda one: "’" in one.full_name,
    "a modifier letter": lambda one: bool(set("ʾʿʹ") & set(one.full_name)),
    "two hyphens": lambda one: one.family_name.count("-") >= 2,
    "one letter": lambda one: len(one.family_name) == 1,
    "von und zu": lambda one: "von und zu" in one.family_name,
    "a family name alone": lambda one: one.given_names == "",
    "the full length": lambda one: len(one.family_name) == LONGEST_NAME,
    "a small initial": lambda one: one.family_name[0].islower(),
}


class TestResidents:
    def test_are_the_same_for_the_same_seed(self) -> None:
        again = residents.__wrapped__(7, 300)
        assert again == PEOPLE[:300]

    def test_are_others_for_another_seed(self) -> None:
        assert residents(8, 300) != PEOPLE[:300]

    @pytest.mark.parametrize("hardness", HARD)
    def test_include_in_a_small_sample_a_name_with(self, hardness: str) -> None:
        assert any(HARD[hardness](one) for one in PEOPLE[:300])

    def test_have_names_of_the_norm_in_normal_form(self) -> None:
        for one in PEOPLE:
            for name in (one.given_names, one.family_name):
                assert DATATYPE_A.fullmatch(name), name
                assert unicodedata.is_normalized("NFC", name), name
                assert len(name) <= LONGEST_NAME

    def test_mostly_have_everyday_names(self) -> None:
        plain = [one for one in PEOPLE if re.fullmatch(r"[A-ZÄÖÜa-zäöüß -]+", one.full_name)]
        assert 0.5 < len(plain) / len(PEOPLE) < 0.8

    def test_live_where_the_directory_says(self) -> None:
        for one in PEOPLE:
            number = int(re.sub(r"\D", "", one.address.number))
            (stretch,) = [
                each
                for each in STREETS
                if each.street == one.address.street and number in each.numbers
            ]
            assert (one.zone, one.district) == (stretch.zone, stretch.district)

    def test_can_only_be_written_to_at_domains_nobody_owns(self) -> None:
        domains = {one.email.partition("@")[2] for one in PEOPLE}
        assert domains == {"example.org", "musterpost.invalid"}
        assert len({one.email for one in PEOPLE}) == len(PEOPLE)
        assert all(one.email.isascii() for one in PEOPLE)

    def test_have_pseudonyms_of_their_own(self) -> None:
        assert len({one.bpk2 for one in PEOPLE}) == len(PEOPLE)

    def test_include_those_the_register_will_not_confirm(self) -> None:
        assert any(one.blocked for one in PEOPLE)
        assert any(one.registered_at is None for one in PEOPLE)
        assert any(one.registered_at and one.registered_at.city != CITY for one in PEOPLE)
        confirmed = [one for one in PEOPLE if one.registered_at == one.address and not one.blocked]
        assert len(confirmed) / len(PEOPLE) > 0.9

    def test_include_people_who_share_name_and_birthday(self) -> None:
        identities = Counter((one.given_names, one.family_name, one.birth_date) for one in PEOPLE)
        assert max(identities.values()) == 2


class TestVehicles:
    def test_have_plates_of_their_own_in_the_usual_form(self) -> None:
        plates = [car.plate for one in PEOPLE for car in one.vehicles]
        assert len(set(plates)) == len(plates)
        for plate in plates:
            assert re.fullmatch(r"MU-[A-Z]{1,2} [1-9]\d{0,3}E?", plate)

    def test_belong_to_the_driver_a_relative_or_a_company(self) -> None:
        keepers = Counter(
            "own" if one.keeps(car) else type(car.keeper) for one in PEOPLE for car in one.vehicles
        )
        assert keepers["own"] > 0.7 * keepers.total()
        assert keepers[Person] > 50
        assert keepers[Organisation] > 50

    def test_are_listed_as_a_residents_plates_only_where_that_resident_is_the_keeper(self) -> None:
        driver = next(one for one in PEOPLE if one.vehicles and not one.plates)
        assert not any(driver.keeps(car) for car in driver.vehicles)
        owner = next(one for one in PEOPLE if len(one.plates) == 2)
        assert owner.plates == tuple(car.plate for car in owner.vehicles)
