"""A definition described for people: the page docs/services.md about every shipped service."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import load_catalogue
from workflows.catalogue.money import Assessment, FeeTable, Period, Position
from workflows.catalogue.open311 import options
from workflows.catalogue.parts import Check, DeadlineRule, Proof, Step
from workflows.definitions.naming import NAMES
from workflows.definitions.procedure import reachable, ways
from workflows.definitions.sample_deadlines import law_of

_HEAD: Final = """# The services

Generated from the shipped definitions (`workflows/catalogue/*.yaml`); do not edit, run
`manage.py docs`. What is marked **[M]** every city sets for itself: the shipped value is a default
of the sample city, to be confirmed by whoever is competent before the definition is published.
What stands in `code` are names and rules as the definition has them (CEL over form and registers).
"""

_STATES: Final = {
    "received": "received",
    "in_examination": "in examination",
    "waiting_for_applicant": "waiting for the applicant",
    "decided": "decided",
    "notified": "notified",
    "closed": "closed",
    "withdrawn": "withdrawn",
    "forwarded": "forwarded",
}
_REMEDIES: Final = {
    "action": "action before the administrative court (Klage)",
    "objection": "objection (Widerspruch or Einspruch)",
    "court_application": "application to the local court (§ 49 PStG), without a period",
    "none": "none: nothing is decided",
}
_LEVELS: Final = {
    "none": "a person decides",
    "checks": "grants alone when every check passed",
    "full": "grants and refuses alone",
}
_DISPOSAL: Final = {"A": "then to the archive", "B": "then appraised", "V": "then destroyed"}
_EVENTS: Final = {
    "received": "receipt",
    "complete": "the documents being complete",
    "question_asked": "a question to the applicant",
    "decided": "the decision",
    "posted": "posting",
    "provided": "provision in the portal",
    "notified": "notification",
    "closed": "closing",
    "matter_ends": "the end of the matter",
    "slot": "the appointment",
}


def services_page() -> str:
    """The whole page, in English, the services by their German title."""
    definitions = sorted(load_catalogue(), key=lambda one: one.title.in_("de"))
    contents = [
        f"- [{one.title.in_('de')}](#{one.key}) – {one.title.in_('en')}" for one in definitions
    ]
    parts = [_HEAD, "\n".join(contents), *("\n".join(_described(one)) for one in definitions)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _described(one: Definition) -> Iterator[str]:
    yield f'<a id="{one.key}"></a>\n'
    yield f"## {one.title.in_('de')}\n"
    yield f"{one.title.in_('en')} (`{one.key}`). {one.summary.in_('en')}\n"
    yield from _facts(one)
    yield from _listed("Proofs", [_proof(proof) for proof in one.proofs])
    yield from _checks(one.checks)
    yield from _steps(one)
    yield from _deadlines(one)
    yield from _amounts("Fee", one.fee)
    yield from _amounts("Assessment", one.assessment)
    yield from _listed("What stays (standing matter)", list(_matter(one)))
    yield from _listed("Waiting list", list(_waiting(one)))
    yield from _listed("Offered unasked", list(_proactive(one)))


def _facts(one: Definition) -> Iterator[str]:
    rows = [
        ("Legal bases", "; ".join(one.legal_bases)),
        ("Competent", f"`{one.unit}` **[M]**, access class {one.access_class}"),
        ("File", f"position {one.file.position} **[M]**, {one.file.grouping.replace('_', ' ')}"),
        ("Kept", f"{one.retention.years} years, {_DISPOSAL[one.retention.disposal_code]} **[M]**"),
        ("Signing in", one.assurance_level),
        ("Languages", ", ".join(one.languages)),
        ("Parties", "; ".join(_parties(one)) or "none: whoever reports stays unknown"),
        ("Decides", _automation(one)),
        ("Remedy", _remedy(one)),
    ]
    if one.discretion:
        rows.append(("Discretion", one.discretion.legal_basis))
    if one.slots:
        kinds = ", ".join(kind.title.in_("en") for kind in one.slots.kinds)
        whose = "own calendar" if one.slots.provider == "builtin" else "system of appointments"
        rows.append(("Appointments", f"{kinds} ({whose} `{one.slots.calendar}`)"))
    if one.outcomes:
        rows.append(("Ends with", ", ".join(each.title.in_("en") for each in one.outcomes)))
    if one.open311:
        told = "" if one.open311.publish_description else ", but for what was written"
        codes = ", ".join(f"`{one.key}.{option}`" for option in options(one))
        rows.append(("Open311", f"public{told}: {codes} **[M]**"))
    yield from _table(("", ""), [(f"**{name}**", value) for name, value in rows])


def _parties(one: Definition) -> Iterator[str]:
    for rule in one.parties:
        needed = "" if rule.required else " (may take part)"
        proof = f", authority shown by {_titled(one.proof(rule.proof))}" if rule.proof else ""
        yield f"{rule.role}{needed}: {' or '.join(rule.kinds)}{proof}"


def _titled(proof: Proof | None) -> str:
    return proof.title.in_("en") if proof else "a proof"


def _automation(one: Definition) -> str:
    basis = one.automation.legal_basis or "the city names the legal basis first (§ 35a VwVfG NRW)"
    words = _LEVELS[one.automation.level]
    if one.automation.level == "none":
        return words
    return (
        f"{words}; {basis} **[M]**; {one.automation.sample_percent} % go to a person all the same"
    )


def _remedy(one: Definition) -> str:
    remedy = one.remedy
    if remedy.body is None:
        return _REMEDIES[remedy.kind]
    months = remedy.period_months
    period = f" within {months} month{'s' if months != 1 else ''}" if months else ""
    return f"{_REMEDIES[remedy.kind]}{period}, {remedy.body} **[M]** ({remedy.regime})"


def _proof(proof: Proof) -> str:
    if isinstance(proof.required, str):
        return f"{proof.title.in_('en')}, where {_rule(proof.required)}"
    return proof.title.in_("en") + ("" if proof.required else " (if asked for)")


def _checks(checks: Sequence[Check]) -> Iterator[str]:
    if not checks:
        return
    yield "\n### Checks\n"
    failing = {"refuse": "is refused", "person": "goes to a person"}
    rows = [
        (
            check.title.in_("en"),
            ", ".join(query.register for query in check.registers) or check.evidence,
            check.paragraph,
            failing[check.on_failure],
        )
        for check in checks
    ]
    yield from _table(("Check", "Rests on", "Paragraph", "Not fulfilled"), rows)


def _steps(one: Definition) -> Iterator[str]:
    """States and steps: who may take which, and from where to where."""
    steps: list[dict[str, Any]] = one.as_json()["steps"]
    states = ", ".join(_STATES[state] for state in reachable(steps))
    yield f"\n### Procedure\n\nStates: {states}.\n"
    moves = ways(steps)
    rows = [(_step(step), ", ".join(step.roles), _way(step, moves)) for step in one.steps]
    yield from _table(("Step", "Who", "From → to"), rows)


def _step(step: Step) -> str:
    german, english = NAMES[step.key]
    return f"{english} ({german})"


def _way(step: Step, moves: Any) -> str:
    own = [way for way in moves if way.step == step.key]
    sources = ", ".join(_STATES[way.source] for way in own)
    return f"{sources} → {_STATES[own[0].target]}" if own else ""


def _deadlines(one: Definition) -> Iterator[str]:
    yield "\n### Deadlines\n"
    rows = [
        (
            rule.title.in_("en"),
            _EVENTS[rule.event],
            _length(rule),
            law_of(rule, one) or ("**[M]**" if rule.kind == "processing" else ""),
        )
        for rule in one.deadlines
    ]
    yield from _table(("Deadline", "Counted from", "Length or rule", "Paragraph"), rows)


def _length(rule: DeadlineRule) -> str:
    if rule.rule:
        return f"`{rule.rule}`"
    if rule.working_days is not None:
        stops = ", stands still while waiting" if rule.suspended_while_waiting else ""
        return f"{rule.working_days} working days{stops}"
    if rule.months is not None:
        return f"{rule.months} months"
    days = rule.calendar_days or 0
    return f"{abs(days)} days{' before' if days < 0 else ''}"


def _amounts(title: str, table: FeeTable | Assessment | None) -> Iterator[str]:
    if table is None:
        if title == "Fee":
            yield "\n### Fee\n\nFree of charge."
        return
    per = "" if isinstance(table, FeeTable) else f", {_interval(table)} ({table.kind})"
    yield f"\n### {title}\n\n{table.legal_basis}{per} **[M]**\n"
    rows = [
        (_span(period), position.title.in_("en"), _amount(position), _rule(position.when or ""))
        for period in table.periods
        for position in period.positions
    ]
    yield from _table(("In force", "Position", "Amount", "Where"), rows)
    if isinstance(table, FeeTable) and table.payment:
        blocks = table.payment.blocks
        until = "" if blocks == "nothing" else f"; until then nobody can {blocks}"
        yield f"\nPaid online within {table.payment.days} days{until}."


def _interval(assessment: Assessment) -> str:
    return "once" if assessment.interval == "once" else f"per {assessment.interval}"


def _span(period: Period) -> str:
    last = f" to {_day(period.valid_until)}" if period.valid_until else ""
    return f"from {_day(period.valid_from)}{last}"


def _day(day: date) -> str:
    return day.isoformat()


def _amount(position: Position) -> str:
    times = f" × {_rule(position.quantity)}" if position.quantity else ""
    if position.cents is not None:
        return f"{position.cents / 100:.2f} €{times}"
    if position.percent is not None:
        return f"{position.percent:g} % of {_rule(position.of or '')}{times}"
    return f"{_rule(position.amount or '')} cents{times}"


def _matter(one: Definition) -> Iterator[str]:
    matter = one.standing_matter
    if matter is None:
        return
    length = f"{_rule(matter.months)} months" if matter.months else "until it is ended"
    yield f"{matter.title.in_('en')} ({matter.number_prefix}-…), valid {length}"
    if matter.renewal_days:
        yield f"renewal offered {matter.renewal_days} days before its end **[M]**"
    for effect in matter.effects:
        yield f"the application may {effect.effect} it, where {_rule(effect.when)}"
    for duty in matter.duties:
        basis = f", {duty.legal_basis}" if duty.legal_basis else ""
        yield (
            f"{duty.title.in_('en')} ({duty.kind}) every {duty.every_months} months, due "
            f"{duty.due_days} days after **[M]**{basis}"
        )


def _waiting(one: Definition) -> Iterator[str]:
    waiting = one.waiting_list
    if waiting is None:
        return
    yield f"list `{waiting.list}`, {waiting.legal_basis}; a place is kept {waiting.offer_days} days"
    for criterion in waiting.criteria:
        points = f"{_rule(criterion.points)} points ({criterion.paragraph}) **[M]**"
        yield f"{criterion.title.in_('en')}: {points}"


def _proactive(one: Definition) -> Iterator[str]:
    for offer in one.proactive:
        basis = offer.legal_basis or "only with consent"
        occasion = offer.occasion.replace("_", " ")
        lapses = f"lapses after {offer.valid_days} days"
        yield f"{offer.title.in_('en')}: when {occasion}; {basis}; {lapses}"


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"\n### {title}\n"
        yield from (f"- {item}" for item in items)


def _rule(expression: str) -> str:
    """A rule as code that neither breaks a table nor a line."""
    flat = " ".join(expression.split()).replace("|", "\\|")
    return f"`{flat}`" if flat else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell or " " for cell in row) + " |"
