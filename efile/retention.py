"""How long a closed case is kept."""

from datetime import date


def retained_until(closed_on: date, years: int) -> date:
    """The last day on which a case closed on ``closed_on`` must still be kept.

    Retention runs from closing (zdA) to the end of the calendar year in which it ends; from the
    day after the case may be disposed of.
    """
    return date(closed_on.year + years, 12, 31)
