"""Taking an application down in the house: at the counter, on the phone, from paper, on a visit."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from efile.kernel.actors import Actor
from efile.kernel.clock import BERLIN, local_date
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.models import Unit
from efile.models import Party, Upload
from efile.policy import MATRIX, Action, ActionNotGranted, visible_to
from efile.receiving import receive_file
from workflows.catalogue.submission import errors_in
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.models import InboxItem, Submission
from workflows.offers import Offer, current_offer, current_offers


class Channel(StrEnum):
    """How an application reaches the house without a portal."""

    COUNTER = "counter"
    PHONE = "phone"
    PAPER = "paper"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Sight:
    """What tells staff who somebody is: the source and level of the identity, and where it can."""

    source: str
    assurance: str
    channels: frozenset[Channel]


# An identity document is looked at face to face; a signed paper says in writing who it is from.
# Neither names an account: no file of an applicant is joined by it.
SIGHTS: Final[Mapping[str, Sight]] = {
    "document": Sight("counter", "substantial", frozenset({Channel.COUNTER, Channel.VISIT})),
    "signature": Sight("signature", "basic", frozenset({Channel.PAPER})),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that a member of staff has handed in and not put on a case yet."""

    id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody applied for and a member of staff took down.

    ``parties`` are as in the envelope, without identity; ``scans`` go with the key of their
    proof, "" for any other. ``sight`` is a key of SIGHTS or "", ``received_on`` the entrance
    stamp (None: now). ``clarify``: keep it for a person where it is not complete.
    """

    service: str
    channel: str
    form: Mapping[str, Any]
    parties: Sequence[Mapping[str, Any]]
    scans: Sequence[tuple[str, Scan]] = ()
    language: str = "de"
    sight: str = ""
    received_on: date | None = None
    clarify: bool = False


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What became of it: a case, or an item in the clarification inbox; ``again``: earlier."""

    case_id: UUID | None
    item_id: UUID | None
    reference: str
    again: bool


def take_down(said: Statement, *, key: str, by: Actor, at: datetime) -> TakenDown:
    """Make a case of what was ``said``, once for each ``key``, by the rules of the intake.

    Letters go by post: whoever comes without a portal has nowhere to fetch them from.
    Refuses: NotFound (service), ActionNotGranted, Invalid (pointers lead into the envelope, or
    to ``/channel``, ``/sight``, ``/received_on``), KeyReused, SlotTaken, NoSlot.
    """
    offer = service_for(said.service, by=by)
    data = _envelope(said)
    if faults := list(_faults(said, local_date(at))):
        raise Invalid([*faults, *errors_in(offer.definition, data)])
    envelope = Envelope(
        json.dumps(data, ensure_ascii=False),
        data,
        channel=said.channel,
        stamped_at=_stamp(said.received_on, at),
        scans={str(scan.id): scan.sha256 for _, scan in said.scans},
    )
    text, again = accept(envelope, key=key, by=by, at=at)
    receipt = json.loads(text)
    submission = Submission.objects.only("case").get(id=receipt["id"])
    item_id = None
    if submission.case_id is None:
        item_id = InboxItem.objects.values_list("id", flat=True).get(submission=submission)
    return TakenDown(submission.case_id, item_id, receipt["case_reference"] or "", again)


def service_for(key: str, *, by: Actor) -> Offer:
    """The service ``key``, if ``by`` may take applications for it down. One statement.

    Refuses: NotFound, ActionNotGranted.
    """
    offer = current_offer(by.tenant_id, key)
    if not _may_take_down(offer, by):
        raise ActionNotGranted(action=Action.TAKE_DOWN.value)
    return offer


def services_for(*, by: Actor) -> list[tuple[Offer, str]]:
    """The services whose applications ``by`` may take down, with their units. Two statements."""
    offers = [one for one in current_offers(by.tenant_id) if _may_take_down(one, by)]
    units = Unit.objects.in_bulk([one.version.unit_id for one in offers])
    return [(one, units[one.version.unit_id].name) for one in offers]


