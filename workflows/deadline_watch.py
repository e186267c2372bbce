"""What the system does about deadlines as days go by: warning, telling the head, reckoning anew."""

from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from efile.kernel.actors import system
from efile.kernel.clock import local_date
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from workflows import facts
from workflows.case_deadlines import calendar_mark, reckon_anew, running
from workflows.machine import locked
from workflows.models import Deadline
from workflows.replies import rank

JOB: Final = "deadlines"
BATCH: Final = 500


def warn(*, at: datetime) -> int:
    """Tell whoever works on it of each deadline whose end is near, once for every end."""
    today = local_date(at)
    due = Deadline.objects.filter(warn_on__lte=today).order_by("warn_on", "id")
    return sum(_warned(*one, at) for one in _some(due))


def escalate(*, at: datetime) -> int:
    """Tell the head of each deadline that was missed so long ago, once for every end."""
    today = local_date(at)
    due = Deadline.objects.filter(escalate_on__lte=today).order_by("escalate_on", "id")
    return sum(_escalated(*one, at) for one in _some(due))


def follow_calendars(*, at: datetime) -> int:
    """Reckon anew what rests on days off that have changed since; returns how many moved.

    Closing days move an office's own targets; a new holiday moves whatever the law counts.
    """
    moved = 0
    for tenant in Tenant.objects.all():
        marks = sorted({calendar_mark(), calendar_mark(frozenset(tenant.closing_days))})
        stale = Deadline.objects.filter(_other_than(marks), tenant=tenant, is_running=True)
        moved += sum(_followed(*one, at) for one in _some(stale.order_by("calendar", "id")))
    return moved


def _other_than(marks: list[str]) -> Q:
    """Ranges between the ``marks``: an index finds what lies there, however much lies on them."""
    between: Q = Q(calendar__gt="", calendar__lt=marks[0]) | Q(calendar__gt=marks[-1])
    for one, following in pairwise(marks):
        between |= Q(calendar__gt=one, calendar__lt=following)
    return between


def _some(rows: QuerySet[Deadline]) -> list[tuple[UUID, UUID, int]]:
    return list(rows.values_list("case_id", "id", "tenant_id")[:BATCH])


@verb
def _warned(case_id: UUID, deadline_id: UUID, tenant_id: int, at: datetime) -> bool:
    by, row = system(tenant_id, JOB), _under_lock(case_id, deadline_id, tenant_id)
    if row is None or row.warn_on is None or row.warn_on > local_date(at):
        return False
    row.warned_at, row.warn_on = at, None
    row.save(update_fields=["warned_at", "warn_on"])
    told = {"key": row.key, "ends_on": row.ends_on}
    record(facts.DeadlineWarned(case_id=case_id, facts=told), by=by, at=at)
    return True


@verb
def _escalated(case_id: UUID, deadline_id: UUID, tenant_id: int, at: datetime) -> bool:
    by, row = system(tenant_id, JOB), _under_lock(case_id, deadline_id, tenant_id)
    if row is None or row.escalate_on is None or row.escalate_on > local_date(at):
        return False
    row.escalated_at, row.escalate_on = at, None
    row.save(update_fields=["escalated_at", "escalate_on"])
    told = {"key": row.key, "ends_on": row.ends_on}
    record(facts.DeadlineEscalated(case_id=case_id, facts=told), by=by, at=at)
    return True


@verb
def _followed(case_id: UUID, deadline_id: UUID, tenant_id: int, at: datetime) -> bool:
    by = system(tenant_id, JOB)
    process = locked(case_id, by=by)
    row = running(case_id).filter(id=deadline_id).first()
    if row is None or not reckon_anew(process, row, by=by, at=at):
        return False
    rank(process)
    return True


def _under_lock(case_id: UUID, deadline_id: UUID, tenant_id: int) -> Deadline | None:
    """The deadline if it still runs; the process first, as every verb does."""
    locked(case_id, by=system(tenant_id, JOB))
    row: Deadline | None = running(case_id).filter(id=deadline_id).first()
    return row
