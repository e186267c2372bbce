"""A person's own cases over all channels, for a portal where they are signed in."""

# ruff: noqa: S608 - the statement is put together from constants of this package alone

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotAllowed
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from efile.lifecycle import holder_of
from efile.models import AccessClass, Assurance
from efile.policy import granted
from workflows import facts
from workflows.definitions.administrators import require_administrator
from workflows.models import State
from workflows.public_words import (
    NAMED,
    QUESTIONS,
    definition_in,
    named_proofs,
    values_in,
    where_it_stands,
)

# What is over is shown for so long after its end.
SHOWN_AFTER_END: Final = timedelta(days=2 * 365 + 1)
_OVER: Final = [State.CLOSED.value, State.WITHDRAWN.value, State.FORWARDED.value]


class DashboardNotOffered(NotAllowed):
    """The municipality does not let portals list the cases of a person."""

    code = "dashboard_not_offered"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of cases, latest first, and the cursor after its last one; None: there is no more."""

    cases: list[dict[str, Any]]
    next: UUID | None


# The keyed hash leads to the person's parties (parties_of_holder), each of them to its case.
_CASES: Final = f"""
SELECT {NAMED}, {QUESTIONS}, c.id, c.received_at, s.id AS submission, s.source, p.service_key,
       p.state, p.decision,
       (SELECT count(*) FROM efile_document d
         WHERE d.case_id = s.case_id AND d.is_public) AS documents
  FROM efile_case c
  JOIN workflows_process p ON p.case_id = c.id
  JOIN workflows_serviceversion v ON v.id = p.version_id
  JOIN kernel_unit u ON u.id = c.lead_unit_id
  LEFT JOIN workflows_submission s ON s.id = p.submission
 WHERE c.id IN (SELECT q.case_id FROM efile_party q
                 WHERE q.tenant_id = %(tenant)s AND q.holder = %(holder)s
                   AND q.role = 'applicant')
   AND c.access_class = ANY(%(classes)s) AND {{granted}}
   AND (p.state <> ALL(%(over)s) OR p.state_since > %(since)s)
   AND (%(before)s::uuid IS NULL OR c.id < %(before)s::uuid)
 ORDER BY c.id DESC LIMIT %(limit)s
"""


def cases_of_person(
    identity: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    language: str,
    before: UUID | None = None,
    limit: int,
) -> Page:
    """The cases in which the person applied, whichever way they came in. Two statements.

    ``identity`` is as in a submission. Its pseudonym is hashed here and goes no further; one that
    nobody knows has no cases, like one that has none. Cases that ended two years ago or earlier
    are left out.

    What a special secrecy governs (§ 35 SGB I, § 30 AO, § 61 PStG …) is shown to whoever signed in
    at the level high alone: it is gathered from all channels, for a portal that may not have filed
    any of it, so nothing else vouches for who is looking. That something is left out is not said;
    else it would be told that there is such a case.

    Refuses: DashboardNotOffered, Invalid (``assurance_too_low``).
    """
    if not is_dashboard_offered(by=by):
        raise DashboardNotOffered
    assurance = identity.get("assurance", Assurance.NONE)
    if assurance not in (Assurance.SUBSTANTIAL, Assurance.HIGH):
        minimum = {"minimum": Assurance.SUBSTANTIAL.value}
        raise Invalid([FieldError("/identity/assurance", "assurance_too_low", minimum)])
    rows = _rows(
        {
            "tenant": by.tenant_id,
            "holder": holder_of(by.tenant_id, identity["bpk2"]),
            "classes": AccessClass.values
            if assurance == Assurance.HIGH
            else [AccessClass.GENERAL.value],
            "services": by.services("cases"),
            "over": _OVER,
            "since": at - SHOWN_AFTER_END,
            "before": before,
            "limit": limit + 1,
        }
    )
    page = rows[:limit]
    more = page[-1]["id"] if len(rows) > limit else None
    return Page([_told(row, by, language) for row in page], more)


def _told(row: Mapping[str, Any], by: Actor, language: str) -> dict[str, Any]:
    definition = definition_in(row)
    assert definition is not None
    values = values_in(definition, {**row, "language": language})
    state, next_step = where_it_stands(definition, row, language, values)
    return {
        "case_reference": row["reference"],
        "service": row["service_key"],
        "title": definition.title.in_(language),
        "state": state,
        "decision": row["decision"] or "none",
        "received_at": row["received_at"].isoformat(),
        "next_step": next_step,
        "open_questions": [
            one | {"proofs": named_proofs(definition, one["proofs"], language)}
            for one in row["questions"] or []
        ],
        "documents": row["documents"],
        "submission": str(row["submission"]) if row["source"] == by.key else None,
    }


def _rows(wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, wanted)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_STATEMENT: Final = _CASES.format(granted=granted("p.service_key").replace("%s", "%(services)s"))


def is_dashboard_offered(*, by: Actor) -> bool:
    """Whether portals may list a person's cases in this municipality. One statement."""
    return Tenant.objects.filter(id=by.tenant_id, offers_dashboard=True).exists()


@verb
def offer_dashboard(*, offered: bool, by: Actor, at: datetime) -> None:
    """Let portals list a person's cases in this municipality, or no longer.

    Refuses: ActionNotGranted.
    """
    require_administrator(by)
    tenant = Tenant.objects.select_for_update().get(id=by.tenant_id)
    if tenant.offers_dashboard == offered:
        return
    tenant.offers_dashboard = offered
    tenant.save(update_fields=["offers_dashboard"])
    record(facts.DashboardSwitched(case_id=None, facts={"offered": offered}), by=by, at=at)
