"""The houses of a list and their places: set up, counted, never given twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from efile.policy import MATRIX, Action, ActionNotGranted, seen_scopes
from workflows import facts
from workflows.models import Facility, PlaceGroup, PlaceList
from workflows.offers import current_offers

MOST_PLACES: Final = 10_000


class PlacesAreTaken(Conflict):
    """More places (``taken``) are offered or accepted than there would be."""

    code = "places_are_taken"


@dataclass(frozen=True, slots=True)
class House:
    """A house to set up, with its places: (kind, first day, last day) → how many."""

    key: str
    title: str
    places: Mapping[tuple[str, date, date], int]


def lock(tenant_id: int, list_key: str) -> None:
    """One allocation at a time on this list, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"waiting:{tenant_id}:{list_key}"],
        )


def seen_list(key: str, *, by: Actor) -> PlaceList:
    """The list, if ``by`` sees the cases on it. Refuses: NotFound."""
    found = PlaceList.objects.filter(tenant_id=by.tenant_id, key=key)
    if by.kind != "system":
        found = found.filter(scope__any=seen_scopes(by))
    one = found.first()
    if one is None:
        raise NotFound
    return one


def require_allotting(places: PlaceList, *, by: Actor) -> None:
    """Refuse with ActionNotGranted unless ``by`` may give the places of this list."""
    if not may_allot(places, by=by):
        raise ActionNotGranted(action=Action.ALLOT.value)


def may_allot(places: PlaceList, *, by: Actor) -> bool:
    """Whether ``by`` may draw rounds on this list and make exceptions."""
    return by.kind == "user" and bool(by.roles_in(places.scope) & MATRIX[Action.ALLOT])


@verb
def set_up(
    key: str,
    title: str,
    houses: Mapping[str, House] | list[House],
    *,
    scope: str,
    tells_rank: bool = False,
    by: Actor,
    at: datetime,
) -> PlaceList:
    """The list ``key`` with its houses and places; what is there already is brought up to date.

    For commands and the founding of a city; rights are the caller's. Refuses: PlacesAreTaken.
    """
    lock(by.tenant_id, key)
    places, _ = PlaceList.objects.update_or_create(
        tenant_id=by.tenant_id,
        key=key,
        defaults={"title": title, "scope": scope, "tells_rank": tells_rank},
    )
    for house in houses.values() if isinstance(houses, Mapping) else houses:
        facility, _ = Facility.objects.update_or_create(
            tenant_id=by.tenant_id, list=places, key=house.key, defaults={"title": house.title}
        )
        for (group, first, last), count in house.places.items():
            _count(facility, group, first, last, count, by, at)
    return places


def lay_out_lists() -> int:
    """A list for every service in force that names one; returns how many are new.

    Level-triggered: whoever publishes such a service finds its list, and lays out the houses.
    """
    made = 0
    for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True):
        for offer in current_offers(tenant_id):
            rule, version = offer.definition.waiting_list, offer.version
            if rule is not None:
                _, new = PlaceList.objects.get_or_create(
                    tenant_id=tenant_id,
                    key=rule.list,
                    defaults={
                        "title": offer.definition.title.in_("de")[:200],
                        "scope": f"{version.unit_id}:{offer.definition.access_class}",
                    },
                )
                made += new
    return made


@verb
def count_places(
    list_key: str,
    facility_key: str,
    group: str,
    first: date,
    last: date,
    count: int,
    *,
    by: Actor,
    at: datetime,
    title: str = "",
) -> PlaceGroup:
    """Let the house have ``count`` places of ``group`` from ``first`` to ``last``.

    A house that is not there yet is laid out under ``title``.
    Refuses: NotFound, ActionNotGranted, PlacesAreTaken, Invalid.
    """
    places = seen_list(list_key, by=by)
    require_allotting(places, by=by)
    lock(by.tenant_id, list_key)
    facility = Facility.objects.filter(list=places, key=facility_key).first()
    if facility is None and not title.strip():
        raise NotFound
    errors = []
    if not 0 <= count <= MOST_PLACES:
        limits = {"minimum": 0, "maximum": MOST_PLACES}
        errors.append(FieldError("/places", "out_of_range", limits))
    if last < first:
        errors.append(FieldError("/until_on", "date_order"))
    if errors:
        raise Invalid(errors)
    if facility is None:
        facility = Facility.objects.create(
            tenant_id=by.tenant_id, list=places, key=facility_key, title=title.strip()[:200]
        )
    return _count(facility, group, first, last, count, by, at)


def _count(
    facility: Facility, group: str, first: date, last: date, count: int, by: Actor, at: datetime
) -> PlaceGroup:
    found = PlaceGroup.objects.filter(facility=facility, group=group, from_on=first).first()
    before = found.places if found else 0
    if found is None:
        found = PlaceGroup(tenant_id=by.tenant_id, facility=facility, group=group, from_on=first)
    elif (found.places, found.until_on) == (count, last):
        return found
    if found.taken > count:
        raise PlacesAreTaken(taken=found.taken)
    found.places, found.until_on = count, last
    found.save()
    told = {"facility": facility.key, "group": group, "from_on": first, "before": before}
    record(facts.PlacesCounted(case_id=None, facts=told | {"places": count}), by=by, at=at)
    return found


def take(place_id: UUID) -> None:
    """One place less is free, inside a verb that holds the list's lock.

    The database itself refuses one too many (``never_more_offers_than_places``).
    """
    PlaceGroup.objects.filter(id=place_id).update(taken=F("taken") + 1)


def give_back(place_id: UUID) -> None:
    """One place more is free, inside a verb that holds the list's lock."""
    PlaceGroup.objects.filter(id=place_id).update(taken=F("taken") - 1)
