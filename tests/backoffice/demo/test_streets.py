"""The street directory of the sample city."""

from collections import Counter

from backoffice.demo.streets import STREETS


class TestTheStreetDirectory:
    def test_puts_no_house_number_into_two_stretches(self) -> None:
        numbers = Counter((each.street, number) for each in STREETS for number in each.numbers)
        assert [place for place, count in numbers.items() if count > 1] == []

    def test_has_numbers_of_the_stated_side_only(self) -> None:
        for each in STREETS:
            sides = {number % 2 for number in each.numbers}
            assert sides == {"odd": {1}, "even": {0}, "all": {0, 1}}[each.parity], each

    def test_covers_all_zones_and_districts_and_places_without_a_zone(self) -> None:
        assert len({each.street for each in STREETS}) >= 120
        zones = {f"{letter}{number}" for letter in "ABCD" for number in range(1, 5)}
        assert {each.zone for each in STREETS} == zones | {None}
        assert {each.district for each in STREETS} == set(range(1, 7))

    def test_has_streets_whose_sides_belong_to_different_areas(self) -> None:
        areas = Counter(street for street, *_ in {(e.street, e.zone, e.district) for e in STREETS})
        assert areas["Bahnhofstraße"] == 2
        assert areas["Römerweg"] == 2
