"""What is put into the forms of the youth office: maintenance, parental allowance, childcare."""

from datetime import date, timedelta
from typing import Any, Final

from backoffice.demo.envelopes import Draw
from backoffice.demo.people import Organisation

# The account is the banks' own example.
_BANK: Final = {"iban": "DE02 1203 0000 0000 2020 51"}
_FACILITIES: Final = (
    "lindenhof",
    "marktplatz",
    "sonnenhang",
    "muehlenteich",
    "waldkita",
    "rheinufer",
)
_YEAR: Final = 365


def maintenance(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """An advance for a child whose other parent does not pay."""
    rng = draw.rng
    years = range(12, 17) if draw.trait == "teenager" else range(1, 11)
    child = _child(draw, rng.choice(years) * _YEAR + rng.randint(5, 300))
    age = (draw.on - date.fromisoformat(child["birth_date"])).days // _YEAR
    child["schooling"] = "general_school" if age >= 15 else "below_15"
    sgb2 = rng.random() < 0.3
    return {
        "child": child,
        "effective_on": draw.on.replace(day=1).isoformat(),
        "family_status": rng.choice(("single", "single", "divorced", "separated")),
        "other_parent": {
            "known": "known",
            "given_names": draw.given_name(),
            "family_name": draw.family_name(),
            "address": "zuletzt Beispielhausen, Parkweg 4",
        },
        "maintenance": {
            "title_kind": rng.choice(("none", "none", "deed", "court")),
            "paid": rng.choice((0, 0, 0, 50, 100)),
        },
        "benefits": {
            "kind": "sgb2" if sgb2 else "none",
            "gross_income": rng.randint(450, 900) if sgb2 else rng.randint(1100, 3200),
        },
        "bank": _BANK,
    }


def parental(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """Parental allowance, basic or spread as Plus, in time or too late."""
    rng = draw.rng
    child = _child(draw, rng.randint(150, 260) if draw.trait == "too_late" else rng.randint(8, 80))
    net = rng.choice((0, 780, 1100, 1230, 1650, 1980, 2410, 3150))
    income: dict[str, Any] = {"kind": "employed" if net else "none", "net_before": net}
    if net and not draw.trait.startswith("proof_missing"):
        income["employer"] = "Musterbau GmbH & Co. KG"
    form: dict[str, Any] = {
        "child": child,
        "benefit_from": child["birth_date"],
        "months_basis": 12,
        "months_plus": 0,
        "siblings_bonus": rng.random() < 0.2,
        "income": income,
        "other_parent": {"given_names": draw.given_name(), "family_name": child["family_name"]},
        "bank": _BANK,
    }
    if draw.trait == "plus":
        form |= {"months_basis": 0, "months_plus": 24}
        form["income"] |= {"net_after": net // 3, "hours_after": 15 if net else 0}
    return form


def childcare(draw: Draw, _firm: Organisation | None) -> dict[str, Any]:
    """The need for a place from the next August on that leaves half a year, or at once."""
    rng = draw.rng
    ahead = draw.on + timedelta(days=185)
    august = date(ahead.year + (ahead > date(ahead.year, 8, 1)), 8, 1)
    from_on = draw.on + timedelta(days=40) if draw.trait == "at_once" else august
    return {
        "child": _child(draw, rng.randint(200, 3 * _YEAR)),
        "wish_from": from_on.isoformat(),
        "hours": rng.choice(("25", "35", "35")),
        "facilities": rng.sample(_FACILITIES, rng.randint(1, 4)),
        "employment": rng.choice(("all", "all", "some", "none")),
        "single_parent": rng.random() < 0.2,
        "sibling_there": draw.trait == "sibling",
        "household_income": rng.choice((24000, 38500, 52000, 71000, 96000)),
    }


def _child(draw: Draw, days_old: int) -> dict[str, Any]:
    born = draw.on - timedelta(days=days_old)
    return {
        "given_names": draw.given_name(),
        "family_name": draw.one.family_name,
        "birth_date": born.isoformat(),
    }
