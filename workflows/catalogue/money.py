"""Amounts of a service: dated tables, what one case costs, and what is fixed to be paid again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any, ClassVar, Final, Literal

from efile.kernel.errors import Conflict
from workflows.catalogue.parts import Text
from workflows.catalogue.rules import Returns, Rules, Scope

PAYMENT_DAYS: Final = 30

# The parts of a position that are expressions, and what each must give.
EXPRESSIONS: Final[Mapping[str, Returns]] = {
    "when": "BOOL",
    "quantity": "INT",
    "amount": "INT",
    "of": "INT",
}


class FeeUndetermined(Conflict):
    """No amount can be told: no table is in force on that day, or its rule fails on this form."""

    code = "fee_undetermined"


class RuleFails(Exception):
    """``expression`` gives nothing for these values."""

    def __init__(self, expression: str) -> None:
        super().__init__(expression)
        self.expression = expression


@dataclass(frozen=True, slots=True)
class Position:
    """A line of a table: ``cents``, an ``amount`` (CEL), or ``percent`` ``of`` something (CEL).

    Times ``quantity`` (CEL, 1 without) where ``when`` (CEL) holds, always without.
    """

    key: str
    title: Text
    cents: int | None = None
    amount: str | None = None
    percent: float | None = None
    of: str | None = None
    when: str | None = None
    quantity: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The positions in force from ``valid_from`` to ``valid_until``, both days included."""

    valid_from: date
    positions: tuple[Position, ...]
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Paid online; until then the case is not examined, decided, notified, or goes on all the same.

    ``days``: how long it may be paid.
    """

    blocks: Literal["examine", "decide", "notify", "nothing"]
    days: int = PAYMENT_DAYS


@dataclass(frozen=True, slots=True)
class FeeTable:
    """What the service costs, by periods without gap or overlap; ``on_refusal``: a refusal, too."""

    scope: ClassVar[Scope] = "form"

    currency: Literal["EUR"]
    legal_basis: str
    periods: tuple[Period, ...]
    payment: Payment | None = None
    on_refusal: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a grant fixes to be paid per ``interval``, by periods without gap or overlap.

    ``from`` in the file is ``from_`` here: a pointer to the day it begins with. ``instalments``
    are month-days ("02-15") on which equal parts of a year are due; without them it is due
    ``due_days`` after the decision was made known.
    """

    scope: ClassVar[Scope] = "amount"  # ages and rates depend on the day

    kind: Literal["tax", "contribution", "benefit"]
    title: Text
    currency: Literal["EUR"]
    legal_basis: str
    interval: Literal["once", "month", "quarter", "year"]
    periods: tuple[Period, ...]
    from_: str | None = None
    begins: Literal["day", "month", "next_month"] = "month"
    instalments: tuple[str, ...] = ()
    due_days: int = PAYMENT_DAYS


@dataclass(frozen=True, slots=True)
class Line:
    """One position of an amount: ``quantity`` times ``cents_each``.

    ``percent`` and ``of_cents`` say how ``cents_each`` came about where it is a share.
    """

    key: str
    title: Text
    quantity: int
    cents_each: int
    percent: Decimal | None = None
    of_cents: int | None = None

    @property
    def cents(self) -> int:
        return self.quantity * self.cents_each


@dataclass(frozen=True, slots=True)
class Fee:
    """What one case costs, or one interval: total in cents, and the lines that make it up."""

    cents: int
    currency: str
    legal_basis: str
    positions: tuple[Line, ...]


NOTHING: Final = Fee(0, "EUR", "", ())


def computed(
    table: FeeTable | Assessment, rules: Rules, form: Mapping[str, Any], on: date, *, service: str
) -> Fee:
    """The amount of this ``form`` by the periods of ``table`` in force ``on`` that day.

    Refuses: FeeUndetermined, naming the ``service``.
    """
    period = in_force(table.periods, on)
    if period is None:
        raise FeeUndetermined(service=service, on=on.isoformat())
    data = rules.bind(form=form, today=on if table.scope == "amount" else None)
    try:
        found = [_line(position, rules, data, table.scope) for position in period.positions]
    except RuleFails as failure:
        raise FeeUndetermined(service=service, expression=failure.expression) from None
    lines = tuple(line for line in found if line)
    total = sum(line.cents for line in lines)
    return Fee(total, table.currency, table.legal_basis, lines)


def in_force(periods: Sequence[Period], on: date) -> Period | None:
    """The period that ``on`` lies in."""
    return next(
        (p for p in periods if p.valid_from <= on <= (p.valid_until or date.max)),
        None,
    )


def _line(position: Position, rules: Rules, data: Mapping[str, Any], scope: Scope) -> Line | None:
    def value(name: str, unsaid: Any) -> Any:
        expression = getattr(position, name)
        return unsaid if expression is None else _value(rules, expression, data, scope, name)

    times = value("quantity", 1) if value("when", True) else 0
    if times <= 0:
        return None
    if position.percent is None:
        return Line(position.key, position.title, times, value("amount", position.cents))
    share, whole = Decimal(str(position.percent)), value("of", 0)
    each = int((share * whole / 100).to_integral_value(ROUND_FLOOR))
    return Line(position.key, position.title, times, each, share, whole)


def _value(rules: Rules, expression: str, data: Mapping[str, Any], scope: Scope, name: str) -> Any:
    value = rules.compile(expression, scope, EXPRESSIONS[name]).value(data)
    if value is None:
        raise RuleFails(expression)
    return value
