"""References: drawn without gaps, unique per city and series."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.db import transaction

from efile.models import NumberScope
from efile.numbers import case_reference, draw, draw_file_reference
from tests.crowd import together
from tests.efile.cases import neighbour
from tests.factories import AT, city

pytestmark = pytest.mark.django_db


class TestDraw:
    def test_begins_with_one_and_counts_up(self) -> None:
        assert [draw(city().pk, "32.2/26") for _ in range(3)] == [1, 2, 3]

    def test_counts_every_series_on_its_own(self) -> None:
        draw(city().pk, "32.2/26")
        assert draw(city().pk, "32.2/27") == 1
        assert draw(city().pk, "70.1/26") == 1

    def test_counts_for_every_city_on_its_own(self) -> None:
        draw(city().pk, "32.2/26")
        assert draw(neighbour().tenant_id, "32.2/26") == 1

    def test_takes_a_number_back_with_its_transaction(self) -> None:
        draw(city().pk, "32.2/26")
        with transaction.atomic():
            assert draw(city().pk, "32.2/26") == 2
            transaction.set_rollback(True)
        assert draw(city().pk, "32.2/26") == 2

    @pytest.mark.django_db(transaction=True)
    def test_leaves_no_gap_however_many_draw_and_give_up(self) -> None:
        tenant_id = city().pk

        def draw_some(number: int) -> list[int]:
            kept = []
            mind = Random(number)
            for _ in range(12):
                with transaction.atomic():
                    one = draw(tenant_id, "32.2/26")
                    if mind.random() < 0.4:
                        transaction.set_rollback(True)
                    else:
                        kept.append(one)
            return kept

        drawn = [one for some in together(8, draw_some) if isinstance(some, list) for one in some]
        assert 0 < len(drawn) < 8 * 12
        assert sorted(drawn) == list(range(1, len(drawn) + 1))
        assert NumberScope.objects.get(series="32.2/26").last == len(drawn)


class TestDrawFileReference:
    def test_names_position_number_and_year(self) -> None:
        assert draw_file_reference(city().pk, "32.2", AT) == "32.2-000001/26"

    @pytest.mark.parametrize(
        ("at", "year"),
        [
            (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "26"),
            (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "27"),
            (datetime(2099, 12, 31, 23, 30, tzinfo=UTC), "00"),
        ],
        ids=["a minute before midnight", "half past midnight", "the turn of the century"],
    )
    def test_turns_the_year_at_midnight_in_berlin(self, at: datetime, year: str) -> None:
        assert draw_file_reference(city().pk, "32.2", at) == f"32.2-000001/{year}"

    def test_begins_anew_each_year(self) -> None:
        draw_file_reference(city().pk, "32.2", AT)
        next_year = AT.replace(year=2027)
        assert draw_file_reference(city().pk, "32.2", next_year) == "32.2-000001/27"

    def test_outgrows_its_digits_rather_than_repeat_itself(self) -> None:
        NumberScope.objects.create(tenant=city(), series="32.2/26", last=999_999)
        assert draw_file_reference(city().pk, "32.2", AT) == "32.2-1000000/26"


class TestCaseReference:
    @pytest.mark.parametrize(("number", "ending"), [(1, "-01"), (12, "-12"), (123, "-123")])
    def test_numbers_the_case_within_its_file(self, number: int, ending: str) -> None:
        assert case_reference("32.2-000123/26", number) == f"32.2-000123/26{ending}"
