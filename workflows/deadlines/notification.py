"""Answers on which day an administrative act counts as notified, by the way it was sent."""

from datetime import date
from typing import Final

from workflows.deadlines.derivation import (
    Day,
    Event,
    Stands,
    StepKind,
    counted,
    event,
    shifted,
    standing,
)
from workflows.deadlines.law import DeadlineLaw, Regime
from workflows.deadlines.periods import Period, Unit

# Postrechtsmodernisierungsgesetz: what is posted or sent from this day on counts as notified on
# the fourth day, before it was the third.
FOUR_DAYS_SINCE: Final = date(2025, 1, 1)
_THREE_DAYS: Final = Period(3, Unit.DAYS)
_FOUR_DAYS: Final = Period(4, Unit.DAYS)

_ONE_MONTH: Final = Period(1, Unit.MONTHS)
_TWO_WEEKS: Final = Period(2, Unit.WEEKS)
_RETRIEVAL_PERIOD: Final = Period(10, Unit.DAYS)
_ONE_DAY: Final = Period(1, Unit.DAYS)

_POST: Final = {
    Regime.VWVFG: "§ 41 Abs. 2 VwVfG",
    Regime.SGB_X: "§ 37 Abs. 2 SGB X",
    Regime.AO: "§ 122 Abs. 2 Nr. 1 AO",
}
_WEEKEND: Final = {
    Regime.VWVFG: "§ 31 Abs. 3 VwVfG",
    Regime.SGB_X: "§ 26 Abs. 3 SGB X",
    Regime.AO: "§ 108 Abs. 3 AO",
}


def posted_inland(posted: date, regime: Regime, law: DeadlineLaw) -> Day:
    """A letter within Germany, or an e-mail: the third, since 2025 the fourth day after posting.

    Later receipt counts if proven; then that day is the notification, and this one is not asked.
    """
    period = _FOUR_DAYS if posted >= FOUR_DAYS_SINCE else _THREE_DAYS
    return _fiction(event(Event.ACT_POSTED, posted), period, _POST[regime], regime, law)


def posted_abroad(posted: date, law: DeadlineLaw) -> Day:
    """A tax act posted to an address abroad: one month after posting, § 122 (2) no. 2 AO."""
    paragraph = "§ 122 Abs. 2 Nr. 2 AO"
    return _fiction(event(Event.ACT_POSTED, posted), _ONE_MONTH, paragraph, Regime.AO, law)


def published_locally(published: date, law: DeadlineLaw) -> Day:
    """Public notice: two weeks after it was published locally, § 41 (4) VwVfG."""
    paragraph = "§ 41 Abs. 4 Satz 3 VwVfG"
    return _fiction(event(Event.ACT_PUBLISHED, published), _TWO_WEEKS, paragraph, Regime.VWVFG, law)


def announced_in_portal(notice_sent: date, law: DeadlineLaw) -> Day:
    """A social act provided in a portal: n days after the notice was sent, § 37 (2a) SGB X."""
    days = law.sgb_x_portal_days if notice_sent >= FOUR_DAYS_SINCE else _THREE_DAYS.count
    period = Period(days, Unit.DAYS)
    paragraph = "§ 37 Abs. 2a SGB X"
    return _fiction(event(Event.NOTICE_SENT, notice_sent), period, paragraph, Regime.SGB_X, law)


def provided_in_mailbox(provided: date, law: DeadlineLaw) -> Day:
    """An act put into the mailbox of a user account: the third day after that, § 9 (1) OZG."""
    paragraph = "§ 9 Abs. 1 Satz 3 OZG"
    period = Period(law.ozg_mailbox_days, Unit.DAYS)
    day = counted(event(Event.ACT_PROVIDED, provided), period, paragraph, StepKind.FICTION)
    if law.ozg_mailbox_shifts:
        return shifted(day, law.calendar, "§ 193 BGB")
    return standing(day, law.calendar, paragraph, Stands.FICTION_IS_NO_PERIOD)


def retrieved_from_portal(retrieved: date) -> Day:
    """An act the party fetched by itself: the day after, whatever day that is, § 41 (2a) VwVfG."""
    paragraph = "§ 41 Abs. 2a Satz 3 VwVfG"
    return counted(event(Event.ACT_RETRIEVED, retrieved), _ONE_DAY, paragraph, StepKind.FICTION)


def last_retrieval_day(notice_sent: date, law: DeadlineLaw) -> Day:
    """The last day on which retrieval notifies: ten days after the notice, § 41 (2a) VwVfG."""
    paragraph = "§ 41 Abs. 2a Satz 4 VwVfG"
    day = counted(event(Event.NOTICE_SENT, notice_sent), _RETRIEVAL_PERIOD, paragraph)
    if law.retrieval_period_shifts:
        return shifted(day, law.calendar, _WEEKEND[Regime.VWVFG])
    return standing(day, law.calendar, _WEEKEND[Regime.VWVFG], Stands.READING_OF_THE_LAW)


def _fiction(start: Day, period: Period, paragraph: str, regime: Regime, law: DeadlineLaw) -> Day:
    day = counted(start, period, paragraph, StepKind.FICTION)
    if regime in law.fiction_shifts:
        return shifted(day, law.calendar, _WEEKEND[regime])
    return standing(day, law.calendar, _WEEKEND[regime], Stands.FICTION_IS_NO_PERIOD)
