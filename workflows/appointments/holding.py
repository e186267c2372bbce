"""A slot held for a portal's applicant while the form is being filled in."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.policy import require_submitting
from workflows import slots
from workflows.appointments.calendar_of import mirrored
from workflows.appointments.port import Time, put_hold
from workflows.catalogue.parts import Slots
from workflows.models import SlotDay, SlotHold
from workflows.offers import current_offer
from workflows.repeat import earlier_answer, fingerprint, once


def hold_slot(
    service: str, slot: str, *, key: str | None, by: Actor, at: datetime
) -> tuple[str, bool]:
    """Hold a place of ``slot`` for the service's ``hold_minutes``: (JSON of the hold, replayed).

    The form names the hold where the definition says (``slots.slot``).
    Refuses: NotFound, ServiceNotGranted, SlotTaken, KeyReused, AppointmentsUnavailable.
    """
    rule = current_offer(by.tenant_id, service).definition.slots
    if rule is None:
        raise NotFound
    require_submitting(service, by=by)
    digest = fingerprint(f"hold:{service}", {"slot": slot})
    if rule.provider == "builtin":
        slot_id = _known(by.tenant_id, rule.calendar, slot)
        return once(
            key,
            digest,
            by=by,
            act=lambda: _told(slots.hold(slot_id, minutes=rule.hold_minutes, by=by, at=at)),
        )
    earlier = earlier_answer(key, digest, by=by) if key else None
    if earlier is not None:
        return earlier, True
    hold_id, until = uuid7(), at + timedelta(minutes=rule.hold_minutes)
    # Before the transaction: whoever dies in between leaves a hold over there that expires.
    time = put_hold(hold_id, rule.calendar, slot, until)
    return once(key, digest, by=by, act=lambda: _note(hold_id, rule, time, until, by, at))


def _known(tenant_id: int, calendar: str, slot: str) -> UUID:
    """Refuses: NotFound."""
    try:
        slot_id = UUID(slot)
    except ValueError:
        raise NotFound from None
    if not SlotDay.objects.filter(
        tenant_id=tenant_id, calendar=calendar, id=slot_id, external=""
    ).exists():
        raise NotFound
    return slot_id


def _note(hold_id: UUID, rule: Slots, time: Time, until: datetime, by: Actor, at: datetime) -> str:
    slot_id = mirrored(by.tenant_id, rule.calendar, time)
    return _told(
        SlotHold.objects.create(
            id=hold_id,
            tenant_id=by.tenant_id,
            slot_id=slot_id,
            source=by.key,
            held_at=at,
            expires_at=until,
        )
    )


def _told(hold: SlotHold) -> str:
    return json.dumps({"id": str(hold.id), "expires_at": hold.expires_at.isoformat()})
