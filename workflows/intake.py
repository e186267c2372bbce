"""Intake: what a sender hands in becomes a case with a receipt, once, or is kept for a person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from efile import filing, lifecycle
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verbs import unit_of_work, verb
from efile.models import Case
from workflows import inbox, machine, slots
from workflows.application import Application
from workflows.case_deadlines import first_deadline, office_calendar
from workflows.catalogue.submission import errors_in
from workflows.deadlines.operations import processing_target
from workflows.models import Process, Submission
from workflows.offers import Offer, current_offer
from workflows.questions import documents_from
from workflows.repeat import earlier_answer, fingerprint, once
from workflows.streets import find_place

# How far ahead an appointment is looked for.
BOOKING_HORIZON = timedelta(days=366)
# Several submissions of one new applicant at once: one opens the file, the others join it.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was sent: ``text`` to the letter, ``data`` the same as an object of sound shape.

    ``channel`` is the way it came. ``stamped_at`` is its moment of receipt where that is another
    one than that of filing: paper carries an entrance stamp. ``scans`` maps uploads to their
    SHA-256 where a sender may hand in the same bytes again with the same call.
    """

    text: str
    data: Mapping[str, Any]
    channel: str = "portal"
    stamped_at: datetime | None = None
    scans: Mapping[str, str] = field(default_factory=dict)

    @property
    def service(self) -> str:
        return str(self.data["service"])

    @property
    def clarify(self) -> bool:
        """The sender cannot correct it any more: keep it rather than refuse it."""
        return bool(self.data.get("on_invalid", "reject") == "clarify")

    @property
    def digest(self) -> str:
        """What makes it the same call; a scan counts by its bytes, whatever it was called."""
        if self.channel == "portal":
            return fingerprint("submission", dict(self.data))
        attachments = [
            {**one, "upload": self.scans.get(one["upload"], one["upload"])}
            for one in self.data.get("attachments") or []
        ]
        stamp = self.stamped_at.isoformat() if self.stamped_at else ""
        same = {**self.data, "attachments": attachments, "stamped_at": stamp}
        return fingerprint(f"submission:{self.channel}", same)


def accept(envelope: Envelope, *, key: str, by: Actor, at: datetime) -> tuple[str, bool]:
    """File ``envelope`` and return (the receipt as JSON, whether it had been given before).

    Repeat-safe under ``key``. What cannot be matched is refused, or with ``on_invalid: clarify``
    kept in the inbox with a receipt that has no case reference yet.
    Refuses: Invalid (every fault), KeyReused, SlotTaken, NoSlot.
    """
    digest = envelope.digest
    kept = as_kept(envelope, by.tenant_id)
    for attempt in range(ATTEMPTS):
        try:
            return _accept(kept, key, digest, by, at)
        except lifecycle.FileAppeared:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def as_kept(envelope: Envelope, tenant_id: int) -> Envelope:
    """The envelope as it is stored: to the letter, unless it names a bPK2.

    The pseudonym tells who somebody is across authorities, so it is never stored: its keyed hash
    (``holder``) takes its place, and the text is written anew with everything else unchanged.
    """
    sent = list(envelope.data.get("parties") or [])
    parties = [_without_pseudonym(party, tenant_id) for party in sent]
    if parties == sent:
        return envelope
    data = {**envelope.data, "parties": parties}
    return replace(envelope, text=json.dumps(data, ensure_ascii=False), data=data)


def _without_pseudonym(party: Mapping[str, Any], tenant_id: int) -> Mapping[str, Any]:
    identity = dict(party.get("identity") or {})
    if "bpk2" not in identity:
        return party
    holder = lifecycle.holder_of(tenant_id, identity.pop("bpk2"))
    return {**party, "identity": {**identity, "holder": holder}}


def _accept(envelope: Envelope, key: str, digest: str, by: Actor, at: datetime) -> tuple[str, bool]:
    offer, errors = _examine(envelope, by)
    if offer and not errors:
        try:
            return once(key, digest, by=by, act=lambda: json.dumps(_file(envelope, offer, by, at)))
        except Invalid as refusal:  # found only once the uploads were looked at
            errors = list(refusal.errors)
    earlier = earlier_answer(key, digest, by=by)
    if earlier is not None:
        return earlier, True
    if not envelope.clarify or any(e.rule == "upload_not_available" for e in errors):
        raise Invalid(errors)
    return once(key, digest, by=by, act=lambda: json.dumps(_keep(envelope, offer, errors, by, at)))


