"""Appointments in another system's calendar: told after the commit, and once whatever breaks."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from backoffice.demo.appointment_system import AppointmentSystem, Place, office_hours
from backoffice.demo.exchange import Fault
from efile.kernel.verbs import unit_of_work
from tests.factories import AT, DAY, colleague, drained, portal, submit
from tests.workflows.calendars import OFFICE, TOMORROW, application, with_appointments
from tests.workflows.conftest import Clock
from tests.workflows.working import published, recorded, told
from workflows.appointments import settling
from workflows.appointments.calendar_of import free_times
from workflows.appointments.holding import hold_slot
from workflows.appointments.moving import (
    hold_elsewhere,
    move_appointment,
    move_submission_appointment,
)
from workflows.appointments.port import AppointmentsUnavailable
from workflows.endings import withdraw
from workflows.models import Booking, Process, Task
from workflows.offers import current_offer
from workflows.public import public_status
from workflows.slots import SlotTaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(settings: Any, clock: Clock) -> Iterator[AppointmentSystem]:
    """Another system with the half hours of tomorrow, one place each, at the office's own time."""
    published("resident-parking", with_appointments(provider="external"))
    with AppointmentSystem(office_hours(OFFICE, "standard", TOMORROW, 1)) as double:
        double.clock = lambda: AT
        settings.APPOINTMENTS_URL, settings.APPOINTMENTS_TIMEOUT = double.url, 2.0
        yield double


def sent(**form: Any) -> tuple[Process, dict[str, Any]]:
    receipt = submit(application(**form))
    return Process.objects.get(submission=UUID(receipt["id"])), receipt["appointment"]


def move(process: Process, slot: str) -> dict[str, Any]:
    assert process.submission
    text, _ = move_submission_appointment(process.submission, slot, key=None, by=portal(), at=AT)
    found: dict[str, Any] = json.loads(text)["appointment"]
    return found


def booking(process: Process) -> Booking:
    return Booking.objects.select_related("slot").get(case_id=process.case_id)


def time_of(process: Process) -> str:
    slot = booking(process).slot
    return f"{slot.starts:%H:%M}" if slot else ""


def there(system: AppointmentSystem, process: Process) -> Place | None:
    return system.place_of(str(booking(process).id))


def sent_as(process: Process) -> UUID:
    assert process.submission
    return process.submission


def slot(at: str) -> str:
    return f"{OFFICE}-{TOMORROW:%Y%m%d}-{at}"


def test_what_is_free_is_what_the_other_system_says(system: AppointmentSystem) -> None:
    rule = current_offer(portal().tenant_id, "resident-parking").definition
    span: dict[str, Any] = {"first": date.min, "last": TOMORROW, "at": AT}
    found = free_times(portal().tenant_id, rule, **span)
    assert [one.id for one in found][:2] == [slot("0800"), slot("0830")]
    assert len(found) == 8
    system.fault = Fault("down")
    with pytest.raises(AppointmentsUnavailable):
        free_times(portal().tenant_id, rule, **span)


