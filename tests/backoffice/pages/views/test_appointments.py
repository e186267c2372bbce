"""Tests of backoffice.pages.views.appointments: who comes, when else, hours of a calendar."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from efile.kernel.clock import local_date, real_now
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import city, submit, submitted
from tests.workflows.calendars import OFFICE, application, office
from tests.workflows.working import recorded
from workflows.models import Process, SlotDay

pytestmark = pytest.mark.django_db

DAY = local_date(real_now()) + timedelta(days=3)


def appointed(**form: Any) -> Process:
    """A case with the first free time."""
    receipt = submit(application(**form), at=real_now())
    return Process.objects.get(submission=UUID(receipt["id"]))


class TestTheDay:
    def test_shows_who_comes_when(self, desk: Client) -> None:
        office(9, 10, day=DAY)
        first, second = appointed(), appointed()
        page = desk.get(f"/appointments?service=resident-parking&day={DAY}").context["page"]
        assert [(row.window, row.key) for row in page.rows] == [
            ("09:00–09:30", str(first.case_id)),
            ("10:00–10:30", str(second.case_id)),
        ]
        assert not desk.get(f"/appointments?day={DAY + timedelta(days=1)}").context["page"].rows

    def test_is_of_those_who_may_see_it(self, signed_in: SignedIn) -> None:
        office(9, day=DAY)
        appointed()
        stranger = signed_in("j.kessler")
        assert (
            not stranger.get(f"/appointments?service=resident-parking&day={DAY}")
            .context["page"]
            .rows
        )

    def test_costs_the_same_for_one_and_for_many(self, desk: Client) -> None:
        office(9, day=DAY, capacity=20)
        appointed()
        address = f"/appointments?service=resident-parking&day={DAY}"
        with_one = cost(desk, address)
        for _ in range(5):
            appointed()
        assert cost(desk, address) == with_one <= 4


class TestTheCase:
    def test_offers_what_is_free_and_moves_there(self, desk: Client) -> None:
        _, ten = office(9, 10, day=DAY)
        process = appointed()
        address = f"/cases/{process.case_id}/appointment"
        assert f'href="{address}"' in desk.get(f"/cases/{process.case_id}").content.decode()
        page = desk.get(address).context["page"]
        assert [one.value for one in page.move.fields[0].options] == [str(ten.id)]
        said = {"slot": str(ten.id), "reason": "", "version": page.move.version}
        refused = desk.post(address, said)
        assert refused.status_code == 422
        assert refused.context["page"].move.problems[0].field == "reason"
        moved = desk.post(address, said | {"reason": "Krank"}, follow=True)
        assert "10:00–10:30" in moved.content.decode()
        cancel = {"reason": "Geschlossen", "version": page.move.version + "0"}
        assert desk.post(f"{address}/cancel", cancel).status_code == 409
        del cancel["version"]
        desk.post(f"{address}/cancel", cancel)
        assert recorded(process.case_id)[-1] == "slot.released"

    def test_notes_that_nobody_came_once_it_has_begun(self, desk: Client) -> None:
        office(9, day=DAY)
        process = appointed()
        address = f"/cases/{process.case_id}/appointment/missed"
        assert desk.get(address).status_code == 302
        assert desk.post(address, {}).status_code == 409
        SlotDay.objects.filter(calendar=OFFICE).update(day=DAY - timedelta(days=30))
        assert desk.post(address, {"again": "on"}).status_code == 302
        assert "slot.missed" in recorded(process.case_id)

    def test_without_appointments_has_no_such_page(self, desk: Client) -> None:
        assert desk.get(f"/cases/{submitted().case_id}/appointment").status_code == 404


class TestTheCalendar:
    def hours(self, **changes: Any) -> dict[str, Any]:
        monday = DAY + timedelta(days=7 - DAY.weekday())
        return {
            "kind": "standard",
            "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
            "opens": "13:00",
            "closes": "15:00",
            "minutes": "30",
            "capacity": "2",
            "first": monday.isoformat(),
            "last": (monday + timedelta(days=6)).isoformat(),
            **changes,
        }

    def test_is_looked_at_before_it_is_laid_out(self, signed_in: SignedIn) -> None:
        office(9, day=DAY)
        boss = signed_in("t.oyelaran")
        address = "/appointments/calendar?service=resident-parking"
        assert len(boss.get(address).context["page"].weeks) == 12
        before = SlotDay.objects.count()
        plan = boss.post(address, self.hours()).context["page"].plan
        assert SlotDay.objects.count() == before
        boss.post(plan.url, dict(self.sent(plan)))
        laid_out = SlotDay.objects.count() - before
        assert laid_out == SlotDay.objects.filter(calendar=OFFICE, capacity=2).count() > 0
        assert laid_out % 4 == 0
        assert not boss.post(address, self.hours()).context["page"].plan.is_new

    def sent(self, plan: Any) -> dict[str, list[str]]:
        said: dict[str, list[str]] = {}
        for name, value in plan.values:
            said.setdefault(name, []).append(value)
        return said

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"weekdays": []}, "weekdays"),
            ({"closes": "12:00"}, "closes"),
            ({"opens": "früh"}, "opens"),
            ({"minutes": "300"}, "minutes"),
            ({"last": "2020-01-01"}, "last"),
            ({"last": "2090-01-01"}, "last"),
            ({"kind": "other"}, "kind"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(
        self, signed_in: SignedIn, wrong: dict[str, Any], field: str
    ) -> None:
        office(9, day=DAY)
        answer = signed_in("t.oyelaran").post(
            "/appointments/calendar?service=resident-parking", self.hours(**wrong)
        )
        assert answer.status_code == 422
        assert [one.field for one in answer.context["page"].hours.problems] == [field]

    def test_leaves_out_closing_days_and_closes_others(self, signed_in: SignedIn) -> None:
        office(9, day=DAY)
        tenant = city()
        closed = DAY + timedelta(days=7 - DAY.weekday())
        tenant.closing_days = [*tenant.closing_days, closed]
        tenant.save(update_fields=["closing_days"])
        boss = signed_in("t.oyelaran")
        plan = (
            boss.post("/appointments/calendar?service=resident-parking", self.hours())
            .context["page"]
            .plan
        )
        assert any(f"{closed:%d.%m.%Y}" in one for one in plan.closed)
        appointed()
        shut = boss.post(
            "/appointments/calendar/close?service=resident-parking", {"day": DAY.isoformat()}
        )
        assert shut.status_code == 302
        assert SlotDay.objects.get(calendar=OFFICE, day=DAY).capacity == 1

    def test_is_for_those_who_keep_it(self, desk: Client) -> None:
        office(9, day=DAY)
        assert desk.get("/appointments/calendar?service=resident-parking").status_code == 403
