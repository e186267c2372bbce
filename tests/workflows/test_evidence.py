"""Tests of workflows.evidence: what a proof would have to say, as a proof would say it."""

import pytest

from tests.factories import submitted
from workflows.evidence import APPLICANT, sought_for

pytestmark = pytest.mark.django_db


class TestWhatIsSought:
    def test_is_what_a_check_asks_the_registers_about(self) -> None:
        sought = sought_for(submitted().case_id)

        assert set(sought["keeper"]) == {"D-LM 123", "Đorđe", "Yılmaz", "02.04.1981"}
        assert "Lindenstraße 1a" in sought["residence"]

    def test_is_the_applicant_too(self) -> None:
        assert sought_for(submitted().case_id)[APPLICANT] == (
            "Yılmaz",
            "02.04.1981",
            "Lindenstraße 1a",
        )

    def test_is_nothing_that_stands_everywhere(self) -> None:
        sought = sought_for(submitted().case_id)

        assert "zone" not in sought
        assert all(len(value) >= 4 for values in sought.values() for value in values)
