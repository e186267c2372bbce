"""The receipt: what the authority got, when, and what happens next (§ 71b (3) VwVfG NRW)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from efile.letters.parts import PartMissing
from efile.letters.text import is_blank, size

if TYPE_CHECKING:
    from efile.letters.sheet import Sheet


_NO_DECISION: Final = (
    "Diese Bestätigung wurde automatisiert erstellt und ist ohne Unterschrift gültig. Sie ist keine"
    " Entscheidung über Ihr Anliegen."
)


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """A file that came with the application; ``size`` in bytes, ``sha256`` as 64 hex digits."""

    title: str
    filename: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Everything a receipt says; ``received_at`` is the moment as local text.

    ``service``: what was applied for. ``channel``: which way it came ("Online-Portal").
    ``sender``: who sent it, one line each. ``groups``: the form as (heading, [(label, value)]).
    ``notes``: remarks of the sender, one paragraph each. ``next_steps``: what happens now.
    ``recipient_lines``: address window; empty leaves it empty (a receipt that is downloaded).
    """

    letterhead: Mapping[str, str]
    city: str
    reference: str
    dated: date
    received_at: str
    service: str
    channel: str
    sender: Sequence[str]
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    documents: Sequence[ReceivedDocument] = ()
    notes: Sequence[str] = ()
    next_steps: Sequence[str] = ()
    recipient_lines: Sequence[str] = ()


def render_receipt(facts: ReceiptFacts) -> bytes:
    """The receipt as PDF/UA-1 and PDF/A-2a, the same bytes for the same facts.

    Refuses: PartMissing (reference).
    """
    if is_blank(facts.reference):
        raise PartMissing(part="reference")

    from efile.letters import passages

    sheet = passages.letter(facts, f"Eingangsbestätigung {facts.reference}")
    sheet.title("Eingangsbestätigung", facts.service)
    sheet.text(
        f"Was Sie uns gesandt haben, ist am {facts.received_at} bei uns eingegangen. Wir führen es"
        f" unter dem Zeichen {facts.reference}. Nennen Sie dieses Zeichen bitte, wenn Sie uns"
        " schreiben oder anrufen."
    )
    particulars = (
        ("Eingegangen", facts.received_at),
        ("Unser Zeichen", facts.reference),
        ("Leistung", facts.service),
        ("Eingangsweg", facts.channel),
        ("Absender", ", ".join(line for line in facts.sender if not is_blank(line))),
    )
    sheet.form([(label, value) for label, value in particulars if not is_blank(value)])
    if facts.next_steps:
        sheet.heading("Wie es weitergeht")
        _each(sheet, facts.next_steps)
    _form(sheet, facts)
    _documents(sheet, facts.documents)
    if facts.notes:
        sheet.heading("Ihre Anmerkungen")
        _each(sheet, facts.notes)
    with sheet.ending():
        sheet.space(8)
        sheet.text(_NO_DECISION)
    return sheet.pdf()


def _each(sheet: "Sheet", texts: Sequence[str]) -> None:
    for text in texts:
        sheet.prose(text)


def _form(sheet: "Sheet", facts: ReceiptFacts) -> None:
    if facts.groups:
        sheet.heading("Ihre Angaben")
    for heading, rows in facts.groups:
        if heading:
            sheet.heading(heading, "H3")
        sheet.form(rows)


def _documents(sheet: "Sheet", documents: Sequence[ReceivedDocument]) -> None:
    if not documents:
        return

    from efile.letters.tables import Measure

    sheet.heading("Ihre Unterlagen")
    sheet.table(
        [Measure(75), Measure(70), Measure(20, is_number=True)],
        ("Unterlage", "Prüfsumme (SHA-256)", "Größe"),
        [(f"{one.title} ({one.filename})", one.sha256, size(one.size)) for one in documents],
    )
