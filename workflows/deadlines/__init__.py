"""Answers when a deadline ends and why: pure functions of law, dates in, reckonings out."""

from workflows.deadlines.claims import age, maintenance_advance, parental_allowance
from workflows.deadlines.derivation import Event, Reckoning, Stands, Step, StepKind
from workflows.deadlines.law import DEFAULT_LAW, DeadlineLaw, Regime
from workflows.deadlines.operations import (
    fit_connect_timers,
    no_stopping_signs,
    processing_target,
    retention,
)
from workflows.deadlines.periods import Period, Unit
from workflows.deadlines.procedure import (
    approval_fiction,
    fixed_day_with_notice,
    gdpr_request,
    inactivity,
    period_set_by_authority,
    two_weeks_set_by_authority,
)
from workflows.deadlines.remedies import (
    objection_after_mailbox,
    objection_after_notification,
    objection_after_portal_notice,
    objection_after_post,
    objection_after_post_abroad,
    objection_after_public_notice,
    objection_after_retrieval,
    objection_without_instruction,
)
from workflows.deadlines.rules import RULES, Rule, compute

__all__ = [
    "DEFAULT_LAW",
    "RULES",
    "DeadlineLaw",
    "Event",
    "Period",
    "Reckoning",
    "Regime",
    "Rule",
    "Stands",
    "Step",
    "StepKind",
    "Unit",
    "age",
    "approval_fiction",
    "compute",
    "fit_connect_timers",
    "fixed_day_with_notice",
    "gdpr_request",
    "inactivity",
    "maintenance_advance",
    "no_stopping_signs",
    "objection_after_mailbox",
    "objection_after_notification",
    "objection_after_portal_notice",
    "objection_after_post",
    "objection_after_post_abroad",
    "objection_after_public_notice",
    "objection_after_retrieval",
    "objection_without_instruction",
    "parental_allowance",
    "period_set_by_authority",
    "processing_target",
    "retention",
    "two_weeks_set_by_authority",
]
