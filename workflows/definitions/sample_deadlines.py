"""The deadlines of a definition as they would run if everything happened on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from efile.kernel.models import Tenant
from workflows.calendar import add_working_days
from workflows.case_deadlines import office_calendar
from workflows.catalogue.consistency import SAMPLE_DAY
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import DeadlineRule
from workflows.deadlines.derivation import Reckoning
from workflows.deadlines.periods import Period, Unit, day_completed
from workflows.deadlines.rules import RULES

# What a rule of law computes, in the order of what a caseworker looks for.
_ENDS: Final = ("end", "earliest_action_after", "last_retrieval_day", "notified")


@dataclass(frozen=True, slots=True)
class SampleDeadline:
    """A deadline of the definition, and the day it ends if it begins on the day asked for."""

    rule: DeadlineRule
    ends_on: date


def sample_deadlines(definition: Definition, tenant: Tenant, on: date) -> Iterator[SampleDeadline]:
    """Every deadline if its event were ``on`` that day. Refuses: Invalid (beyond any calendar)."""
    for rule in definition.deadlines:
        yield SampleDeadline(rule, _end(rule, definition, tenant, on))


def _end(rule: DeadlineRule, definition: Definition, tenant: Tenant, on: date) -> date:
    if rule.rule:
        return _by_law(rule.rule, definition, on)
    if rule.working_days is not None:
        return add_working_days(on, rule.working_days, office_calendar(tenant))
    if rule.months:
        return day_completed(on, Period(rule.months, Unit.MONTHS))
    return on + timedelta(days=rule.calendar_days or 0)


def law_of(rule: DeadlineRule, definition: Definition) -> str:
    """The paragraphs that a rule of law rests on, under the definition's procedure law."""
    if rule.rule is None:
        return ""
    steps = _reckoning(rule.rule, definition, SAMPLE_DAY).steps
    return ", ".join(dict.fromkeys(step.paragraph for step in steps if step.paragraph))


def _by_law(name: str, definition: Definition, on: date) -> date:
    values = _reckoning(name, definition, on).values_as_json()
    return date.fromisoformat(next(values[one] for one in _ENDS if values.get(one)))


def _reckoning(name: str, definition: Definition, on: date) -> Reckoning:
    """The rule as if everything that it asks for had happened ``on`` that day."""
    known, regime = RULES[name], definition.remedy.regime
    given = {field: regime if field == "regime" else on.isoformat() for field in known.fields}
    return known.reckoning(given)
