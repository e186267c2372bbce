"""Childcare places and defect reports: checks, points and outcomes as the law has them."""

from datetime import date
from typing import Any

import pytest

from tests.workflows.catalogue.answering import MARCH, euros, failing, form_of
from workflows.catalogue import Definition
from workflows.catalogue.submission import errors_in


class TestChildcarePlace:
    @pytest.mark.parametrize(
        ("born", "income", "hours", "on", "contribution"),
        [
            ("2025-02-11", 58400, "35", date(2027, 8, 1), 165),
            ("2025-02-11", 58400, "45", date(2027, 8, 1), 214.5),
            ("2025-02-11", 58400, "25", date(2028, 3, 1), 76),
            ("2025-02-11", None, "35", date(2027, 8, 1), 340),
            ("2025-02-11", 30000, "45", date(2027, 8, 1), 0),
            # four by the 30th of September: free from the 1st of August (§ 50 (1) KiBiz)
            ("2023-09-30", 90000, "35", date(2027, 8, 1), 0),
            ("2023-09-30", 90000, "35", date(2027, 7, 31), 155),
            ("2023-10-01", 90000, "35", date(2027, 8, 1), 155),
        ],
    )
    def test_costs_by_income_hours_and_age(
        self,
        shipped: dict[str, Definition],
        born: str,
        income: int | None,
        hours: str,
        on: date,
        contribution: float,
    ) -> None:
        definition = shipped["childcare-place"]
        form = form_of(definition, child={"birth_date": born}, household_income=income, hours=hours)
        assert euros(definition, form, on) == contribution
        assert euros(definition, form | {"benefits": True}, on) == 0

    def test_ranks_by_dated_criteria(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["childcare-place"]
        waiting = definition.waiting_list
        assert waiting is not None

        def points(on: date, **change: Any) -> dict[str, int]:
            data = definition.rules.bind(form=form_of(definition, **change))
            found = {
                one.key: definition.rules.compile(one.points, "form", "INT").value(data)
                for one in waiting.criteria
                if one.counts(on)
            }
            return {key: value for key, value in found.items() if value}

        assert points(MARCH) == {"working": 20}
        assert points(MARCH, single_parent=True, sibling_there=True) == {
            "single-parent-working": 30,
            "sibling": 15,
        }
        assert points(date(2025, 7, 31)) == {"working": 20, "in-time-until-2026": 5}

    def test_is_a_claim_from_the_first_birthday(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["childcare-place"]
        baby = {"birth_date": "2026-12-01"}
        assert failing(definition, form_of(definition, child=baby)) == set()
        assert failing(definition, form_of(definition, child=baby, employment="none")) == {"age"}
        assert failing(definition, form_of(definition, wish_from="2026-08-01")) == {"in-time"}


class TestDefectReport:
    def test_is_taken_from_nobody_and_decides_nothing(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["defect-report"]
        anonymous = {**definition.example, "parties": []}
        assert errors_in(definition, definition.example) == errors_in(definition, anonymous) == []
        assert definition.remedy.kind == "none"
        assert not definition.decisions
        assert {"repaired", "no-action", "forwarded", "duplicate"} <= {
            one.key for one in definition.outcomes
        }
        assert definition.free_texts(form_of(definition)) == ["/description"]

    def test_is_urgent_where_it_is_dangerous(self, shipped: dict[str, Definition]) -> None:
        definition = shipped["defect-report"]
        assert failing(definition, form_of(definition)) == set()
        assert failing(definition, form_of(definition, danger=True)) == {"danger"}
