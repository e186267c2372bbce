"""Tests of workflows.office: what the desk must know of its town hall."""

from datetime import date

import pytest

from efile.kernel.errors import NotFound
from tests.factories import city
from workflows.office import office_of

pytestmark = pytest.mark.django_db


class TestTheOffice:
    def test_has_a_name_and_its_own_closing_days(self) -> None:
        office = office_of(city().pk)

        assert office.name == "Stadt Musterstadt"
        # Rosenmontag 2026, a working day of the law
        assert not office.calendar.is_working_day(date(2026, 2, 16))

    def test_counts_working_days_both_ways(self) -> None:
        office = office_of(city().pk)
        monday = date(2026, 3, 9)

        assert office.working_days_left(date(2026, 3, 16), today=monday) == 5
        assert office.working_days_left(date(2026, 3, 6), today=monday) == -1

    def test_is_nobody_s_without_a_tenant(self) -> None:
        with pytest.raises(NotFound):
            office_of(-1)
