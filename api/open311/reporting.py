"""POST requests: what GeoReport's arguments say becomes an application like any other."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from api.open311.arguments import Arguments
from api.open311.faults import Fault
from api.open311.offered import LANGUAGE, Reportable
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from workflows.catalogue.open311 import attributes
from workflows.catalogue.parts import Open311
from workflows.catalogue.pointers import split
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.repeat import LONGEST_KEY, earlier_answer

# So long the same report by the same program is a call repeated and no second report.
WINDOW: Final = 600
_KEY: Final = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
_STREET: Final = re.compile(r"(.*\S)\s+([1-9]\d{0,3} ?[a-z]?)", re.IGNORECASE)
_DEGREES: Final = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?")
_LONGEST_STREET: Final = 100
_LONGEST_DETAIL: Final = 300
# Argument → what it is of a party.
_PERSON: Final = {"first_name": "given_names", "last_name": "family_name"}
_REACHED: Final = ("email", "phone")


def take_in(
    one: Reportable, arguments: Arguments, *, key: str | None, by: Actor, at: datetime
) -> str:
    """File the report and return the id of its submission; the same call again returns the same.

    ``key`` is the sender's Idempotency-Key. GeoReport knows none: without one the same content
    again within some ten minutes is the same call.
    Refuses with Fault: 400 naming every argument that is wrong; Refusals: KeyReused.
    """
    envelope = envelope_of(one, arguments)
    try:
        return _taken(envelope, key, by, at)
    except Invalid as refusal:
        raise Invalid(_told(refusal.errors, one, arguments)) from None


def _taken(envelope: Envelope, key: str | None, by: Actor, at: datetime) -> str:
    if key is None:
        digest, window = envelope.digest, int(at.timestamp()) // WINDOW
        earlier = earlier_answer(f"same:{digest}:{window - 1}", digest, by=by)
        if earlier:
            return str(json.loads(earlier)["id"])
        key = f"same:{digest}:{window}"
    elif not _KEY.fullmatch(key):
        raise Fault(400, f"Idempotency-Key: 1 to {LONGEST_KEY} visible ASCII characters.")
    receipt, _ = accept(envelope, key=key, by=by, at=at)
    return str(json.loads(receipt)["id"])


def envelope_of(one: Reportable, arguments: Arguments) -> Envelope:
    """The report as an application. What was sent is kept beside it, but for the key.

    Refuses with Fault: 400 for a place that is none.
    """
    definition = one.offer.definition
    taken = definition.open311
    assert taken is not None  # what is reportable says how
    said = {
        "category": one.category,
        "description": arguments.get("description"),
        "media_url": arguments.get("media_url"),
        **_place(taken, arguments),
    }
    form: dict[str, Any] = {}
    for name, value in said.items():
        pointer = getattr(taken, name)
        if pointer and value not in (None, ""):
            _put(form, split(pointer)[1:], value)
    given = arguments.attributes
    for asked in attributes(definition):
        if asked.code in given:
            form[asked.code] = _converted(asked.schema, given[asked.code])
    data = {
        "service": definition.key,
        "language": LANGUAGE,
        "form": form,
        "parties": _parties(arguments),
        "attachments": [],
        # Nobody gave an address for letters: what becomes of the report, its state tells.
        "consents": {"electronic_delivery": True},
        "reply_channel": {"kind": "portal"},
        "on_invalid": "reject",
        "open311": {name: list(sent) for name, sent in arguments.without("api_key").items()},
    }
    return Envelope(json.dumps(data, ensure_ascii=False), data, channel="open311")


def _place(taken: Open311, arguments: Arguments) -> dict[str, Any]:
    """Street, number, detail and position, whichever of GeoReport's three ways was taken."""
    latitude, longitude = _degrees(arguments, "lat"), _degrees(arguments, "long")
    if (latitude is None) is not (longitude is None):
        raise Fault(400, "lat, long: one needs the other.")
    address, number = arguments.get("address_string"), arguments.get("address_id")
    if latitude is None and not address and not number:
        raise Fault(400, "Where is it? lat and long, address_string or address_id is needed.")
    position = {"latitude": latitude, "longitude": longitude}
    if address:
        street, house = _street_of(address)
        detail = address[:_LONGEST_DETAIL] if taken.detail and address != street else None
        return {"street": street, "number": house, "detail": detail, **position}
    if number:
        return {"street": f"Adresse {number}"[:_LONGEST_STREET], **position}
    return {"street": f"{latitude}, {longitude}", **position}


def _street_of(address: str) -> tuple[str, str | None]:
    """Street and house number in the first part of ``address`` that looks like both."""
    parts = [part.strip() for part in re.split(r"[,\n]", address) if part.strip()]
    for part in parts:
        if match := _STREET.fullmatch(part):
            return match[1][:_LONGEST_STREET], match[2].lower()
    return (parts or [""])[0][:_LONGEST_STREET], None


def _degrees(arguments: Arguments, name: str) -> float | None:
    text = arguments.get(name).strip()
    if not text:
        return None
    if not _DEGREES.fullmatch(text):
        raise Fault(400, f"{name}: a number of degrees (WGS 84) is needed.")
    return float(text)


def _parties(arguments: Arguments) -> list[dict[str, Any]]:
    """Whoever reports, where they say so; who gives no name but an address is called by that."""
    reached = {name: text for name in _REACHED if (text := arguments.get(name))}
    named = {field: text for name, field in _PERSON.items() if (text := arguments.get(name))}
    if not reached and not named:
        return []
    if "family_name" not in named:
        called = named.pop("given_names", None) or next(iter(reached.values()))
        named = {"family_name": called}
    return [{"role": "applicant", "kind": "person", **named, **reached}]


def _put(form: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        form = form.setdefault(name, {})
    form[path[-1]] = value


def _converted(schema: Mapping[str, Any], values: Sequence[str]) -> Any:
    """What was typed as the form has it; what is none stays text, for the form to refuse."""
    if schema["type"] == "array":
        return list(values)
    text = values[0] if len(values) == 1 else ",".join(values)
    if schema["type"] == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if schema["type"] in ("integer", "number"):
        return _number(text, whole=schema["type"] == "integer")
    if schema.get("format") == "date":
        return text.partition("T")[0]
    return text


def _number(text: str, *, whole: bool) -> int | float | str:
    try:
        found = int(text) if whole else float(text)
    except ValueError:
        return text
    return found if math.isfinite(found) else text


def _told(errors: Sequence[FieldError], one: Reportable, arguments: Arguments) -> list[FieldError]:
    """The same faults, each under the name of the argument it is about."""
    taken = one.offer.definition.open311
    assert taken is not None  # what is reportable says how
    place = "address_string" if arguments.get("address_string") else "lat, long"
    known: dict[str | None, str] = {
        taken.description: "description",
        taken.media_url: "media_url",
        taken.latitude: "lat",
        taken.longitude: "long",
        "/parties/0/family_name": "last_name",
        "/parties/0/given_names": "first_name",
    }
    known |= dict.fromkeys((taken.street, taken.number, taken.detail), place)
    known |= {f"/parties/0/{name}": name for name in _REACHED}
    asked = attributes(one.offer.definition)
    known |= {f"/form/{each.code}": f"attribute[{each.code}]" for each in asked}
    return [FieldError(known.get(fault.pointer, ""), fault.rule, fault.facts) for fault in errors]
