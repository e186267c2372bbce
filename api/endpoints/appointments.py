"""Appointments held before handing in, moved and given up afterwards."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from api.operations import (
    IDEMPOTENCY_KEY,
    JSON_FAULTS,
    REPLAYED,
    SUBMISSION_ID,
    answer,
    json_body,
    operation,
    path,
)
from api.parsers import idempotency_key
from api.problems import Malformed
from api.schemas import NEW_APPOINTMENT
from api.view import PortalView, acknowledged
from efile.kernel.clock import now
from efile.kernel.errors import Invalid, NotFound
from efile.policy import ActionNotGranted, ServiceNotGranted
from workflows.appointments.holding import hold_slot
from workflows.appointments.moving import (
    AppointmentIsNear,
    NoAppointments,
    NoAppointmentToMove,
    move_submission_appointment,
)
from workflows.machine import InClarification, StepNotPossible
from workflows.repeat import KeyReused
from workflows.slots import SlotTaken

_KEY: Final = path("key", {"type": "string"}, "The service's key.")
_SLOT: Final = path("slot", {"type": "string"}, "The id of a free slot.")
_REPLAYED: Final = {"Idempotent-Replayed": REPLAYED}


class Holds(PortalView):
    """A place kept while the form is filled in."""

    required_scope = "submit"

    @operation(
        "holdSlot",
        "Hold a slot while the form is filled in",
        scope="submit",
        answers={201: answer("The hold", "Hold", _REPLAYED)},
        refuses=[Malformed, NotFound, ServiceNotGranted, SlotTaken, KeyReused],
        parameters=[_KEY, _SLOT, IDEMPOTENCY_KEY],
        description="It ends by itself at expires_at, or with the submission that names its id.",
        tag="Services",
    )
    def post(self, request: Request, key: str, slot: str) -> HttpResponse:
        text, replayed = hold_slot(key, slot, key=idempotency_key(request), by=self.actor, at=now())
        return acknowledged(text, replayed)


class Appointment(PortalView):
    """The appointment of a submission."""

    required_scope = "answer"

    @operation(
        "moveAppointment",
        "Move the appointment of a submission, or give it up",
        scope="answer",
        answers={200: answer("The appointment as it is now", "MovedAppointment", _REPLAYED)},
        refuses=[
            *JSON_FAULTS,
            ActionNotGranted,
            NotFound,
            InClarification,
            StepNotPossible,
            NoAppointments,
            AppointmentIsNear,
            NoAppointmentToMove,
            SlotTaken,
            KeyReused,
            Invalid,
        ],
        body=json_body("NewAppointment"),
        parameters=[SUBMISSION_ID, IDEMPOTENCY_KEY],
        description="Up to the number of days before it that the service says. Where another "
        "system keeps the calendar the answer says `pending` until that has confirmed it; the "
        "event `slot_moved` or `slot_booked` tells.",
    )
    def post(self, request: Request, submission: UUID) -> HttpResponse:
        text, replayed = move_submission_appointment(
            submission,
            NEW_APPOINTMENT.read(request).value["slot"],
            key=idempotency_key(request),
            by=self.actor,
            at=now(),
        )
        return acknowledged(text, replayed, status=200)
