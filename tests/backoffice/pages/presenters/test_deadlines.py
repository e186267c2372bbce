"""Tests of backoffice.pages.presenters.deadlines: every step of a calculation is a sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from backoffice.pages.presenters.deadlines import EVENTS, REASONS, STANDS, STEPS, sentence
from workflows.calendar import Reason
from workflows.deadlines import (
    DEFAULT_LAW,
    RULES,
    Event,
    Period,
    Reckoning,
    Regime,
    Stands,
    StepKind,
    Unit,
)
from workflows.deadlines.procedure import period_set_by_authority
from workflows.deadlines.remedies import objection_after_post

# What a rule is given beside days.
OTHERS: dict[str, Any] = {"regime": "VwVfG", "years": 3}
# Received no earlier than born.
LATER = {"beeg_retroactive_3_life_months": {"received": "2027-01-15"}}
DAYS = [(date(2026, 1, 2) + timedelta(days=6 * number)).isoformat() for number in range(60)]


def sentences(reckoning: Reckoning) -> list[str]:
    return [sentence(step) for step in reckoning.steps_as_json()]


class TestTheWords:
    def test_are_there_for_every_step(self) -> None:
        assert STEPS.keys() | {StepKind.EVENT} == set(StepKind)

    def test_are_there_for_every_event(self) -> None:
        assert EVENTS.keys() == set(Event)

    def test_are_there_for_every_reason_to_stand_or_to_move(self) -> None:
        assert STANDS.keys() == set(Stands)
        assert REASONS.keys() == set(Reason)


class TestASentence:
    def test_tells_what_happened_and_by_which_paragraph(self) -> None:
        two_weeks = Period(14, Unit.DAYS)
        told = sentences(period_set_by_authority(date(2026, 3, 10), two_weeks, law=DEFAULT_LAW))

        assert told == [
            "Am 10.03.2026 wurde die Frist mitgeteilt. (§ 31 Abs. 2 VwVfG)",
            "14 Tage danach, der Tag selbst zählt nicht mit: 24.03.2026. "
            "(§ 31 Abs. 1 VwVfG, § 188 BGB)",
        ]

    def test_names_every_day_off_that_is_passed_over(self) -> None:
        told = sentences(objection_after_post(date(2026, 3, 2), Regime.VWVFG, law=DEFAULT_LAW))

        assert told[-1] == (
            "Der 06.04.2026 ist ein Feiertag (Ostermontag). Die Frist endet am nächsten Werktag: "
            "07.04.2026. (§ 57 Abs. 2 VwGO, § 222 Abs. 2 ZPO)"
        )

    def test_is_translated(self) -> None:
        reckoning = period_set_by_authority(
            date(2026, 3, 10), Period(1, Unit.DAYS), law=DEFAULT_LAW
        )
        with translation.override("en"):
            assert sentences(reckoning)[1].startswith("1 day later, not counting the day itself:")

    @pytest.mark.parametrize("language", ["de", "en"])
    @pytest.mark.parametrize("name", sorted(RULES))
    def test_can_be_made_of_whatever_a_rule_computes(self, name: str, language: str) -> None:
        rule = RULES[name]
        with translation.override(language):
            for day in DAYS:
                given = {field: OTHERS.get(field, day) for field in rule.fields}
                told = sentences(rule.reckoning(given | LATER.get(name, {})))
                assert all(one and "%" not in one for one in told)
