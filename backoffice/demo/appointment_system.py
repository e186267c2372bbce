"""Musterstadt's simulated appointment system: calendars that another vendor keeps, over HTTP.

Run by ``python -m backoffice.demo.appointment_system --port 8011 [--days 60] [--allow-control]``.
Times are ISO 8601 with offset, ids texts of at most 64 characters; errors are ``{"code": …}``.

``GET /calendars/{calendar}/slots?from=2026-03-11&to=2026-03-31`` → 200
    ``{"slots": [{"id", "start", "end", "kind", "free"}]}``, at most 1,000, those with room
``PUT /holds/{id} {"calendar", "slot", "expires_at"}`` → 200 the slot, 404 no such, 409 full
``PUT /bookings/{id} {"calendar", "slot", "hold"?, "reference"}`` → 200 the slot. The same again is
    the same booking; another slot moves it, and where that is full (409) the booking stays
``GET /bookings/{id}`` → 200 the slot, 404
``DELETE /bookings/{id}`` → 204, whether there was one or not

Holds end by themselves. The caller chooses the ids, so that every call can be made twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any, Final

from backoffice.demo.exchange import Answer, Call, Double, missing, parser, serve
from efile.kernel.clock import BERLIN, real_now

_TAKEN: Final[Answer] = (HTTPStatus.CONFLICT, {"code": "slot_taken"})
_NONE: Final[Answer] = (HTTPStatus.NOT_FOUND, {"code": "not_found"})
_MOST: Final = 1000


@dataclass
class Place:
    """A time of a calendar, and who has it."""

    id: str
    calendar: str
    kind: str
    starts: datetime
    ends: datetime
    capacity: int
    bookings: set[str] = field(default_factory=set)
    holds: dict[str, datetime] = field(default_factory=dict)

    def free(self, at: datetime) -> int:
        """Places left at that moment."""
        live = sum(until > at for until in self.holds.values())
        return self.capacity - len(self.bookings) - live

    def told(self, at: datetime) -> dict[str, Any]:
        """As the interface tells it."""
        return {
            "id": self.id,
            "start": self.starts.isoformat(),
            "end": self.ends.isoformat(),
            "kind": self.kind,
            "free": self.free(at),
        }


class AppointmentSystem(Double):
    """Calendars with ``places``; ``clock`` says what time it is over there."""

    def __init__(self, places: Sequence[Place] = (), **options: Any) -> None:
        super().__init__(**options)
        self.places = {place.id: place for place in places}
        self.clock = real_now

    def answer(self, call: Call) -> Answer:
        match call.method, call.path:
            case "GET", ("calendars", calendar, "slots"):
                return self._list(calendar, call)
            case "PUT", ("holds", key):
                return self._hold(key, call)
            case "PUT", ("bookings", key):
                return self._book(key, call)
            case "GET", ("bookings", key):
                place = self.place_of(key)
                return (HTTPStatus.OK, place.told(self.clock())) if place else _NONE
            case "DELETE", ("bookings", key):
                if place := self.place_of(key):
                    place.bookings.discard(key)
                return HTTPStatus.NO_CONTENT, None
        return _NONE

    def place_of(self, booking: str) -> Place | None:
        """Where the booking is."""
        return next((one for one in self.places.values() if booking in one.bookings), None)

    def _list(self, calendar: str, call: Call) -> Answer:
        at = self.clock()
        first, last = (date.fromisoformat(call.query[name]) for name in ("from", "to"))
        found = sorted(
            (
                one
                for one in self.places.values()
                if one.calendar == calendar
                and first <= one.starts.astimezone(BERLIN).date() <= last
                and one.free(at) > 0
            ),
            key=lambda one: one.starts,
        )
        return HTTPStatus.OK, {"slots": [one.told(at) for one in found[:_MOST]]}

    def _hold(self, key: str, call: Call) -> Answer:
        at, place = self.clock(), self._wanted(call)
        if place is None or missing(call.body, ["expires_at"]):
            return _NONE
        if key not in place.holds and place.free(at) <= 0:
            return _TAKEN
        place.holds[key] = datetime.fromisoformat(call.body["expires_at"])
        return HTTPStatus.OK, place.told(at)

    def _book(self, key: str, call: Call) -> Answer:
        at, place = self.clock(), self._wanted(call)
        if place is None:
            return _NONE
        if key not in place.bookings:
            held = place.holds.get(str(call.body.get("hold")))
            if place.free(at) <= 0 and not (held and held > at):
                return _TAKEN
            if before := self.place_of(key):
                before.bookings.discard(key)
            place.holds.pop(str(call.body.get("hold")), None)
            place.bookings.add(key)
        return HTTPStatus.OK, place.told(at)

    def _wanted(self, call: Call) -> Place | None:
        place = self.places.get(str(call.body.get("slot")))
        return place if place and place.calendar == call.body.get("calendar") else None


def office_hours(
    calendar: str, kind: str, first: date, days: int, *, capacity: int = 1
) -> list[Place]:
    """Half hours from 8 to 12 on every weekday of ``days`` from ``first``."""
    open_days = (first + timedelta(days=ahead) for ahead in range(days))
    return [
        Place(
            id=f"{calendar}-{day:%Y%m%d}-{hour:02}{minute:02}",
            calendar=calendar,
            kind=kind,
            starts=datetime.combine(day, time(hour, minute), BERLIN),
            ends=datetime.combine(day, time(hour, minute), BERLIN) + timedelta(minutes=30),
            capacity=capacity,
        )
        for day in open_days
        if day.weekday() < 5
        for hour in range(8, 12)
        for minute in (0, 30)
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a calendar until told to stop."""
    known = parser("appointment_system")
    known.add_argument("--calendar", default="aliens-office")
    known.add_argument("--kind", default="standard")
    known.add_argument("--days", type=int, default=60, help="how far the calendar goes")
    said = known.parse_args(arguments)
    first = real_now().astimezone(BERLIN).date() + timedelta(days=1)
    places = office_hours(said.calendar, said.kind, first, said.days)
    serve(
        AppointmentSystem(places, port=said.port, allow_control=said.allow_control),
        parent_pid=said.parent_pid,
    )


if __name__ == "__main__":
    main()
