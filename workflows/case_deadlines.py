"""Deadlines kept on a case, each with the words of its derivation."""

from datetime import date
from uuid import UUID

from efile.kernel.models import Tenant
from workflows.calendar import NRW, OfficeCalendar
from workflows.deadlines.derivation import Reckoning
from workflows.models import Deadline


def office_calendar(tenant: Tenant) -> OfficeCalendar:
    """The working days of the tenant's offices: the state's holidays and its own closing days."""
    return OfficeCalendar(NRW, frozenset(tenant.closing_days))


def set_deadline(
    tenant_id: int,
    case_id: UUID,
    *,
    key: str,
    kind: str,
    event_on: date,
    reckoning: Reckoning,
) -> Deadline:
    """Note the deadline ``key`` of the case; one that ran under that key runs no more."""
    end_deadlines(case_id, [key])
    return Deadline.objects.create(**_row(tenant_id, case_id, key, kind, event_on, reckoning))


def first_deadline(
    tenant_id: int, case_id: UUID, *, key: str, kind: str, event_on: date, reckoning: Reckoning
) -> Deadline:
    """Note a deadline of a case that has none yet."""
    return Deadline.objects.create(**_row(tenant_id, case_id, key, kind, event_on, reckoning))


def end_deadlines(case_id: UUID, keys: list[str]) -> None:
    """These deadlines run no more: kept, met or overtaken."""
    Deadline.objects.filter(case_id=case_id, key__in=keys, is_running=True).update(is_running=False)


def _row(
    tenant_id: int, case_id: UUID, key: str, kind: str, event_on: date, reckoning: Reckoning
) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "case_id": case_id,
        "key": key,
        "kind": kind,
        "rule": reckoning.rule,
        "event_on": event_on,
        "ends_on": reckoning.day("end"),
        "derivation": reckoning.steps_as_json(),
    }
