"""The street directory: however a street is written, its houses are found where they lie."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import city
from workflows.models import StreetRange
from workflows.streets import UNKNOWN, Place, find_place, fold

SPELLINGS = [
    (
        "Lindenstraße",
        ["Lindenstrasse", "LINDENSTRASSE", "Lindenstr.", "lindenstr", "Linden-Straße"],
    ),
    ("Lindenstraße", ["Linden Str.", " Lindenstraße ", "LINDENSTRAẞE", "Linden straße"]),
    ("Hölderlinweg", ["Hoelderlinweg", "HÖLDERLINWEG", "Ho\u0308lderlinweg", "Hölderlin-Weg"]),
    ("An den drei Steinen", ["an den Drei Steinen", "Andendreisteinen", "An-den-drei-Steinen"]),
    ("Rosa-Luxemburg-Straße", ["Rosa Luxemburg Str.", "Rosa-Luxemburg-Strasse"]),
    ("Droste-Hülshoff-Weg", ["Droste Huelshoff Weg"]),
    (
        "Professor-Dr.-Wilhelmine-von-Rüdigsheim-Straße",
        ["Professor Dr. Wilhelmine von Ruedigsheim Str."],
    ),
]
APART = [
    ("Lindenstraße", "Lindenweg"),
    ("Straßburger Weg", "Strburger Weg"),
    ("Breite Straße", "Breiter Weg"),
    ("Schulstraße", "Schillerstraße"),
]


class TestFold:
    @pytest.mark.parametrize(("street", "written"), [(s, w) for s, all_ in SPELLINGS for w in all_])
    def test_lets_every_spelling_meet(self, street: str, written: str) -> None:
        assert fold(written) == fold(street)

    @pytest.mark.parametrize(("street", "other"), APART)
    def test_keeps_different_streets_apart(self, street: str, other: str) -> None:
        assert fold(street) != fold(other)

    @pytest.mark.django_db
    def test_gives_no_two_streets_of_the_city_one_key(self) -> None:
        streets = StreetRange.objects.values_list("street", "key").distinct()
        assert len({key for _, key in streets}) == len({street for street, _ in streets})


@pytest.mark.django_db
class TestFindPlace:
    @pytest.mark.parametrize(
        ("street", "number", "zone", "district"),
        [
            # Odd and even sides lie in different zones.
            ("Rathausstraße", "1", "A1", "1"),
            ("Rathausstraße", "45", "A1", "1"),
            ("Rathausstraße", "2", "A2", "1"),
            ("Rathausstraße", "46b", "A2", "1"),
            # Both sides, but only one has a zone.
            ("Kanalstr.", "87", "D4", "4"),
            ("Kanalstr.", "88", "", "4"),
            # Sides in different districts.
            ("Römerweg", "81", "", "5"),
            ("Roemerweg", "82", "", "6"),
            ("Lindenstraße", "1a", "B2", "2"),
            ("Lindenstraße", " 110 c", "B2", "2"),
            ("Lindenstraße", "12-14", "B2", "2"),
        ],
    )
    def test_knows_zone_and_district_of_a_house(
        self, street: str, number: str, zone: str, district: str
    ) -> None:
        found = find_place(city().pk, {"street": street, "number": number})
        assert found == Place(True, district=district, parking_zone=zone)

    @pytest.mark.parametrize(
        "address",
        [
            None,
            {},
            {"street": "Lindenstraße"},
            {"street": "Lindenstraße", "number": ""},
            {"street": "Lindenstraße", "number": "a"},
            {"street": "Lindenstraße", "number": "0"},
            {"street": "Lindenstraße", "number": "111"},
            {"street": "Lindenstraße", "number": "99999999999"},
            # Only the odd side has houses at all.
            {"street": "Hinter der Mauer", "number": "2"},
            {"street": "Gibtsnichtweg", "number": "1"},
            {"street": "", "number": "1"},
            {"number": "1"},
        ],
    )
    def test_does_not_know_what_is_not_the_citys(self, address: dict[str, str] | None) -> None:
        assert find_place(city().pk, address) == UNKNOWN

    def test_knows_no_streets_of_another_city(self) -> None:
        assert find_place(city().pk + 1, {"street": "Lindenstraße", "number": "1"}) == UNKNOWN

    def test_takes_one_statement(self) -> None:
        tenant = city().pk
        with CaptureQueriesContext(connection) as captured:
            find_place(tenant, {"street": "Lindenstraße", "number": "1"})
        assert len(captured) == 1


class TestAPlace:
    def test_is_told_to_the_rules_by_their_names(self) -> None:
        assert Place(True, "2", "B2").as_facts() == {
            "known": True,
            "district": "2",
            "parking_zone": "B2",
        }
        assert UNKNOWN.as_facts() == {"known": False, "district": "", "parking_zone": ""}
