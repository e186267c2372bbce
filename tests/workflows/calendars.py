"""Services with appointments for tests: an office by the clock, another system's calendar."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from tests.factories import AT, body, city
from tests.workflows.working import published
from workflows.models import SlotDay
from workflows.slots import lay_out

OFFICE = "permit-office"
TOMORROW = AT.date() + timedelta(days=1)


def with_appointments(**rule: Any) -> Callable[[dict[str, Any]], None]:
    """A change for ``published``: people come to the office, at the slot the form may name."""

    def change(document: dict[str, Any]) -> None:
        label = {"de": "Termin", "en": "Appointment"}
        document["form"]["properties"] |= {
            "slot": {"type": "string", "maxLength": 64, "x-labels": label},
            "wish_date": {"type": "string", "format": "date", "x-labels": label},
            "strict": {"type": "boolean", "default": False, "x-labels": label},
        }
        document["slots"] = {
            "calendar": OFFICE,
            "place": "office",
            "kinds": [{"key": "standard", "title": label}],
            "slot": "/form/slot",
            "wish_date": "/form/wish_date",
            "strict": "/form/strict",
            **rule,
        }

    return change


def office(*hours: int, capacity: int = 1, day: date = TOMORROW, **rule: Any) -> list[SlotDay]:
    """Resident parking by appointment, and its calendar on ``day`` at these ``hours``."""
    published("resident-parking", with_appointments(**rule))
    for hour in hours:
        lay_out(
            city(),
            OFFICE,
            days=[day],
            district="",
            kind="standard",
            capacity=capacity,
            starts=time(hour),
            ends=time(hour, 30),
        )
    return list(SlotDay.objects.filter(calendar=OFFICE).order_by("day", "starts"))


def application(**form: Any) -> dict[str, Any]:
    """The example of the service with more in its form."""
    sent = body("resident-parking")
    return sent | {"form": sent["form"] | form}
