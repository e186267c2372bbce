"""Appointments in the office: held, booked, moved, given up, missed."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from efile.kernel.clock import BERLIN
from efile.kernel.errors import Invalid, NotFound, Refusal
from efile.kernel.ids import uuid7
from efile.kernel.verbs import unit_of_work
from tests.crowd import together
from tests.factories import AT, city, colleague, portal, submit, submitted
from tests.workflows.calendars import OFFICE, TOMORROW, application, office
from tests.workflows.working import recorded, refused, statements, told
from workflows import slots
from workflows.appointments.calendar_of import free_times
from workflows.appointments.holding import hold_slot
from workflows.appointments.missing import AppointmentToCome, note_missed
from workflows.appointments.moving import (
    AppointmentIsNear,
    NoAppointments,
    NoAppointmentToMove,
    move_appointment,
    move_submission_appointment,
)
from workflows.endings import withdraw
from workflows.machine import CaseChanged
from workflows.models import Booking, Process, SlotDay, SlotHold, Task
from workflows.offers import current_offer
from workflows.public import public_status
from workflows.repeat import KeyReused
from workflows.slots import NoSlot, SlotTaken, collect

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=15)


def held(slot: SlotDay, *, by: Any = None, at: datetime = AT, key: str | None = None) -> str:
    text, _ = hold_slot("resident-parking", str(slot.id), key=key, by=by or portal(), at=at)
    return str(json.loads(text)["id"])


def case(**form: Any) -> Process:
    receipt = submit(application(**form))
    return Process.objects.get(submission=UUID(receipt["id"]))


def counts(slot: SlotDay) -> tuple[int, int]:
    slot.refresh_from_db()
    return slot.booked, slot.held


def move(process: Process, slot: str | None, at: datetime = AT) -> Any:
    assert process.submission
    text, _ = move_submission_appointment(process.submission, slot, key=None, by=portal(), at=at)
    return json.loads(text)["appointment"]


class TestAHold:
    def test_keeps_the_place_from_others_until_it_expires(self) -> None:
        (nine,) = office(9)
        held(nine)
        with pytest.raises(NoSlot):
            submit(application())
        with pytest.raises(SlotTaken):
            held(nine, by=portal("another"))
        # No job ran: the clock alone has let it go.
        assert submit(application(), at=LATER)["appointment"]["slot"] == str(nine.id)
        assert counts(nine) == (1, 0)

    def test_becomes_the_appointment_of_the_form_that_names_it(self) -> None:
        nine, ten = office(9, 10)
        found = submit(application(slot=held(ten)))["appointment"]
        assert (found["slot"], found["start"], found["district"]) == (str(ten.id), "10:00", "")
        assert (counts(nine), counts(ten)) == ((0, 0), (1, 0))
        assert not SlotHold.objects.exists()

    def test_is_found_by_the_slot_it_is_on(self) -> None:
        (nine,) = office(9)
        held(nine)
        assert submit(application(slot=str(nine.id)))["appointment"]["start"] == "09:00"
        assert counts(nine) == (1, 0)

    def test_of_another_sender_is_no_hold(self) -> None:
        (nine,) = office(9)
        foreign = held(nine, by=portal("another"))
        for named in (foreign, str(nine.id), str(uuid7())):
            with pytest.raises(SlotTaken):
                submit(application(slot=named))

    def test_that_expired_is_refused_where_the_place_is_gone(self) -> None:
        (nine,) = office(9)
        mine = held(nine)
        submit(application(), at=LATER)
        with pytest.raises(SlotTaken):
            submit(application(slot=mine), at=LATER)

    def test_is_one_for_the_same_key(self) -> None:
        nine, ten = office(9, 10)
        assert held(nine, key="k") == held(nine, key="k")
        assert counts(nine) == (0, 1)
        with pytest.raises(KeyReused):
            held(ten, key="k")

    @pytest.mark.parametrize("slot", ["none", str(uuid7())], ids=["no id", "unknown"])
    def test_needs_a_slot_of_the_service(self, slot: str) -> None:
        office(9)
        with pytest.raises(NotFound):
            hold_slot("resident-parking", slot, key=None, by=portal(), at=AT)

    def test_is_collected_by_the_job(self) -> None:
        (nine,) = office(9)
        held(nine)
        assert collect(at=AT) == 0
        assert collect(at=LATER) == 1
        assert counts(nine) == (0, 0)


class TestTheCalendar:
    def free(self, at: datetime) -> list[time]:
        of = current_offer(city().pk, "resident-parking").definition
        found = free_times(city().pk, of, first=date.min, last=TOMORROW, at=at)
        return [one.starts for one in found]

    def test_leaves_out_what_has_begun_and_counts_holds_that_live(self) -> None:
        nine, _, _ = office(9, 10, 11)
        held(nine)
        assert self.free(AT) == [time(10), time(11)]
        assert self.free(LATER) == [time(9), time(10), time(11)]
        at_ten = datetime.combine(TOMORROW, time(10), BERLIN)
        assert self.free(at_ten) == [time(11)]

    def test_takes_whoever_comes_today(self) -> None:
        office(9, 15, day=AT.date())
        found = submit(application())["appointment"]
        assert (found["date"], found["start"]) == (AT.date().isoformat(), "15:00")

    def test_of_another_kind_or_service_does_not_fit(self) -> None:
        (nine,) = office(9)
        SlotDay.objects.filter(id=nine.id).update(kind="express")
        with pytest.raises(Invalid) as refusal:
            submit(application(slot=str(nine.id)))
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("/form/slot", "slot_unfit")]

    def test_is_asked_in_one_statement(self) -> None:
        office(9, 10)
        tenant, rule = city().pk, current_offer(city().pk, "resident-parking").definition
        span: dict[str, Any] = {"first": TOMORROW, "last": TOMORROW}
        assert len(statements(lambda: free_times(tenant, rule, at=AT, **span))) == 1


class TestMoving:
    def test_takes_the_new_time_and_gives_the_old_one_back(self) -> None:
        nine, ten = office(9, 10)
        process = case()
        assert move(process, str(ten.id))["start"] == "10:00"
        assert (counts(nine), counts(ten)) == ((0, 0), (1, 0))
        assert told(process.case_id) == ["received", "slot_moved"]
        assert recorded(process.case_id)[-1] == "slot.moved"

    def test_takes_what_was_held_for_it(self) -> None:
        nine, ten = office(9, 10)
        process = case()
        move(process, held(ten))
        assert (counts(nine), counts(ten)) == ((0, 0), (1, 0))

    def test_to_where_it_is_changes_nothing(self) -> None:
        (nine,) = office(9)
        process = case()
        assert move(process, str(nine.id))["start"] == "09:00"
        assert told(process.case_id) == ["received"]

    def test_to_a_full_time_leaves_it_where_it_was(self) -> None:
        nine, ten = office(9, 10)
        process = case()
        case()
        with pytest.raises(SlotTaken):
            move(process, str(ten.id))
        assert (counts(nine), counts(ten)) == ((1, 0), (1, 0))

    def test_is_the_applicants_up_to_the_day_and_the_offices_after_it(self) -> None:
        _, ten = office(9, 10, move_until_days=1)
        process = case()
        on_the_day = AT + timedelta(days=1) - timedelta(hours=6)
        with pytest.raises(AppointmentIsNear) as refusal:
            move(process, str(ten.id), at=on_the_day)
        assert refusal.value.facts == {"until": AT.date().isoformat()}
        later: dict[str, Any] = {"by": colleague(), "at": on_the_day}
        with pytest.raises(Invalid):  # the office says why
            move_appointment(process.case_id, str(ten.id), **later)
        with pytest.raises(CaseChanged):
            move_appointment(process.case_id, str(ten.id), reason="x", revision=7, **later)
        move_appointment(process.case_id, str(ten.id), reason="Krank", **later)
        assert counts(ten) == (1, 0)

    def test_nowhere_gives_it_up(self) -> None:
        (nine,) = office(9)
        process = case()
        assert move(process, None) is None
        assert counts(nine) == (0, 0)
        assert told(process.case_id) == ["received", "slot_cancelled"]
        # And a new one may be chosen.
        assert move(process, str(nine.id))["start"] == "09:00"

    def test_is_for_services_with_appointments(self) -> None:
        with pytest.raises(NoAppointments):
            move(submitted(), None)

    def test_is_over_when_the_case_is(self) -> None:
        _, ten = office(9, 10)
        process = case()
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        with pytest.raises(Refusal) as refusal:
            move(process, str(ten.id))
        assert refusal.value.code == "step_not_possible"


class TestMissing:
    AFTER = datetime.combine(TOMORROW, time(12), BERLIN)

    def test_leaves_it_to_a_person_and_tells_the_applicant(self) -> None:
        _, ten = office(9, 10)
        process = case()
        note_missed(process.case_id, again=False, note="Nicht da", by=colleague(), at=self.AFTER)
        assert told(process.case_id)[-1] == "slot_missed"
        assert Task.objects.filter(facts__reason="appointment_missed").count() == 1
        assert process.submission
        assert "appointment" not in public_status(process.submission, by=portal())
        with pytest.raises(NoAppointmentToMove):
            move(process, str(ten.id), at=AT)

    def test_may_offer_another(self) -> None:
        office(9)
        process = case()
        (later,) = office(9, day=TOMORROW + timedelta(days=7))[1:]
        note_missed(process.case_id, again=True, by=colleague(), at=self.AFTER)
        assert move(process, str(later.id), at=self.AFTER)["date"] == later.day.isoformat()
        assert told(process.case_id)[-2:] == ["slot_missed", "slot_booked"]

    def test_is_nothing_before_it_has_begun(self) -> None:
        office(9)
        with pytest.raises(AppointmentToCome):
            note_missed(case().case_id, again=False, by=colleague(), at=AT)


class Office(RuleBasedStateMachine):
    """Two slots of two places each; whatever is done, nothing is ever promised twice."""

    def __init__(self) -> None:
        super().__init__()
        SlotHold.objects.all().delete()
        Booking.objects.all().delete()
        SlotDay.objects.filter(calendar=OFFICE).update(booked=0, held=0)
        self.slots = list(SlotDay.objects.filter(calendar=OFFICE).order_by("starts"))
        self.at = AT
        self.holds: dict[str, tuple[UUID, datetime]] = {}
        self.booked: dict[UUID, UUID] = {}

    def live(self, slot: UUID) -> int:
        kept = sum(where == slot and until > self.at for where, until in self.holds.values())
        return kept + sum(where == slot for where in self.booked.values())

    def expects(self, room: bool, act: Any) -> Any:
        try:
            with unit_of_work():
                done = act()
        except (SlotTaken, NoSlot):
            assert not room
            return None
        assert room
        return done

    @rule(number=st.integers(0, 1))
    def hold(self, number: int) -> None:
        slot = self.slots[number].id
        made = self.expects(
            self.live(slot) < 2,
            lambda: slots.hold(slot, minutes=10, by=portal(), at=self.at),
        )
        if made:
            self.holds[str(made.id)] = (slot, made.expires_at)

    @rule()
    def book_first(self) -> None:
        free = [one.id for one in self.slots if self.live(one.id) < 2]
        case_id = next((one for one in CASES if one not in self.booked), None)
        if case_id is None:
            return
        found = self.expects(
            bool(free),
            lambda: slots.book(
                case_id,
                calendar=OFFICE,
                district="",
                kind="standard",
                first=TOMORROW,
                last=TOMORROW,
                by=portal(),
                at=self.at,
            ),
        )
        if found:
            assert found.id == free[0]
            self.booked[case_id] = found.id

    @rule(data=st.data())
    def redeem(self, data: st.DataObject) -> None:
        if not self.holds or len(self.booked) == len(CASES):
            return
        key = data.draw(st.sampled_from(sorted(self.holds)))
        where, until = self.holds[key]
        case_id = next(one for one in CASES if one not in self.booked)
        if self.expects(
            until > self.at,
            lambda: slots.book_held(case_id, UUID(key), by=portal(), at=self.at),
        ):
            del self.holds[key]
            self.booked[case_id] = where

    @rule(minutes=st.integers(1, 11))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def collect(self) -> None:
        collect(at=self.at)

    @rule(data=st.data(), number=st.integers(0, 1))
    def move(self, data: st.DataObject, number: int) -> None:
        if not self.booked:
            return
        case_id = data.draw(st.sampled_from(sorted(self.booked)))
        wanted = self.slots[number].id
        stays = self.booked[case_id] == wanted
        booking = Booking.objects.get(case_id=case_id, cancelled_at=None)

        def shift() -> bool:
            if not stays:
                slots.take(wanted, by=portal(), at=self.at)
                slots.give_back(self.booked[case_id])
                Booking.objects.filter(id=booking.id).update(slot=wanted)
            return True

        if self.expects(stays or self.live(wanted) < 2, shift):
            self.booked[case_id] = wanted

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if self.booked:
            case_id = data.draw(st.sampled_from(sorted(self.booked)))
            self.expects(True, lambda: slots.release(case_id, by=portal(), at=self.at))
            del self.booked[case_id]

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        for one in self.slots:
            booked = sum(where == one.id for where in self.booked.values())
            row = SlotDay.objects.get(id=one.id)
            assert row.booked == booked
            assert row.held == SlotHold.objects.filter(slot=one.id).count()
            assert self.live(one.id) <= 2


CASES: list[UUID] = []


def test_never_overbooks_whatever_is_done_in_whatever_order() -> None:
    office(9, 10, capacity=50)
    CASES[:] = sorted(case().case_id for _ in range(6))
    Booking.objects.all().delete()
    SlotDay.objects.filter(calendar=OFFICE).update(capacity=2, booked=0)
    run_state_machine_as_test(
        Office,
        settings=hypothesis(max_examples=8, stateful_step_count=16, deadline=None),
    )


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_as_many_get_a_place_as_there_are() -> None:
    times = office(9, 10, 11, capacity=2)
    by, sent = portal(), [application() for _ in range(20)]

    def one(number: int) -> str:
        if number % 2:
            return str(submit(sent[number], by=by)["appointment"]["slot"])
        text, _ = hold_slot("resident-parking", str(times[number % 3].id), key=None, by=by, at=AT)
        named = {**sent[number]["form"], "slot": json.loads(text)["id"]}
        return str(submit({**sent[number], "form": named}, by=by)["appointment"]["slot"])

    answers = together(20, one)
    assert len(refused(answers)) == 14
    assert [counts(slot) for slot in times] == [(2, 0), (2, 0), (2, 0)]
    assert Booking.objects.filter(cancelled_at=None).count() == 6
