"""What a definition says of one application: form, proofs, checks, result, fee, deadlines, terms.

The same application seen through two definitions gives the rows in which they differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from efile.kernel.errors import Refusal
from efile.kernel.models import Tenant
from workflows.application import Application
from workflows.calendar import add_working_days
from workflows.case_deadlines import office_calendar
from workflows.catalogue.definition import Definition
from workflows.catalogue.rules import CheckOutcome
from workflows.catalogue.submission import errors_in, facts_of

ASPECTS: Final = ("form", "proofs", "checks", "result", "fee", "deadlines", "matter")


@dataclass(frozen=True, slots=True)
class Divergence:
    """One thing in which two definitions judge an application differently; plain JSON values.

    ``key`` names it within its aspect: a pointer, a proof, a check, a deadline.
    """

    aspect: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case beyond what was sent, from what was kept of its checks.

    ``inputs``: what the registers and files said, by the names that rules read. ``basis``: the
    tenant's legal basis for deciding alone. ``enclosed``: proofs on file. Days as they were; what
    has not happened yet happens today.
    """

    inputs: Mapping[str, Any]
    basis: str
    enclosed: frozenset[str]
    received_on: date
    checked_on: date
    decided_on: date


def divergences(
    sent: Application, old: Definition, new: Definition, known: Known, tenant: Tenant
) -> tuple[Divergence, ...]:
    """Where ``new`` sees the application ``sent`` otherwise than ``old`` does, in their order."""
    before, after = _seen(sent, old, known, tenant), _seen(sent, new, known, tenant)
    # A form that cannot be decided has no amounts and no terms: that is said once, of the form.
    moot = ("fee", "matter") if before["form"] or after["form"] else ()
    return tuple(
        Divergence(aspect, key, before[aspect].get(key), after[aspect].get(key))
        for aspect in ASPECTS
        if aspect not in moot
        for key in dict.fromkeys([*before[aspect], *after[aspect]])
        if before[aspect].get(key) != after[aspect].get(key)
    )


def _seen(
    sent: Application, definition: Definition, known: Known, tenant: Tenant
) -> dict[str, dict[str, Any]]:
    application = Application.read(definition, sent.effective)
    outcomes = list(evaluated(application, known))
    return {
        "form": dict(_faults(definition, sent.effective)),
        "proofs": _proofs(application, known),
        "checks": {check: outcome.outcome for check, outcome in outcomes},
        "result": {"": _result(application, outcomes, known)},
        "fee": _amounts(application, known),
        "deadlines": _deadlines(definition, known, tenant),
        "matter": _matter(application, known),
    }


def evaluated(application: Application, known: Known) -> Iterator[tuple[str, CheckOutcome]]:
    """The checks of the application's definition over what was stated and what is known."""
    definition = application.definition
    stated = definition.rules.bind(
        form=application.form, applicant=facts_of(application.applicant), today=known.checked_on
    )
    data = {**known.inputs, **stated}
    for check in definition.checks:
        yield check.key, definition.rules.evaluate(check, data)


def _faults(definition: Definition, envelope: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for fault in errors_in(definition, envelope):
        if fault.rule != "proof_missing":  # proofs have an aspect of their own
            yield fault.pointer, fault.rule


def _proofs(application: Application, known: Known) -> dict[str, str]:
    needed = application.definition.required_proofs(application.form)
    return {key: "enclosed" if key in known.enclosed else "missing" for key in needed}


def _result(
    application: Application, outcomes: Sequence[tuple[str, CheckOutcome]], known: Known
) -> str:
    """What the machine would do: § 35a VwVfG NRW, as ``workflows.checks`` decides."""
    definition = application.definition
    if application.faults or not definition.automation.decides(known.basis):
        return "person"
    if definition.free_texts(application.form):
        return "person"  # § 24 (1) VwVfG NRW: somebody reads what was said in own words
    open_ = [key for key, one in outcomes if one.outcome == "not_evaluated"]
    failed = [definition.check(key) for key, one in outcomes if one.outcome == "failed"]
    if open_ or any(check and check.on_failure == "person" for check in failed):
        return "person"
    if failed:
        return "refuse" if definition.automation.level == "full" else "person"
    return "grant"


def _amounts(application: Application, known: Known) -> dict[str, Any]:
    definition, form, on = application.definition, application.form, known.decided_on
    if application.faults:
        return {}
    found: dict[str, Any] = {}
    for name, compute in (("fee", definition.fee_for), ("assessment", definition.assessed)):
        try:
            amount = compute(form, on)
        except Refusal as refusal:
            found[name] = refusal.code
        else:
            if amount.positions or name == "fee":
                found[name] = amount.cents
    return found


def _deadlines(definition: Definition, known: Known, tenant: Tenant) -> dict[str, Any]:
    """Days of those that count from receipt; of the others how they are told."""
    calendar = office_calendar(tenant)
    found: dict[str, Any] = {}
    for rule in definition.deadlines:
        if rule.event == "received" and rule.working_days is not None:
            end = add_working_days(known.received_on, rule.working_days, calendar)
            found[rule.key] = end.isoformat()
        else:
            counts = (rule.rule, rule.working_days, rule.calendar_days, rule.months)
            found[rule.key] = f"{rule.event} + " + str(next(c for c in counts if c is not None))
    return found


def _matter(application: Application, known: Known) -> dict[str, Any]:
    definition = application.definition
    if application.faults:
        return {}
    terms = definition.terms_for(application.form, application.applicant, known.decided_on)
    if terms is None:
        return {}
    return {
        "effect": definition.effect_of(application.form),
        "valid_from": terms.valid_from.isoformat(),
        "months": terms.months,
        **{f"data.{name}": value for name, value in sorted(terms.data.items())},
    }
