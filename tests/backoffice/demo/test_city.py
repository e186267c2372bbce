"""The town hall of the sample city as data."""

import re
from typing import get_args

from backoffice.demo.city import (
    CLOSING_DAYS,
    EMPLOYEES,
    FILE_PLAN,
    TENANT,
    UNITS,
    AccessClass,
    Role,
)


class TestTheUnits:
    def test_form_one_tree_in_which_parents_come_first(self) -> None:
        seen: set[str | None] = set()
        roots = [unit.key for unit in UNITS if unit.parent is None]
        for unit in UNITS:
            assert unit.parent is None or unit.parent in seen, unit
            assert unit.key not in seen
            seen.add(unit.key)
        assert roots == ["stadtverwaltung"]

    def test_include_those_the_services_are_assigned_to(self) -> None:
        keys = {unit.key for unit in UNITS}
        assert keys >= {"buergerservice-parken", "abfallwirtschaft", "registratur", "hauptamt"}


class TestTheEmployees:
    def test_hold_posts_in_units_that_exist(self) -> None:
        keys = {unit.key for unit in UNITS}
        assert {post.unit for each in EMPLOYEES for post in each.posts} <= keys

    def test_have_user_names_of_their_own(self) -> None:
        assert len({each.username for each in EMPLOYEES}) == len(EMPLOYEES)

    def test_fill_every_role_and_open_every_access_class_but_personnel_below_the_top(self) -> None:
        posts = [post for each in EMPLOYEES for post in each.posts]
        assert {post.role for post in posts} == set(get_args(Role))
        desks = {
            name for post in posts if post.role == "caseworker" for name in post.access_classes
        }
        assert desks == set(get_args(AccessClass)) - {"personnel"}


class TestTheFilePlan:
    def test_is_a_tree_of_unique_codes_in_which_parents_come_first(self) -> None:
        seen: set[str | None] = {None}
        for position in FILE_PLAN:
            assert position.parent in seen, position
            assert position.code not in seen
            seen.add(position.code)

    def test_has_the_ten_main_groups(self) -> None:
        roots = [position.code for position in FILE_PLAN if position.parent is None]
        assert roots == [str(number) for number in range(10)]

    def test_keeps_permits_three_years_and_collections_two(self) -> None:
        plan = {position.code: position for position in FILE_PLAN}
        parking, waste = plan["32.2"], plan["70.1"]
        assert (parking.retention_years, parking.disposal_code) == (3, "V")
        assert (waste.retention_years, waste.disposal_code) == (2, "V")


class TestTheTenant:
    def test_has_a_regional_key_of_twelve_digits_in_nrw(self) -> None:
        assert re.fullmatch(r"05\d{10}", TENANT.regional_key)

    def test_is_closed_on_carnival_monday_every_year(self) -> None:
        carnival = [each.day for each in CLOSING_DAYS if each.reason == "Rosenmontag"]
        assert [day.year for day in carnival] == [2025, 2026, 2027, 2028]
        assert {day.weekday() for day in carnival} == {0}
