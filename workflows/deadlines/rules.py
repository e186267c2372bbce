"""Answers a deadline question put as plain data: a rule's id and its input."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from efile.kernel.errors import FieldError, Invalid
from workflows.deadlines import claims, operations, procedure, remedies
from workflows.deadlines.derivation import Reckoning
from workflows.deadlines.law import DEFAULT_LAW, DeadlineLaw, Regime

# Bounds that keep every result inside what a calendar can hold; no register is kept longer.
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
_MOST_YEARS: Final = 150
_REGIMES: Final = {regime.value: regime for regime in Regime}
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

# Reads one field: pointer, value → what the rule takes, or what is wrong with the value.
Reader = Callable[[str, object], object | FieldError]


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline rule as it is asked by data: what reckons, and how its input is read."""

    reckon: Callable[..., Reckoning]
    fields: Mapping[str, Reader]
    asks_law: bool = True

    def reckoning(self, given: Mapping[str, object], law: DeadlineLaw = DEFAULT_LAW) -> Reckoning:
        """The rule's values with their derivation; fields it does not know are left alone.

        Refuses: Invalid with a JSON pointer into ``given`` for every missing or wrong field:
        ``required``, ``type``, ``format``, ``enum``, ``minimum``, ``maximum``, ``not_before``; and
        ``outside_holiday_calendar`` for a deadline beyond the years whose holidays are known.
        """
        arguments = self._read(given)
        return self.reckon(**arguments, law=law) if self.asks_law else self.reckon(**arguments)

    def __call__(
        self, given: Mapping[str, object], law: DeadlineLaw = DEFAULT_LAW
    ) -> dict[str, Any]:
        """The computed keys of the rule, days as ISO dates. Refuses as ``reckoning``."""
        return self.reckoning(given, law).values_as_json()

    def _read(self, given: Mapping[str, object]) -> dict[str, object]:
        read = {
            name: reader(f"/{name}", given[name])
            if name in given
            else FieldError(f"/{name}", "required")
            for name, reader in self.fields.items()
        }
        if errors := [value for value in read.values() if isinstance(value, FieldError)]:
            raise Invalid(errors)
        return read


def compute(question: Mapping[str, object], law: DeadlineLaw = DEFAULT_LAW) -> dict[str, Any]:
    """The computed keys for ``{"rule": id, "input": {…}}``, days as ISO dates.

    Refuses: Invalid with JSON pointers into ``question``: an unknown rule at ``/rule``, and all
    that ``Rule.reckoning`` refuses below ``/input``.
    """
    name, given = question.get("rule"), question.get("input")
    rule = RULES.get(name) if isinstance(name, str) else None
    if rule is None:
        raise Invalid([FieldError("/rule", "enum", {"allowed": sorted(RULES)})])
    if not isinstance(given, Mapping):
        raise Invalid([FieldError("/input", "type", {"type": "object"})])
    try:
        return rule(given, law)
    except Invalid as refused:
        raise Invalid(
            [
                FieldError(f"/input{error.pointer}", error.rule, error.facts)
                for error in refused.errors
            ]
        ) from None


def _day(pointer: str, value: object) -> date | FieldError:
    if not isinstance(value, str):
        return FieldError(pointer, "type", {"type": "string"})
    try:
        # fromisoformat alone would take 20250303 and 2025-W10-1 as well
        day = date.fromisoformat(value) if _ISO_DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        return FieldError(pointer, "format", {"format": "date"})
    if day < _FIRST_DAY:
        return FieldError(pointer, "minimum", {"minimum": _FIRST_DAY.isoformat()})
    if day > _LAST_DAY:
        return FieldError(pointer, "maximum", {"maximum": _LAST_DAY.isoformat()})
    return day


def _day_or_null(pointer: str, value: object) -> date | FieldError | None:
    return None if value is None else _day(pointer, value)


def _regime(pointer: str, value: object) -> Regime | FieldError:
    regime = _REGIMES.get(value) if isinstance(value, str) else None
    return regime or FieldError(pointer, "enum", {"allowed": list(_REGIMES)})


def _years(pointer: str, value: object) -> int | FieldError:
    # bool is an int to Python, not to JSON
    if not isinstance(value, int) or isinstance(value, bool):
        return FieldError(pointer, "type", {"type": "integer"})
    if value < 0:
        return FieldError(pointer, "minimum", {"minimum": 0})
    if value > _MOST_YEARS:
        return FieldError(pointer, "maximum", {"maximum": _MOST_YEARS})
    return value


RULES: Final[Mapping[str, Rule]] = {
    "delivery_fiction_post+objection_1_month": Rule(
        remedies.objection_after_post, {"regime": _regime, "posted": _day}
    ),
    "post_abroad_AO_1_month": Rule(remedies.objection_after_post_abroad, {"posted": _day}),
    "mailbox_OZG_9": Rule(remedies.objection_after_mailbox, {"provided": _day}),
    "retrieval_VwVfG_41_2a": Rule(
        remedies.objection_after_retrieval, {"notice_sent": _day, "retrieved": _day_or_null}
    ),
    "retrieval_SGBX_37_2a": Rule(remedies.objection_after_portal_notice, {"notice_sent": _day}),
    "public_notice_two_weeks": Rule(remedies.objection_after_public_notice, {"published": _day}),
    "missing_instruction_1_year": Rule(remedies.objection_without_instruction, {"notified": _day}),
    "authority_period_2_weeks": Rule(procedure.two_weeks_set_by_authority, {"notified": _day}),
    "fixed_day_with_notice": Rule(
        procedure.fixed_day_with_notice, {"fixed_day": _day, "regime": _regime}
    ),
    "approval_fiction_3_months": Rule(procedure.approval_fiction, {"complete": _day}),
    "inactivity_3_months": Rule(procedure.inactivity, {"filed": _day}),
    "gdpr_1_month": Rule(procedure.gdpr_request, {"received": _day}),
    "retention": Rule(operations.retention, {"closed": _day, "years": _years}, asks_law=False),
    "age": Rule(claims.age, {"born": _day, "years": _years}, asks_law=False),
    "uvg_retroactive": Rule(claims.maintenance_advance, {"received": _day}, asks_law=False),
    "beeg_retroactive_3_life_months": Rule(
        claims.parental_allowance, {"born": _day, "received": _day}, asks_law=False
    ),
    "no_stopping_signs_3_full_days": Rule(
        operations.no_stopping_signs, {"sign_set_up": _day}, asks_law=False
    ),
    "fitconnect_timers": Rule(operations.fit_connect_timers, {"submitted": _day}, asks_law=False),
}
