"""Residents of Musterstadt who apply, told apart by what the registers know of them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from backoffice.demo.people import Resident, Vehicle, residents

PEOPLE = residents(7, 600)


def identity(one: Resident) -> tuple[str, str, str]:
    return one.given_names, one.family_name, one.birth_date.isoformat()


_NAMESAKES = Counter(identity(one) for one in PEOPLE if one.registered_at)


def is_at_home(one: Resident) -> bool:
    """Registered where they say they live, in a parking zone, and not blocked."""
    return bool(one.zone) and one.registered_at == one.address and not one.blocked


def is_sound(vehicle: Vehicle) -> bool:
    return vehicle.admitted and vehicle.vehicle_class == "M1"


def is_entitled(one: Resident) -> bool:
    """Meets every condition of the resident parking permit with the first vehicle."""
    return is_at_home(one) and any(is_sound(car) and one.keeps(car) for car in one.vehicles[:1])


def resident(condition: Callable[[Resident], object] = is_entitled) -> Resident:
    """The first resident of an identity of their own who meets ``condition``."""
    return next(one for one in PEOPLE if _NAMESAKES[identity(one)] <= 1 and condition(one))


def namesake() -> Resident:
    """Somebody who shares name and birthday with another registered resident."""
    return next(one for one in PEOPLE if _NAMESAKES[identity(one)] > 1 and is_at_home(one))


def applying(one: Resident, **form: Any) -> dict[str, Any]:
    """What changes in the example application for a permit when ``one`` applies."""
    plate = one.vehicles[0].plate if one.vehicles else "D-LM 123"
    party = {
        "role": "applicant",
        "kind": "person",
        "given_names": one.given_names,
        "family_name": one.family_name,
        "birth_date": one.birth_date.isoformat(),
        "address": {
            "street": one.address.street,
            "number": one.address.number,
            "postcode": one.address.postcode,
            "city": one.address.city,
        },
        "identity": {"source": "bundid", "assurance": "substantial", "bpk2": one.bpk2},
    }
    if not one.given_names:
        del party["given_names"]
    return {"form": {"plate": plate, "zone": one.zone or "A1"} | form, "parties": [party]}
