"""Tests of workflows.dispatch: the places of a day, for those who send the crew there."""

from datetime import date

import pytest

from efile.kernel.models import User
from efile.models import CaseDenial
from efile.policy import ActionNotGranted
from tests.factories import body, city, colleague, submit
from workflows.dispatch import dispatch_list
from workflows.models import Process

pytestmark = pytest.mark.django_db

CALENDAR = "bulky-waste"


def booked() -> date:
    receipt = submit(body("bulky-waste"))
    return date.fromisoformat(receipt["appointment"]["date"])


class TestDispatchList:
    def test_is_in_the_order_of_booking(self) -> None:
        days = {booked() for _ in range(3)}
        (day,) = days
        stops = dispatch_list(CALENDAR, day, by=colleague("j.kessler"))

        booked_first = [str(one.case_id) for one in Process.objects.order_by("case_id")]
        assert [str(stop.case_id) for stop in stops] == booked_first

    def test_knows_the_place_and_what_was_applied_for(self) -> None:
        (stop,) = dispatch_list(CALENDAR, booked(), by=colleague("j.kessler"))

        assert stop.address["street"] == body("bulky-waste")["form"]["pickup"]["street"]
        assert stop.application.form["items"]

    def test_leaves_out_a_case_somebody_is_barred_from(self) -> None:
        day, barred = booked(), User.objects.get(username="j.kessler")
        CaseDenial.objects.create(
            tenant=city(),
            case_id=Process.objects.get().case_id,
            user=barred,
            reason="§ 20 VwVfG",
        )

        assert dispatch_list(CALENDAR, day, by=colleague("j.kessler")) == []
        assert len(dispatch_list(CALENDAR, day, by=colleague("r.aydin"))) == 1

    def test_is_empty_for_another_unit(self) -> None:
        assert dispatch_list(CALENDAR, booked(), by=colleague("a.lopes")) == []

    def test_is_refused_to_those_who_dispatch_nowhere(self) -> None:
        with pytest.raises(ActionNotGranted):
            dispatch_list(CALENDAR, date(2026, 3, 12), by=colleague("v.nightingale"))
