"""Answers when a deadline ends that a service definition names, from the day of its event."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from workflows.calendar import OfficeCalendar, add_working_days
from workflows.catalogue.parts import DeadlineRule
from workflows.deadlines import procedure, remedies
from workflows.deadlines.derivation import Day, Event, Reckoning, StepKind, counted, event, shifted
from workflows.deadlines.law import DEFAULT_LAW, DeadlineLaw, Regime
from workflows.deadlines.notification import last_retrieval_day
from workflows.deadlines.periods import Period, Unit

# What the events of the definitions are called in a derivation.
EVENTS: Final[Mapping[str, Event]] = {
    "received": Event.APPLICATION_RECEIVED,
    "complete": Event.DOCUMENTS_COMPLETE,
    "question_asked": Event.QUESTION_ASKED,
    "decided": Event.DECIDED,
    "posted": Event.ACT_POSTED,
    "provided": Event.ACT_PROVIDED,
    "notified": Event.ACT_NOTIFIED,
    "closed": Event.CASE_CLOSED,
    "matter_ends": Event.MATTER_ENDS,
    "slot": Event.APPOINTMENT,
}
# Events after which the applicant's time runs, not the office's: once it is over nobody is late.
APPLICANTS: Final = frozenset({"posted", "provided", "notified", "slot"})
# Rules that begin anew when what was missing has come: § 42a (2) sentence 2 VwVfG counts from the
# receipt of complete documents, so that a question stops them. No other clock of the law does.
STOPPED_BY_QUESTIONS: Final = frozenset({"approval_fiction_3_months"})

_WEEKEND: Final = {
    Regime.VWVFG: "§ 31 Abs. 3 VwVfG",
    Regime.SGB_X: "§ 26 Abs. 3 SGB X",
    Regime.AO: "§ 108 Abs. 3 AO",
}


def _retrieval(on: date, _regime: Regime, law: DeadlineLaw) -> Reckoning:
    """Until when it can be fetched; that nobody did is not known before."""
    last = last_retrieval_day(on, law)
    return Reckoning("retrieval_VwVfG_41_2a", {"end": last.on}, last.steps)


def _inactivity(on: date, _regime: Regime, law: DeadlineLaw) -> Reckoning:
    found = procedure.inactivity(on, law=law)
    return Reckoning(found.rule, {"end": found.day("earliest_action_after")}, found.steps)


Reckon = Callable[[date, Regime, DeadlineLaw], Reckoning]

# The rules of law that a definition may name (definition.schema.json).
RULES_OF_LAW: Final[Mapping[str, Reckon]] = {
    "delivery_fiction_post+objection_1_month": lambda on, regime, law: (
        remedies.objection_after_post(on, regime, law=law)
    ),
    "post_abroad_AO_1_month": lambda on, _, law: remedies.objection_after_post_abroad(on, law=law),
    "mailbox_OZG_9": lambda on, _, law: remedies.objection_after_mailbox(on, law=law),
    "retrieval_VwVfG_41_2a": _retrieval,
    "retrieval_SGBX_37_2a": lambda on, _, law: remedies.objection_after_portal_notice(on, law=law),
    "public_notice_two_weeks": lambda on, _, law: remedies.objection_after_public_notice(
        on, law=law
    ),
    "missing_instruction_1_year": lambda on, _, law: remedies.objection_without_instruction(
        on, law=law
    ),
    "authority_period_2_weeks": lambda on, _, law: procedure.two_weeks_set_by_authority(
        on, law=law
    ),
    "fixed_day_with_notice": lambda on, regime, law: procedure.fixed_day_with_notice(
        on, regime, law=law
    ),
    "approval_fiction_3_months": lambda on, _, law: procedure.approval_fiction(on, law=law),
    "inactivity_3_months": _inactivity,
    "gdpr_1_month": lambda on, _, law: procedure.gdpr_answer(on, law=law),
}


def reckoned(
    rule: DeadlineRule,
    on: date,
    *,
    regime: Regime,
    office: OfficeCalendar,
    law: DeadlineLaw = DEFAULT_LAW,
) -> Reckoning:
    """When ``rule`` ends if its event is ``on`` that day: ``end``, with its derivation.

    Working days are the office's; whatever else is counted knows no closing days. A period of the
    law that ends on a day off ends on the next working day; one counted backwards does not move.
    Refuses: Invalid (beyond the holidays known).
    """
    if rule.rule:
        return RULES_OF_LAW[rule.rule](on, regime, law)
    begin = event(EVENTS[rule.event], on, "§ 187 Abs. 1 BGB" if rule.kind == "legal" else "")
    if rule.working_days is not None:
        end = begin.then(
            StepKind.WORKING_DAYS,
            add_working_days(on, rule.working_days, office),
            count=rule.working_days,
        )
        return Reckoning("working_days", {"end": end.on}, end.steps)
    end = _counted(rule, begin, regime, law)
    return Reckoning("months" if rule.months else "calendar_days", {"end": end.on}, end.steps)


def _counted(rule: DeadlineRule, begin: Day, regime: Regime, law: DeadlineLaw) -> Day:
    days = rule.calendar_days or 0
    paragraph = "§ 188 BGB" if rule.kind == "legal" else ""
    if not rule.months and days < 0:
        on = date.fromordinal(begin.on.toordinal() + days)
        return begin.then(StepKind.BEFORE, on, paragraph, count=-days, unit=Unit.DAYS)
    period = Period(rule.months, Unit.MONTHS) if rule.months else Period(days, Unit.DAYS)
    end = counted(begin, period, paragraph)
    return shifted(end, law.calendar, _WEEKEND[regime]) if rule.kind == "legal" else end
