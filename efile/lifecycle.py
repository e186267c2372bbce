"""The legal life of a case: opened in a file, closed, reopened."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection

from efile import facts, filing, numbers
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, NotFound
from efile.kernel.journal import canonical, record
from efile.kernel.verbs import verb
from efile.models import Assurance, Case, CaseFile, FilePlanPosition, Party
from efile.policy import Action, require, visible_to
from efile.retention import retained_until


class CaseIsClosed(Conflict):
    """The case is closed; only reopening is possible."""

    code = "case_is_closed"
    # Raised by the triggers on a case and its parts: a write may come a moment after the closing.
    sqlstate = "LM001"


class CaseIsOpen(Conflict):
    """The case is not closed."""

    code = "case_is_open"


class FileAppeared(Conflict):
    """Another submission opened this applicant's file at the same moment: try again."""

    code = "file_appeared"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """Who takes part, as the sender says; ``holder`` is the keyed hash of a bPK2 (holder_of)."""

    role: str
    kind: str
    given_names: str = ""
    family_name: str = ""
    organisation: str = ""
    birth_date: date | None = None
    address: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    identity_source: str = ""
    assurance: str = Assurance.NONE
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """Everything the file needs to know of a new case.

    ``holder`` (hashed bPK2) or ``object_key`` put it into the file of that applicant or object
    below ``position``; with neither it gets a file of its own. A name never joins a file.
    """

    id: UUID
    position: FilePlanPosition
    lead_unit_id: int
    access_class: str
    subject: str
    received_at: datetime
    parties: Sequence[NewParty]
    documents: Sequence["filing.NewDocument"] = ()
    holder: str = ""
    object_key: str = ""
    retention_years: int | None = None
    disposal_code: str = ""

    @property
    def scope(self) -> str:
        """The scope the case will have; the database derives the same."""
        return f"{self.lead_unit_id}:{self.access_class}"


def holder_of(tenant_id: int, bpk2: str) -> str:
    """The keyed hash under which a bPK2 pseudonym is remembered; "" for none."""
    if not bpk2:
        return ""
    message = f"{tenant_id}\0{bpk2}".encode()
    return hmac.digest(settings.IDENTITY_KEY, message, "sha256").hex()


@verb
def open_case(new: NewCase, *, by: Actor, at: datetime) -> Case:
    """Open ``new`` with its parties and documents. The number is drawn last.

    Refuses: FileAppeared (the caller repeats the whole verb).
    """
    parties = [_party(new, number, party, by) for number, party in enumerate(new.parties)]
    Party.objects.bulk_create(parties)
    documents = filing.add_documents(new.id, new.documents, by=by, at=at)
    case_file = _file_for(new, by=by, at=at)
    case = Case(
        id=new.id,
        tenant_id=by.tenant_id,
        case_file=case_file,
        number=case_file.cases,
        reference=numbers.case_reference(case_file.reference, case_file.cases),
        subject=new.subject,
        applicant=next((p.display_name for p in parties if p.role == "applicant"), ""),
        lead_unit_id=new.lead_unit_id,
        access_class=new.access_class,
        received_at=new.received_at,
        opened_at=at,
        # A service may keep its cases for no year at all: 0 is an answer.
        retention_years=new.position.retention_years
        if new.retention_years is None
        else new.retention_years,
        disposal_code=new.disposal_code or new.position.disposal_code,
    )
    _insert(case)
    record(
        facts.CaseOpened(
            case_id=case.id,
            changes=_opening_changes(case) | _party_changes(parties) | documents,
        ),
        by=by,
        at=at,
    )
    return case


@verb
def close_case(case_id: UUID, *, by: Actor, at: datetime) -> Case:
    """Close the case (zdA): from here on it is read-only and its retention runs.

    Whether the work on it is done is the caller's question; this is about the file.
    Refuses: NotFound, ActionNotGranted, CaseIsClosed.
    """
    case = locked_case(case_id, by=by)
    require(Action.CLOSE, case.id, case.scope, by=by)
    if case.is_closed:
        raise CaseIsClosed
    case.closed_at = at
    case.retained_until = retained_until(local_date(at), case.retention_years)
    case.save(update_fields=["closed_at", "retained_until"])
    record(
        facts.CaseClosed(
            case_id=case.id,
            changes={
                "case.closed_at": (None, case.closed_at),
                "case.retained_until": (None, case.retained_until),
            },
        ),
        by=by,
        at=at,
    )
    return case


