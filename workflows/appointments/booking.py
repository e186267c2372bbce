"""The appointment that comes with an application: what its form names, or the first free one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.journal import record
from workflows import facts, slots
from workflows.application import Application
from workflows.catalogue.definition import SlotWish
from workflows.catalogue.parts import Slots
from workflows.catalogue.pointers import follow
from workflows.models import Booking, SlotDay, SlotHold
from workflows.streets import find_place

# How far ahead an appointment is looked for.
HORIZON: Final = timedelta(days=366)
# The worker tells the other system at once; who finds it untold after this tries again.
PATIENCE: Final = timedelta(minutes=2)


def book_for(
    application: Application, case_id: UUID, *, by: Actor, at: datetime
) -> dict[str, Any] | None:
    """Book the appointment the form asks for, inside a verb; another day is named as ``moved``.

    A place outside the directory books nothing: the checks send the case to a person. With another
    system's calendar it is only asked for here, and told as pending. Refuses: SlotTaken, NoSlot,
    Invalid (the slot that is named does not belong to this application).
    """
    asked = _asked(application, by.tenant_id)
    if asked is None:
        return None
    rule, wish, district, named = asked
    if rule.provider == "external":
        return _asked_for(case_id, rule, wish, named, by, at)
    if named:
        return told(book_named(case_id, rule, wish.kind, district, named, by=by, at=at), wish)
    return told(_book_first(case_id, rule, wish, district, by, at), wish)


def require_free(application: Application, *, by: Actor, at: datetime) -> None:
    """Refuse what ``book_for`` would refuse at this moment, and book nothing.

    Another system's calendar is not asked: it is not at intake, either.
    Refuses: SlotTaken, NoSlot, Invalid.
    """
    asked = _asked(application, by.tenant_id)
    if asked is None or asked[0].provider == "external":
        return
    rule, wish, district, named = asked
    if named:
        slot, hold = found(rule, wish.kind, district, named, by=by, at=at)
        is_free = hold is not None or slots.is_free(slot, by=by, at=at)
    else:
        first, last = _span(rule, wish, at)
        is_free = slots.any_free(
            calendar=rule.calendar,
            district=district,
            kind=wish.kind,
            first=first,
            last=last,
            by=by,
            at=at,
        )
    if not is_free:
        raise (
            slots.SlotTaken
            if named or _is_strict(wish)
            else slots.NoSlot(kind=wish.kind, district=district)
        )


def _asked(application: Application, tenant_id: int) -> tuple[Slots, SlotWish, str, str] | None:
    """The calendar, what is wished for, in which district, and the slot that is named, if any.

    None: no appointment comes with this application.
    """
    definition = application.definition
    rule, wish = definition.slots, definition.slot_wish(application.form)
    if rule is None or wish is None or application.faults:
        return None
    district = district_of(application, tenant_id)
    if district is None:
        return None
    named = str(follow({"form": application.form}, rule.slot) or "") if rule.slot else ""
    return rule, wish, district, named


def district_of(application: Application, tenant_id: int) -> str | None:
    """In which district the appointment has to be: "" in an office, None where there is none."""
    definition = application.definition
    if definition.slots and definition.slots.place == "office":
        return ""
    address = definition.address_in(application.form, application.applicant)
    return find_place(tenant_id, address).district or None


def book_named(
    case_id: UUID, rule: Slots, kind: str, district: str, named: str, *, by: Actor, at: datetime
) -> slots.Slot:
    """Book the hold, or the slot, with the id ``named``, inside a verb.

    A slot is taken from what the sender holds of it, where there is such a hold.
    Refuses: SlotTaken, Invalid.
    """
    slot, hold = found(rule, kind, district, named, by=by, at=at)
    if hold:
        return slots.book_held(case_id, hold, by=by, at=at)
    return slots.book_slot(case_id, slot, by=by, at=at)


def found(
    rule: Slots, kind: str, district: str, named: str, *, by: Actor, at: datetime
) -> tuple[UUID, UUID | None]:
    """The slot that ``named`` means, and the sender's hold on it. Refuses: SlotTaken, Invalid."""
    try:
        key = UUID(named)
    except ValueError:
        raise Invalid([FieldError(rule.slot or "/slot", "slot_unfit")]) from None
    holds = SlotHold.objects.filter(tenant_id=by.tenant_id, source=by.key, expires_at__gt=at)
    hold = holds.filter(id=key).first() or holds.filter(slot=key).order_by("expires_at").first()
    slot = SlotDay.objects.filter(
        tenant_id=by.tenant_id, id=hold.slot_id if hold else key, external=""
    ).first()
    if slot is None:  # such as a hold that has expired
        raise slots.SlotTaken
    if (slot.calendar, slot.kind, slot.district) != (rule.calendar, kind, district):
        raise Invalid([FieldError(rule.slot or "/slot", "slot_unfit")])
    return slot.id, hold.id if hold else None


