"""Other authorities' registers, asked through one port: purpose named, time limited, logged."""

import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import httpx
import structlog
from django.conf import settings

from workflows.catalogue.parts import RegisterQuery as Query
from workflows.streets import find_place

log = structlog.get_logger()

PATHS = {
    "population": "/population/query",
    "vehicle": "/vehicles/query",
    "benefits": "/benefits/query",
    "business": "/businesses/query",
    "civil_status": "/civil-status/query",
}
OUTCOMES = ("found", "not_found", "ambiguous", "blocked")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a register said: ``facts`` for the rules, None where it gave no usable answer.

    ``outcome``: found, not_found, ambiguous, blocked, or unavailable.
    """

    register: str
    purpose: str
    asked_at: datetime
    outcome: str
    milliseconds: int
    facts: Mapping[str, Any] | None


def ask(
    query: Query,
    sent: Mapping[str, Any],
    *,
    case_reference: str,
    tenant_id: int,
    applicant: Mapping[str, Any],
    at: datetime,
) -> Answer:
    """Put ``query`` to its register. Never raises: a register that is down gives no facts."""
    began = time.monotonic()
    named = {"purpose": query.purpose, "case_reference": case_reference}
    said = _post(PATHS[query.register], named | dict(sent))
    outcome = "unavailable"
    facts: Mapping[str, Any] | None = None
    if said is not None:
        outcome, facts = said["status"], _READERS[query.register](said, tenant_id, applicant)
    elapsed = round((time.monotonic() - began) * 1000)
    return Answer(query.register, query.purpose, at, outcome, elapsed, facts)


def _post(path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The register's answer; None where none came or it is not what was agreed upon."""
    if not settings.REGISTERS_URL:
        return None
    try:
        response = _client().post(
            settings.REGISTERS_URL + path, json=body, timeout=settings.REGISTERS_TIMEOUT
        )
        response.raise_for_status()
        said = _understood(response.json())
    except (httpx.HTTPError, ValueError) as error:
        log.warning("register_unavailable", register=path, failure=type(error).__name__)
        return None
    return said


@cache
def _client() -> httpx.Client:
    """One per process: reading the certificates again for each question costs more than asking."""
    return httpx.Client()


def _understood(said: Any) -> dict[str, Any]:
    """``said`` with a known status and, where it has any, records of texts; else ValueError."""
    if not isinstance(said, dict) or said.get("status") not in OUTCOMES:
        raise ValueError("status")
    for name in ("keeper", "main_residence"):
        record = said.get(name) or {}
        if not isinstance(record, dict) or not all(isinstance(v, str) for v in record.values()):
            raise ValueError(name)
    return said


def _population(
    said: Mapping[str, Any], tenant_id: int, _applicant: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables ``registers.population.*``; where the residence lies is our own knowledge."""
    facts: dict[str, Any] = {
        "found": said["status"] == "found",
        "blocked": said["status"] == "blocked",
    }
    residence = said.get("main_residence")
    if residence:
        place = find_place(tenant_id, residence)
        facts |= {
            "main_residence": said.get("resident"),
            "street": residence.get("street", ""),
            "number": residence.get("number", ""),
            "postcode": residence.get("postcode", ""),
            "district": place.district,
            "parking_zone": place.parking_zone,
        }
    return facts


def _vehicle(
    said: Mapping[str, Any], _tenant_id: int, applicant: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables ``registers.vehicle.*``; whether the keeper applies is compared here.

    What the register leaves unsaid is None: it is neither for nor against the applicant.
    """
    if said["status"] != "found":
        return {"found": False}
    keeper = said.get("keeper")
    return {
        "found": True,
        "admitted": said.get("admitted"),
        "is_keeper": _same_person(keeper, applicant) if keeper else None,
        "vehicle_class": said.get("vehicle_class"),
    }


def _benefits(
    said: Mapping[str, Any], _tenant_id: int, _applicant: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The variables ``registers.benefits.*``; several people of that name are no answer."""
    if said["status"] not in ("found", "not_found"):
        return None
    return {
        "found": said["status"] == "found",
        "kind": _text(said, "kind"),
        "valid_to": _text(said, "valid_to"),
    }


def _business(
    said: Mapping[str, Any], _tenant_id: int, _applicant: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables ``registers.business.*``."""
    return {
        "found": said["status"] == "found",
        "trade": _text(said, "trade"),
        "craft": _truth(said, "craft"),
    }


def _civil_status(
    said: Mapping[str, Any], _tenant_id: int, _applicant: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables ``registers.civil_status.*``; a bar says that there is something to bar."""
    barred = said["status"] == "blocked"
    return {
        "found": said["status"] in ("found", "blocked"),
        "restricted": barred,
        "entitled": False if barred else _truth(said, "entitled"),
    }


# Each gives the facts for the rules, or None where the answer is none.
_READERS: Mapping[
    str, Callable[[Mapping[str, Any], int, Mapping[str, Any]], Mapping[str, Any] | None]
] = {
    "population": _population,
    "vehicle": _vehicle,
    "benefits": _benefits,
    "business": _business,
    "civil_status": _civil_status,
}


def _text(said: Mapping[str, Any], name: str) -> str | None:
    return found if isinstance(found := said.get(name), str) else None


def _truth(said: Mapping[str, Any], name: str) -> bool | None:
    return found if isinstance(found := said.get(name), bool) else None


def _same_person(keeper: Mapping[str, Any], applicant: Mapping[str, Any]) -> bool:
    """Equal in name and birthday, compared without regard to case and normal form."""
    names = ("family_name", "given_names")
    return (
        "organisation" not in keeper
        and bool(keeper.get("birth_date"))
        and keeper.get("birth_date") == applicant.get("birth_date")
        and all(_folded(keeper.get(n)) == _folded(applicant.get(n)) for n in names)
    )


def _folded(name: Any) -> str:
    return " ".join(unicodedata.normalize("NFC", str(name or "")).casefold().split())
