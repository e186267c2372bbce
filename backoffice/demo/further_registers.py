"""Musterstadt's simulated registers of benefits, businesses and civil status, behind the same door.

Served by ``backoffice.demo.registers``; what a query must hold and refuses is described there.

``POST /benefits/query {purpose, family_name, given_names, birth_date}`` → ``{"status": "found",
"kind": "sgb2" | "sgb12" | "wohngeld", "valid_to": "2030-12-31"}``, or not_found, ambiguous.

``POST /businesses/query {purpose, organisation | family_name, given_names}`` → ``{"status":
"found", "trade": "Elektrotechnik", "craft": true}`` (in the register of crafts), or not_found.

``POST /civil-status/query {purpose, event, family_name, given_names, event_date (of a birth also
birth_date), applicant_family_name, applicant_given_names, applicant_birth_date}`` →
``{"status": "found", "entitled": true}`` (named in the entry, spouse, ancestor or descendant,
§ 62 PStG), blocked (§ 64 PStG) or not_found.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from backoffice.demo.people import BUSINESSES, Resident

Answer = dict[str, Any]

# Every so many-th resident lives on one of them.
_BENEFITS: Final = ((5, "sgb2"), (17, "wohngeld"), (23, "sgb12"))
_VALID_TO: Final = "2030-12-31"
_TRADES: Final[Mapping[str, str]] = {"craft": "Handwerk", "accommodation": "Beherbergung"}


def folded(name: str) -> str:
    """A name as registers compare it: NFC, without regard to case and extra spaces."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class BenefitsRegister:
    """Who receives which benefit."""

    def __init__(self, people: Iterable[Resident]) -> None:
        self._people: dict[tuple[str, str, str], list[Resident]] = defaultdict(list)
        for one in people:
            born = one.birth_date.isoformat()
            self._people[folded(one.family_name), folded(one.given_names), born].append(one)

    def query(self, asked: Mapping[str, str]) -> Answer:
        """The answer to one query; ``asked`` holds family_name, given_names, birth_date."""
        key = folded(asked["family_name"]), folded(asked["given_names"]), asked["birth_date"]
        found = self._people.get(key, [])
        if len(found) > 1:
            return {"status": "ambiguous"}
        kind = next((kind for one in found for n, kind in _BENEFITS if one.index % n == 0), None)
        if kind is None:
            return {"status": "not_found"}
        return {"status": "found", "kind": kind, "valid_to": _VALID_TO}


class BusinessRegister:
    """Which firm is registered with which trade (§ 14 GewO)."""

    def __init__(self) -> None:
        self._firms = {
            folded(firm.name): trade for trade, firms in BUSINESSES.items() for firm in firms
        }

    def query(self, asked: Mapping[str, str]) -> Answer:
        """The answer to one query; ``asked`` holds organisation, or the owner's names."""
        owner = f"{asked.get('given_names', '')} {asked.get('family_name', '')}"
        trade = self._firms.get(folded(asked.get("organisation") or owner))
        if trade is None:
            return {"status": "not_found"}
        return {"status": "found", "trade": _TRADES.get(trade, trade), "craft": trade == "craft"}


class CivilStatusRegister:
    """What is recorded here of births, marriages and deaths, and who may know."""

    def __init__(self, people: Iterable[Resident]) -> None:
        self._barred = {
            (folded(one.family_name), folded(one.given_names)) for one in people if one.blocked
        }

    def query(self, asked: Mapping[str, str]) -> Answer:
        """The answer to one query: events of a 13th were recorded elsewhere."""
        person = folded(asked["family_name"]), folded(asked["given_names"])
        if person in self._barred:
            return {"status": "blocked"}
        happened = asked.get("event_date") or asked.get("birth_date") or ""
        if not happened or happened.endswith("-13"):
            return {"status": "not_found"}
        family = folded(asked.get("applicant_family_name", ""))
        return {"status": "found", "entitled": family == person[0]}
