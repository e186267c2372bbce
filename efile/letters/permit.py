"""A permit to show or to lay out: what it allows, for how long, and where to check it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from efile.letters.parts import PartMissing
from efile.letters.text import german_date, is_blank


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """Everything a permit says; ``valid_from`` and ``valid_to`` are days, both included.

    ``rows``: (label, value), printed large and in this order. ``valid_to`` None: until revoked.
    ``code_url``: the public page that says whether the permit is valid, printed as QR code and as
    text; "" prints neither. ``notes``: one paragraph each. ``draft``: marked ENTWURF.
    """

    letterhead: Mapping[str, str]
    city: str
    reference: str
    dated: date
    number: str
    title: str
    rows: Sequence[tuple[str, str]]
    valid_from: date
    valid_to: date | None = None
    code_url: str = ""
    notes: Sequence[str] = ()
    draft: bool = False


def render_permit(facts: PermitFacts) -> bytes:
    """The permit on A4 as PDF/UA-1 and PDF/A-2a, the same bytes for the same facts.

    Refuses: PartMissing (number, title).
    """
    for part, text in (("number", facts.number), ("title", facts.title)):
        if is_blank(text):
            raise PartMissing(part=part)

    from efile.letters import passages
    from efile.letters.tables import LARGE, LARGEST

    title = f"{facts.title} {facts.number}"
    sheet = passages.plain(facts, title, draft=facts.draft)
    sheet.headline(facts.title)
    sheet.form((("Nummer", facts.number), ("Gültig", _validity(facts))), LARGEST)
    sheet.form(facts.rows, LARGE)
    if facts.code_url:
        sheet.space(8)
        says = f"QR-Code: führt zur Seite, die sagt, ob {title} gültig ist"
        with sheet.beside_code(facts.code_url, says, 38):
            sheet.space(10)
            sheet.heading("Echtheit prüfen")
            sheet.text("Ob dieser Ausweis gültig ist, sagt die Seite hinter dem QR-Code:")
            sheet.link(facts.code_url)
    sheet.text(*facts.notes)
    with sheet.ending():
        sheet.form((("Aktenzeichen", facts.reference), ("Ausgestellt", german_date(facts.dated))))
    return sheet.pdf()


def _validity(facts: PermitFacts) -> str:
    begins = german_date(facts.valid_from)
    return f"{begins} – {german_date(facts.valid_to)}" if facts.valid_to else f"ab {begins}"
