"""Every event with every way to count from it; closing days never reach the law."""

import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.calendar import NRW, OfficeCalendar
from workflows.catalogue.parts import DeadlineRule, Text
from workflows.deadlines.defined import EVENTS, RULES_OF_LAW, reckoned
from workflows.deadlines.derivation import StepKind
from workflows.deadlines.extending import allowance_for
from workflows.deadlines.law import Regime

OFFICE = OfficeCalendar(NRW, frozenset({date(2026, 3, 11)}))
SCHEMA = json.loads(files("workflows.catalogue").joinpath("definition.schema.json").read_text())
PROPERTIES = SCHEMA["properties"]["deadlines"]["items"]["properties"]
TUESDAY = date(2026, 3, 10)


def rule(event: str = "received", *, kind: Any = "processing", **how: Any) -> DeadlineRule:
    return DeadlineRule("it", Text({"de": "Frist"}), kind, event, **how)


def end(one: DeadlineRule, on: date = TUESDAY, office: OfficeCalendar = OFFICE) -> date:
    return reckoned(one, on, regime=Regime.VWVFG, office=office).day("end")


class TestWhatADefinitionMayName:
    def test_is_all_known_here(self) -> None:
        assert EVENTS.keys() == set(PROPERTIES["event"]["enum"])
        assert RULES_OF_LAW.keys() == set(PROPERTIES["rule"]["enum"])

    @pytest.mark.parametrize("event", sorted(EVENTS))
    @pytest.mark.parametrize(
        "how",
        [
            *({"rule": name, "kind": "legal"} for name in sorted(RULES_OF_LAW)),
            {"working_days": 10},
            {"calendar_days": 28},
            {"calendar_days": -28},
            {"months": 6, "kind": "legal"},
        ],
        ids=str,
    )
    def test_ends_on_a_day_that_its_derivation_leads_to(self, event: str, how: Any) -> None:
        for regime in Regime:
            found = reckoned(rule(event, **how), TUESDAY, regime=regime, office=OFFICE)
            assert found.steps[0].kind is StepKind.EVENT
            assert found.steps[-1].on == found.day("end")
            assert found.steps[0].on == TUESDAY


class TestCounting:
    def test_leaves_out_closing_days_where_the_office_promises(self) -> None:
        assert end(rule(working_days=2)) == date(2026, 3, 13)

    def test_goes_back_from_what_is_to_come(self) -> None:
        # A Saturday: nobody has to act later for that.
        assert end(rule("slot", calendar_days=-3)) == date(2026, 3, 7)

    def test_of_the_law_ends_on_a_working_day(self) -> None:
        assert end(rule(calendar_days=4, kind="legal")) == date(2026, 3, 16)
        assert end(rule(calendar_days=4)) == date(2026, 3, 14)
        assert end(rule(months=6, kind="legal")) == date(2026, 9, 10)

    @settings(max_examples=200, deadline=None)
    @given(
        st.dates(date(2020, 1, 1), date(2080, 12, 31)),
        st.sampled_from(
            [
                *(rule("posted", kind="legal", rule=name) for name in sorted(RULES_OF_LAW)),
                rule(kind="legal", months=3),
                rule(kind="legal", calendar_days=30),
                rule("slot", calendar_days=-1),
            ]
        ),
        st.frozensets(st.integers(0, 400), max_size=60),
    )
    def test_of_the_law_knows_no_closing_day(
        self, on: date, one: DeadlineRule, closed: frozenset[int]
    ) -> None:
        closing = frozenset(on + timedelta(days=number) for number in closed)
        closes = reckoned(one, on, regime=Regime.AO, office=OfficeCalendar(NRW, closing))
        never = reckoned(one, on, regime=Regime.AO, office=OfficeCalendar(NRW))
        assert closes == never


class TestPuttingOff:
    @pytest.mark.parametrize(
        ("kind", "by", "paragraph"),
        [
            ("procedural", "authority_period", "§ 31 Abs. 7 VwVfG NRW"),
            ("legal", "authority_period_2_weeks", "§ 31 Abs. 7 VwVfG NRW"),
            ("legal", "approval_fiction_3_months", "§ 42a Abs. 2 Satz 3 VwVfG NRW"),
            ("legal", "gdpr_1_month", "Art. 12 Abs. 3 Satz 2 DSGVO"),
            ("processing", "working_days", ""),
            ("legal", "delivery_fiction_post+objection_1_month", None),
            ("legal", "months", None),
        ],
    )
    def test_is_for_what_the_law_leaves_open(
        self, kind: str, by: str, paragraph: str | None
    ) -> None:
        found = allowance_for(kind, by, Regime.VWVFG)
        assert (found.paragraph if found else None) == paragraph

    def test_of_a_period_set_by_an_authority_rests_on_the_law_of_the_procedure(self) -> None:
        bases = {
            regime: allowance_for("procedural", "authority_period", regime) for regime in Regime
        }
        assert [one.paragraph for one in bases.values() if one] == [
            "§ 31 Abs. 7 VwVfG NRW",
            "§ 26 Abs. 7 SGB X",
            "§ 109 Abs. 1 AO",
        ]
