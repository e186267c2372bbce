"""What is put into the forms of the citizens', registry, foreigners' and social offices."""

from datetime import timedelta
from typing import Any, Final

from backoffice.demo.envelopes import Draw
from backoffice.demo.people import Organisation

_PURPOSES: Final = ("private", "marriage", "inheritance", "abroad")
_STATES: Final = ("vietnamesisch", "marokkanisch", "serbisch", "indisch", "brasilianisch")
_RELATIONS: Final = ("Schwester", "Bruder", "Mutter", "Freundin aus dem Studium", "Onkel")
_INTEREST: Final = (
    "Ich bin Gläubigerin der verstorbenen Person und brauche die Urkunde für das Nachlassgericht."
)


def civil_status(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A certificate of birth, marriage or death."""
    one, rng = draw.one, draw.rng
    # Who has one name only writes a dash: the register wants both.
    named = {"given_names": one.given_names or "-", "family_name": one.family_name}
    form: dict[str, Any] = {
        "certificate": "birth",
        "person": named,
        "event_date": one.birth_date.isoformat(),
        "relation": "self",
        "purpose": rng.choice(_PURPOSES),
        "copies": rng.choice((1, 1, 1, 2, 3)),
    }
    earlier = one.birth_date - timedelta(days=rng.randint(7000, 12000))
    match draw.trait:
        case "marriage":
            day = one.birth_date + timedelta(days=rng.randint(8000, 14000))
            other = {"given_names": draw.given_name(), "family_name": one.family_name}
            form |= {"certificate": "marriage", "second_person": other}
            form["event_date"] = min(day, draw.on).isoformat()
        case "ancestor":
            form |= {"relation": "descendant", "event_date": earlier.isoformat()}
            form["person"] = {"given_names": draw.given_name(), "family_name": one.family_name}
        case "legal_interest":
            form |= {
                "certificate": "death",
                "relation": "legal_interest",
                "interest": _INTEREST,
                "event_date": (draw.on - timedelta(days=rng.randint(30, 700))).isoformat(),
                "person": {"given_names": draw.given_name(), "family_name": draw.family_name()},
            }
    return form


def registration(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A certificate of registration, simple or extended."""
    one = draw.one
    place = one.address
    form: dict[str, Any] = {
        "birth_date": one.birth_date.isoformat(),
        "residence": {"street": place.street, "number": place.number, "postcode": place.postcode},
        "purpose": draw.rng.choice(("unspecified", "authority", "bank", "landlord")),
        "issue": draw.rng.choice(("digital", "digital", "paper")),
    }
    if draw.trait == "extended":
        form |= {"kind": "extended", "extended_content": "Alle früheren Anschriften seit 2010."}
    return form


def commitment(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A host who answers for a guest."""
    rng = draw.rng
    arrival = draw.on + timedelta(days=rng.randint(40, 120))
    guest = {
        "given_names": draw.given_name(),
        "family_name": draw.family_name(),
        "birth_date": f"{rng.randint(1950, 2004)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}",
        "nationality": rng.choice(_STATES),
        "passport_number": f"C{rng.randint(1000000, 9999999)}",
    }
    income = rng.randint(900, 1300) if draw.trait == "low_income" else rng.randint(2400, 5200)
    return {
        "guest": guest,
        "stay": {
            "purpose": "visit",
            "arrival": arrival.isoformat(),
            "days": rng.choice((14, 30, 60, 90)),
        },
        "relation": rng.choice(_RELATIONS),
        "host": {
            "employment": "employed",
            "net_income": income,
            "dependants": rng.choice((0, 0, 1, 2)),
            "housing_cost": rng.randint(600, 1300),
            "housing_m2": rng.randint(45, 130),
        },
    }


def social_pass(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """A social pass, by a benefit or by a low income."""
    rng = draw.rng
    persons = rng.choice((1, 1, 2, 3, 4, 5))
    household: dict[str, Any] = {"persons": persons, "children": rng.randint(0, persons - 1)}
    if draw.trait in ("plain", "elsewhere"):
        benefit = rng.choice(("sgb2", "sgb2", "sgb12", "wohngeld", "asylblg", "kinderzuschlag"))
    else:
        benefit = "low_income"
        household["net_income"] = 500 + 350 * persons + rng.randint(0, 400)
    return {"benefit": benefit, "household": household}
