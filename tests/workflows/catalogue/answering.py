"""A definition's checks and amounts, asked with registers that confirm everything."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from workflows.catalogue import Definition

RESIDENT = {"found": True, "blocked": False, "main_residence": True}
MINE = {"found": True, "is_running": True, "is_holder": True}
NONE_YET = {"active_permits": 0, "active_for_object": 0}
MARCH = date(2026, 3, 10)


def form_of(definition: Definition, **more: Any) -> dict[str, Any]:
    """The example's form with groups laid over; None takes a field away."""
    form = deepcopy(dict(definition.example["form"]))
    for name, value in more.items():
        form[name] = {**form.get(name, {}), **value} if isinstance(value, Mapping) else value
    return {name: value for name, value in form.items() if value is not None}


def failing(definition: Definition, form: Mapping[str, Any], **facts: Any) -> set[str]:
    """The checks that this form does not pass, where registers confirm everything."""
    confirmed = {
        "population": RESIDENT,
        "business": {"found": True, "trade": "Beherbergung", "craft": False},
        "civil_status": {"found": True, "entitled": True, "restricted": False},
    }
    known: dict[str, Any] = {
        "registers": confirmed,
        "standing": NONE_YET,
        "matter": MINE,
        "address": {"known": True, "district": "1", "parking_zone": "A1"},
        "today": MARCH,
    }
    data = definition.rules.bind(form=form, **(known | facts))
    found = {check.key: definition.rules.evaluate(check, data) for check in definition.checks}
    return {key for key, result in found.items() if result.outcome != "passed"}


def euros(definition: Definition, form: Mapping[str, Any], on: date = MARCH) -> float:
    return definition.assessed(form, on).cents / 100
