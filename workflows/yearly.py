"""Amounts fixed until further notice, when the year that they were planned for is over."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from efile.kernel.actors import system
from efile.kernel.clock import local_date
from efile.kernel.errors import NotFound, Refusal
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts, instalments
from workflows.alterations import Alterations
from workflows.catalogue.definition import Definition
from workflows.instalments import Computed, Span
from workflows.matter_cases import form_of
from workflows.models import Assessment, StandingMatter
from workflows.offers import current_offer
from workflows.office_cases import EffectUnreachable, open_by_office

log = structlog.get_logger()

JOB = "yearly"
BATCH = 500
_DAY: Final = timedelta(days=1)


def go_on(*, at: datetime) -> int:
    """Plan the running year of what was planned to its beginning. Returns how many.

    The same amounts need no new decision. Where a table or an age makes them others, a person
    decides on a case of the office; a service that knows no changes goes on by its table.
    """
    over = Assessment.objects.filter(
        is_in_force=True, to_on__isnull=True, planned_to__lt=local_date(at)
    ).order_by("planned_to", "id")
    done = 0
    for key in over.exclude(interval="once").values_list("id", flat=True)[:BATCH]:
        try:
            _go_on(key, at)
            done += 1
        except Refusal as refusal:
            log.warning("assessment_not_continued", assessment=str(key), because=refusal.code)
    return done


@verb
def _go_on(assessment_id: UUID, at: datetime) -> None:
    row = Assessment.objects.select_for_update(of=("self",)).get(id=assessment_id)
    today = local_date(at)
    matter = row.matter
    if matter is None or not row.is_in_force or row.planned_to >= today:
        return
    by, made = system(row.tenant_id, JOB), Alterations()
    if not matter.runs_on(today):
        made.alter(row, to_on=row.planned_to)
    else:
        definition = current_offer(row.tenant_id, matter.service_key).definition
        amount = _following(row, matter, definition, today)
        if _is_as_before(row, amount) or not _opened(matter, at):
            _plan(row, amount, made)
        else:
            made.alter(row, planned_to=amount.last)
    told = {"effect": "continue", "number": matter.number}
    changes = made.changes[row.case_id]
    record(facts.MatterTouched(case_id=row.case_id, changes=changes, facts=told), by=by, at=at)


def _following(
    row: Assessment, matter: StandingMatter, definition: Definition, today: date
) -> Computed:
    """From the day after the plan to the end of this year. Refuses: NotFound, FeeUndetermined."""
    rule = definition.assessment
    if rule is None:
        raise NotFound
    span = Span(row.planned_to + _DAY, partial(definition.assessed, form_of(matter)))
    # What is due on its first day is demanded by the decision that stands.
    known_on = min(today, span.first) - _DAY
    return instalments.computed(rule, [span], date(today.year, 12, 31), known_on=known_on)


def _is_as_before(row: Assessment, amount: Computed) -> bool:
    return all(segment.each_cents == row.cents for segment in amount.segments)


def _opened(matter: StandingMatter, at: datetime) -> bool:
    """Whether a person is asked to decide: the service says how a matter is changed."""
    try:
        by = system(matter.tenant_id, JOB)
        january = date(local_date(at).year, 1, 1)
        open_by_office(matter, "change", because="rates_changed", on=january, by=by, at=at)
    except EffectUnreachable:
        return False
    return True


def _plan(row: Assessment, amount: Computed, made: Alterations) -> None:
    due = [*instalments.instalments_from_json(row.instalments), *amount.instalments]
    made.alter(
        row,
        cents=amount.each_cents,
        total_cents=row.total_cents + amount.total,
        lines=[*row.lines, *instalments.lines_as_json(amount)],
        instalments=instalments.instalments_as_json(due),
        planned_to=amount.last,
    )
