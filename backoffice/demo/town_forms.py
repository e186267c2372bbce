"""What is put into the forms of the traffic, tax and civil engineering offices."""

from datetime import timedelta
from typing import Any, Final

from backoffice.demo.envelopes import Draw
from backoffice.demo.people import Organisation
from backoffice.demo.streets import STREETS

# name, breed, class under the dog act
_DOGS: Final = (
    ("Bruno", "Labrador Retriever", "large"),
    ("Luna", "Mischling (Beagle, Dackel)", "small"),
    ("Balu", "Golden Retriever", "large"),
    ("Şeker", "Malteser", "small"),
    ("Fräulein Smilla", "Zwergpudel", "small"),
    ("Rex", "Deutscher Schäferhund", "large"),
    ("Żabka", "Mops", "small"),
    ("Emma", "Cocker Spaniel", "small"),
)
_RELIEFS: Final = ("assistance_dog", "shelter_dog", "basic_security", "basic_security")

# category → what people write
_DEFECTS: Final = (
    ("pothole", "Tiefes Schlagloch auf der Fahrbahn, Radfahrende müssen ausweichen."),
    ("pothole", "Die Fahrbahn ist nach dem Kanalbau abgesackt."),
    ("pavement", "Gehwegplatten stehen hoch, meine Nachbarin ist schon gestolpert."),
    ("street_light", "Die Laterne flackert seit Tagen und ist nachts ganz aus."),
    ("street_light", "Drei Laternen hintereinander sind aus."),
    ("traffic_sign", "Das Schild ist umgefahren und liegt im Beet."),
    ("litter", "Jemand hat Kühlschränke und Säcke neben die Container gestellt."),
    ("litter", "Der Papierkorb läuft seit einer Woche über."),
    ("drain", "Der Gully ist verstopft, bei Regen steht alles unter Wasser."),
    ("tree", "Ein dicker Ast hängt abgebrochen über dem Weg."),
    ("playground", "Die Schaukel quietscht und eine Kette ist durchgerostet."),
    ("graffiti", "Die Unterführung ist wieder komplett besprüht."),
    ("other", "Das Geländer an der Treppe ist lose."),
)
_REASON: Final = (
    "Werkzeug und Material werden während der ganzen Arbeit am Einsatzort gebraucht und lassen "
    "sich nicht jedes Mal tragen."
)
_TRADES: Final = ("Sanitär- und Heizungsbau", "Elektrotechnik", "Dachdeckerei", "Tischlerei")


def dog(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A dog registered for the tax."""
    rng, trait = draw.rng, draw.trait
    name, breed, size = rng.choice(_DOGS)
    form: dict[str, Any] = {
        "effective_on": (draw.on - timedelta(days=rng.randint(1, 40))).isoformat(),
        "dog": {
            "name": name,
            "breed": breed,
            "kind": size,
            "sex": rng.choice(("female", "male")),
            "chip": f"276{rng.randrange(10**12):012}",
        },
        "household_dogs": rng.choice((2, 2, 3)) if trait == "two_dogs" else 1,
        "relief": "none",
    }
    if trait == "dangerous":
        form["dog"] |= {"breed": "American Staffordshire Terrier", "kind": "dangerous"}
    if trait == "remark":
        form["remarks"] = "Der Hund lebt im Wechsel auch bei meinem Bruder in der Nachbarstadt."
    if trait == "relief" or trait.startswith("proof_missing"):
        form["relief"] = rng.choice(_RELIEFS)
    return form


def accommodation(draw: Draw, firm: Organisation | None) -> dict[str, Any]:
    """A business registered for the accommodation tax."""
    assert firm is not None  # the kind says so
    place = firm.address
    return {
        "effective_on": (draw.on - timedelta(days=draw.rng.randint(1, 60))).isoformat(),
        "business_id": f"DE{draw.rng.randrange(10**8, 10**9)}-00001",
        "business_name": firm.name,
        "property": {"street": place.street, "number": place.number, "postcode": place.postcode},
        "kind": draw.rng.choice(("hotel", "guesthouse", "hostel")),
        "beds": draw.rng.randint(6, 120),
    }


def trade_parking(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A permit for the vans of a trade."""
    rng = draw.rng
    first = rng.randint(10, 900)
    vehicles = [
        {"plate": f"MU-HB {first + number}", "kind": kind, "lettering": True}
        for number, kind in enumerate(("workshop", "van")[: rng.randint(1, 2)])
    ]
    other = draw.trait == "other_trade"
    return {
        "business_kind": "other_trade" if other else "craft",
        "trade": "Gebäudereinigung" if other else rng.choice(_TRADES),
        "area": rng.choice(("district", "state")),
        "vehicles": vehicles,
        "reason": _REASON,
    }


def no_stopping(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A zone kept free for a move or a container."""
    rng, place = draw.rng, draw.one.address
    ahead = rng.randint(2, 5) if draw.trait == "late" else rng.randint(12, 45)
    first = draw.on + timedelta(days=ahead)
    form: dict[str, Any] = {
        "place": {"street": place.street, "number": place.number, "postcode": place.postcode},
        "length_m": rng.choice((10, 12, 15, 20)),
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=rng.choice((0, 0, 1)))).isoformat(),
        "purpose": "move",
        "lorry_plates": [f"MU-UM {rng.randint(1, 999)}"],
    }
    if draw.trait == "container":
        last = (first + timedelta(days=rng.randint(2, 9))).isoformat()
        form |= {"purpose": "container", "last_day": last, "lorry_plates": None}
    return form


def defect(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """Something broken somewhere in the city."""
    rng = draw.rng
    category, description = rng.choice(_DEFECTS)
    stretch = rng.choice(STREETS)
    place = {"street": stretch.street, "number": str(rng.choice(stretch.numbers))}
    form: dict[str, Any] = {
        "category": category,
        "place": place,
        "description": description,
        "danger": draw.trait == "danger",
        "seen_on": (draw.on - timedelta(days=rng.randint(0, 4))).isoformat(),
    }
    return form
