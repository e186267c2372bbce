"""The decision letter: what it says is gathered here, rendered by efile.letters, put on file."""

from dataclasses import dataclass
from uuid import UUID

from efile import filing
from efile.kernel.actors import system
from efile.kernel.clock import local_date, now
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.letters.decision import DecisionFacts, render
from efile.letters.text import euros
from efile.models import Party
from efile.storage import Stored, default_store
from workflows import facts
from workflows.application import Application, named
from workflows.catalogue.parts import filled
from workflows.decisions import fee_of
from workflows.machine import Step, announce, latest_decision, locked
from workflows.models import Booking, Decision, Process, StandingMatter
from workflows.notification import notified

JOB = "letters"


def letter_facts(process: Process, decision: Decision) -> DecisionFacts:
    """Everything the decision letter of ``process`` says, looked up in one place."""
    sent = Application.of(process)
    case, definition = process.case, sent.definition
    parties = Party.objects.filter(case_id=case.id, role="applicant").order_by("position")
    recipient = parties.first()
    text = definition.decisions[decision.kind]
    matter = StandingMatter.objects.filter(case_id=case.id, ended_on__isnull=True).first()
    step = Step.REFUSE if decision.kind == "refused" else Step.GRANT
    fee = fee_of(sent, step, decision.decided_at)
    remedy = definition.remedy
    booking = (
        Booking.objects.select_related("slot")
        .filter(case_id=case.id, cancelled_at__isnull=True)
        .first()
    )
    values = definition.shown(sent.form, "de") | named(
        "de",
        case_reference=case.reference,
        unit=case.lead_unit.name,
        appointment=_appointment(booking),
        matter=_matter(matter),
    )
    values |= {
        "applicant": recipient.display_name if recipient else "",
        "decided_on": f"{local_date(decision.decided_at):%d.%m.%Y}",
        "district": booking.slot.district if booking else "",
        "received_on": f"{local_date(case.received_at):%d.%m.%Y}",
        "reasons": decision.reasons,
        "fee": euros(fee.cents) if fee.cents else "gebührenfrei",
    }
    return DecisionFacts(
        letterhead=process.tenant.letterhead | {"unit": case.lead_unit.name},
        city=process.tenant.name,
        reference=case.reference,
        dated=local_date(decision.decided_at),
        recipient=recipient.display_name if recipient else "",
        recipient_lines=_address_lines(recipient),
        title=text.title.in_("de"),
        body=text.body.in_("de"),
        values=values,
        kind=decision.kind,
        reasons=decision.reasons,
        clauses=decision.clauses,
        fee_cents=fee.cents,
        fee_basis=fee.legal_basis,
        fee_lines=[
            (line.title.in_("de"), line.quantity, line.cents_each) for line in fee.positions
        ],
        remedy=(
            remedy.instruction.in_("de")
            .replace("{body}", remedy.body or "")
            .replace("{address}", remedy.address or "")
            if remedy.instruction and not decision.imposes_nothing
            else ""
        ),
        automated=decision.is_automated,
        legal_basis=decision.legal_basis,
        signed_by=_signature(decision),
    )


def _signature(decision: Decision) -> str:
    """The name under the letter; a decision by the system has none (§ 37 (5) VwVfG NRW)."""
    kind, _, key = decision.decided_by.partition(":")
    if kind != "user":
        return ""
    return User.objects.values_list("display_name", flat=True).get(id=int(key))


def _appointment(booking: Booking | None) -> dict[str, str] | None:
    if booking is None:
        return None
    slot = booking.slot
    return {
        "date": slot.day.isoformat(),
        "start": f"{slot.starts:%H:%M}",
        "end": f"{slot.ends:%H:%M}",
    }


def _matter(matter: StandingMatter | None) -> dict[str, str] | None:
    if matter is None:
        return None
    return {
        "number": matter.number,
        "valid_from": matter.valid_from.isoformat(),
        "valid_to": matter.valid_to.isoformat() if matter.valid_to else "",
    }


def _address_lines(party: Party | None) -> list[str]:
    if party is None:
        return []
    address = party.address
    name = party.organisation or " ".join(
        part for part in (party.given_names, party.family_name) if part
    )
    return [
        line
        for line in (
            name,
            f"{address.get('street', '')} {address.get('number', '')}".strip(),
            f"{address.get('postcode', '')} {address.get('city', '')}".strip(),
        )
        if line
    ]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter whose bytes lie in the store, for the decision it was rendered for."""

    tenant_id: int
    decision: UUID
    title: str
    stored: Stored


def render_letter(case_id: UUID) -> Rendered | None:
    """Render the letter of a decision that has none and store it. Outside any transaction."""
    decision = latest_decision(case_id)
    if decision is None or decision.letter:
        return None
    process = Process.objects.select_related("case__lead_unit", "version", "tenant").get(
        case_id=case_id
    )
    said = letter_facts(process, decision)
    pdf = render(said)
    stored = default_store().write([pdf], max_bytes=len(pdf), expected_sha256=None)
    return Rendered(decision.tenant_id, decision.id, filled(said.title, said.values), stored)


def issue_letter(case_id: UUID, rendered: Rendered | None) -> None:
    """Put the rendered letter on file and, with consent, into the portal."""
    if rendered is None:
        return
    at = now()
    by = system(rendered.tenant_id, JOB)
    process = locked(case_id, by=by)
    # Under the lock: a case that was decided twice owes its letter twice.
    decision = latest_decision(case_id)
    if decision is None or decision.letter or decision.id != rendered.decision:
        return
    sent = Application.of(process)
    letter = filing.NewDocument(
        id=uuid7(),
        kind="decision",
        title=rendered.title,
        content_id=filing.content_for(by.tenant_id, rendered.stored, "application/pdf", at=at),
        sha256=rendered.stored.sha256,
        filename="Bescheid.pdf",
        direction="out",
        is_public=decision.channel == "portal",
    )
    filing.file_documents(case_id, [letter], by=by, at=at)
    decision.letter = letter.id
    decision.save(update_fields=["letter"])
    record(facts.LetterIssued(case_id=case_id, facts={"channel": decision.channel}), by=by, at=at)
    if letter.is_public:
        announce(process, "document_issued", at=at)
    if sent.definition.slots and decision.imposes_nothing:
        # The receipt and the status already say the day: § 41 (1) VwVfG NRW asks for no form.
        notified(process, decision, None, local_date(at), by=by, at=at)
