"""How long services take lately, told without telling about persons; and what is free next."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from backoffice.demo.appointment_system import AppointmentSystem, office_hours
from tests.factories import AT, DAY, city, submitted
from tests.workflows.calendars import OFFICE, TOMORROW, office, with_appointments
from tests.workflows.working import published, statements
from workflows.models import Decision, EarliestTime, Process, ServiceFigures, SlotDay, SlotHold
from workflows.offers import current_offer, current_offers
from workflows.service_figures import BELIEVED, Said, ask_earliest_times, reckon_figures, said_of

pytestmark = pytest.mark.django_db

PARKING = "resident-parking"


def decided(days: int, *, at: datetime = AT - DAY) -> Process:
    """A permit's case decided ``at``, so many days after its receipt."""
    process = submitted(at=at - timedelta(days=days))
    decide(process, at)
    return process


def decide(process: Process, at: datetime) -> None:
    Decision.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind="granted",
        is_automated=False,
        decided_at=at,
        decided_by="user:1",
    )


def said(key: str = PARKING, at: datetime = AT) -> Said:
    return said_of(city().pk, [current_offer(city().pk, key)], at=at)[key]


class TestProcessing:
    def test_is_the_median_and_four_of_five(self) -> None:
        for days in (1, 2, 3, 4, 10):
            decided(days)
        assert reckon_figures(at=AT) == 1
        found = said().processing
        assert found is not None
        assert (found.median_days, found.within_days_80, found.as_of) == (3, 4, date(2026, 3, 10))

    def test_is_not_told_of_fewer_than_five_and_forgotten_with_them(self) -> None:
        for days in (1, 1, 1, 1):
            decided(days)
        reckon_figures(at=AT)
        assert said().processing is None
        fifth = decided(30)
        reckon_figures(at=AT)
        assert said().processing is not None
        Decision.objects.filter(case_id=fifth.case_id).delete()
        reckon_figures(at=AT)
        assert not ServiceFigures.objects.exists()

    def test_counts_a_case_once_by_its_first_decision(self) -> None:
        cases = [decided(2) for _ in range(5)]
        decide(cases[0], AT - timedelta(hours=1))
        long_ago = decided(1, at=AT - 100 * DAY)
        decide(long_ago, AT - DAY)
        reckon_figures(at=AT)
        figures = ServiceFigures.objects.get()
        assert (figures.cases, figures.within_days_80) == (5, 2)

    def test_is_of_the_last_90_days(self) -> None:
        for _ in range(5):
            decided(3, at=AT - 89 * DAY)
        assert reckon_figures(at=AT) == 1
        assert reckon_figures(at=AT + 2 * DAY) == 0

    def test_of_reports_ends_when_they_were_seen_to(self) -> None:
        for days in range(5):
            report = submitted("defect-report", at=AT - timedelta(days=days))
            Process.objects.filter(case_id=report.case_id).update(outcome="repaired", done_at=AT)
        reckon_figures(at=AT)
        found = said("defect-report").processing
        assert found is not None
        assert (found.median_days, found.within_days_80) == (2, 3)


class TestTheEarliestAppointment:
    def test_is_the_first_with_room_by_the_clock(self) -> None:
        nine, ten, eleven = office(9, 10, 11)
        SlotDay.objects.filter(id=nine.id).update(booked=1)
        SlotDay.objects.filter(id=ten.id).update(held=1)
        hold = SlotHold.objects.create(
            tenant=city(), slot=ten, source="x", held_at=AT, expires_at=AT + timedelta(minutes=15)
        )
        assert said().appointment == (TOMORROW, time(11))
        assert said(at=hold.expires_at).appointment == (TOMORROW, time(10))
        SlotDay.objects.filter(id=eleven.id).update(booked=1)
        assert said().appointment is None

    def test_is_none_where_nobody_comes(self) -> None:
        assert said("dog-tax") == Said(None, None)

    def test_costs_one_statement_for_all_services(self) -> None:
        tenant_id = city().pk
        offers = current_offers(tenant_id)
        assert len(offers) > 10
        assert len(statements(lambda: said_of(tenant_id, offers, at=AT))) == 1
        assert set(said_of(tenant_id, offers, at=AT)) == {one.definition.key for one in offers}


class TestAnotherSystemsCalendar:
    @pytest.fixture
    def system(self, settings: Any) -> Iterator[AppointmentSystem]:
        published(PARKING, with_appointments(provider="external"))
        with AppointmentSystem(office_hours(OFFICE, "standard", TOMORROW, 1)) as double:
            double.clock = lambda: AT
            settings.APPOINTMENTS_URL, settings.APPOINTMENTS_TIMEOUT = double.url, 2.0
            yield double

    def test_is_asked_by_the_job_and_believed_for_a_while(self, system: AppointmentSystem) -> None:
        assert said().appointment is None
        assert ask_earliest_times(at=AT) == 1
        found = said().appointment
        assert found is not None
        assert found[0] == TOMORROW
        assert said(at=AT + BELIEVED).appointment is None

    def test_that_does_not_answer_says_nothing_new(
        self, system: AppointmentSystem, settings: Any
    ) -> None:
        ask_earliest_times(at=AT)
        settings.APPOINTMENTS_URL = ""
        assert ask_earliest_times(at=AT + DAY) == 0
        assert said(at=AT + timedelta(minutes=1)).appointment is not None

    def test_is_forgotten_once_the_service_books_from_ours(self, system: AppointmentSystem) -> None:
        ask_earliest_times(at=AT)
        published(PARKING, with_appointments())
        ask_earliest_times(at=AT)
        assert not EarliestTime.objects.exists()