def _book_first(
    case_id: UUID, rule: Slots, wish: SlotWish, district: str, by: Actor, at: datetime
) -> slots.Slot:
    first, last = _span(rule, wish, at)
    try:
        return slots.book(
            case_id,
            calendar=rule.calendar,
            district=district,
            kind=wish.kind,
            first=first,
            last=last,
            by=by,
            at=at,
        )
    except slots.NoSlot:
        if _is_strict(wish):
            raise slots.SlotTaken from None
        raise


def _span(rule: Slots, wish: SlotWish, at: datetime) -> tuple[date, date]:
    earliest = slots.earliest(at, rule.place)
    first = max(wish.wish_date or earliest, earliest)
    return first, wish.wish_date if _is_strict(wish) and wish.wish_date else first + HORIZON


def _is_strict(wish: SlotWish) -> bool:
    return wish.strict and wish.wish_date is not None


def _asked_for(
    case_id: UUID, rule: Slots, wish: SlotWish, named: str, by: Actor, at: datetime
) -> dict[str, Any]:
    """Note what the other system has to be asked for once this is committed."""
    hold = _hold_of(named, by)
    first, last = _span(rule, wish, at)
    Booking.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        slot=hold.slot if hold else None,
        booked_at=at,
        provider="external",
        wish={
            "calendar": rule.calendar,
            "kind": wish.kind,
            "slot": hold.slot.external if hold else named,
            "hold": str(hold.id) if hold else "",
            "first": first.isoformat(),
            "last": last.isoformat(),
        },
        owed="book",
        next_try_at=at + PATIENCE,
    )
    record(facts.AppointmentOwed(case_id=case_id, facts={"owed": "book"}), by=by, at=at)
    wished = wish.wish_date.isoformat() if wish.wish_date else None
    pending = {"state": "pending", "kind": wish.kind, "wished": wished}
    return {**pending, **(when(hold.slot) if hold else {})}


def _hold_of(named: str, by: Actor) -> SlotHold | None:
    try:
        key = UUID(named)
    except ValueError:
        return None
    held = SlotHold.objects.select_related("slot").filter(tenant_id=by.tenant_id, source=by.key)
    return held.filter(id=key).first()


def told(slot: slots.Slot, wish: SlotWish) -> dict[str, Any]:
    """The appointment as the receipt tells it."""
    return {
        "slot": str(slot.id),
        "state": "booked",
        "kind": slot.kind,
        **when(slot),
        "wished": wish.wish_date.isoformat() if wish.wish_date else None,
        "moved": wish.wish_date is not None and slot.day != wish.wish_date,
    }


def when(slot: slots.Slot | SlotDay) -> Mapping[str, str]:
    """Time and district of an appointment, in ISO days and hours of the place."""
    return {
        "district": slot.district,
        "date": slot.day.isoformat(),
        "start": f"{slot.starts:%H:%M}",
        "end": f"{slot.ends:%H:%M}",
    }
