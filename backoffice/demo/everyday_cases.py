"""What most residents write for: a parking permit, and the collection of bulky waste."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from backoffice.demo import proofs
from backoffice.demo.envelopes import Application, Draw, ProofFile, application, pdf, person
from backoffice.demo.people import LANDLORD, Organisation, Resident, Vehicle
from backoffice.demo.streets import STREETS

PARKING: Final = "resident-parking"
BULKY_WASTE: Final = "bulky-waste"

_ZONES = sorted({stretch.zone for stretch in STREETS if stretch.zone})

# category of bulky waste → cubic metres of one piece
_WASTE = {
    "furniture": 0.5,
    "mattress": 0.3,
    "carpet": 0.2,
    "large_appliance": 0.4,
    "metal": 0.2,
    "garden": 0.3,
    "other": 0.25,
}

# trait → how often per hundred applications for the service
PARKING_TRAITS: Final[Mapping[str, int]] = {
    "plain": 62,
    "company_car": 7,
    "relatives_car": 5,
    "undeclared_keeper": 3,
    "wrong_zone": 5,
    "outside_zones": 3,
    "not_registered": 5,
    "proof_missing": 2,
    "proof_missing_clarify": 2,
    "form_invalid": 2,
    "form_invalid_clarify": 2,
    "service_unknown_clarify": 2,
}
WASTE_TRAITS: Final[Mapping[str, int]] = {
    "plain": 67,
    "express": 10,
    "strict": 5,
    "landlord": 4,
    "hazardous": 3,
    "too_much": 3,
    "form_invalid": 3,
    "form_invalid_clarify": 3,
    "service_unknown_clarify": 2,
}


def registered(one: Resident) -> bool:
    """Whether the register confirms that ``one`` lives where they say."""
    return one.registered_at == one.address and not one.blocked


def suits_parking(trait: str, one: Resident) -> bool:
    """Whether ``one`` can apply for a permit with this trait."""
    if _car(trait, one) is None or (one.zone is None) != (trait == "outside_zones"):
        return False
    return registered(one) != (trait == "not_registered")


def suits_waste(_trait: str, one: Resident) -> bool:
    """Whether ``one`` can have something collected."""
    return registered(one)


def _car(trait: str, one: Resident) -> Vehicle | None:
    """The vehicle such an application is about."""
    own = [car for car in one.vehicles if one.keeps(car)]
    company = [car for car in one.vehicles if isinstance(car.keeper, Organisation)]
    family = [car for car in one.vehicles if car not in own and car not in company]
    match trait:
        case "company_car" | "proof_missing" | "proof_missing_clarify":
            cars = company
        case "relatives_car" | "undeclared_keeper":
            cars = family
        case _:
            cars = own
    return cars[0] if cars else None


def parking(draw: Draw) -> Application:
    """An application for a resident parking permit."""
    rng, one, trait, on = draw.rng, draw.one, draw.trait, draw.on
    car = _car(trait, one)
    assert car is not None  # suits_parking saw to it
    form: dict[str, Any] = {
        "plate": car.plate,
        "zone": one.zone,
        "duration_years": rng.choice((1, 1, 2)),
        "make": car.make,
        "issue": rng.choice(("digital", "digital", "paper")),
        "declaration": {"complete_and_true": True, "privacy_notice": "2026-1"},
    }
    if rng.random() < 0.6:
        form["valid_from"] = (on + timedelta(days=rng.randint(1, 28))).isoformat()
    if one.keeps(car) or trait == "undeclared_keeper":
        form["keeper"] = "self"
    elif isinstance(car.keeper, Organisation):
        form |= {"keeper": "employer", "keeper_name": car.keeper.name}
    else:
        form |= {"keeper": "family", "keeper_name": car.keeper.full_name}
    if trait in ("wrong_zone", "outside_zones"):
        form["zone"] = rng.choice([zone for zone in _ZONES if zone != one.zone])
    if trait.startswith("form_invalid"):
        form["plate"] = "keins"
        del form["zone"]
    certificate = pdf(
        "registration-certificate",
        f"Fahrzeugschein {car.plate}.pdf",
        partial(proofs.registration_certificate, car),
    )
    use = pdf(
        "use-certificate",
        f"Nutzungsbescheinigung {one.family_name}.pdf",
        partial(proofs.use_certificate, one, car, on=on),
    )
    lent = () if one.keeps(car) else (use,)
    proves_use = form["keeper"] != "self" and not trait.startswith("proof_missing")
    return application(
        draw,
        body={"service": PARKING, "form": form, "parties": [person(draw)]},
        enclosed=(certificate, *lent) if proves_use else (certificate,),
        at_hand=(certificate, *lent, _tenancy(one, on)),
    )


def bulky_waste(draw: Draw) -> Application:
    """An order to collect bulky waste."""
    rng, one, trait, on = draw.rng, draw.one, draw.trait, draw.on
    form: dict[str, Any] = {
        "pickup": {"street": one.address.street, "number": one.address.number},
        "items": [
            _item(rng, category) for category in rng.sample(tuple(_WASTE), rng.randint(1, 4))
        ],
        "collection": "express" if trait == "express" else "standard",
    }
    if trait == "strict" or rng.random() < 0.7:
        form["wish_date"] = working_day(on + timedelta(days=rng.randint(9, 40))).isoformat()
        form["strict"] = trait == "strict"
    match trait:
        case "hazardous":
            form["items"].append({"category": "tyres", "count": 4, "volume_m3": 0.3})
        case "too_much":
            form["items"].append({"category": "furniture", "count": 14, "volume_m3": 8.5})
        case "form_invalid" | "form_invalid_clarify":
            form["items"] = []
    # Bulky waste is also asked for without a login; a permit never is.
    party = person(draw, login=rng.random() < 0.6)
    if trait == "landlord":
        party = {
            "role": "applicant",
            "kind": "organisation",
            "organisation": LANDLORD.name,
            "address": asdict(LANDLORD.address),
            "email": "hausmeister@wohnungsbau-musterstadt.invalid",
        }
    return application(
        draw,
        body={"service": BULKY_WASTE, "form": form, "parties": [party]},
        at_hand=(_tenancy(one, on),),
    )


def _item(rng: Random, category: str) -> dict[str, Any]:
    count = rng.choice((1, 1, 1, 2, 3))
    return {"category": category, "count": count, "volume_m3": round(count * _WASTE[category], 2)}


def working_day(day: date) -> date:
    """``day``, or the Monday after it."""
    weekday = day.isoweekday()
    return day if weekday <= 5 else day + timedelta(days=8 - weekday)


def _tenancy(one: Resident, on: date) -> ProofFile:
    return pdf(
        "tenancy-confirmation",
        f"Wohnungsgeberbestätigung {one.full_name}.pdf",
        partial(proofs.tenancy_confirmation, one, on=on),
    )
