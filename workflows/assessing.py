"""What a grant fixes to be paid: the amount that follows, and what it puts in the place of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from efile.kernel.clock import local_date
from workflows import instalments
from workflows.alterations import Alterations
from workflows.application import Application
from workflows.calendar import NRW, next_working_day
from workflows.catalogue.continuing import Effect
from workflows.catalogue.definition import Definition
from workflows.catalogue.money import Assessment as Rule
from workflows.catalogue.money import Fee
from workflows.catalogue.pointers import follow
from workflows.deadlines.law import DEFAULT_LAW, Regime
from workflows.deadlines.notification import posted_inland
from workflows.deadlines.periods import Period, Unit, day_completed, end_after
from workflows.instalments import Computed, Instalment, Span
from workflows.models import Assessment, MatterDuty, Process, StandingMatter

_DAY: Final = timedelta(days=1)
Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an amount is fixed on: a case, the matter as it stood, and the matter's own form.

    ``ends_on`` is the last day that effect ``end`` sets, ``duty`` the one that a return fulfils.
    """

    process: Process
    sent: Application
    effect: Effect
    at: datetime
    matter: StandingMatter | None = None
    form: Form | None = None
    duty: MatterDuty | None = None
    ends_on: date | None = None
    is_estimated: bool = False

    @property
    def today(self) -> date:
        return local_date(self.at)

    @property
    def known_on(self) -> date:
        """The day by which the decision is known by law."""
        regime = Regime(self.sent.definition.remedy.regime)
        return posted_inland(self.today, regime, DEFAULT_LAW).on


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is fixed, and the assessments that hold no longer from its first day on."""

    kind: str
    rule: Rule
    amount: Computed
    to_on: date | None
    replaces: Sequence[Assessment] = ()


def fixed(ground: Ground) -> Fixed | None:
    """What a grant on this ``ground`` fixes; None where it fixes nothing. Refuses: FeeUndetermined.

    Who has to hand in returns pays by them alone.
    """
    rule = ground.sent.definition.assessment
    if rule is None or ground.effect == "review":
        return None
    if ground.effect in ("return", "recover"):
        return _single(ground, rule)
    if rule.interval == "once":
        by_returns = "return" in _effects(ground.sent.definition)
        return None if by_returns or ground.effect != "begin" else _single(ground, rule)
    return _AGAIN[ground.effect](ground, rule)


def keep(fixing: Fixed | None, ground: Ground, made: Alterations) -> Assessment | None:
    """Write what is fixed, and end what it replaces."""
    if fixing is None:
        return None
    for old in fixing.replaces:
        if old.from_on >= fixing.amount.first:
            made.alter(old, is_in_force=False)
        else:
            made.alter(old, to_on=fixing.amount.first - _DAY)
    row = row_of(fixing, ground)
    made.add(row)
    return row


def row_of(fixing: Fixed, ground: Ground) -> Assessment:
    """What is fixed as a row, not written."""
    return Assessment(
        tenant_id=ground.process.tenant_id,
        case_id=ground.process.case_id,
        matter=ground.matter,
        duty=ground.duty,
        kind=fixing.kind,
        interval="once" if fixing.kind == "recovery" else fixing.rule.interval,
        cents=fixing.amount.each_cents,
        total_cents=fixing.amount.total,
        legal_basis=fixing.rule.legal_basis,
        lines=instalments.lines_as_json(fixing.amount),
        instalments=instalments.instalments_as_json(fixing.amount.instalments),
        from_on=fixing.amount.first,
        to_on=fixing.to_on,
        planned_to=fixing.amount.last,
        is_estimated=ground.is_estimated,
        made_at=ground.at,
    )


def in_force(matter: StandingMatter) -> list[Assessment]:
    """What is to be paid for ``matter`` at intervals, as decided last."""
    return list(
        Assessment.objects.filter(matter=matter, is_in_force=True, duty__isnull=True)
        .exclude(kind="recovery")
        .order_by("from_on", "id")
    )


def overlaid(old: Form, new: Form) -> Form:
    """``old`` with what ``new`` states in its place, within groups, too."""
    both = {name for name, value in new.items() if isinstance(value, Mapping)} & old.keys()
    return {**old, **new, **{name: overlaid(old[name] or {}, new[name]) for name in both}}


def _single(ground: Ground, rule: Rule) -> Fixed:
    """One sum: for the period of a return, or claimed back."""
    duty, form = ground.duty, overlaid(ground.form or {}, ground.sent.form)
    first = duty.period_from if duty else _first_day(ground, rule)
    last = duty.period_to if duty else first
    due_on = next_working_day(ground.known_on + rule.due_days * _DAY, NRW)
    fee = ground.sent.definition.assessed(form, last)
    kind = "recovery" if ground.effect == "recover" else rule.kind
    return Fixed(kind, rule, instalments.once(fee, first, last, due_on=due_on), last)


def _begun(ground: Ground, rule: Rule) -> Fixed:
    """From the first day on, to the end of a limited matter or of the year."""
    definition, sent = ground.sent.definition, ground.sent
    first = instalments.begins_on(rule, _first_day(ground, rule))
    terms = definition.terms_for(sent.form, sent.applicant, ground.today)
    months = terms.months if terms else None
    to_on = day_completed(first, Period(months, Unit.MONTHS)) - _DAY if months else None
    spans = [Span(first, partial(definition.assessed, sent.form))]
    amount = _computed(ground, rule, spans, to_on or _year_end(first, ground.today), ())
    return Fixed(rule.kind, rule, amount, to_on)


def _changed(ground: Ground, rule: Rule) -> Fixed:
    """The year of the change anew: as before until then, by what was changed from then on."""
    definition, old = ground.sent.definition, ground.form or {}
    changed = overlaid(old, what_it_is(ground.sent))
    known = in_force(ground.matter) if ground.matter else []
    day = _stated_day(ground, rule) or ground.today
    first, to_on = instalments.begins_on(rule, day), known[-1].to_on if known else None
    if known and rule.begins == "day":
        first = _next_begin(known[-1].from_on, first)
    spans = [Span(first, partial(definition.assessed, changed))]
    start = _start(known, first)
    if start < first:
        spans.insert(0, Span(start, _as_fixed(known, partial(definition.assessed, old))))
    last = to_on or _year_end(first, ground.today)
    amount = _computed(ground, rule, spans, last, known)
    return Fixed(rule.kind, rule, amount, to_on, _replaced(known, start))


def _ended(ground: Ground, rule: Rule) -> Fixed | None:
    """The year of the end anew: by the months until then."""
    known = in_force(ground.matter) if ground.matter else []
    if not known or ground.ends_on is None:
        return None
    last = instalments.charged_to(rule, ground.ends_on)
    # What ends before it began has no month at all.
    start = max(known[0].from_on, _start(known, last))
    anew = partial(ground.sent.definition.assessed, ground.form or {})
    amount = _computed(ground, rule, [Span(start, _as_fixed(known, anew))], last, known)
    return Fixed(rule.kind, rule, amount, max(start, last), _replaced(known, start))


def _as_fixed(known: Sequence[Assessment], anew: Callable[[date], Fee]) -> Callable[[date], Fee]:
    """What was fixed for a month by then stands; only what nobody fixed is computed ``anew``."""
    segments = [one for row in known for one in instalments.segments_from_json(row.lines)]

    def amount(month: date) -> Fee:
        for one in reversed(segments):
            if one.first <= month <= one.last:
                return Fee(one.each_cents, "EUR", "", one.lines)
        return anew(month)

    return amount


_AGAIN: Final = {"begin": _begun, "change": _changed, "end": _ended}


def _computed(
    ground: Ground, rule: Rule, spans: Sequence[Span], last: date, known: Sequence[Assessment]
) -> Computed:
    """What was due by earlier decisions by the time this one is known is taken as paid."""
    paid = [
        one
        for row in known
        for one in _instalments(row)
        if one.year >= spans[0].first.year and one.due_on <= ground.known_on
    ]
    return instalments.computed(rule, spans, last, known_on=ground.known_on, paid=paid)


def _instalments(row: Assessment) -> list[Instalment]:
    return instalments.instalments_from_json(row.instalments)


def _start(known: Sequence[Assessment], day: date) -> date:
    """A year is fixed as a whole: from its first month that was charged."""
    if not known or day < known[0].from_on:
        return day
    within = [one for one in known if one.from_on <= day]
    anchor = max((one.from_on for one in within), default=day)
    january = date(day.year, 1, 1)
    return anchor if anchor >= january else _next_begin(anchor, january)


def _next_begin(anchor: date, day: date) -> date:
    """The first month counted from ``anchor`` that begins on ``day`` or later."""
    months = max(0, (day.year - anchor.year) * 12 + day.month - anchor.month)
    found = end_after(anchor, Period(months, Unit.MONTHS))
    return found if found >= day else end_after(anchor, Period(months + 1, Unit.MONTHS))


def _replaced(known: Sequence[Assessment], start: date) -> list[Assessment]:
    return [one for one in known if one.to_on is None or one.to_on >= start]


def _first_day(ground: Ground, rule: Rule) -> date:
    """The day named, else the matter's first, else that of the decision."""
    begun = ground.matter.valid_from if ground.matter and ground.effect == "begin" else None
    return _stated_day(ground, rule) or begun or ground.today


def _stated_day(ground: Ground, rule: Rule) -> date | None:
    said = {"form": ground.sent.form, "applicant": ground.sent.applicant}
    stated = follow(said, rule.from_) if rule.from_ else None
    return date.fromisoformat(stated) if stated else None


def what_it_is(sent: Application) -> Form:
    """The form of ``sent`` without the fields that say what is to be done to the matter."""
    matter = sent.definition.standing_matter
    asked = {
        name
        for one in (matter.effects if matter else ())
        for name in sent.definition.rules.compile(one.when, "form").reads
    }
    number = sent.definition.matter_number_in(sent.form)
    return {
        name: value
        for name, value in sent.form.items()
        if f"form.{name}" not in asked and value != (number or None)
    }


def _effects(definition: Definition) -> set[str]:
    matter = definition.standing_matter
    return {one.effect for one in matter.effects} if matter else set()


def _year_end(first: date, today: date) -> date:
    return date(max(first.year, today.year), 12, 31)
