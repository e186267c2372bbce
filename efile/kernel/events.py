"""What can happen: facts that verbs record, and the reactions that are owed for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings

# A watched value before and after. The journal's last "after" must equal the row (verify.py).
Change = tuple[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a case, or (``case_id`` None) to the tenant's configuration.

    ``changes`` maps watched fields ("case.subject") to (from, to); ``facts`` hold whatever else
    a reader of the history needs. Both are erasable; ``name`` and the chain are not. What is owed
    for it falls due after ``pause``, in real time.
    """

    name: ClassVar[str]

    case_id: UUID | None
    changes: Mapping[str, Change] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    pause: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What is done about it, once, after the commit.

    ``prepare(subject)`` runs outside any transaction and may wait for others (registers,
    portals); ``apply(subject, prepared)`` runs in the transaction that also settles the debt.
    Both get nothing but the id: they look at the present and make it right.
    """

    apply: Callable[[UUID, Any], None]
    prepare: Callable[[UUID], Any] | None = None


def owed_for(event: type[Event]) -> tuple[str, ...]:
    """The names of the reactions wired to ``event``."""
    owed: Mapping[type[Event], tuple[str, ...]] = import_module(settings.WIRING).OWED
    return owed.get(event, ())


@cache
def reaction(name: str) -> Reaction:
    """The reaction wired under ``name``. KeyError: a debt of a version that no longer runs."""
    found: Reaction = import_module(settings.WIRING).reactions()[name]
    return found
