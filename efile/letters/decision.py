"""The decision letter (Bescheid): what it says, and in which order (§§ 37, 39 VwVfG NRW)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from efile.kernel.errors import Conflict
from efile.letters.text import euros, filled, german_date, is_blank, paragraphs

if TYPE_CHECKING:
    from efile.letters.sheet import Head, Sheet

_KINDS: Final[Mapping[str, str]] = {
    "granted": "Bescheid",
    "granted_in_part": "Bescheid – teilweise Bewilligung",
    "refused": "Ablehnungsbescheid",
}
_AUTOMATED: Final = (
    "Dieser Bescheid wurde automatisiert erstellt und ist ohne Unterschrift gültig"
    " (§ 37 Abs. 5 VwVfG NRW)."
)


class PartMissing(Conflict):
    """A decision letter lacks what the law demands of it: ``part`` names the field."""

    code = "letter_part_missing"


class FeeDoesNotAddUp(Conflict):
    """The positions of the fee have another sum than the fee itself."""

    code = "fee_does_not_add_up"


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Everything a decision letter says; amounts in cents, ``dated`` a day in Europe/Berlin.

    ``letterhead``: authority, head, street, number, postcode, city, phone, email, web, hours and
    unit, each optional; ``city`` is the authority where it names none. ``title`` and ``body``
    are templates over ``values``; the other texts stand as they are, one paragraph per line.
    ``kind``: granted, granted_in_part or refused. ``fee_lines``: (title, quantity, cents each).
    ``remedy``: the instruction, "" where nothing can be appealed. ``legal_basis``: of the
    automation. ``signed_by``: the signer's name, printed unless ``automated``.
    """

    letterhead: Mapping[str, str]
    city: str
    reference: str
    dated: date
    recipient: str
    recipient_lines: Sequence[str]
    title: str
    body: str
    values: Mapping[str, str]
    kind: str
    reasons: str
    clauses: str
    fee_cents: int
    fee_basis: str
    fee_lines: Sequence[tuple[str, int, int]]
    remedy: str
    automated: bool
    legal_basis: str
    signed_by: str


def render(facts: DecisionFacts) -> bytes:
    """The letter as PDF, the same bytes for the same facts.

    Refuses: PlaceholderMissing, PartMissing (recipient, signed_by), FeeDoesNotAddUp.
    """
    _require_parts(facts)
    title, body = filled(facts.title, facts.values), filled(facts.body, facts.values)

    from efile.letters.sheet import Sheet

    sheet = Sheet(_head(facts))
    sheet.subject(title, _KINDS[facts.kind])
    sheet.text("Sehr geehrte Damen und Herren,", *paragraphs(body))
    _section(sheet, "Nebenbestimmungen", facts.clauses)
    _fee(sheet, facts)
    _section(sheet, "Begründung", facts.reasons)
    _section(sheet, "Rechtsbehelfsbelehrung", facts.remedy)
    sheet.closing(*_closing(facts))
    return sheet.pdf()


def _require_parts(facts: DecisionFacts) -> None:
    if all(map(is_blank, (facts.recipient, *facts.recipient_lines))):
        raise PartMissing(part="recipient")
    # § 37 (3) VwVfG NRW; a decision made by a machine needs no name, subsection 5.
    if not facts.automated and is_blank(facts.signed_by):
        raise PartMissing(part="signed_by")
    positions = sum(quantity * cents for _, quantity, cents in facts.fee_lines)
    if facts.fee_lines and positions != facts.fee_cents:
        raise FeeDoesNotAddUp(positions=positions, fee=facts.fee_cents)


def _head(facts: DecisionFacts) -> "Head":
    from efile.letters.sheet import Head

    known = facts.letterhead.get
    authority = known("authority") or facts.city
    street = f"{known('street', '')} {known('number', '')}".strip()
    town = f"{known('postcode', '')} {known('city', '')}".strip()
    information = {
        "Unser Zeichen": facts.reference,
        "Auskunft": known("unit"),
        "Telefon": known("phone"),
        "E-Mail": known("email"),
        "Datum": german_date(facts.dated),
    }
    return Head(
        title=f"Bescheid {facts.reference}",
        dated=facts.dated,
        authority=authority,
        office_holder=known("head", ""),
        return_address=" · ".join(part for part in (authority, street, town) if part),
        address=[line for line in facts.recipient_lines if not is_blank(line)] or [facts.recipient],
        information=[(label, value) for label, value in information.items() if value],
        footer=[
            [line for line in column if line]
            for column in (
                (authority, street, town),
                (known("web"),),
                ("Öffnungszeiten", known("hours")) if known("hours") else (),
            )
        ],
    )


def _section(sheet: "Sheet", heading: str, text: str) -> None:
    if found := paragraphs(text):
        sheet.heading(heading)
        sheet.text(*found)


def _fee(sheet: "Sheet", facts: DecisionFacts) -> None:
    if not facts.fee_lines and not facts.fee_cents:
        return
    sheet.heading("Gebühr")
    basis = "" if is_blank(facts.fee_basis) else f" Rechtsgrundlage: {facts.fee_basis}."
    sheet.text(f"Die Gebühr setzen wir auf {euros(facts.fee_cents)} fest.{basis}")
    if not facts.fee_lines:
        return
    sheet.table(
        ("Leistung", "Anzahl", "Einzelbetrag", "Betrag"),
        [
            (title, str(quantity), euros(cents), euros(quantity * cents))
            for title, quantity, cents in facts.fee_lines
        ],
        ("Gesamtbetrag", "", "", euros(facts.fee_cents)),
    )


def _closing(facts: DecisionFacts) -> Iterator[str]:
    yield "Mit freundlichen Grüßen"
    if not facts.automated:
        yield "Im Auftrag"
        yield ""
        yield facts.signed_by
        return
    yield facts.letterhead.get("authority") or facts.city
    yield _AUTOMATED
    if not is_blank(facts.legal_basis):
        yield f"Rechtsgrundlage der automatisierten Entscheidung: {facts.legal_basis}"
