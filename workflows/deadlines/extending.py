"""Answers which periods may be put off, by which paragraph and how often."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.deadlines.law import DEFAULT_LAW, Regime
from workflows.deadlines.procedure import gdpr_request


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a period may be put off.

    ``afterwards``: even when it is over already; ``once``: never again after that; ``is_told``:
    the applicant has to know.
    """

    paragraph: str
    afterwards: bool = True
    once: bool = False
    is_told: bool = True


# Periods that the authority sets itself, and may put off.
SET_BY_AUTHORITY: Final = frozenset(
    {"authority_period", "authority_period_2_weeks", "fixed_day_with_notice"}
)
_BY_AUTHORITY: Final = {
    Regime.VWVFG: Allowance("§ 31 Abs. 7 VwVfG NRW"),
    Regime.SGB_X: Allowance("§ 26 Abs. 7 SGB X"),
    Regime.AO: Allowance("§ 109 Abs. 1 AO"),
}
_BY_RULE: Final = {
    "approval_fiction_3_months": Allowance(
        "§ 42a Abs. 2 Satz 3 VwVfG NRW", afterwards=False, once=True
    ),
    "gdpr_1_month": Allowance("Art. 12 Abs. 3 Satz 2 DSGVO", afterwards=False, once=True),
}
# Its own target an office may put off as it likes; it owes nobody a word about it.
_OWN_TARGET: Final = Allowance("", is_told=False)
# Who missed a period of the law without fault may be put back (Wiedereinsetzung).
REINSTATEMENT: Final = {
    Regime.VWVFG: "§ 32 VwVfG NRW, § 60 VwGO",
    Regime.SGB_X: "§ 27 SGB X, § 67 SGG",
    Regime.AO: "§ 110 AO, § 60 VwGO",
}


def allowance_for(kind: str, rule: str, regime: Regime) -> Allowance | None:
    """How a period of ``kind`` by ``rule`` may be put off; None: the law has fixed it."""
    if rule in SET_BY_AUTHORITY:
        return _BY_AUTHORITY[regime]
    return _BY_RULE.get(rule) or (None if kind == "legal" else _OWN_TARGET)


def latest_end(rule: str, event_on: date) -> date | None:
    """The last day to which it may be put off; None: no law names one."""
    if rule == "gdpr_1_month":
        return gdpr_request(event_on, law=DEFAULT_LAW).day("extended_end")
    return None
