"""Answers until when a party or the authority has to act while a matter is being decided."""

from datetime import date
from typing import Final

from workflows.deadlines.derivation import (
    Day,
    Event,
    Reckoning,
    Stands,
    counted,
    event,
    shifted,
    standing,
)
from workflows.deadlines.law import DeadlineLaw, Regime
from workflows.deadlines.periods import Period, Unit

_ONE_MONTH: Final = Period(1, Unit.MONTHS)
_THREE_MONTHS: Final = Period(3, Unit.MONTHS)
_TWO_WEEKS: Final = Period(2, Unit.WEEKS)

_GDPR_BEGINS: Final = "Art. 3 Abs. 1 VO (EWG, Euratom) 1182/71"
_GDPR_SHIFTS: Final = "Art. 3 Abs. 4 VO (EWG, Euratom) 1182/71"

_NAMED_DAY_STANDS: Final = {
    Regime.VWVFG: "§ 31 Abs. 3 Satz 2 VwVfG",
    Regime.SGB_X: "§ 26 Abs. 3 Satz 2 SGB X",
}


def period_set_by_authority(notified: date, period: Period, *, law: DeadlineLaw) -> Reckoning:
    """A period the authority set, as for an answer: ``raw_end``, ``end``.

    Runs from the day after it was notified, § 31 (2) VwVfG, alike § 26 (2) SGB X, § 108 (2) AO.
    """
    start = event(Event.PERIOD_NOTIFIED, notified, "§ 31 Abs. 2 VwVfG")
    raw_end = counted(start, period, "§ 31 Abs. 1 VwVfG, § 188 BGB")
    end = shifted(raw_end, law.calendar, "§ 31 Abs. 3 Satz 1 VwVfG")
    return Reckoning("authority_period", {"raw_end": raw_end.on, "end": end.on}, end.steps)


def two_weeks_set_by_authority(notified: date, *, law: DeadlineLaw) -> Reckoning:
    """Two weeks set by the authority: ``raw_end``, ``end``."""
    reckoning = period_set_by_authority(notified, _TWO_WEEKS, law=law)
    return Reckoning("authority_period_2_weeks", reckoning.values, reckoning.steps)


def fixed_day_with_notice(fixed_day: date, regime: Regime, *, law: DeadlineLaw) -> Reckoning:
    """A named last day, with notice that it stays on a weekend or holiday: ``end``.

    § 31 (3) sentence 2 VwVfG, § 26 (3) sentence 2 SGB X let it stand; § 108 (3) AO knows no such
    exception, so there it moves.
    """
    start = event(Event.LAST_DAY_NAMED, fixed_day, "")
    if paragraph := _NAMED_DAY_STANDS.get(regime):
        end = standing(start, law.calendar, paragraph, Stands.LAST_DAY_NAMED)
    else:
        end = shifted(start, law.calendar, "§ 108 Abs. 3 AO")
    return Reckoning("fixed_day_with_notice", {"end": end.on}, end.steps)


def approval_fiction(complete: date, *, law: DeadlineLaw) -> Reckoning:
    """When an application counts as granted, where a law orders it: ``raw_end``, ``end``.

    Three months from the receipt of complete documents, § 42a (2) VwVfG.
    """
    start = event(Event.DOCUMENTS_COMPLETE, complete)
    raw_end = counted(start, _THREE_MONTHS, "§ 42a Abs. 2 VwVfG")
    if law.approval_fiction_shifts:
        end = shifted(raw_end, law.calendar, "§ 31 Abs. 3 VwVfG")
    else:
        end = standing(raw_end, law.calendar, "§ 31 Abs. 3 VwVfG", Stands.READING_OF_THE_LAW)
    return Reckoning("approval_fiction_3_months", {"raw_end": raw_end.on, "end": end.on}, end.steps)


def inactivity(filed: date, *, law: DeadlineLaw) -> Reckoning:
    """The day after which an action for inactivity is admissible: ``earliest_action_after``.

    § 75 VwGO. It is a waiting period in which nobody has to act, so no weekend prolongs it.
    """
    start = event(Event.APPLICATION_FILED, filed)
    waited = counted(start, _THREE_MONTHS, "§ 75 Satz 2 VwGO")
    end = standing(waited, law.calendar, "§ 75 Satz 2 VwGO", Stands.WAITING_PERIOD)
    return Reckoning("inactivity_3_months", {"earliest_action_after": end.on}, end.steps)


def gdpr_answer(received: date, *, law: DeadlineLaw) -> Reckoning:
    """Until when a request of a data subject is answered: ``raw_end``, ``end`` of one month."""
    raw_end, end = _gdpr_month(received, law)
    return Reckoning("gdpr_1_month", {"raw_end": raw_end.on, "end": end.on}, end.steps)


def gdpr_request(received: date, *, law: DeadlineLaw) -> Reckoning:
    """A request of a data subject: ``raw_end``, ``end`` of one month, ``extended_end``.

    Art. 12 (3) GDPR, counted by Regulation (EEC, Euratom) 1182/71. The extension by two months
    makes three from receipt, not two on top of a month that may have been cut short or shifted.
    """
    raw_end, end = _gdpr_month(received, law)
    start = event(Event.REQUEST_RECEIVED, received, _GDPR_BEGINS)
    extended = counted(start, _THREE_MONTHS, "Art. 12 Abs. 3 Satz 2 DSGVO", extended=True)
    extended = shifted(extended, law.calendar, _GDPR_SHIFTS)
    values = {"raw_end": raw_end.on, "end": end.on, "extended_end": extended.on}
    return Reckoning("gdpr_1_month", values, end.steps + extended.steps[len(start.steps) :])


def _gdpr_month(received: date, law: DeadlineLaw) -> tuple[Day, Day]:
    start = event(Event.REQUEST_RECEIVED, received, _GDPR_BEGINS)
    raw_end = counted(start, _ONE_MONTH, "Art. 12 Abs. 3 Satz 1 DSGVO")
    return raw_end, shifted(raw_end, law.calendar, _GDPR_SHIFTS)
