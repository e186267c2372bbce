"""How long a closed case is kept."""

from datetime import date

import pytest

from efile.retention import retained_until


class TestRetainedUntil:
    @pytest.mark.parametrize(
        ("closed_on", "years", "last"),
        [
            (date(2026, 1, 1), 3, date(2029, 12, 31)),
            (date(2026, 12, 31), 3, date(2029, 12, 31)),
            (date(2028, 2, 29), 1, date(2029, 12, 31)),
            (date(2026, 6, 1), 0, date(2026, 12, 31)),
        ],
        ids=["from new year's day", "from new year's eve", "from a leap day", "not a year"],
    )
    def test_is_the_end_of_a_year(self, closed_on: date, years: int, last: date) -> None:
        assert retained_until(closed_on, years) == last
