"""What goes on after or beside one case: matters with their duties, offers, waiting lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from workflows.catalogue.parts import Text

Effect = Literal["begin", "change", "end", "return", "review", "recover"]
Occasion = Literal["matter_ends", "moved_in", "birth", "business_registered"]


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A line of a permit; ``value`` names form fields, or the applicant, in braces."""

    label: Text
    value: str


@dataclass(frozen=True, slots=True)
class Permit:
    """What a permit prints beside number and validity."""

    rows: tuple[PermitRow, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterEffect:
    """What a grant does to the matter where ``when`` (CEL over the form) holds.

    ``ends_on``: pointer to the last day, for ``end``. ``prefill``: what a form says by field so
    that ``when`` holds, where it is not the choice of one field.
    """

    effect: Effect
    when: str
    ends_on: str | None = None
    prefill: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What a matter demands again and again: a return of its holder, or a review by the office.

    Periods are whole calendar months; due ``due_days`` after the end of each.
    """

    key: str
    title: Text
    kind: Literal["return", "review"]
    every_months: int
    due_days: int
    remind_days: int | None = None
    overdue_days: int | None = None
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class StandingMatter:
    """What a grant leaves behind, with a number, data (pointers) and a validity.

    ``months`` (CEL over the form): without, it goes on until it is ended. ``number`` points to the
    number of a matter that exists, for the effects other than begin.
    """

    kind: Literal["permit", "dog", "accommodation_business", "benefit", "pass", "childcare_place"]
    title: Text
    number_prefix: str
    data: Mapping[str, str]
    months: str | None = None
    valid_from: str | None = None
    renewal_days: int | None = None
    permit: Permit | None = None
    number: str | None = None
    effects: tuple[MatterEffect, ...] = ()
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class ProactiveOffer:
    """When the service offers itself, on what basis, and what it fills in beforehand.

    ``prefill``: form field → pointer into {occasion, matter, form}, or {"value": …}.
    """

    key: str
    occasion: Occasion
    title: Text
    text: Text
    needs_consent: bool
    valid_days: int
    prefill: Mapping[str, Any]
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """Points (CEL over the form) on a waiting list, in force between two days."""

    key: str
    title: Text
    points: str
    paragraph: str
    valid_from: date | None = None
    valid_until: date | None = None

    def counts(self, on: date) -> bool:
        """Whether it is in force ``on`` that day."""
        return (self.valid_from or date.min) <= on <= (self.valid_until or date.max)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Places that are scarce: who wants which, from when, and who comes first.

    ``facilities`` points to the keys wished for, most wanted first; ``group`` to the kind of place.
    """

    list: str
    facilities: str
    wish_from: str
    criteria: tuple[Criterion, ...]
    offer_days: int
    legal_basis: str
    group: str | None = None
