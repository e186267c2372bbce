"""Another system's calendars over HTTP: what is free, held, booked and cancelled there.

Holds and bookings carry ids of ours and are put, never posted: the same call again is the same
booking, so whoever dies between the call and its note calls again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import httpx
import structlog
from django.conf import settings

from efile.kernel.clock import BERLIN
from efile.kernel.errors import Unavailable
from workflows.slots import SlotTaken

log = structlog.get_logger()

_LONGEST_ID: Final = 64


class AppointmentsUnavailable(Unavailable):
    """The appointment system does not answer, or not as agreed upon."""

    code = "appointments_unavailable"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of the other system under its own ``id``; ``free`` places at the time of asking."""

    id: str
    kind: str
    starts: datetime
    ends: datetime
    free: int


def list_times(calendar: str, first: date, last: date) -> list[Time]:
    """What is free from ``first`` to ``last``. Refuses: AppointmentsUnavailable."""
    span = {"from": first.isoformat(), "to": last.isoformat()}
    said = _call("GET", f"/calendars/{calendar}/slots", query=span)
    if not isinstance(said, dict) or not isinstance(said.get("slots"), list):
        raise AppointmentsUnavailable
    return sorted(map(_time, said["slots"]), key=lambda one: (one.starts, one.id))


def put_hold(hold_id: UUID, calendar: str, slot: str, expires_at: datetime) -> Time:
    """Hold a place until ``expires_at``. Refuses: SlotTaken, AppointmentsUnavailable."""
    asked = {"calendar": calendar, "slot": slot, "expires_at": expires_at.isoformat()}
    return _time(_call("PUT", f"/holds/{hold_id}", asked))


def put_booking(
    booking_id: UUID, calendar: str, slot: str, *, reference: str, hold: str = ""
) -> Time:
    """Book ``slot``, or move the booking there; with the place of ``hold`` where there is one.

    Refuses: SlotTaken (an earlier time of this booking stays), AppointmentsUnavailable.
    """
    asked = {"calendar": calendar, "slot": slot, "reference": reference}
    return _time(_call("PUT", f"/bookings/{booking_id}", asked | ({"hold": hold} if hold else {})))


def find_booking(booking_id: UUID) -> Time | None:
    """When the booking is over there. Refuses: AppointmentsUnavailable."""
    said = _call("GET", f"/bookings/{booking_id}")
    return None if said is None else _time(said)


def delete_booking(booking_id: UUID) -> None:
    """There is no such booking any more, or never was. Refuses: AppointmentsUnavailable."""
    _call("DELETE", f"/bookings/{booking_id}")


def _call(
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    query: Mapping[str, str] | None = None,
) -> Any:
    """The answer as JSON; None where there is nothing (404, 204)."""
    if not settings.APPOINTMENTS_URL:
        raise AppointmentsUnavailable
    try:
        response = _client().request(
            method,
            settings.APPOINTMENTS_URL + path,
            json=body,
            params=query,
            timeout=settings.APPOINTMENTS_TIMEOUT,
        )
        if response.status_code == httpx.codes.CONFLICT or (
            method == "PUT" and response.status_code == httpx.codes.NOT_FOUND
        ):
            raise SlotTaken
        if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.NO_CONTENT):
            return None
        response.raise_for_status()
        return response.json()
    except (httpx.HTTPError, ValueError) as error:
        # The path holds no personal data: keys of calendars, and random ids.
        log.warning("appointments_unavailable", path=path, failure=type(error).__name__)
        raise AppointmentsUnavailable from None


@cache
def _client() -> httpx.Client:
    """One per process: reading the certificates again for each call costs more than calling."""
    return httpx.Client()


def _time(said: Any) -> Time:
    """``said`` as agreed upon; else AppointmentsUnavailable."""
    try:
        found = Time(
            str(said["id"]),
            str(said["kind"]),
            datetime.fromisoformat(said["start"]).astimezone(BERLIN),
            datetime.fromisoformat(said["end"]).astimezone(BERLIN),
            int(said.get("free", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AppointmentsUnavailable from None
    if not 0 < len(found.id) <= _LONGEST_ID:
        raise AppointmentsUnavailable
    return found
