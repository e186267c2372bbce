"""Deadlines that hang on an appointment or on a standing matter, made right as things are now."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from efile.kernel.actors import system
from efile.kernel.clock import now
from workflows.case_deadlines import happened
from workflows.machine import locked
from workflows.models import Booking, Process, StandingMatter
from workflows.offers import definition_of

JOB: Final = "deadlines"


def follow(case_id: UUID) -> None:
    """Let the deadlines of the case follow its appointment and the end of its matter.

    A reaction: it looks at the present, so that it may come late, twice or in any order.
    """
    at = now()
    version = Process.objects.select_related("version").defer("version__definition")
    known = version.filter(case_id=case_id).first()
    if known is None:
        return
    named = {rule.event for rule in definition_of(known.version).deadlines}
    if not named & _DAYS.keys():
        return
    by = system(known.tenant_id, JOB)
    process = locked(case_id, by=by)
    for event in sorted(named & _DAYS.keys()):
        happened(process, event, _DAYS[event](case_id), by=by, at=at, because=event)


def _slot_day(case_id: UUID) -> date | None:
    standing = Booking.objects.filter(case_id=case_id, cancelled_at__isnull=True)
    return standing.values_list("slot__day", flat=True).first()


def _last_day(case_id: UUID) -> date | None:
    """The last day of what the case brought into the world; None: it goes on, or is over."""
    goes_on = StandingMatter.objects.filter(Q(ended_on__isnull=True), case_id=case_id)
    return goes_on.order_by("-id").values_list("valid_to", flat=True).first()


_DAYS: Final = {"slot": _slot_day, "matter_ends": _last_day}
