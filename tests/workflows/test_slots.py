"""Appointments: never more than a day takes, and nobody lost on the way."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from efile.kernel.verbs import unit_of_work
from efile.models import Case
from tests.crowd import together
from tests.factories import (
    AT,
    body,
    city,
    drained,
    machine,
    portal,
    submit,
    submitted,
)
from tests.workflows.conftest import Clock
from tests.workflows.working import answered, recorded, refused, statements
from workflows.endings import withdraw
from workflows.models import Booking, Process, SlotDay, State, Task
from workflows.slots import NoSlot, SlotTaken, book, free_slots, lay_out, release

pytestmark = pytest.mark.django_db

CALENDAR = "bulky-waste"
# Lindenstraße lies in district 2; its rounds around 10 March 2026.
DISTRICT = "2"


def rounds(kind: str = "standard", district: str = DISTRICT) -> list[SlotDay]:
    """The days from tomorrow on, soonest first."""
    days = SlotDay.objects.filter(calendar=CALENDAR, district=district, kind=kind)
    return list(days.filter(day__gt=AT.date()).order_by("day"))


def collection(**form: Any) -> dict[str, Any]:
    sent = body("bulky-waste")
    return sent | {"form": sent["form"] | form}


def appointment(**form: Any) -> dict[str, Any]:
    found: dict[str, Any] = submit(collection(**form))["appointment"]
    return found


def fill(slot: SlotDay) -> None:
    SlotDay.objects.filter(id=slot.id).update(booked=slot.capacity)


def booked(slot: SlotDay) -> int:
    return SlotDay.objects.get(id=slot.id).booked


class TestBooking:
    def test_takes_the_first_round_from_tomorrow_on(self) -> None:
        first = rounds()[0]
        assert appointment()["slot"] == str(first.id)
        assert booked(first) == 1

    def test_never_takes_today(self) -> None:
        first = rounds()[0]
        on_the_day = datetime.combine(first.day, AT.timetz())
        receipt = submit(collection(), at=on_the_day)
        assert receipt["appointment"]["date"] == rounds()[1].day.isoformat()

    def test_takes_the_day_that_was_wished_for(self) -> None:
        wished = rounds()[2].day.isoformat()
        found = appointment(wish_date=wished)
        assert (found["date"], found["wished"], found["moved"]) == (wished, wished, False)

    def test_takes_the_next_free_day_and_says_so_where_it_is_full(self) -> None:
        wanted, following = rounds()[:2]
        fill(wanted)
        found = appointment(wish_date=wanted.day.isoformat())
        assert (found["date"], found["wished"], found["moved"]) == (
            following.day.isoformat(),
            wanted.day.isoformat(),
            True,
        )

    def test_takes_the_next_round_where_there_is_none_that_day(self) -> None:
        assert appointment(wish_date="2026-03-15")["moved"] is True

    def test_of_a_day_gone_by_takes_the_next(self) -> None:
        found = appointment(wish_date="2026-01-15")
        assert found["date"] == rounds()[0].day.isoformat()
        assert found["moved"] is True

    def test_that_is_strict_is_refused_where_the_day_is_full(self) -> None:
        wanted = rounds()[0]
        fill(wanted)
        with pytest.raises(SlotTaken):
            appointment(wish_date=wanted.day.isoformat(), strict=True)
        assert not Case.objects.exists()

    def test_that_is_strict_takes_the_day_where_it_is_free(self) -> None:
        wanted = rounds()[1].day.isoformat()
        assert appointment(wish_date=wanted, strict=True)["date"] == wanted

    def test_keeps_express_apart_from_the_rounds(self) -> None:
        express = rounds("express")[0]
        found = appointment(collection="express")
        assert (found["slot"], found["kind"]) == (str(express.id), "express")
        assert all(booked(one) == 0 for one in rounds()[:3])

    def test_is_refused_where_nothing_is_free(self) -> None:
        SlotDay.objects.update(capacity=0)
        with pytest.raises(NoSlot) as refusal:
            appointment()
        assert refusal.value.facts == {"kind": "standard", "district": DISTRICT}

    def test_is_recorded_on_the_case(self) -> None:
        process = submitted("bulky-waste")
        assert recorded(process.case_id) == ["slot.booked", "process.started", "case.opened"]

    def test_is_one_for_each_case(self) -> None:
        process = submitted("bulky-waste")
        slot = rounds()[0]
        with pytest.raises(IntegrityError, match="one_live_booking_per_case"), unit_of_work():
            book_on(slot, process.case_id)
        assert booked(slot) == 1

    def test_outside_the_city_is_left_to_a_person(self, clock: Clock) -> None:
        pickup = {"street": "Champs-Élysées", "number": "1"}
        receipt = submit(collection(pickup=pickup))
        assert "appointment" not in receipt
        assert not Booking.objects.exists()
        drained()
        process = Process.objects.get(submission=UUID(receipt["id"]))
        assert process.state == State.RECEIVED
        assert Task.objects.get(case_id=process.case_id).facts["failed"] == ["address"]

    def test_at_a_house_number_nobody_has_is_left_to_a_person(self) -> None:
        receipt = submit(collection(pickup={"street": "Lindenstraße", "number": "111"}))
        assert "appointment" not in receipt


def book_on(slot: SlotDay, case_id: UUID) -> None:
    book(
        case_id,
        calendar=CALENDAR,
        district=slot.district,
        kind=slot.kind,
        first=slot.day,
        last=slot.day,
        by=machine(),
        at=AT,
    )


class TestReleasing:
    def test_gives_the_place_back(self) -> None:
        process = submitted("bulky-waste")
        slot = rounds()[0]
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        assert booked(slot) == 0
        assert Booking.objects.get().cancelled_at == AT
        assert "slot.released" in recorded(process.case_id)
        assert appointment()["slot"] == str(slot.id)

    def test_twice_gives_one_place_back(self) -> None:
        process, slot = submitted("bulky-waste"), rounds()[0]
        submitted("bulky-waste")
        for _ in range(2):
            with unit_of_work():
                release(process.case_id, by=machine(), at=AT)
        assert booked(slot) == 1

    def test_of_a_case_without_a_place_does_nothing(self) -> None:
        process = submitted()
        with unit_of_work():
            release(process.case_id, by=machine(), at=AT)
        assert "slot.released" not in recorded(process.case_id)


class TestTheDatabase:
    @pytest.mark.parametrize("count", [-1, 15])
    def test_refuses_a_day_with_more_than_it_takes(self, count: int) -> None:
        assert rounds()[0].capacity == 14
        with pytest.raises(IntegrityError, match="never_overbooked"), transaction.atomic():
            SlotDay.objects.filter(id=rounds()[0].id).update(booked=count)


class TestFreeSlots:
    def test_are_the_days_with_room_in_order(self) -> None:
        first, second, third = rounds()[:3]
        fill(second)
        SlotDay.objects.filter(id=third.id).update(booked=3)
        found = [
            one
            for one in free_slots(
                city().pk, CALENDAR, first=first.day, last=third.day, district=DISTRICT
            )
            if one.kind == "standard"
        ]
        assert [(one.id, one.free) for one in found] == [(first.id, 14), (third.id, 11)]
        assert (found[0].starts, found[0].ends) == (time(7), time(16))

    def test_of_the_whole_city_name_every_district(self) -> None:
        first = rounds()[0].day
        found = free_slots(city().pk, CALENDAR, first=first, last=first + timedelta(days=2))
        assert {one.district for one in found} == set("123456")
        keys = [(one.day, one.district, one.kind) for one in found]
        assert keys == sorted(keys)

    def test_include_the_first_and_the_last_day(self) -> None:
        day = rounds()[0].day
        found = free_slots(city().pk, CALENDAR, first=day, last=day, district=DISTRICT)
        assert {one.kind for one in found} == {"standard", "express"}

    def test_of_another_calendar_are_none(self) -> None:
        assert free_slots(city().pk, "registry", first=date.min, last=date.max) == []

    def test_take_one_statement(self) -> None:
        tenant = city().pk
        sent = statements(lambda: free_slots(tenant, CALENDAR, first=date.min, last=date.max))
        assert len(sent) == 1


class TestLayingOut:
    def test_opens_new_days_and_leaves_the_others_as_they_are(self) -> None:
        known = rounds()[0]
        fill(known)
        new = date(2029, 1, 2)
        opened = lay_out(
            city(),
            CALENDAR,
            days=[known.day, new],
            district=DISTRICT,
            kind="standard",
            capacity=3,
            starts=time(7),
            ends=time(12),
        )
        assert opened == 1
        assert (booked(known), SlotDay.objects.get(id=known.id).capacity) == (14, 14)
        assert SlotDay.objects.get(day=new).capacity == 3


@pytest.mark.django_db(transaction=True)
class TestFiftyAtOnce:
    def test_fill_the_days_in_order_and_nobody_is_lost(self) -> None:
        days = rounds()[:5]
        by, sent = portal(), [collection() for _ in range(50)]
        receipts = answered(together(50, lambda number: submit(sent[number], by=by)))
        # Fourteen a day: three full days, and eight on the fourth.
        assert [booked(day) for day in days] == [14, 14, 14, 8, 0]
        promised = sorted(receipt["appointment"]["date"] for receipt in receipts)
        kept = Booking.objects.order_by("slot__day").values_list("slot__day", flat=True)
        assert promised == [day.isoformat() for day in kept]

    def test_on_the_same_strict_day_leave_the_rest_refused(self) -> None:
        wanted = rounds()[0]
        by = portal()
        wish = {"wish_date": wanted.day.isoformat(), "strict": True}
        sent = [collection(**wish) for _ in range(50)]
        answers = together(50, lambda number: submit(sent[number], by=by))
        assert [type(refusal) for refusal in refused(answers)] == [SlotTaken] * 36
        assert booked(wanted) == Case.objects.count() == 14

    def test_while_others_cancel_never_count_wrongly(self) -> None:
        leaving = [submitted("bulky-waste").case_id for _ in range(14)]
        by, sent = portal(), [collection() for _ in range(14)]

        def one(number: int) -> None:
            if number < 14:
                withdraw(leaving[number], reason="", by=by, at=AT)
            else:
                submit(sent[number - 14], by=by)

        assert refused(together(28, one)) == []
        live = Booking.objects.filter(cancelled_at=None)
        assert live.count() == sum(booked(day) for day in rounds()) == 14
        for day in rounds():
            assert live.filter(slot=day.id).count() == booked(day)
