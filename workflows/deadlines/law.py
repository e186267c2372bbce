"""Holds what is read differently in practice about deadlines, each reading with its default."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflows.calendar import NRW, HolidayCalendar


class Regime(StrEnum):
    """The procedure law an act is issued under: general, social, or tax (by-law fees included)."""

    VWVFG = "VwVfG"
    SGB_X = "SGB_X"
    AO = "AO"


@dataclass(frozen=True, slots=True)
class DeadlineLaw:
    """What holds where a city lies, and the readings its legal office may decide on.

    The defaults follow the courts, else the text, else the prevailing view.
    """

    #: Public holidays are the state's law.
    calendar: HolidayCalendar = NRW

    #: Under these a fiction day on a weekend or holiday moves to the next working day. AO: BFH
    #: 14.10.2003 IX R 68/98; not SGB X: BSG 6.5.2010 B 14 AS 12/09 R; not VwVfG: prevailing view.
    fiction_shifts: frozenset[Regime] = frozenset({Regime.AO})

    #: § 37 (2a) SGB X: days after the notice, for notices sent since 2025-01-01 (before: 3).
    #: The text of 2022 says the third day; that the reform of 2025 reached it is not confirmed.
    sgb_x_portal_days: int = 4

    #: § 9 (1) OZG: days after provision in the mailbox of a user account.
    ozg_mailbox_days: int = 3

    #: § 9 OZG has no rule on weekends; read like § 41 VwVfG.
    ozg_mailbox_shifts: bool = False

    #: § 41 (2a) VwVfG: whether the ten days for retrieval end later on a weekend or holiday.
    #: Not so by default: an act retrieved on a doubtful day is served again, which harms nobody.
    retrieval_period_shifts: bool = False

    #: § 42a VwVfG: whether § 31 (3) moves the end of the period for the authority's decision.
    #: Disputed; a reckoning shows both days.
    approval_fiction_shifts: bool = True


DEFAULT_LAW: Final = DeadlineLaw()
