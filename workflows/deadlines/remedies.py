"""Answers until when an act can be challenged, from the way it was notified."""

from datetime import date
from typing import Final

from workflows.deadlines.derivation import Day, Event, Reckoning, StepKind, counted, event, shifted
from workflows.deadlines.law import DeadlineLaw, Regime
from workflows.deadlines.notification import (
    announced_in_portal,
    last_retrieval_day,
    posted_abroad,
    posted_inland,
    provided_in_mailbox,
    published_locally,
    retrieved_from_portal,
)
from workflows.deadlines.periods import Period, Unit

SERVE_AGAIN: Final = "end provision, serve again"

_ALL: Final = ("notified", "raw_end", "end")

_ONE_MONTH: Final = Period(1, Unit.MONTHS)
_ONE_YEAR: Final = Period(1, Unit.YEARS)

# Objection or court action, whichever the act's remedy rule names: the month is the same.
_REMEDY: Final = {
    Regime.VWVFG: "§ 70 Abs. 1, § 74 Abs. 1 VwGO",
    Regime.SGB_X: "§ 84 Abs. 1, § 87 Abs. 1 SGG, § 70 Abs. 1 VwGO",
    Regime.AO: "§ 70 Abs. 1, § 74 Abs. 1 VwGO, § 355 Abs. 1 AO",
}
_NEXT_WORKING_DAY: Final = {
    Regime.VWVFG: "§ 57 Abs. 2 VwGO, § 222 Abs. 2 ZPO",
    Regime.SGB_X: "§ 64 Abs. 3 SGG, § 57 Abs. 2 VwGO",
    Regime.AO: "§ 57 Abs. 2 VwGO, § 108 Abs. 3 AO",
}


def objection_after_post(posted: date, regime: Regime, *, law: DeadlineLaw) -> Reckoning:
    """Posted within Germany: ``notified``, ``raw_end``, ``end`` of one month."""
    rule = "delivery_fiction_post+objection_1_month"
    return _one_month(rule, posted_inland(posted, regime, law), regime, law)


def objection_after_post_abroad(posted: date, *, law: DeadlineLaw) -> Reckoning:
    """A tax act posted abroad: ``notified``, ``raw_end``, ``end`` of one month."""
    return _one_month("post_abroad_AO_1_month", posted_abroad(posted, law), Regime.AO, law)


def objection_after_mailbox(provided: date, *, law: DeadlineLaw) -> Reckoning:
    """Provided in the mailbox of a user account: ``notified``, ``raw_end``, ``end``."""
    return _one_month("mailbox_OZG_9", provided_in_mailbox(provided, law), Regime.VWVFG, law)


def objection_after_portal_notice(notice_sent: date, *, law: DeadlineLaw) -> Reckoning:
    """A social act announced in a portal: ``notified``, ``raw_end``, ``end``."""
    notified = announced_in_portal(notice_sent, law)
    return _one_month("retrieval_SGBX_37_2a", notified, Regime.SGB_X, law)


def objection_after_notification(notified: date, regime: Regime, *, law: DeadlineLaw) -> Reckoning:
    """Handed over, formally served, or proven to have come later: ``raw_end``, ``end``."""
    start = event(Event.ACT_NOTIFIED, notified)
    return _one_month("notification+objection_1_month", start, regime, law, keys=("raw_end", "end"))


def objection_after_public_notice(published: date, *, law: DeadlineLaw) -> Reckoning:
    """Published locally: ``notified``, ``end`` of one month."""
    notified = published_locally(published, law)
    return _one_month(
        "public_notice_two_weeks", notified, Regime.VWVFG, law, keys=("notified", "end")
    )


def objection_after_retrieval(
    notice_sent: date, retrieved: date | None, *, law: DeadlineLaw
) -> Reckoning:
    """Provided for retrieval: ``notified``, ``end``; or what to do if nobody came in time.

    An act fetched after the last retrieval day is not notified: by then the provision has ended
    and with it its effect, § 41 (2a) sentence 5 VwVfG.
    """
    rule = "retrieval_VwVfG_41_2a"
    last_day = last_retrieval_day(notice_sent, law)
    if retrieved is None or retrieved > last_day.on:
        paragraph = "§ 41 Abs. 2a Satz 5 VwVfG"
        given_up = last_day.then(StepKind.NOT_NOTIFIED, last_day.on, paragraph)
        values = {"notified": None, "last_retrieval_day": last_day.on, "action": SERVE_AGAIN}
        return Reckoning(rule, values, given_up.steps)
    notified = retrieved_from_portal(retrieved)
    return _one_month(rule, notified, Regime.VWVFG, law, keys=("notified", "end"))


def objection_without_instruction(notified: date, *, law: DeadlineLaw) -> Reckoning:
    """Notified without a correct instruction on remedies: ``raw_end``, ``end`` of one year."""
    start = event(Event.ACT_NOTIFIED, notified)
    raw_end = counted(start, _ONE_YEAR, "§ 58 Abs. 2 VwGO, § 66 Abs. 2 SGG")
    end = shifted(raw_end, law.calendar, "§ 57 Abs. 2 VwGO, § 222 Abs. 2 ZPO, § 64 Abs. 3 SGG")
    return Reckoning(
        "missing_instruction_1_year", {"raw_end": raw_end.on, "end": end.on}, end.steps
    )


def _one_month(
    rule: str, notified: Day, regime: Regime, law: DeadlineLaw, *, keys: tuple[str, ...] = _ALL
) -> Reckoning:
    raw_end = counted(notified, _ONE_MONTH, _REMEDY[regime])
    end = shifted(raw_end, law.calendar, _NEXT_WORKING_DAY[regime])
    values = {"notified": notified.on, "raw_end": raw_end.on, "end": end.on}
    return Reckoning(rule, {key: values[key] for key in keys}, end.steps)
