"""The sample: some cases the machine could decide go to a person, and both are compared."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import MATRIX, Action
from workflows import facts
from workflows.automation.switch import controlled
from workflows.catalogue.definition import Definition
from workflows.models import Process, SampledCase, Service

_WHOLE: Final = 1 << 64


def is_drawn(case_id: UUID, percent: int) -> bool:
    """Whether the case is one of ``percent`` in a hundred: always the same answer for a case.

    Keyed, so that nobody who knows the case's id can tell beforehand.
    """
    digest = hmac.digest(settings.IDENTITY_KEY, b"sample\0" + case_id.bytes, "sha256")
    return int.from_bytes(digest[:8], "big") * 100 < percent * _WHOLE


def percent_of(service: Service, definition: Definition) -> int:
    """How many of a hundred: what the head has set, else what the definition says."""
    own = service.sample_percent
    return definition.automation.sample_percent if own is None else own


@verb
def set_sample(key: str, percent: int, *, by: Actor, at: datetime) -> None:
    """From now on ``percent`` of a hundred cases of the service ``key`` go to a person.

    Refuses: NotFound, ActionNotGranted, Invalid (not from 0 to 100).
    """
    if not 0 <= percent <= 100:
        raise Invalid([FieldError("/percent", "out_of_range", {"minimum": 0, "maximum": 100})])
    service = controlled(key, by)
    before, service.sample_percent = service.sample_percent, percent
    service.save(update_fields=["sample_percent"])
    told = {"service": key, "sample_percent": [before, percent]}
    record(facts.AutomationChanged(case_id=None, facts=told), by=by, at=at)


def keep_proposal(process: Process, proposal: str, *, by: Actor, at: datetime) -> None:
    """Note what the machine would have decided, inside a verb; a later run renews it.

    The journal says that the case was drawn, not what the machine thinks: whoever decides reads
    the journal, too.
    """
    drawn = {"tenant_id": process.tenant_id, "service_key": process.service_key}
    values = {"drawn_at": at, "proposal": proposal}
    _, is_new = SampledCase.objects.update_or_create(
        case_id=process.case_id, decided="", defaults=values, create_defaults=drawn | values
    )
    if is_new:
        record(facts.CaseSampled(case_id=process.case_id), by=by, at=at)


def compare(process: Process, decision: str, *, by: Actor, at: datetime) -> None:
    """A person decided: put it beside what the machine would have done, inside a verb."""
    if by.kind != "user":
        return
    drawn = SampledCase.objects.filter(case_id=process.case_id, decided="").first()
    if drawn is None:
        return
    drawn.decided, drawn.decided_at = decision, at
    drawn.save(update_fields=["decided", "decided_at"])
    told = {"proposal": drawn.proposal, "decision": decision}
    record(facts.SampleCompared(case_id=process.case_id, facts=told), by=by, at=at)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a person and the machine came to the same in one service."""

    service: str
    drawn: int
    open: int
    agreed: int
    disagreed: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case on which they did not."""

    case_id: UUID
    reference: str
    service: str
    proposal: str
    decided: str
    decided_at: datetime


_SEEN: Final = """
  FROM workflows_sampledcase s JOIN efile_case c ON c.id = s.case_id
 WHERE s.tenant_id = %(tenant)s AND c.scope = ANY(%(scopes)s) AND NOT s.case_id = ANY(%(denied)s)
   AND (s.drawn_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN %(first)s AND %(last)s
"""  # the same rule as everywhere: scopes of the role, but for what is denied to this person

_AGREEMENTS: Final = f"""
SELECT s.service_key, count(*), count(*) FILTER (WHERE s.decided = ''),
       count(*) FILTER (WHERE s.decided = s.proposal),
       count(*) FILTER (WHERE s.decided NOT IN ('', s.proposal))
{_SEEN} GROUP BY s.service_key ORDER BY s.service_key
"""

_DISAGREEMENTS: Final = f"""
SELECT s.case_id, c.reference, s.service_key, s.proposal, s.decided, s.decided_at
{_SEEN} AND s.decided NOT IN ('', s.proposal)
 ORDER BY s.decided_at DESC, s.case_id LIMIT %(most)s
"""


def agreements(first: date, last: date, *, by: Actor) -> list[Agreement]:
    """Per service what came of the cases drawn from ``first`` to ``last``. One statement."""
    return [Agreement(*row) for row in _rows(_AGREEMENTS, _parameters(first, last, by))]


def disagreements(first: date, last: date, *, by: Actor, most: int = 200) -> list[Disagreement]:
    """The cases on which machine and person disagreed, latest first. One statement."""
    parameters = _parameters(first, last, by) | {"most": most}
    return [Disagreement(*row) for row in _rows(_DISAGREEMENTS, parameters)]


def _parameters(first: date, last: date, by: Actor) -> dict[str, Any]:
    return {
        "tenant": by.tenant_id,
        "scopes": by.scopes_of(MATRIX[Action.CONTROL_AUTOMATION]),
        "denied": list(by.denied),
        "first": first,
        "last": last,
    }


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
