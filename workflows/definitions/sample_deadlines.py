"""The deadlines of a definition as they would run if everything happened on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from efile.kernel.models import Tenant
from workflows.case_deadlines import office_calendar
from workflows.catalogue.consistency import SAMPLE_DAY
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import DeadlineRule
from workflows.deadlines.defined import RULES_OF_LAW, reckoned
from workflows.deadlines.law import DEFAULT_LAW, Regime


@dataclass(frozen=True, slots=True)
class SampleDeadline:
    """A deadline of the definition, and the day it ends if it begins on the day asked for."""

    rule: DeadlineRule
    ends_on: date


def sample_deadlines(definition: Definition, tenant: Tenant, on: date) -> Iterator[SampleDeadline]:
    """Every deadline if its event were ``on`` that day. Refuses: Invalid (beyond any calendar)."""
    office = office_calendar(tenant)
    for rule in definition.deadlines:
        end = reckoned(rule, on, regime=Regime(definition.remedy.regime), office=office)
        yield SampleDeadline(rule, end.day("end"))


def law_of(rule: DeadlineRule, definition: Definition) -> str:
    """The paragraphs that a rule of law rests on, under the definition's procedure law."""
    if rule.rule is None:
        return ""
    regime = Regime(definition.remedy.regime)
    steps = RULES_OF_LAW[rule.rule](SAMPLE_DAY, regime, DEFAULT_LAW).steps
    return ", ".join(dict.fromkeys(step.paragraph for step in steps if step.paragraph))
