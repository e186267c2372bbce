"""A running case goes on under a newer version of its service: what changes is shown first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.case_deadlines import running, turn
from workflows.catalogue.definition import Definition
from workflows.deadlines.turns import read_turns
from workflows.definitions.differences import Difference, differences
from workflows.definitions.documents import document_of
from workflows.definitions.outcomes import Divergence, divergences
from workflows.definitions.procedure import leads_to_end
from workflows.definitions.remembered import remembered
from workflows.machine import StepNotPossible, known_to, locked, raise_revision
from workflows.models import Booking, Process, ServiceVersion
from workflows.models.process import UNDECIDED
from workflows.offers import definition_of, standing_versions
from workflows.replies import rank

_LONGEST_REASON: Final = 500


class MoveNotPossible(Conflict):
    """The case cannot go on under that version.

    ``because``: not_newer, not_in_force, other_access_class, no_way_on (nothing leads on from
    where it stands), appointment (it has one, and the version knows none).
    """

    code = "move_not_possible"


@dataclass(frozen=True, slots=True)
class Move:
    """What a case is moved from and to, what becomes different for it, and in the definition.

    ``because`` says why it cannot be moved, "" where it can (``MoveNotPossible``).
    """

    service: str
    from_number: int
    to_number: int
    differences: tuple[Divergence, ...]
    definition: tuple[Difference, ...]
    because: str = ""


def preview_move(case_id: UUID, number: int | None = None, *, by: Actor, at: datetime) -> Move:
    """What moving the case to version ``number`` (unless said the one in force) would change.

    Changes nothing. Refuses: NotFound, ActionNotGranted.
    """
    process = (
        Process.objects.select_related("version", "tenant")
        .filter(known_to(by), case_id=case_id)
        .first()
    )
    if process is None:
        raise NotFound
    require(Action.EXAMINE, case_id, process.scope, by=by)
    version = _version(process, number, at)
    old, new = definition_of(process.version), definition_of(version)
    return Move(
        service=process.service_key,
        from_number=process.version.number,
        to_number=version.number,
        differences=_differences(process, new, by, at),
        definition=differences(document_of(old), document_of(new)),
        because=_hindrance(process, version, at),
    )


@verb
def move_to_version(
    case_id: UUID,
    number: int,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Let the case go on under version ``number``; its checks are run again.

    It stays in its file, with its unit and whoever works on it; its processing target is reckoned
    anew from receipt. The journal keeps what became different. Refuses: NotFound, ActIsHeld,
    ActionNotGranted, CaseChanged, StepNotPossible (decided already), MoveNotPossible.
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    if process.state not in UNDECIDED:
        raise StepNotPossible(state=process.state)
    version = _version(process, number, at)
    if because := _hindrance(process, version, at):
        raise MoveNotPossible(because=because)
    raise_revision(process, seen=revision)
    new, before = definition_of(version), process.version.number
    differing = {one.aspect for one in _differences(process, new, by, at)}
    process.version, process.touched_at = version, at
    process.save(update_fields=["version", "touched_at"])
    _reckon_anew(process, by, at)
    record(
        facts.VersionMoved(
            case_id=case_id,
            facts={
                "from": before,
                "to": number,
                "differs": sorted(differing),
                "reason": reason.strip()[:_LONGEST_REASON],
            },
        ),
        by=by,
        at=at,
    )


def _version(process: Process, number: int | None, at: datetime) -> ServiceVersion:
    """The version of the case's service with that number, unless said the one in force."""
    of_service = Q(service_id=process.version.service_id)
    if number is None:
        found = standing_versions(local_date(at)).filter(of_service).first()
    else:
        found = ServiceVersion.objects.filter(of_service, number=number).first()
    if found is None:
        raise NotFound
    return found


def _hindrance(process: Process, version: ServiceVersion, at: datetime) -> str:
    old, new = definition_of(process.version), definition_of(version)
    due = standing_versions(local_date(at)).filter(pk=version.pk)
    if version.number <= process.version.number:
        return "not_newer"
    if not due.exists():
        return "not_in_force"
    if new.access_class != old.access_class:
        return "other_access_class"
    if not leads_to_end(process.state, new.as_json()["steps"]):
        return "no_way_on"
    booked = Booking.objects.filter(case_id=process.case_id, cancelled_at__isnull=True)
    return "appointment" if new.slots is None and booked.exists() else ""


def _differences(
    process: Process, new: Definition, by: Actor, at: datetime
) -> tuple[Divergence, ...]:
    """What becomes different for the case; nothing where nothing was sent for it."""
    for one in remembered([process.case_id], by=by, today=local_date(at)):
        return divergences(one.sent, one.sent.definition, new, one.known, one.tenant)
    return ()


def _reckon_anew(process: Process, by: Actor, at: datetime) -> None:
    """The processing target as the new version promises it, with the pauses it has had."""
    row = running(process.case_id).filter(key="processing").first()
    if row is not None:
        turn(process, row, read_turns(row.turns), by=by, at=at)
        rank(process)