class TestBooking:
    def test_is_pending_until_the_other_system_has_it(self, system: AppointmentSystem) -> None:
        process, receipt = sent()
        assert receipt == {"state": "pending", "kind": "standard", "wished": None}
        assert not [call for call in system.calls if call.method != "GET"]
        status = public_status(sent_as(process), by=portal())
        assert status["appointment"]["state"] == "pending"
        drained()
        status = public_status(sent_as(process), by=portal())["appointment"]
        assert (status["state"], status["start"]) == ("booked", "08:00:00")
        assert told(process.case_id)[:2] == ["received", "slot_booked"]
        assert there(system, process) is system.places[slot("0800")]

    def test_takes_the_time_that_was_held(self, system: AppointmentSystem) -> None:
        text, _ = hold_slot("resident-parking", slot("1000"), key="k", by=portal(), at=AT)
        assert hold_slot("resident-parking", slot("1000"), key="k", by=portal(), at=AT)[1]
        with pytest.raises(SlotTaken):
            hold_slot("resident-parking", slot("1000"), key=None, by=portal(), at=AT)
        process, receipt = sent(slot=json.loads(text)["id"])
        assert (receipt["state"], receipt["start"]) == ("pending", "10:00")
        drained()
        assert there(system, process) is system.places[slot("1000")]
        assert not system.places[slot("1000")].holds

    def test_tries_the_next_time_where_none_was_chosen(self, system: AppointmentSystem) -> None:
        system.places[slot("0800")].bookings.add("somebody")
        process, _ = sent()
        drained()
        assert time_of(process) == "08:30"

    @pytest.mark.parametrize("form", [{"slot": "0900"}, {"strict": True, "wish_date": "day"}])
    def test_leaves_to_a_person_what_cannot_be_had(
        self, system: AppointmentSystem, form: dict[str, Any]
    ) -> None:
        for place in system.places.values():
            place.bookings.add("somebody")
        if "slot" in form:
            form = {"slot": slot("0900")}
        else:
            form = form | {"wish_date": TOMORROW.isoformat()}
        process, _ = sent(**form)
        drained()
        assert booking(process).cancelled_at
        assert Task.objects.filter(facts__reason="appointment_failed").count() == 1
        assert "appointment" not in public_status(sent_as(process), by=portal())

    def test_goes_on_by_itself_once_the_other_system_is_back(
        self, system: AppointmentSystem
    ) -> None:
        system.fault = Fault("down")
        process, _ = sent()
        drained()
        assert booking(process).is_pending
        assert settling.try_again(at=AT) == 0
        system.fault = Fault()
        assert settling.try_again(at=AT + timedelta(hours=1)) == 1
        assert time_of(process) == "08:00"
        assert settling.try_again(at=AT + timedelta(hours=2)) == 0

    @pytest.mark.parametrize("mode", ["mute", "garbled"])
    def test_is_one_whatever_breaks_between_the_call_and_its_note(
        self, system: AppointmentSystem, mode: str
    ) -> None:
        process, _ = sent()
        # The worker dies before it notes this; the next one does not understand the answer.
        assert settling.call(process.case_id)[0].outcome == "booked"
        system.fault = Fault(mode, times=1)
        drained()
        settling.try_again(at=AT + DAY)
        assert not booking(process).is_pending
        assert sum(len(place.bookings) for place in system.places.values()) == 1
        assert there(system, process) is system.places[slot("0800")]


class TestWithdrawing:
    def test_cancels_over_there_too(self, system: AppointmentSystem) -> None:
        process, _ = sent()
        drained()
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        system.fault = Fault("down")
        drained()
        assert booking(process).owed == "cancel"
        system.fault = Fault()
        settling.try_again(at=AT + DAY)
        assert there(system, process) is None
        assert booking(process).owed == ""

    def test_while_the_booking_is_on_its_way_leaves_none(self, system: AppointmentSystem) -> None:
        process, _ = sent()
        slow = settling.call(process.case_id)
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        early = settling.call(process.case_id)
        with unit_of_work():
            settling.note(process.case_id, early)
        # The slow worker's booking arrived after the cancelling one's.
        system.places[slot("0800")].bookings.add(str(booking(process).id))
        with unit_of_work():
            settling.note(process.case_id, slow)
        settling.try_again(at=AT + DAY)
        assert there(system, process) is None


class TestMoving:
    def test_holds_first_and_moves_after_the_commit(self, system: AppointmentSystem) -> None:
        process, _ = sent()
        drained()
        assert move(process, slot("1100"))["state"] == "pending"
        assert there(system, process) is system.places[slot("0800")]
        drained()
        assert there(system, process) is system.places[slot("1100")]
        assert told(process.case_id)[-1] == "slot_moved"
        assert not system.places[slot("0800")].bookings

    def test_to_a_full_time_is_refused_at_once(self, system: AppointmentSystem) -> None:
        system.places[slot("1100")].bookings.add("somebody")
        process, _ = sent()
        drained()
        with pytest.raises(SlotTaken):
            move(process, slot("1100"))
        system.fault = Fault("down")
        with pytest.raises(AppointmentsUnavailable):
            move(process, slot("1000"))

    def test_that_fails_after_all_leaves_what_there_was_and_tells_a_person(
        self, system: AppointmentSystem
    ) -> None:
        process, _ = sent()
        drained()
        version = Process.objects.select_related("version").get(case_id=process.case_id)
        elsewhere = hold_elsewhere(version, slot("1100"), at=AT)
        move_appointment(
            process.case_id,
            slot("1100"),
            reason="Krank",
            by=colleague(),
            at=AT,
            elsewhere=elsewhere,
        )
        system.places[slot("1100")].holds.clear()
        system.places[slot("1100")].bookings.add("somebody")
        drained()
        assert time_of(process) == "08:00"
        assert not booking(process).is_pending
        assert "appointment.failed" in recorded(process.case_id)
