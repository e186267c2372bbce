"""The dispatch list: where the crew goes on a day, in the order of booking."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action, ActionNotGranted, may_anywhere
from workflows.application import CORRECTIONS, Application, opened
from workflows.catalogue.definition import compiled
from workflows.models import ServiceVersion


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to go to: when, where, whose it is, and what was applied for."""

    case_id: UUID
    reference: str
    applicant: str
    district: str
    kind: str
    starts: time
    ends: time
    address: Mapping[str, Any]
    application: Application


_STOPS = f"""
SELECT b.case_id, c.reference, c.applicant, y.district, y.kind, y.starts, y.ends,
       s.envelope, {CORRECTIONS.format(case="b.case_id")}, v.id, v.sha256
  FROM workflows_slotday y
  JOIN workflows_booking b ON b.slot_id = y.id AND b.cancelled_at IS NULL
  JOIN efile_case c ON c.id = b.case_id
  JOIN workflows_process p ON p.case_id = b.case_id
  JOIN workflows_serviceversion v ON v.id = p.version_id
  JOIN workflows_submission s ON s.id = p.submission
 WHERE y.tenant_id = %(tenant)s AND y.calendar = %(calendar)s AND y.day = %(day)s
   AND c.scope = ANY(%(scopes)s::text[]) AND NOT c.id = ANY(%(denied)s::uuid[])
 ORDER BY y.district, y.kind DESC, b.booked_at, b.id
"""  # noqa: S608 - put together from constants alone


def dispatch_list(calendar: str, day: date, *, by: Actor) -> list[Stop]:
    """Everything booked in ``calendar`` on ``day`` in units where ``by`` may dispatch.

    By district, regular collections before express ones. One statement.
    Refuses: ActionNotGranted.
    """
    if not may_anywhere(Action.DISPATCH, by=by):
        raise ActionNotGranted(action=Action.DISPATCH.value)
    parameters: dict[str, Any] = {
        "tenant": by.tenant_id,
        "calendar": calendar,
        "day": day,
        "scopes": by.scopes_of(MATRIX[Action.DISPATCH]),
        "denied": list(by.denied),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STOPS, parameters)
        return [_stop(row) for row in cursor.fetchall()]


def _stop(row: tuple[Any, ...]) -> Stop:
    case_id, reference, applicant, district, kind, starts, ends, *sent, version, sha256 = row
    definition = compiled(
        sha256,
        lambda: json.loads(
            ServiceVersion.objects.values_list("definition", flat=True).get(id=version)
        ),
    )
    application = Application.read(definition, *opened(*sent))
    address = definition.address_in(application.form, application.applicant)
    place = address or {}
    return Stop(case_id, reference, applicant, district, kind, starts, ends, place, application)
