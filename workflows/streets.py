"""The tenant's street directory: in which zone and district an address lies."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from workflows.models import StreetRange

_NUMBER = re.compile(r"\s*(\d{1,5})")
_SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Place:
    """What the directory says of an address; empty strings for "in none"."""

    known: bool
    district: str = ""
    parking_zone: str = ""

    def as_facts(self) -> dict[str, bool | str]:
        """The variables ``address.*`` of the rules."""
        return {
            "known": self.known,
            "district": self.district,
            "parking_zone": self.parking_zone,
        }


UNKNOWN = Place(known=False)


def fold(street: str) -> str:
    """The spelling under which a street is looked up: "Lindenstr." and "Linden-Straße" meet."""
    text = unicodedata.normalize("NFC", street).casefold().translate(_SPELLINGS)
    text = "".join(
        char
        for char in unicodedata.normalize("NFD", text)
        if not unicodedata.combining(char) and char.isalnum()
    )
    return re.sub(r"strasse$|str$", "str", text)


def find_place(tenant_id: int, address: Mapping[str, str] | None) -> Place:
    """Where ``address`` (street, number) lies. One statement; UNKNOWN when it is not ours."""
    if not address:
        return UNKNOWN
    number = _NUMBER.match(address.get("number", ""))
    if number is None:
        return UNKNOWN
    house = int(number[1])
    found = StreetRange.objects.filter(
        tenant_id=tenant_id,
        key=fold(address.get("street", "")),
        first__lte=house,
        last__gte=house,
        parity__any=["all", "odd" if house % 2 else "even"],
    ).first()
    if found is None:
        return UNKNOWN
    return Place(True, found.waste_district, found.parking_zone)


def known_streets(tenant_id: int, streets: Iterable[str]) -> dict[str, str]:
    """Those of ``streets`` that are the city's → how the city spells them. One statement."""
    keys = {street: fold(street) for street in streets}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (key) key, street FROM workflows_streetrange"
            " WHERE tenant_id = %s AND key = ANY (%s) ORDER BY key, street",
            [tenant_id, sorted(set(keys.values()))],
        )
        known = dict(cursor.fetchall())
    return {street: known[key] for street, key in keys.items() if key in known}
