"""Every letter of a definition as the PDF it would be, about a case that nobody has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.models import Tenant, Unit
from efile.letters import decision as decision_letter
from efile.letters import permit as permit_letter
from efile.models import Case
from workflows.application import Application
from workflows.catalogue.continuing import MatterEffect
from workflows.catalogue.definition import Definition
from workflows.catalogue.letters import COMMON, KINDS, OF_EFFECTS, kinds_of, sample_values
from workflows.letters.acts import permit_facts, revocation_facts
from workflows.letters.issue import compose_decision, compose_notice
from workflows.letters.writing import Recipient, Writing, recipient_of
from workflows.models import Decision, Process, StandingMatter

PERMIT: Final = "permit"
_DECIDING: Final = frozenset({"granted", "granted_in_part", "refused", *OF_EFFECTS.values()})
_NUMBER: Final = "000001"
_REFERENCE: Final = "000123/26-01"
_ANSWER_DAYS: Final = 14
_SIGNED_BY: Final = "Erika Beispiel"


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """A kind of letter (``letters.KINDS``, or permit) in a language of the service."""

    kind: str
    language: str


def sample_letters(definition: Definition) -> Iterator[SampleLetter]:
    """All that the service can send: every kind in every language; the permit is German."""
    for kind in kinds_of(definition):
        for language in definition.languages:
            yield SampleLetter(kind, language)
    if definition.standing_matter and definition.standing_matter.permit:
        yield SampleLetter(PERMIT, "de")


def letter_pdf(
    definition: Definition, kind: str, language: str, *, tenant_id: int, at: datetime
) -> bytes:
    """The PDF of one letter about the example, marked a draft; numbers and days are invented.

    Put together as the real one. Refuses: Invalid (a kind or language that the service has not),
    PartMissing.
    """
    if SampleLetter(kind, language) not in set(sample_letters(definition)):
        raise Invalid([FieldError("/kind", "enum", {"allowed": [*kinds_of(definition), PERMIT]})])
    tenant = Tenant.objects.get(pk=tenant_id)
    unit = Unit.objects.filter(tenant=tenant, key=definition.unit).first()
    return _rendered(_writing(definition, language, tenant, unit, at), kind, at)


def rendered_letters(
    definition: Definition, *, tenant_id: int, at: datetime
) -> Iterator[tuple[SampleLetter, bytes]]:
    """All letters of the service, one after another. Raises what ``letter_pdf`` raises."""
    tenant = Tenant.objects.get(pk=tenant_id)
    unit = Unit.objects.filter(tenant=tenant, key=definition.unit).first()
    for one in sample_letters(definition):
        yield one, _rendered(_writing(definition, one.language, tenant, unit, at), one.kind, at)


def _rendered(writing: Writing, kind: str, at: datetime) -> bytes:
    if kind == PERMIT:
        return permit_letter.render_permit(permit_facts(writing))
    if kind == "revocation":
        told = replace(writing, days={"ended_on": writing.dated})
        facts = revocation_facts(told, "Die Voraussetzungen fehlen.", "")
        return decision_letter.render(replace(facts, signed_by=_SIGNED_BY))
    if kind in _DECIDING:
        return _decision(writing, kind, at)
    values = sample_values(writing.definition, "de")
    named = KINDS[kind] - COMMON - {"deadline"}
    more = {name: values[name] for name in named if name in values and name not in writing.values}
    due = writing.dated + timedelta(days=_ANSWER_DAYS)
    return compose_notice(
        writing,
        kind,
        more=more,
        days={"deadline": due} if "deadline" in KINDS[kind] else {},
        signed_by=_SIGNED_BY,
        proofs=[proof.key for proof in writing.definition.proofs],
    ).render()


def _decision(writing: Writing, kind: str, at: datetime) -> bytes:
    decided = kind if kind in ("granted_in_part", "refused") else "granted"
    effect = next((effect for effect, letter in OF_EFFECTS.items() if letter == kind), "begin")
    decision = Decision(
        tenant_id=writing.process.tenant_id,
        kind=decided,
        reasons="" if decided == "granted" else "Die Voraussetzungen liegen nicht vor.",
        clauses="",
        discretion="Wir haben abgewogen." if writing.definition.discretion else "",
        is_automated=False,
        decided_at=at,
        decided_by="",
    )
    return compose_decision(_with_effect(writing, effect), decision, signed_by=_SIGNED_BY).render()


def _with_effect(writing: Writing, effect: Any) -> Writing:
    """``writing`` about an application that does ``effect`` to the matter, whatever the example."""
    definition = writing.definition
    if definition.standing_matter is None:
        return writing
    always = (MatterEffect(effect, "true"),)
    matter = replace(definition.standing_matter, effects=always)
    changed = replace(definition, standing_matter=matter)
    return replace(writing, sent=replace(writing.sent, definition=changed))


def _writing(
    definition: Definition, language: str, tenant: Tenant, unit: Unit | None, at: datetime
) -> Writing:
    today = local_date(at)
    lead = unit or Unit(tenant=tenant, key=definition.unit, name=definition.unit)
    case = Case(
        tenant=tenant,
        lead_unit=lead,
        reference=f"{definition.file.position}-{_REFERENCE}",
        received_at=at,
    )
    process = Process(tenant=tenant, case=case, service_key=definition.key, received_at=at)
    example = {**definition.as_json()["example"], "language": language}
    sent = Application.read(definition, example)
    invented = Recipient("Đorđe Yılmaz", ("Đorđe Yılmaz", "Lindenstraße 1a", "40764 Musterstadt"))
    values = sample_values(definition, language)
    return Writing(
        process=process,
        sent=sent,
        recipient=recipient_of(process, sent, on=today) if sent.applicant else invented,
        dated=today,
        matter=_matter(definition, sent, today),
        draft=True,
        more={name: values[name] for name in ("slot_date", "slot_window") if name in values},
    )


def _matter(definition: Definition, sent: Application, today: date) -> StandingMatter | None:
    matter = definition.standing_matter
    if matter is None:
        return None
    terms = definition.terms_for(sent.form, sent.applicant, today)
    return StandingMatter(
        kind=matter.kind,
        number=f"{matter.number_prefix}-{_NUMBER}/{today:%y}",
        data=dict(terms.data) if terms else {},
        valid_from=terms.valid_from if terms else today,
        valid_to=today + timedelta(days=365),
        public_key="0" * 32,
    )
