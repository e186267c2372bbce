"""What the checks of a case go by, in the words in which an applicant's proofs would say it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from workflows.application import Application
from workflows.catalogue.parts import Check
from workflows.catalogue.pointers import follow
from workflows.models import Process

# Beside the checks: who applies, and where they live.
APPLICANT: Final = "applicant"
_APPLICANT: Final = ("organisation", "family_name", "birth_date", "address/street")
_FORM_FIELD: Final = re.compile(r"\bform\.(\w+)")
# Shorter values stand everywhere: a zone, the number of a house.
_SHORTEST: Final = 4

# Values to look for, by key of the check that goes by them.
Sought = Mapping[str, tuple[str, ...]]


def sought_for(case_id: UUID) -> Sought:
    """``sought`` for a case whose right to be seen has been checked. Two statements."""
    processes = Process.objects.select_related("version").defer("version__definition")
    return sought(Application.of(processes.get(case_id=case_id)))


def sought(application: Application) -> Sought:
    """What each check asks registers about and reads of the form, and ``APPLICANT``."""
    told = {"form": application.form, "applicant": application.applicant}
    pointers = {check.key: _pointers(check) for check in application.definition.checks}
    pointers[APPLICANT] = [f"/applicant/{name}" for name in _APPLICANT]
    found = {key: tuple(dict.fromkeys(_values(told, read))) for key, read in pointers.items()}
    return {key: values for key, values in found.items() if values}


def _pointers(check: Check) -> list[str]:
    asked = [pointer for query in check.registers for pointer in query.input.values()]
    return asked + [f"/form/{name}" for name in _FORM_FIELD.findall(check.expression)]


def _values(told: Mapping[str, Any], pointers: Iterable[str]) -> Iterable[str]:
    for pointer in pointers:
        value = follow(told, pointer)
        if pointer.endswith("/street"):
            number = follow(told, f"{pointer.removesuffix('street')}number")
            value = f"{value or ''} {number or ''}".strip()
        if isinstance(value, str) and len(value) >= _SHORTEST:
            yield _german(value)


def _german(value: str) -> str:
    """A day as people write it here; anything else as it is."""
    try:
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    except ValueError:
        return value
