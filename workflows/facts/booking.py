"""Appointments and payments, as the journal records them."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBooked(Event):
    """The case has a place on a day."""

    name: ClassVar[str] = "slot.booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotReleased(Event):
    """The case gave its place back."""

    name: ClassVar[str] = "slot.released"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMoved(Event):
    """The case's place is at another time."""

    name: ClassVar[str] = "slot.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMissed(Event):
    """Nobody came to the appointment."""

    name: ClassVar[str] = "slot.missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentOwed(Event):
    """Another system has to be told of the appointment: asked for, moved or cancelled."""

    name: ClassVar[str] = "appointment.owed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFailed(Event):
    """The other system gave no appointment: somebody has to see to it."""

    name: ClassVar[str] = "appointment.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLaidOut(Event):
    """Times of a calendar were opened for booking, or closed."""

    name: ClassVar[str] = "calendar.laid_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDemanded(Event):
    """The fee is to be paid before the case goes on; the platform has to be told."""

    name: ClassVar[str] = "payment.demanded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOpened(Event):
    """The payment platform took the demand: it can be paid."""

    name: ClassVar[str] = "payment.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAsked(Event):
    """The portal says that something happened to the payment: the platform is asked."""

    name: ClassVar[str] = "payment.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentBooked(Event):
    """The fee is paid."""

    name: ClassVar[str] = "payment.booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Event):
    """The payment came to nothing: it failed, was given up, or is overdue."""

    name: ClassVar[str] = "payment.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDropped(Event):
    """The fee need not be paid any more."""

    name: ClassVar[str] = "payment.dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOwed(Event):
    """What was paid has to be given back."""

    name: ClassVar[str] = "payment.refund_owed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(Event):
    """What was paid was given back."""

    name: ClassVar[str] = "payment.refunded"