def _examine(envelope: Envelope, by: Actor) -> tuple[Offer | None, list[FieldError]]:
    """The service in force and every fault that shows before anything is written."""
    try:
        offer = current_offer(by.tenant_id, envelope.service)
    except NotFound:
        return None, [FieldError("/service", "unknown_service")]
    return offer, errors_in(offer.definition, envelope.data)


def _file(envelope: Envelope, offer: Offer, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything one application brings into being, the number last."""
    attachments = envelope.data.get("attachments") or []
    claimed = filing.claim_uploads(_upload_pointers(attachments), by=by)
    documents = documents_from(offer.definition, attachments, claimed)
    submission = _submission(envelope, offer.definition.key, by, at)
    case, slot = open_application(
        envelope.data, offer, documents, submission=submission, by=by, at=at
    )
    submission.case = case
    submission.save(force_insert=True)
    uploads = [UUID(one["upload"]) for one in attachments]
    receipt = _receipt(submission) | {
        "case_reference": case.reference,
        "file_reference": case.case_file.reference,
        "state": "received",
        "service_version": offer.version.number,
        "attachments": [
            {"upload": str(upload), "document": str(document.id), "sha256": document.sha256}
            for upload, document in zip(uploads, documents, strict=True)
        ],
    }
    return receipt | ({"appointment": slot} if slot else {})


def open_application(
    data: Mapping[str, Any],
    offer: Offer,
    documents: Sequence[filing.NewDocument],
    *,
    submission: Submission,
    by: Actor,
    at: datetime,
) -> tuple[Case, dict[str, Any] | None]:
    """Case, process, first deadline and appointment of ``submission``, inside a verb."""
    definition, version = offer.definition, offer.version
    application = Application.read(definition, data)
    new = lifecycle.NewCase(
        id=uuid7(),
        position=version.position,
        lead_unit_id=version.unit_id,
        access_class=definition.access_class,
        subject=application.subject,
        received_at=submission.received_at,
        parties=[_party(party) for party in data.get("parties") or []],
        documents=documents,
        holder=application.holder if definition.file.grouping == "per_applicant" else "",
        object_key=_object_key(application),
        retention_years=definition.retention.years,
        disposal_code=definition.retention.disposal_code,
    )
    received_on = local_date(submission.received_at)
    calendar = office_calendar(version.tenant)
    target = processing_target(received_on, definition.processing_days, calendar)
    process = Process(
        case_id=new.id,
        tenant_id=by.tenant_id,
        scope=new.scope,
        version=version,
        service_key=definition.key,
        submission=submission.id,
        source=submission.source,
        state_since=at,
        received_at=submission.received_at,
        touched_at=at,
        due_on=target.day("end"),
    )
    slot = _book(application, new.id, by, at)
    first_deadline(
        by.tenant_id,
        new.id,
        key="processing",
        kind="processing",
        event_on=received_on,
        reckoning=target,
    )
    with unit_of_work() as unit:
        unit.opens(new.id)
        machine.start(
            process,
            by=by,
            at=at,
            version=version.number,
            sent=filing.text_digest(submission.envelope),
        )
        case = lifecycle.open_case(new, by=by, at=at)
    return case, slot


@verb
def assign_to_service(item_id: UUID, service: str, *, by: Actor, at: datetime) -> Case:
    """A person says what a kept submission is: it becomes a case, received when it arrived.

    Faults of form do not stop it now; they are the caseworker's to clear up.
    Refuses: NotFound, ItemIsSettled, Invalid (unknown service).
    """
    item = inbox.locked_item(item_id, by=by)
    if item.submission is None:
        raise NotFound
    try:
        offer = current_offer(by.tenant_id, service)
    except NotFound:
        raise Invalid([FieldError("/service", "unknown_service")]) from None
    submission = item.submission
    case, _ = open_application(
        inbox.envelope_of(item),
        offer,
        inbox.attachments_of(item),
        submission=submission,
        by=by,
        at=at,
    )
    Submission.objects.filter(id=submission.id).update(case=case)
    inbox.settle(item, "assigned", by=by, at=at)
    return case


def _keep(
    envelope: Envelope,
    offer: Offer | None,
    errors: Sequence[FieldError],
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    attachments = envelope.data.get("attachments") or []
    claimed = filing.claim_uploads(_upload_pointers(attachments), by=by)
    submission = _submission(envelope, envelope.service[:200], by, at)
    scope = f"{offer.version.unit_id}:{offer.definition.access_class}" if offer else ""
    inbox.keep_submission(
        submission,
        scope=scope,
        reason=_reason(errors),
        errors=errors,
        claimed=[(one, claimed[UUID(one["upload"])]) for one in attachments],
        by=by,
        at=at,
    )
    return _receipt(submission) | {
        "case_reference": None,
        "file_reference": None,
        "state": "in_clarification",
        "service_version": offer.version.number if offer else None,
        "attachments": [
            {
                "upload": one["upload"],
                "document": None,
                "sha256": claimed[UUID(one["upload"])].sha256,
            }
            for one in attachments
        ],
    }


def _submission(envelope: Envelope, service: str, by: Actor, at: datetime) -> Submission:
    return Submission(
        tenant_id=by.tenant_id,
        source=by.key,
        service_key=service,
        language=str(envelope.data.get("language") or "de"),
        channel=envelope.channel,
        envelope=envelope.text,
        received_at=envelope.stamped_at or at,
    )


def _receipt(submission: Submission) -> dict[str, Any]:
    return {
        "id": str(submission.id),
        "received_at": submission.received_at.isoformat(),
        "service": submission.service_key,
    }


def _reason(errors: Sequence[FieldError]) -> str:
    rules = {error.rule for error in errors}
    if "unknown_service" in rules:
        return "unknown_service"
    return "missing_proof" if rules == {"proof_missing"} else "invalid_form"


def _upload_pointers(attachments: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    return {
        UUID(one["upload"]): f"/attachments/{index}/upload" for index, one in enumerate(attachments)
    }


def _object_key(application: Application) -> str:
    definition = application.definition
    if definition.file.grouping != "per_object":
        return ""
    return str(definition.object_of(application.form, application.applicant) or "")[:200]


def _party(party: Mapping[str, Any]) -> lifecycle.NewParty:
    identity = party.get("identity") or {}
    return lifecycle.NewParty(
        role=party["role"],
        kind=party["kind"],
        given_names=party.get("given_names", ""),
        family_name=party.get("family_name", ""),
        organisation=party.get("organisation", ""),
        birth_date=_day(party.get("birth_date")),
        address=party.get("address") or {},
        email=party.get("email", ""),
        phone=party.get("phone", ""),
        identity_source=identity.get("source", ""),
        assurance=identity.get("assurance", "none"),
        holder=identity.get("holder", ""),
    )


def _day(text: str | None) -> date | None:
    """A birthday as sent; one that is no day (only after clarification) stays open."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _book(
    application: Application, case_id: UUID, by: Actor, at: datetime
) -> dict[str, Any] | None:
    """Book the appointment the form asks for; another day is named in the receipt.

    A place outside the directory books nothing: the checks send the case to a person.
    """
    definition = application.definition
    if definition.slots is None or application.faults:
        return None
    wish = definition.slot_wish(application.form)
    place = find_place(by.tenant_id, definition.address_in(application.form, application.applicant))
    if wish is None or not place.district:
        return None
    earliest = slots.earliest(at)
    first = max(wish.wish_date or earliest, earliest)
    strict = wish.strict and wish.wish_date is not None
    try:
        slot = slots.book(
            case_id,
            calendar=definition.slots.calendar,
            district=place.district,
            kind=wish.kind,
            first=first,
            last=wish.wish_date if strict and wish.wish_date else first + BOOKING_HORIZON,
            by=by,
            at=at,
        )
    except slots.NoSlot:
        if strict:
            raise slots.SlotTaken from None
        raise
    return {
        "slot": str(slot.id),
        "kind": slot.kind,
        "district": slot.district,
        "date": slot.day.isoformat(),
        "start": f"{slot.starts:%H:%M}",
        "end": f"{slot.ends:%H:%M}",
        "wished": wish.wish_date.isoformat() if wish.wish_date else None,
        "moved": wish.wish_date is not None and slot.day != wish.wish_date,
    }