def keep_scan(
    chunks: Iterable[bytes], *, filename: str, media_type: str, by: Actor, at: datetime
) -> Scan:
    """Keep a file until it is filed or expires; what it is, its bytes decide.

    ``media_type`` is what the browser calls it; ``at`` is true time. Refuses: ActionNotGranted,
    what ``keep_file`` refuses.
    """
    if not by.scopes_of(MATRIX[Action.TAKE_DOWN]):
        raise ActionNotGranted(action=Action.TAKE_DOWN.value)
    return keep_file(chunks, filename=filename, media_type=media_type, by=by, at=at)


def keep_file(
    chunks: Iterable[bytes], *, filename: str, media_type: str, by: Actor, at: datetime
) -> Scan:
    """Keep a file for whoever handed it in; rights are the caller's.

    Refuses: Invalid at "" (max_bytes, what ``efile.receiving.Inspection`` refuses),
    StorageUnavailable.
    """
    taken = receive_file(
        chunks,
        filename=filename,
        declared=media_type,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        by=by,
        at=at,
    )
    return Scan(taken.id, taken.filename, taken.media_type, taken.size, taken.sha256)


def kept_scans(ids: Sequence[UUID], *, by: Actor) -> dict[UUID, Scan]:
    """Those of ``ids`` that ``by`` has handed in, filed or not. One statement, none for none."""
    if not ids:
        return {}
    uploads = Upload.objects.select_related("content").filter(
        tenant_id=by.tenant_id, source=by.key, id__any=ids
    )
    return {
        one.id: Scan(
            one.id, one.filename, one.content.media_type, one.content.size, one.content.sha256
        )
        for one in uploads
    }


def known_applicant(case_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Who applied in a case that ``by`` sees, as a party to begin with; no identity comes along.

    One statement. Refuses: NotFound.
    """
    party = (
        Party.objects.filter(visible_to(by, "case__"), case_id=case_id, role="applicant")
        .order_by("position")
        .first()
    )
    if party is None:
        raise NotFound
    stated = {
        "kind": party.kind,
        "given_names": party.given_names,
        "family_name": party.family_name,
        "organisation": party.organisation,
        "birth_date": party.birth_date.isoformat() if party.birth_date else "",
        "address": dict(party.address),
        "email": party.email,
        "phone": party.phone,
    }
    return {name: value for name, value in stated.items() if value}


def _may_take_down(offer: Offer, by: Actor) -> bool:
    scope = f"{offer.version.unit_id}:{offer.definition.access_class}"
    return bool(by.roles_in(scope) & MATRIX[Action.TAKE_DOWN])


def _faults(said: Statement, today: date) -> Iterator[FieldError]:
    """What can be wrong about the way it came."""
    if said.channel not in set(Channel):
        yield FieldError("/channel", "enum", {"allowed": [*Channel]})
    sight = SIGHTS.get(said.sight)
    if said.sight and (sight is None or said.channel not in sight.channels):
        yield FieldError("/sight", "sight_not_here")
    if said.received_on is None and said.channel == Channel.PAPER:
        yield FieldError("/received_on", "required")
    if said.received_on and said.received_on > today:
        yield FieldError("/received_on", "in_future")


def _envelope(said: Statement) -> dict[str, Any]:
    """The same that a portal would have sent."""
    sight = SIGHTS.get(said.sight)
    identity = {"source": sight.source, "assurance": sight.assurance} if sight else None
    return {
        "service": said.service,
        "language": said.language,
        "form": dict(said.form),
        "parties": [
            {**party, "identity": identity}
            if identity and party.get("role") == "applicant"
            else dict(party)
            for party in said.parties
        ],
        "attachments": [
            {"upload": str(scan.id)} | ({"proof": proof} if proof else {})
            for proof, scan in said.scans
        ],
        "consents": {"electronic_delivery": False},
        "on_invalid": "clarify" if said.clarify else "reject",
    }


def _stamp(day: date | None, at: datetime) -> datetime | None:
    """The moment an entrance stamp stands for: it names a day, so noon; today is now."""
    if day is None or day == local_date(at):
        return None
    return datetime.combine(day, time(12), tzinfo=BERLIN)
