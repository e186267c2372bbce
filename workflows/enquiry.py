"""The enquiry view for the phone: where a case stands and what is next, and nothing else."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import AccessClass
from efile.policy import Action, ActionNotGranted, may_anywhere, seen_scopes
from efile.spelling import same_name
from workflows import facts
from workflows.application import named
from workflows.catalogue.definition import Definition, compiled
from workflows.catalogue.parts import Text, filled, placeholders
from workflows.models import ServiceVersion, State
from workflows.public_words import PUBLIC_STATES

# Nobody has more matters running than this; whoever finds more has asked too vaguely.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller names: a reference (case or file), or family name and birth date, or all.

    Everything that is named has to fit: a caller who gives the name to a reference is checked
    against the file without anybody reading the file out.
    """

    reference: str = ""
    family_name: str = ""
    birth_date: date | None = None

    @property
    def names_person(self) -> bool:
        """Whether the caller has said who the applicant is."""
        return bool(self.family_name and self.birth_date)


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of one case.

    ``next_step`` are the words for the applicant. ``due_on`` is the day until which an answer is
    awaited, ``missing`` names the proofs asked for, ``has_question`` says that something is to be
    explained. ``is_seen``: the reader may open the case besides.
    """

    case_id: UUID
    reference: str
    service: Text
    state: str
    next_step: str
    received_at: datetime
    unit: str
    phone: str
    due_on: date | None
    missing: Sequence[Text]
    has_question: bool
    is_seen: bool


# Everything that may be told, and the names that are compared, never shown. Only cases that are
# under no special secrecy: § 35 SGB I and § 30 AO know no enquiry by telephone.
_TOLD: Final = """
SELECT c.id, c.reference, c.received_at, c.scope = ANY(%(scopes)s) OR c.id = ANY(%(granted)s),
       p.state, v.id, v.sha256, u.name, coalesce(t.letterhead ->> 'phone', ''),
       (SELECT json_agg(json_build_object('family_name', a.family_name, 'born', a.birth_date,
                                          'organisation', a.organisation))
          FROM efile_party a WHERE a.case_id = c.id AND a.role = 'applicant'),
       (SELECT json_agg(json_build_object('proofs', q.proofs, 'text', q.text <> '',
                                          'due_on', q.due_on) ORDER BY q.due_on, q.id)
          FROM workflows_question q
         WHERE q.case_id = c.id AND q.answered_at IS NULL AND q.dropped_at IS NULL)
  FROM ({found}) f
  JOIN efile_case c ON c.id = f.id
  JOIN workflows_process p ON p.case_id = c.id
  JOIN workflows_serviceversion v ON v.id = p.version_id
  JOIN kernel_unit u ON u.id = c.lead_unit_id
  JOIN kernel_tenant t ON t.id = c.tenant_id
 WHERE c.tenant_id = %(tenant)s AND c.access_class = %(general)s
   AND NOT c.id = ANY(%(denied)s)
 ORDER BY c.received_at DESC, c.id
"""
_BY_REFERENCE: Final = """
SELECT id FROM efile_case WHERE tenant_id = %(tenant)s AND reference = %(reference)s
UNION
SELECT k.id FROM efile_casefile l JOIN efile_case k ON k.case_file_id = l.id
 WHERE l.tenant_id = %(tenant)s AND l.reference = %(reference)s
"""
_BY_PERSON: Final = """
SELECT DISTINCT case_id AS id FROM efile_party
 WHERE tenant_id = %(tenant)s AND birth_date = %(born)s AND role = 'applicant'
"""


@verb
def enquire(asked: Asked, *, by: Actor, at: datetime, language: str = "de") -> list[Told]:
    """What may be told to whoever ``asked``, newest first, at most MOST; one statement finds it.

    Every case that was told of says so in its journal. What is secret, closed to ``by`` or not
    there is not found alike. Refuses: ActionNotGranted, Invalid (too little was named).
    """
    if not may_anywhere(Action.ENQUIRE, by=by):
        raise ActionNotGranted(action=Action.ENQUIRE.value)
    if faults := list(_faults(asked)):
        raise Invalid(faults)
    found = list(_found(asked, by, language))[:MOST]
    for one in found:
        record(facts.Enquired(case_id=one.case_id), by=by, at=at)
    return found


def _faults(asked: Asked) -> Iterator[FieldError]:
    if asked.reference:
        return
    if not asked.family_name and asked.birth_date is None:
        yield FieldError("/reference", "required")
    elif not asked.family_name:
        yield FieldError("/family_name", "required")
    elif asked.birth_date is None:
        yield FieldError("/birth_date", "required")


def _found(asked: Asked, by: Actor, language: str) -> Iterator[Told]:
    by_reference = bool(asked.reference)
    with connection.cursor() as cursor:
        cursor.execute(
            _TOLD.format(found=_BY_REFERENCE if by_reference else _BY_PERSON),
            {
                "tenant": by.tenant_id,
                "general": AccessClass.GENERAL.value,
                "scopes": seen_scopes(by),
                "granted": list(by.granted),
                "denied": list(by.denied),
                "reference": asked.reference,
                "born": asked.birth_date,
            },
        )
        rows = cursor.fetchall()
    for row in rows:
        if _fits(asked, row[9] or []):
            yield _told(row, language)


def _fits(asked: Asked, applicants: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the applicants is who the caller says, in any spelling of the name."""
    return not (asked.family_name or asked.birth_date) or any(
        (not asked.family_name or _is_called(asked.family_name, one))
        and (asked.birth_date is None or one["born"] == asked.birth_date.isoformat())
        for one in applicants
    )


def _is_called(name: str, applicant: Mapping[str, Any]) -> bool:
    return same_name(name, applicant["organisation"] or applicant["family_name"])


def _told(row: Sequence[Any], language: str) -> Told:
    case_id, reference, received_at, is_seen, state, version, sha256, unit, phone, _, open_ = row
    definition = compiled(sha256, lambda: _definition(version))
    questions = open_ or []
    due = min((date.fromisoformat(one["due_on"]) for one in questions), default=None)
    proofs = dict.fromkeys(key for one in questions for key in one["proofs"])
    known = [definition.proof(key) for key in proofs]
    words = named(language, case_reference=reference, unit=unit, deadline=due)
    return Told(
        case_id=case_id,
        reference=reference,
        service=definition.title,
        state=state,
        next_step=_next_step(definition, state, words, language),
        received_at=received_at,
        unit=unit,
        phone=phone,
        due_on=due,
        missing=[proof.title for proof in known if proof],
        has_question=any(one["text"] for one in questions),
        is_seen=is_seen,
    )


def _next_step(definition: Definition, state: str, words: Mapping[str, str], language: str) -> str:
    """The public words for the state; none where they would name what was applied for."""
    text = definition.public_texts.states[PUBLIC_STATES[State(state)]].in_(language)
    return filled(text, words) if words.keys() >= {*placeholders(text)} else ""


def _definition(version: int) -> dict[str, Any]:
    text = ServiceVersion.objects.values_list("definition", flat=True).get(id=version)
    told: dict[str, Any] = json.loads(text)
    return told
