"""GET requests: reports as GeoReport shows them, without whoever reported."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from api.open311.arguments import Arguments
from api.open311.faults import Fault
from api.open311.offered import code_of
from efile.kernel.clock import BERLIN
from workflows.offers import known_offers
from workflows.public_reports import PublicReport, Wanted, find_reports, list_reports

# GeoReport's own limits.
LONGEST: Final = timedelta(days=90)
MOST: Final = 1000
_STATUS: Final = {"open": True, "closed": False}
# Beyond it nothing can lie within 90 days; and no page makes PostgreSQL skip for ever.
_LAST_PAGE: Final = 10_000


def asked_for(tenant_id: int, arguments: Arguments, *, at: datetime) -> list[dict[str, Any]]:
    """GET requests: the newest first, at most 1,000 of at most 90 days.

    service_request_id overrides everything else. Refuses with Fault: 400.
    """
    services = _services(tenant_id)
    if "service_request_id" in arguments.values:
        named = arguments.listed("service_request_id")[:MOST]
        ids = [found for text in named if (found := _uuid(text))]
        return [request(one) for one in find_reports(tenant_id, services, ids)]
    size = _whole(arguments, "page_size", MOST, MOST)
    start, end = _span(arguments, at)
    wanted = Wanted(
        categories=_categories(arguments, services),
        start=start,
        end=end,
        is_open=_is_open(arguments),
        limit=size,
        offset=(_whole(arguments, "page", 1, _LAST_PAGE) - 1) * size,
    )
    return [request(one) for one in list_reports(tenant_id, wanted)]


def find_one(tenant_id: int, text: str) -> PublicReport:
    """The report with that service_request_id. Refuses with Fault: 404."""
    found = _uuid(text)
    reports = find_reports(tenant_id, _services(tenant_id), [found]) if found else []
    if not reports:
        raise Fault(404, "There is no such service_request_id.")
    return reports[0]


def request(one: PublicReport) -> dict[str, Any]:
    """A report in GeoReport's names; nothing in it is a string that somebody sent."""
    return {
        "service_request_id": str(one.id),
        "status": "open" if one.is_open else "closed",
        "status_notes": one.notes,
        "service_name": one.title,
        "service_code": code_of(one.service_key, one.category),
        "description": one.description,
        "agency_responsible": one.unit,
        "service_notice": None,
        "requested_datetime": _moment(one.received_at),
        "updated_datetime": _moment(one.changed_at),
        "expected_datetime": _moment(datetime.combine(one.expected_on, time(23, 59, 59), BERLIN))
        if one.expected_on
        else None,
        "address": one.address,
        "address_id": None,
        "zipcode": None,
        "lat": one.latitude,
        "long": one.longitude,
        "media_url": None,
    }


def _services(tenant_id: int) -> list[str]:
    """What is or was taken over Open311. One statement."""
    offers = known_offers(tenant_id)
    return [offer.definition.key for offer in offers if offer.definition.open311]


def _categories(
    arguments: Arguments, services: Iterable[str]
) -> Mapping[str, frozenset[str] | None]:
    codes = arguments.listed("service_code")
    if not codes:
        return dict.fromkeys(services)
    found: dict[str, frozenset[str] | None] = {}
    for key in services:
        within = (code.partition(".") for code in codes)
        if few := frozenset(category for name, _, category in within if name == key):
            found[key] = few
    return found


def _span(arguments: Arguments, at: datetime) -> tuple[datetime, datetime]:
    """The time asked about; half of it said, the other half is 90 days off, or now."""
    first, last = _when(arguments, "start_date"), _when(arguments, "end_date")
    if first and last:
        if last < first:
            raise Fault(400, "start_date, end_date: the end is before the start.")
        if last - first > LONGEST:
            raise Fault(400, "start_date, end_date: more than 90 days.")
        return first, last
    if first:
        return first, min(first, datetime.max.replace(tzinfo=BERLIN) - LONGEST) + LONGEST
    end = last or at + timedelta(seconds=1)
    return max(end, datetime.min.replace(tzinfo=BERLIN) + LONGEST) - LONGEST, end


def _when(arguments: Arguments, name: str) -> datetime | None:
    # A plus sign that nobody escaped arrives as a blank.
    text = arguments.get(name).strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        moment = found if found.tzinfo else found.replace(tzinfo=BERLIN)
        return moment.astimezone(BERLIN)
    except (ValueError, OverflowError):
        raise Fault(400, f"{name}: ISO 8601 with a time zone is needed.") from None


def _is_open(arguments: Arguments) -> bool | None:
    asked = set(arguments.listed("status"))
    if not asked <= set(_STATUS):
        raise Fault(400, "status: open or closed is needed.")
    return _STATUS[asked.pop()] if len(asked) == 1 else None


def _whole(arguments: Arguments, name: str, default: int, most: int) -> int:
    text = arguments.get(name).strip()
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise Fault(400, f"{name}: a whole number from 1 to {most} is needed.")
    return int(text)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(at: datetime) -> str:
    return at.astimezone(BERLIN).isoformat(timespec="seconds")