@verb
def reopen_case(case_id: UUID, *, reason: str, by: Actor, at: datetime) -> Case:
    """Open a closed case again; its retention starts anew with the next closing.

    Refuses: NotFound, ActionNotGranted, CaseIsOpen.
    """
    case = locked_case(case_id, by=by)
    require(Action.REOPEN, case.id, case.scope, by=by)
    if not case.is_closed:
        raise CaseIsOpen
    closed, retained = case.closed_at, case.retained_until
    case.closed_at = case.retained_until = None
    case.save(update_fields=["closed_at", "retained_until"])
    record(
        facts.CaseReopened(
            case_id=case.id,
            changes={
                "case.closed_at": (closed, None),
                "case.retained_until": (retained, None),
            },
            facts={"reason": reason},
        ),
        by=by,
        at=at,
    )
    return case


@verb
def join_file(case_id: UUID, file_reference: str, *, by: Actor, at: datetime) -> None:
    """A person confirms that the case belongs to this applicant's file. References stay.

    Refuses: NotFound, ActionNotGranted, CaseIsClosed.
    """
    case = locked_case(case_id, by=by)
    require(Action.EXAMINE, case.id, case.scope, by=by)
    if case.is_closed:
        raise CaseIsClosed
    before = CaseFile.objects.get(id=case.case_file_id)
    # An applicant has one file below each position; what lies elsewhere is kept otherwise.
    target = (
        CaseFile.objects.select_for_update()
        .filter(tenant_id=by.tenant_id, reference=file_reference, position=before.position_id)
        .exclude(holder="")
        .exclude(id=before.id)
        .first()
    )
    # A file is as visible as its cases: one that shows none of them to the actor is not there.
    seen = target and Case.objects.filter(visible_to(by), case_file=target).exists()
    if target is None or not seen:
        raise NotFound
    target.cases += 1
    target.save(update_fields=["cases"])
    case.case_file, case.number = target, target.cases
    case.save(update_fields=["case_file", "number"])
    record(
        facts.CaseMoved(
            case_id=case.id, changes={"case.file": (before.reference, target.reference)}
        ),
        by=by,
        at=at,
    )


def locked_case(case_id: UUID, *, by: Actor) -> Case:
    """The case, locked FOR UPDATE, if ``by`` sees it. Refuses: NotFound."""
    case = Case.objects.select_for_update().filter(visible_to(by), id=case_id).first()
    if case is None:
        raise NotFound
    return case


def _file_for(new: NewCase, *, by: Actor, at: datetime) -> CaseFile:
    """The applicant's or object's file with its counter raised, or a new one with a number."""
    if new.holder or new.object_key:
        known = _raise_counter(new, by)
        if known:
            return known
    case_file = CaseFile(
        tenant_id=by.tenant_id,
        position=new.position,
        reference=numbers.draw_file_reference(by.tenant_id, new.position.code, at),
        subject=new.subject,
        holder=new.holder,
        object_key=new.object_key,
        opened_at=at,
    )
    try:
        _insert(case_file)
    except IntegrityError as error:
        raise FileAppeared from error
    return case_file


_RAISE = """
UPDATE efile_casefile SET cases = cases + 1
 WHERE tenant_id = %s AND position_id = %s AND {column} = %s
RETURNING id, reference, cases
"""


def _raise_counter(new: NewCase, by: Actor) -> CaseFile | None:
    column = "holder" if new.holder else "object_key"
    with connection.cursor() as cursor:
        cursor.execute(
            _RAISE.format(column=column),
            [by.tenant_id, new.position.pk, new.holder or new.object_key],
        )
        row = cursor.fetchone()
    return CaseFile(id=row[0], reference=row[1], cases=row[2]) if row else None


def _insert(row: Any) -> None:
    """Insert without the question whether the key is already there."""
    row.save(force_insert=True)


def _party(new: NewCase, number: int, party: NewParty, by: Actor) -> Party:
    return Party(
        tenant_id=by.tenant_id,
        case_id=new.id,
        position=number,
        role=party.role,
        kind=party.kind,
        given_names=party.given_names,
        family_name=party.family_name,
        organisation=party.organisation,
        birth_date=party.birth_date,
        address=dict(party.address),
        email=party.email,
        phone=party.phone,
        identity_source=party.identity_source,
        assurance=party.assurance,
        holder=party.holder,
    )


def _opening_changes(case: Case) -> dict[str, tuple[Any, Any]]:
    return {
        "case.reference": (None, case.reference),
        "case.subject": (None, case.subject),
        "case.applicant": (None, case.applicant),
        "case.lead_unit": (None, case.lead_unit_id),
        "case.access_class": (None, case.access_class),
        "case.received_at": (None, case.received_at),
        "case.file": (None, case.case_file.reference),
    }


def _party_changes(parties: Sequence[Party]) -> dict[str, tuple[Any, Any]]:
    return {f"party.{party.id}": (None, party_digest(party)) for party in parties}


def party_digest(party: Party) -> str:
    """SHA-256 over what the journal watches of a party."""
    watched = [
        party.role,
        party.kind,
        party.given_names,
        party.family_name,
        party.organisation,
        party.birth_date,
        party.address,
        party.holder,
    ]
    return hashlib.sha256(canonical(watched)).hexdigest()
