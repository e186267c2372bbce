"""Deadlines kept on a case, each with the words of its derivation."""

from datetime import date

import pytest

from tests.factories import city, submitted
from workflows.case_deadlines import end_deadlines, office_calendar, set_deadline
from workflows.deadlines.law import DEFAULT_LAW, Regime
from workflows.deadlines.remedies import objection_after_post
from workflows.models import Deadline, Process

pytestmark = pytest.mark.django_db

POSTED = date(2026, 3, 10)


def remedy(process: Process, posted: date = POSTED) -> Deadline:
    return set_deadline(
        process.tenant_id,
        process.case_id,
        key="remedy",
        kind="legal",
        event_on=posted,
        reckoning=objection_after_post(posted, Regime.VWVFG, law=DEFAULT_LAW),
    )


def running(process: Process) -> dict[str, date]:
    rows = Deadline.objects.filter(case_id=process.case_id, is_running=True)
    return dict(rows.values_list("key", "ends_on"))


class TestSettingADeadline:
    def test_keeps_the_day_and_how_it_came_about(self) -> None:
        set_ = remedy(submitted())
        stored = Deadline.objects.get(id=set_.id)
        assert (stored.event_on, stored.ends_on) == (POSTED, date(2026, 4, 14))
        assert stored.rule == "delivery_fiction_post+objection_1_month"
        assert stored.derivation[0] == {
            "kind": "event",
            "on": "2026-03-10",
            "paragraph": "§ 187 Abs. 1 BGB",
            "facts": {"event": "act_posted"},
        }

    def test_ends_the_one_that_ran_under_the_same_key(self) -> None:
        process = submitted()
        remedy(process)
        remedy(process, date(2026, 3, 11))
        assert running(process) == {
            "processing": date(2026, 3, 24),
            "remedy": date(2026, 4, 15),
        }
        assert Deadline.objects.filter(case_id=process.case_id, key="remedy").count() == 2


class TestEndingDeadlines:
    def test_ends_those_that_are_named_on_this_case_alone(self) -> None:
        process, other = submitted(), submitted()
        remedy(process)
        end_deadlines(process.case_id, ["remedy", "answer"])
        assert running(process).keys() == running(other).keys() == {"processing"}


class TestTheOfficeCalendar:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 3, 10), True),
            (date(2026, 2, 16), False),  # Rosenmontag: no holiday, but the town hall is closed
            (date(2026, 6, 4), False),  # Corpus Christi, a holiday in NRW
            (date(2026, 3, 14), False),
        ],
    )
    def test_knows_holidays_and_closing_days(self, day: date, works: bool) -> None:
        assert office_calendar(city()).is_working_day(day) is works
