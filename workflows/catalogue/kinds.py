"""What definitions with amounts, matters, appointments, offers and waiting lists have to get right.

Where their lists, pointers and expressions stand is said once, here; consistency checks them.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from efile.kernel.errors import FieldError
from workflows.catalogue.money import EXPRESSIONS
from workflows.catalogue.open311 import problems_of_reports
from workflows.catalogue.pointers import join
from workflows.catalogue.rules import Returns, Scope

Problems = Iterator[FieldError]

_TABLES: Final = ("fee", "assessment")


def lists(data: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Lists whose items have a key of their own, by pointer."""
    found = {f"/{name}": data.get(name) or [] for name in ("text_blocks", "outcomes", "proactive")}
    found["/slots/kinds"] = (data["slots"] or {}).get("kinds", [])
    found["/standing_matter/duties"] = (data["standing_matter"] or {}).get("duties", [])
    found["/waiting_list/criteria"] = (data.get("waiting_list") or {}).get("criteria", [])
    for base, period in _periods(data):
        found[f"{base}/positions"] = period["positions"]
    return found


def pointers(data: Mapping[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    """Pointers into form and applicant: where they stand → (pointer, type or format demanded)."""
    matter, slots = data["standing_matter"] or {}, data["slots"] or {}
    waiting, assessment = data.get("waiting_list") or {}, data.get("assessment") or {}
    found: dict[str, tuple[str | None, str | None]] = {
        "/standing_matter/valid_from": (matter.get("valid_from"), "date"),
        "/standing_matter/number": (matter.get("number"), "string"),
        "/slots/kind": (slots.get("kind"), None),
        "/slots/slot": (slots.get("slot"), "string"),
        "/slots/wish_date": (slots.get("wish_date"), "date"),
        "/slots/strict": (slots.get("strict"), "boolean"),
        "/assessment/from": (assessment.get("from"), "date"),
        "/waiting_list/facilities": (waiting.get("facilities"), "array"),
        "/waiting_list/wish_from": (waiting.get("wish_from"), "date"),
        "/waiting_list/group": (waiting.get("group"), "string"),
    }
    for name, pointer in (data.get("open311") or {}).items():
        if name != "publish_description":
            kind = "number" if name in ("latitude", "longitude") else "string"
            found[join("/open311", name)] = (pointer, kind)
    for name, pointer in matter.get("data", {}).items():
        found[join("/standing_matter/data", name)] = (pointer, None)
    for index, one in enumerate(matter.get("effects", [])):
        here = join("/standing_matter/effects", index, "ends_on")
        found[here] = (one.get("ends_on"), "date")
    return found


def expressions(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Scope, Returns]]:
    """Expressions over the form: where they stand, over which scope, what they must give."""
    for index, proof in enumerate(data["proofs"]):
        if isinstance(proof["required"], str):
            yield join("/proofs", index, "required"), proof["required"], "form", "BOOL"
    for base, period in _periods(data):
        scope: Scope = "form" if base.startswith("/fee") else "amount"
        for index, position in enumerate(period["positions"]):
            for name in EXPRESSIONS.keys() & position.keys():
                here = join(base, "positions", index, name)
                yield here, position[name], scope, EXPRESSIONS[name]
    matter = data["standing_matter"] or {}
    if "months" in matter:
        yield "/standing_matter/months", matter["months"], "form", "INT"
    for index, one in enumerate(matter.get("effects", [])):
        yield join("/standing_matter/effects", index, "when"), one["when"], "form", "BOOL"
    for index, one in enumerate((data.get("waiting_list") or {}).get("criteria", [])):
        yield join("/waiting_list/criteria", index, "points"), one["points"], "form", "INT"


def problems_of_kinds(data: Mapping[str, Any]) -> Problems:
    """What is wrong with tables, matters, discretion and offers, beyond pointers and rules."""
    for name in _TABLES:
        periods = (data.get(name) or {}).get("periods", [])
        yield from _spans(f"/{name}/periods", periods)
    yield from _matter(data)
    yield from _proactive(data)
    yield from problems_of_reports(data)
    if data.get("discretion") and data["automation"]["level"] != "none":
        # § 35a VwVfG NRW: no discretion, no room for judgement.
        yield FieldError("/automation/level", "automation_with_discretion")


def _periods(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in _TABLES:
        for index, period in enumerate((data.get(name) or {}).get("periods", [])):
            yield f"/{name}/periods/{index}", period


def _spans(base: str, periods: list[Mapping[str, Any]]) -> Problems:
    spans = [
        (
            date.fromisoformat(p["valid_from"]),
            date.fromisoformat(p.get("valid_until", "9999-12-31")),
        )
        for p in periods
    ]
    for index, (first, last) in enumerate(spans):
        if last < first:
            yield FieldError(f"{base}/{index}/valid_until", "fee_period_reversed")
    for index, ((_, last), (following, _)) in enumerate(pairwise(spans), start=1):
        here = f"{base}/{index}/valid_from"
        if following <= last:
            yield FieldError(here, "fee_periods_overlap", {"before": last.isoformat()})
        elif following > last + timedelta(days=1):
            yield FieldError(here, "fee_periods_gap", {"before": last.isoformat()})


def _matter(data: Mapping[str, Any]) -> Problems:
    matter = data["standing_matter"]
    if matter is None:
        return
    effects = {one["effect"] for one in matter.get("effects", [])} - {"begin"}
    if effects and "number" not in matter:
        yield FieldError("/standing_matter/number", "required")
    for index, duty in enumerate(matter.get("duties", [])):
        # What is demanded again and again needs a way to be done.
        if duty["kind"] not in effects:
            here = join("/standing_matter/duties", index, "kind")
            yield FieldError(here, "duty_without_effect", {"effect": duty["kind"]})


def _proactive(data: Mapping[str, Any]) -> Problems:
    known = data["form"]["properties"]
    for index, offer in enumerate(data.get("proactive", [])):
        here = join("/proactive", index)
        for name in offer["prefill"]:
            if name not in known:
                yield FieldError(join(here, "prefill", name), "field_unknown", {"field": name})
        if offer["legal_basis"] is None and not offer["needs_consent"]:
            yield FieldError(join(here, "legal_basis"), "offer_without_basis")
        if offer["occasion"] == "matter_ends" and data["standing_matter"] is None:
            yield FieldError(join(here, "occasion"), "offer_without_matter")
