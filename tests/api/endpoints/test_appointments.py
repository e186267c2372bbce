"""Slots held and moved, and payments, as a portal sees them."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest

from backoffice.demo.payment_platform import ENDPOINT, ORIGINATOR, PaymentPlatform
from efile.kernel.clock import local_date, real_now
from tests.api.calling import Portal
from tests.factories import city, drained
from tests.workflows.calendars import OFFICE, with_appointments
from tests.workflows.working import published
from workflows.models import Payment
from workflows.slots import lay_out

pytestmark = pytest.mark.django_db
SLOTS = "services/resident-parking/slots"


@pytest.fixture
def hours() -> None:
    """The permit office is open next week, for one at a time."""
    published("resident-parking", with_appointments())
    day = local_date(real_now()) + timedelta(days=7)
    for hour in (9, 10):
        lay_out(
            city(),
            OFFICE,
            days=[day],
            district="",
            kind="standard",
            capacity=1,
            starts=time(hour),
            ends=time(hour, 30),
        )


@pytest.fixture
def platform(settings: Any) -> Iterator[PaymentPlatform]:
    with PaymentPlatform() as double:
        settings.PAYMENT_URL = double.url
        settings.PAYMENT_ORIGINATOR, settings.PAYMENT_ENDPOINT = ORIGINATOR, ENDPOINT
        rule = {"blocks": "decide"}
        published("resident-parking", lambda document: document["fee"].update(payment=rule))
        yield double


def free(portal: Portal) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = portal.get(SLOTS).json["slots"]
    return found


class TestAHold:
    def test_is_named_by_the_form_and_becomes_the_appointment(
        self, portal: Portal, hours: None
    ) -> None:
        nine, ten = free(portal)
        assert nine.keys() >= {"id", "start", "end", "kind", "free"}
        held = portal.post(f"{SLOTS}/{ten['id']}/hold", key="h")
        assert held.status == 201
        assert held.json.keys() == {"id", "expires_at"}
        again = portal.post(f"{SLOTS}/{ten['id']}/hold", key="h")
        assert (again.bytes, again.headers["Idempotent-Replayed"]) == (held.bytes, "true")
        assert [one["id"] for one in free(portal)] == [nine["id"]]
        sent = portal.application("resident-parking")
        sent["form"]["slot"] = held.json["id"]
        receipt = portal.submit(sent).json
        assert receipt["appointment"]["slot"] == ten["id"]
        moved = portal.post(f"submissions/{receipt['id']}/appointment", {"slot": nine["id"]})
        assert (moved.status, moved.json["appointment"]["start"]) == (200, "09:00")
        status = portal.get(f"submissions/{receipt['id']}").json
        assert (status["appointment"]["state"], status["appointment"]["start"]) == (
            "booked",
            "09:00:00",
        )
        assert "slot_moved" in [event["type"] for event in status["events"]]

    def test_of_what_is_taken_is_a_conflict(self, portal: Portal, hours: None) -> None:
        nine, _ = free(portal)
        portal.post(f"{SLOTS}/{nine['id']}/hold")
        taken = portal.post(f"{SLOTS}/{nine['id']}/hold")
        assert (taken.status, taken.json["code"]) == (409, "slot_taken")
        assert portal.post(f"{SLOTS}/none/hold").status == 404
        assert portal.post(f"services/none/slots/{nine['id']}/hold").status == 404


class TestAnAppointment:
    def test_is_the_senders_alone(self, portal: Portal, hours: None) -> None:
        address = f"submissions/{portal.submitted('resident-parking')['id']}/appointment"
        for path in (address, address.replace("0", "1")):
            assert Portal().post(path, {"slot": None}).status == 404
        assert portal.post(address, {"slot": 5}).status == 400
        assert portal.post(address, {"slot": None}).json == {"appointment": None}


class TestAPayment:
    def test_is_told_asked_after_and_goes_on(
        self, portal: Portal, platform: PaymentPlatform
    ) -> None:
        address = f"submissions/{portal.submitted('resident-parking')['id']}"
        assert portal.get(address).json["payment"]["status"] == "wanted"
        drained()
        told = portal.get(address).json["payment"]
        assert told["url"].startswith(platform.url)
        # Nobody paid: saying so changes nothing.
        assert portal.post(f"{address}/payment").status == 202
        drained()
        assert portal.get(address).json["payment"]["status"] == "open"
        platform.pay(Payment.objects.get().transaction)
        answer = portal.post(f"{address}/payment")
        assert (answer.status, answer.json["payment"]["status"]) == (202, "open")
        drained()
        status = portal.get(address).json
        assert (status["payment"]["status"], status["payment"]["url"]) == ("paid", "")
        assert [event["type"] for event in status["events"]].count("payment_received") == 1

    def test_is_none_where_nothing_is_paid_online(self, portal: Portal) -> None:
        receipt = portal.submitted("resident-parking")
        answer = portal.post(f"submissions/{receipt['id']}/payment")
        assert (answer.status, answer.json) == (202, {"payment": None})
