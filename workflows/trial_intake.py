"""Checking without filing: everything that intake would refuse of a submission at this moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid
from efile.policy import ServiceNotGranted
from workflows.application import Application
from workflows.appointments.booking import require_free
from workflows.catalogue.definition import Definition
from workflows.catalogue.money import Fee, FeeUndetermined
from workflows.catalogue.parts import Proof
from workflows.catalogue.pointers import join, split
from workflows.definitions.sample_deadlines import SampleDeadline, sample_deadlines
from workflows.envelope import Envelope
from workflows.intake import examine
from workflows.offers import Offer
from workflows.questions import documents_from
from workflows.slots import NoSlot, SlotTaken

# What lets deadlines run with a submission that nothing is wrong with.
_AT_INTAKE: Final = frozenset({"received", "complete"})


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of a submission; without ``errors`` it would be filed.

    ``offer`` is None where there is no such service, ``fee`` where it cannot be told yet.
    ``deadlines`` are those that would begin with it.
    """

    offer: Offer | None
    errors: Sequence[FieldError] = ()
    fee: Fee | None = None
    deadlines: Sequence[SampleDeadline] = ()

    @property
    def missing_proofs(self) -> list[Proof]:
        """The proofs that have to be enclosed and are not, as far as the form tells."""
        wanted = {one.facts["proof"] for one in self.errors if one.rule == "proof_missing"}
        proofs = self.offer.definition.proofs if self.offer else ()
        return [one for one in proofs if one.key in wanted]


def try_out(data: Mapping[str, Any], *, by: Actor, at: datetime) -> Trial:
    """Examine ``data`` (an envelope of sound shape) by the rules of intake; nothing is written.

    An attachment may stand for a file that is not handed in yet: it names its proof and no upload.
    Whatever is at hand now may be gone a moment later: the answer promises nothing.
    Refuses: ServiceNotGranted.
    """
    envelope = Envelope("", data)
    offer, errors = examine(envelope, by)
    if offer is None:
        return Trial(None, errors)
    if not by.may("submit", envelope.service):
        raise ServiceNotGranted
    application = Application.read(offer.definition, data)
    errors += _unreadable(envelope)
    known = {(one.pointer, one.rule) for one in errors}
    late = [
        *_faults_of_uploads(offer.definition, data.get("attachments") or [], by),
        *_faults_of_slot(application, by, at),
    ]
    errors += [one for one in late if (one.pointer, one.rule) not in known]
    return Trial(
        offer,
        errors,
        _fee(application, at),
        () if errors else tuple(_deadlines(offer, at)),
    )


def _unreadable(envelope: Envelope) -> Sequence[FieldError]:
    """A number without a canonical form makes no call that could be told from another."""
    try:
        assert envelope.digest
    except Invalid as refusal:
        return refusal.errors
    return ()


def _faults_of_uploads(
    definition: Definition, attachments: Sequence[Mapping[str, Any]], by: Actor
) -> Iterator[FieldError]:
    named = {
        UUID(one["upload"]): join("/attachments", index, "upload")
        for index, one in enumerate(attachments)
        if "upload" in one
    }
    at_hand, faults = filing.uploads_at_hand(named, by=by)
    yield from faults
    places = [
        index
        for index, one in enumerate(attachments)
        if "upload" in one and UUID(one["upload"]) in at_hand
    ]
    try:
        documents_from(definition, [attachments[index] for index in places], at_hand)
    except Invalid as refusal:
        for one in refusal.errors:
            _, index, *rest = split(one.pointer)
            yield replace(one, pointer=join("/attachments", places[int(index)], *rest))


def _faults_of_slot(application: Application, by: Actor, at: datetime) -> Iterator[FieldError]:
    rule = application.definition.slots
    try:
        require_free(application, by=by, at=at)
    except (SlotTaken, NoSlot) as refusal:
        pointer = (rule.slot or rule.wish_date if rule else None) or "/form"
        yield FieldError(pointer, refusal.code)
    except Invalid as refusal:
        yield from refusal.errors


def _fee(application: Application, at: datetime) -> Fee | None:
    if application.faults:
        return None
    try:
        return application.definition.fee_for(application.form, local_date(at))
    except FeeUndetermined:
        return None


def _deadlines(offer: Offer, at: datetime) -> Iterator[SampleDeadline]:
    every = sample_deadlines(offer.definition, offer.version.tenant, local_date(at))
    return (one for one in every if one.rule.event in _AT_INTAKE)
