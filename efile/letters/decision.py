"""The decision letter (Bescheid): what it says, and in which order (§§ 37, 39 VwVfG NRW)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from efile.kernel.errors import Conflict
from efile.letters.parts import PartMissing, Payment, Tabled, Translation
from efile.letters.text import euros, filled, is_blank

if TYPE_CHECKING:
    from efile.letters.sheet import Sheet

_KINDS: Final[Mapping[str, str]] = {
    "granted": "Bescheid",
    "granted_in_part": "Bescheid – teilweise Bewilligung",
    "refused": "Ablehnungsbescheid",
    "revoked": "Widerrufsbescheid",
}
# So many positions of a fee are not torn apart.
_ON_ONE_PAGE: Final = 8
Regime = Literal["VwVfG", "SGB_X", "AO"]
# Why an automated decision needs no signature.
_AUTOMATED: Final[Mapping[Regime, str]] = {
    "VwVfG": "§ 37 Abs. 5 VwVfG NRW",
    "SGB_X": "§ 33 Abs. 5 SGB X",
    "AO": "§ 119 Abs. 3, § 155 Abs. 4 AO",
}


class FeeDoesNotAddUp(Conflict):
    """The positions of the fee have another sum than the fee itself."""

    code = "fee_does_not_add_up"


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Everything a decision letter says; amounts in cents, ``dated`` a day in Europe/Berlin.

    ``letterhead``: authority, head, street, number, postcode, city, phone, email, web, hours and
    unit, each optional; ``city`` is the authority where it names none. ``title`` and ``body``
    are templates over ``values``; the other texts stand as they are, one paragraph per line.
    ``kind``: granted, granted_in_part, refused or revoked. ``fee_lines``: (title, quantity, cents
    each). ``remedy``: the instruction, "" where nothing can be appealed. ``legal_basis``: of the
    automation. ``signed_by``: the signer's name, printed unless ``automated``.
    ``regime``: the procedure law, VwVfG, SGB_X or AO. ``summary``: the outcome in plain language,
    printed first ("Kurz gesagt"). ``discretion``: the considerations (Ermessen, § 39 (1) sentence
    3 VwVfG NRW). ``tables``: what is fixed beside the fee. ``payment``: where the fee goes.
    ``attachments``: titles of the Anlagen.
    ``draft``: every page is marked ENTWURF.
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
    regime: Regime = "VwVfG"
    summary: str = ""
    discretion: str = ""
    payment: Payment | None = None
    tables: Sequence[Tabled] = ()
    attachments: Sequence[str] = ()
    translation: Translation | None = None
    salutation: str = "Sehr geehrte Damen und Herren,"
    draft: bool = False


def render(facts: DecisionFacts) -> bytes:
    """The letter as PDF/UA-1 and PDF/A-2a, the same bytes for the same facts.

    Refuses: PlaceholderMissing, PartMissing (recipient, signed_by), FeeDoesNotAddUp.
    """
    title, body = worded(facts)

    from efile.letters import passages

    title_of_file = f"Bescheid {facts.reference}"
    sheet = passages.letter(facts, title_of_file, facts.recipient, draft=facts.draft)
    sheet.title(title, _KINDS[facts.kind])
    passages.summary(sheet, facts.summary)
    sheet.text(facts.salutation)
    sheet.prose(body)
    # What is decided stands first, then why: the operative part ends with the fee.
    passages.headed(sheet, "Nebenbestimmungen", facts.clauses)
    _fee(sheet, facts)
    passages.tables(sheet, facts.tables)
    if facts.payment:
        passages.payment(sheet, facts.payment, facts.fee_cents)
    passages.headed(sheet, "Begründung", facts.reasons)
    passages.headed(sheet, "Ermessen", facts.discretion)
    passages.headed(sheet, "Rechtsbehelfsbelehrung", facts.remedy)
    passages.closing(sheet, _closing(facts))
    passages.attachments(sheet, facts.attachments)
    passages.translation(sheet, facts.translation)
    return sheet.pdf()


def worded(facts: DecisionFacts) -> tuple[str, str]:
    """Title and body of the letter, without rendering it. Refuses: what ``render`` refuses."""
    _require_parts(facts)
    return filled(facts.title, facts.values), filled(facts.body, facts.values)


def _require_parts(facts: DecisionFacts) -> None:
    if all(map(is_blank, (facts.recipient, *facts.recipient_lines))):
        raise PartMissing(part="recipient")
    # § 37 (3) VwVfG NRW; a decision made by a machine needs no name, subsection 5.
    if not facts.automated and is_blank(facts.signed_by):
        raise PartMissing(part="signed_by")
    positions = sum(quantity * cents for _, quantity, cents in facts.fee_lines)
    if facts.fee_lines and positions != facts.fee_cents:
        raise FeeDoesNotAddUp(positions=positions, fee=facts.fee_cents)


def _fee(sheet: "Sheet", facts: DecisionFacts) -> None:
    if not facts.fee_lines and not facts.fee_cents:
        return
    if len(facts.fee_lines) > _ON_ONE_PAGE:
        _computed(sheet, facts)
        return
    with sheet.together():
        _computed(sheet, facts)


def _computed(sheet: "Sheet", facts: DecisionFacts) -> None:
    """The fee, its basis, and the table that computes it."""
    from efile.letters.tables import Measure

    sheet.heading("Gebühr")
    basis = "" if is_blank(facts.fee_basis) else f" Rechtsgrundlage: {facts.fee_basis}."
    sheet.text(f"Die Gebühr setzen wir auf {euros(facts.fee_cents)} fest.{basis}")
    if facts.fee_lines:
        sheet.table(
            [Measure(93), *(Measure(width, is_number=True) for width in (16, 28, 28))],
            ("Leistung", "Anzahl", "Einzelbetrag", "Betrag"),
            [
                (title, str(quantity), euros(cents), euros(quantity * cents))
                for title, quantity, cents in facts.fee_lines
            ],
            ("Gesamtbetrag", euros(facts.fee_cents)),
        )


def _closing(facts: DecisionFacts) -> Iterator[str]:
    yield "Mit freundlichen Grüßen"
    if not facts.automated:
        yield "Im Auftrag"
        yield ""
        yield facts.signed_by
        return
    yield facts.letterhead.get("authority") or facts.city
    yield (
        "Dieser Bescheid wurde automatisiert erstellt und ist ohne Unterschrift gültig"
        f" ({_AUTOMATED[facts.regime]})."
    )
    if not is_blank(facts.legal_basis):
        yield f"Rechtsgrundlage der automatisierten Entscheidung: {facts.legal_basis}"
