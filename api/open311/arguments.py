"""The arguments of a call: of its query, or of its body (application/x-www-form-urlencoded)."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from django.http import HttpRequest

from api.open311.faults import Fault

_FORM: Final = "application/x-www-form-urlencoded"
_MOST: Final = 200
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\])?")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was sent, by name; what was left empty was not sent."""

    values: Mapping[str, Sequence[str]]

    def get(self, name: str, default: str = "") -> str:
        """The one value of ``name``. Refuses with Fault: 400 where there are several."""
        found = self.values.get(name, [default])
        if len(found) > 1:
            raise Fault(400, f"{name}: given more than once.")
        return found[0]

    def listed(self, name: str) -> list[str]:
        """All values of ``name``, which may stand in one, with commas, or be said again."""
        found = ",".join(self.values.get(name, ())).split(",")
        return [value.strip() for value in found if value.strip()]

    @property
    def attributes(self) -> dict[str, Sequence[str]]:
        """The answers to what a service asks itself: code → values."""
        named = ((_ATTRIBUTE.fullmatch(name), values) for name, values in self.values.items())
        return {match[1]: values for match, values in named if match}

    def without(self, *names: str) -> dict[str, Sequence[str]]:
        """Everything else that was sent."""
        return {name: values for name, values in self.values.items() if name not in names}


def of_query(request: HttpRequest) -> Arguments:
    """Refuses with Fault: 400 for what is not UTF-8, or too much."""
    return _read(request.META.get("QUERY_STRING", ""))


def of_body(request: HttpRequest) -> Arguments:
    """Refuses with Fault: 415 for another form than GeoReport's, 400 for what cannot be read."""
    if request.content_type != _FORM:
        raise Fault(415, f"A report is sent as {_FORM}.")
    try:
        return _read(request.body.decode())
    except UnicodeDecodeError:
        raise Fault(400, "The body is not UTF-8.") from None


def _read(text: str) -> Arguments:
    try:
        pairs = parse_qsl(text, errors="strict", max_num_fields=_MOST)
    except ValueError:  # what is not UTF-8 is one, too
        raise Fault(400, "The arguments cannot be read: UTF-8, and no more than 200.") from None
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise Fault(400, "The arguments hold characters that no text has.")
        if value.strip():
            values[name].append(value)
    return Arguments(values)
