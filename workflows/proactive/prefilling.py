"""What an offer fills in beforehand, as far as it is known and valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflows.catalogue.continuing import ProactiveOffer as Rule
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import follow, split

_LACKING: Final = frozenset({"required", "dependent_required", "min_properties", "min_items"})


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A form as far as we can fill it in, and pointers to what the applicant has to add."""

    form: Mapping[str, Any]
    missing: tuple[str, ...]


def prefilled(definition: Definition, rule: Rule, known: Mapping[str, Any]) -> Prefilled:
    """The form that ``rule`` fills in from ``known`` ({occasion, matter, form}).

    What would break the form's rules is left out, so that nothing wrong is ever offered.
    """
    form: dict[str, Any] = {}
    for name, source in rule.prefill.items():
        value = source["value"] if isinstance(source, Mapping) else follow(known, source)
        if value is not None:
            form[name] = value
    while wrong := _broken(definition, form):
        form = {name: value for name, value in form.items() if name not in wrong}
    faults = definition.validator.errors(form)
    return Prefilled(form, tuple(sorted({fault.pointer for fault in faults})))


def _broken(definition: Definition, form: Mapping[str, Any]) -> set[str]:
    """The fields that are there and break a rule of their own."""
    faults = definition.validator.errors(dict(form))
    wrong = [fault.pointer for fault in faults if fault.rule not in _LACKING]
    return {parts[1] for pointer in wrong if len(parts := split(pointer)) > 1} & form.keys()
