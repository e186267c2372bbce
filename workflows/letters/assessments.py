"""What a decision fixes to be paid, as its letter shows it: computed line by line, and when due."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from efile.letters.parts import Column, Tabled
from efile.letters.text import euros, german_date
from workflows.catalogue.money import Line
from workflows.catalogue.parts import Text
from workflows.instalments import (
    Instalment,
    Segment,
    instalments_from_json,
    segments_from_json,
)
from workflows.letters.payment import payment_for
from workflows.letters.writing import Writing
from workflows.models import Assessment

_PER: Final[Mapping[str, str]] = {"month": "im Monat", "quarter": "im Quartal", "year": "im Jahr"}
_PERIODS: Final[Mapping[str, str]] = {
    "month": "jeden Monat",
    "quarter": "jedes Quartal",
    "year": "jedes Jahr",
}
_PERIOD = Column("Zeitraum", 42)
_AMOUNT = Column("Betrag", 30, is_number=True)
_ESTIMATED: Final[Mapping[str, str]] = {
    "AO": (
        "Für diesen Zeitraum liegt uns keine Erklärung von Ihnen vor. Wir haben die"
        " Besteuerungsgrundlagen deshalb geschätzt (§ 162 Abs. 1 und 2 AO). Die Schätzung befreit"
        " Sie nicht davon, die Erklärung abzugeben (§ 149 Abs. 1 Satz 4 AO)."
    ),
    "": (
        "Für diesen Zeitraum liegt uns keine Erklärung von Ihnen vor. Wir haben nach den uns"
        " bekannten Tatsachen entschieden."
    ),
}


def tables_of(writing: Writing) -> list[Tabled]:
    """Computation and payment plan of the assessment that ``writing`` tells of; none without."""
    found = writing.assessment
    rule = writing.definition.assessment
    if found is None or rule is None or not (found.lines or found.instalments):
        return []
    segments = segments_from_json(found.lines)
    due = instalments_from_json(found.instalments)
    return [_computation(writing, found, rule.title, segments), *_plan(writing, found, due)]


def values_of(found: Assessment | None) -> dict[str, str]:
    """What the letter of a decision may name of it."""
    if found is None:
        return {}
    period = f"{german_date(found.from_on)} bis {german_date(found.planned_to)}"
    return {"amount": euros(abs(found.total_cents)), "period": period}


def _computation(
    writing: Writing, found: Assessment, title: Text, segments: Sequence[Segment]
) -> Tabled:
    said = [f"Rechtsgrundlage: {found.legal_basis}."]
    if found.is_estimated:
        regime = writing.definition.remedy.regime
        said.append(_ESTIMATED.get(regime, _ESTIMATED[""]))
    single = found.interval == "once"
    per = [] if single else [Column(_PER[found.interval], 28, is_number=True)]
    reason = Column("Grundlage", 93 if single else 65)
    rows = [row for segment in segments for row in _rows(segment, single=single)]
    name = title.in_("de")
    return Tabled(
        heading=f"{name}: Rückforderung" if found.kind == "recovery" else name,
        before=said,
        columns=[_PERIOD, reason, *per, _AMOUNT],
        rows=rows,
        total=("Summe", euros(found.total_cents)),
    )


def _rows(segment: Segment, *, single: bool) -> Iterator[list[str]]:
    """A line of each position, and what of them is charged for the months of the segment."""
    span = f"{german_date(segment.first)} bis {german_date(segment.last)}"
    if segment.first == segment.last:
        span = german_date(segment.first)
    if single:
        for number, line in enumerate(segment.lines):
            yield [span if not number else "", _reason(line), euros(line.cents)]
        return
    for number, line in enumerate(segment.lines):
        yield [span if not number else "", _reason(line), euros(line.cents), ""]
    months = f"{segment.months} Monat" if segment.months == 1 else f"{segment.months} Monate"
    if segment.of_months > 1:
        of = f"{segment.months} von {segment.of_months} Monaten"
        months = "volles Jahr" if segment.months == segment.of_months == 12 else of
    yield [
        "" if segment.lines else span,
        months if segment.lines else f"keine Zahlung, {months}",
        euros(segment.each_cents),
        euros(segment.cents),
    ]


def _reason(line: Line) -> str:
    title = line.title.in_("de")
    if line.percent is not None and line.of_cents is not None:
        share = f"{line.percent.normalize():f}".replace(".", ",")
        return f"{title}: {share} % von {euros(line.of_cents)}"
    return title if line.quantity == 1 else f"{title}: {line.quantity} × {euros(line.cents_each)}"


def _plan(writing: Writing, found: Assessment, due: Sequence[Instalment]) -> Iterator[Tabled]:
    if not due and found.to_on is not None:
        return
    pays = found.kind == "benefit"
    yield Tabled(
        heading="Auszahlung" if pays else "Zahlung",
        before=list(_account(writing, due)) if not pays else (),
        columns=[
            Column("Wir zahlen am" if pays else "Fällig am", 55),
            Column("für das Jahr", 70),
            _AMOUNT,
        ],
        rows=[[german_date(one.due_on), _year(one), euros(one.cents)] for one in due],
        total=("Summe", euros(sum(one.cents for one in due))) if due else (),
        after=list(_following(writing, found)),
    )


def _year(one: Instalment) -> str:
    return f"{one.year} (Guthaben)" if one.cents < 0 else str(one.year)


def _account(writing: Writing, due: Sequence[Instalment]) -> Iterator[str]:
    """Where the money goes: every amount to the same account, under one Kassenzeichen."""
    process = writing.process
    to = payment_for(writing.letterhead, process.tenant.name, process.case.reference)
    if to and any(one.cents > 0 for one in due):
        yield (
            f"Bitte zahlen Sie an {to.recipient}, IBAN {to.iban}, und geben Sie als"
            f" Verwendungszweck nur das Kassenzeichen {to.payment_reference} an."
        )


def _following(writing: Writing, found: Assessment) -> Iterator[str]:
    """What holds after the plan: the same again, until there is another decision."""
    rule = writing.definition.assessment
    if found.to_on is not None or rule is None or found.interval == "once":
        return
    days = ", ".join(f"{day[3:]}.{day[:2]}." for day in rule.instalments)
    parts = f" zu gleichen Teilen am {days}" if days else ""
    yield (
        f"Diese Festsetzung gilt auch für die folgenden Jahre: {_PERIODS[found.interval]}"
        f" {euros(found.cents)}{parts}, bis Sie einen neuen Bescheid von uns bekommen."
    )
