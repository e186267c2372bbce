"""What a caseworker puts beside what was sent: the sent word stays, the corrected one counts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from efile import amending
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.application import Application, with_corrections
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import follow, split, within
from workflows.catalogue.submission import PARTY_FIELDS, errors_in
from workflows.machine import StepNotPossible, known_to, locked, raise_revision
from workflows.models import Correction, Process, State
from workflows.models.process import UNDECIDED
from workflows.waiting import entries as waiting

LONGEST_REASON: Final = 300
# Persons and organisations are called differently; nobody is both.
_ALIEN: Final[Mapping[str, frozenset[str]]] = {
    "person": frozenset({"organisation"}),
    "organisation": frozenset({"given_names", "family_name", "birth_name", "birth_date"}),
}
# When a party may still be put right: a decision must find its way; what it says stands.
_REACHABLE: Final = [*UNDECIDED, State.DECIDED, State.NOTIFIED]


@verb
def correct(
    case_id: UUID,
    pointer: str,
    value: Any,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> Correction:
    """Let ``value`` (JSON) count at ``pointer`` into the submission; None: nothing is stated there.

    ``pointer`` leads to a field of the form (``/form/plate``) or of a party
    (``/parties/0/address/street``). The checks run again. Faults that were there already may stay;
    none may come in. Once decided, only parties can be put right: the letter has to arrive.
    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, StepNotPossible, Invalid (at
    ``/pointer``: no such field; at the field, or at another that would no longer fit; ``/reason``).
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    parts = {"form", "parties"}.intersection(split(pointer)[:1])
    if not parts <= correctable(process):
        raise StepNotPossible(state=process.state)
    before = Application.of(process)
    if faults := [*_faults(before, pointer, value), *_faults_of_reason(reason)]:
        raise Invalid(faults)
    raise_revision(process, seen=revision)
    said = follow(before.effective, pointer)
    correction = Correction.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        pointer=pointer,
        value=value,
        reason=reason.strip(),
        made_at=at,
        made_by=by.key,
    )
    record(
        facts.Corrected(
            case_id=case_id,
            changes={f"correction.{pointer}": (said, value)},
            facts={"pointer": pointer, "reason": correction.reason},
        ),
        by=by,
        at=at,
    )
    _put_right(process, pointer, by, at)
    return correction


def field_of(case_id: UUID, pointer: str, *, by: Actor) -> Mapping[str, Any]:
    """The schema of the field that ``pointer`` leads to. Two statements.

    Refuses: NotFound, Invalid (at ``/pointer``: a correction cannot go there).
    """
    process = Process.objects.select_related("version").filter(known_to(by), case_id=case_id)
    found = process.defer("version__definition").first()
    if found is None:
        raise NotFound
    schema = field_at(Application.of(found), pointer)
    if schema is None:
        raise Invalid([FieldError("/pointer", "additional_properties")])
    return schema


def correctable(process: Process) -> frozenset[str]:
    """Which parts of the submission ("form", "parties") can be put right in this state."""
    if process.state in UNDECIDED:
        return frozenset({"form", "parties"})
    return frozenset({"parties"}) if process.state in _REACHABLE else frozenset()


def field_at(application: Application, pointer: str) -> Mapping[str, Any] | None:
    """The schema of the field ``pointer`` leads to; None where a correction cannot go."""
    path = split(pointer)
    if len(path) > 1 and path[0] == "form":
        return _inner(application.definition.form, path[1:], application.effective.get("form"))
    if len(path) > 2 and path[0] == "parties" and path[1].isdecimal():
        parties = application.effective.get("parties") or []
        party = parties[int(path[1])] if int(path[1]) < len(parties) else {}
        known = _fields_of(party)
        return _inner({"type": "object", "properties": known}, path[2:], party) if known else None
    return None


def _fields_of(party: Mapping[str, Any]) -> dict[str, Any]:
    alien = _ALIEN.get(str(party.get("kind")))
    if alien is None:
        return {}
    return {name: schema for name, schema in PARTY_FIELDS.items() if name not in alien}


def _inner(schema: Mapping[str, Any], path: list[str], value: Any) -> Mapping[str, Any] | None:
    """The schema below ``schema`` along ``path``; of a list only the items that are there."""
    found: Mapping[str, Any] | None = schema
    for name in path:
        if found is None:
            return None
        if found.get("type") == "array":
            there = isinstance(value, list) and name.isdecimal() and int(name) < len(value)
            found, value = (found["items"], value[int(name)]) if there else (None, None)
        else:
            found = found.get("properties", {}).get(name)
            value = value.get(name) if isinstance(value, Mapping) else None
    return found


def _faults(before: Application, pointer: str, value: Any) -> Iterator[FieldError]:
    if field_at(before, pointer) is None:
        yield FieldError("/pointer", "additional_properties")
        return
    if follow(before.effective, pointer) == value:
        yield FieldError(pointer, "unchanged")
        return
    row = {"pointer": pointer, "value": value}
    after = with_corrections(before.effective, [row])
    known = set(_keys(_rules_broken(before.definition, before.effective)))
    for fault in _rules_broken(before.definition, after):
        if within(pointer, fault.pointer) or (fault.pointer, fault.rule) not in known:
            yield fault


def _rules_broken(definition: Definition, submission: Mapping[str, Any]) -> list[FieldError]:
    """What of form and parties does not fit; which proofs are missing is asked for, not refused."""
    return [
        fault
        for fault in errors_in(definition, submission)
        if fault.pointer.startswith(("/form", "/parties"))
    ]


def _keys(faults: list[FieldError]) -> Iterator[tuple[str, str]]:
    return ((fault.pointer, fault.rule) for fault in faults)


def _faults_of_reason(reason: str) -> Iterator[FieldError]:
    if not reason.strip():
        yield FieldError("/reason", "required")
    elif len(reason.strip()) > LONGEST_REASON:
        yield FieldError("/reason", "max_length", {"limit": LONGEST_REASON})


def _put_right(process: Process, pointer: str, by: Actor, at: datetime) -> None:
    """What the file itself says: the subject of the case, or the party."""
    application = Application.of(process)
    path = split(pointer)
    if path[0] == "form":
        amending.amend_subject(process.case_id, application.subject, by=by, at=at)
        waiting.keep(process, application, by=by, at=at)
        return
    stated = application.effective["parties"][int(path[1])]
    value = stated.get(path[2])
    if path[2] == "birth_date":
        value = date.fromisoformat(value) if value else None
    amending.amend_party(process.case_id, int(path[1]), {path[2]: value}, by=by, at=at)
