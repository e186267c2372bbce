"""Answers from which day a person's age or claim counts."""

from datetime import date, timedelta
from typing import Final

from efile.kernel.errors import FieldError, Invalid
from workflows.deadlines.derivation import Event, Reckoning, StepKind, completed, event
from workflows.deadlines.periods import Period, Unit, day_completed

_BORN: Final = "§ 187 Abs. 2 Satz 2 BGB"
_RETROACTIVE_LIFE_MONTHS: Final = 3
_MONTHS_A_YEAR: Final = 12


def age(born: date, years: int) -> Reckoning:
    """The day on which an age is reached, from its beginning: ``reached_on``."""
    period = Period(years, Unit.YEARS)
    reached = completed(
        event(Event.BORN, born, _BORN), period, "§ 188 Abs. 2 BGB", StepKind.AGE_REACHED
    )
    return Reckoning("age", {"reached_on": reached.on}, reached.steps)


def maintenance_advance(received: date) -> Reckoning:
    """The first month payable: ``earliest_month`` as ``YYYY-MM``, the one before receipt.

    § 4 UhVorschG.
    """
    first_day = received.replace(day=1)
    before = (first_day - timedelta(days=1)).replace(day=1)
    paragraph = "§ 4 UhVorschG"
    reached = (
        event(Event.APPLICATION_RECEIVED, received, paragraph)
        .then(StepKind.MONTH_OF_RECEIPT, first_day, paragraph)
        .then(StepKind.PAYABLE_FROM, before, paragraph, count=1, unit=Unit.MONTHS)
    )
    return Reckoning("uvg_retroactive", {"earliest_month": f"{before:%Y-%m}"}, reached.steps)


def parental_allowance(born: date, received: date) -> Reckoning:
    """The first day payable: ``payable_from``, and ``current_life_month_start`` at receipt.

    § 7 (1) BEEG: three life months before the one of receipt, never before birth. Each life month
    is counted from birth, so that a child of the 31st does not lose days in every short month.
    Refuses: Invalid (``not_before``) when received before birth.
    """
    if received < born:
        raise Invalid([FieldError("/received", "not_before", {"field": "born"})])
    current = _life_month(born, received)
    first = max(current - _RETROACTIVE_LIFE_MONTHS, 1)
    current_start = _life_month_start(born, current)
    payable_from = _life_month_start(born, first)
    reached = (
        event(Event.BORN, born, _BORN)
        .then(StepKind.EVENT, received, "§ 7 Abs. 1 BEEG", event=Event.APPLICATION_RECEIVED)
        .then(StepKind.LIFE_MONTH, current_start, "§ 188 Abs. 2, 3 BGB", number=current)
        .then(
            StepKind.PAYABLE_FROM,
            payable_from,
            "§ 7 Abs. 1 Satz 2 BEEG",
            count=_RETROACTIVE_LIFE_MONTHS,
            unit="life_months",
            number=first,
        )
    )
    values = {"payable_from": payable_from, "current_life_month_start": current_start}
    return Reckoning("beeg_retroactive_3_life_months", values, reached.steps)


def _life_month(born: date, on: date) -> int:
    """The number of the life month that ``on`` lies in, the first beginning with birth."""
    number = (on.year - born.year) * _MONTHS_A_YEAR + on.month - born.month + 1
    return number if _life_month_start(born, number) <= on else number - 1


def _life_month_start(born: date, number: int) -> date:
    return day_completed(born, Period(number - 1, Unit.MONTHS))
