"""A list on paper: what a batch holds, what a bundle covers, what a case relies on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from efile.letters.parts import PartMissing
from efile.letters.text import is_blank

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list; the widths are shares of the page."""

    label: str
    width_mm: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class ListFacts:
    """Everything a list says: rows of one text per column.

    ``total``: a label, and the amount below the last column. ``particulars``: (label, value) above
    the table, such as the number of the batch. ``closing``: paragraphs below it.
    ``signature_lines``: what is signed by hand ("Datum, Unterschrift"). ``empty``: what stands
    instead of a table without rows.
    """

    letterhead: Mapping[str, str]
    city: str
    dated: date
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    subtitle: str = ""
    particulars: Sequence[tuple[str, str]] = ()
    total: Sequence[str] = ()
    closing: Sequence[str] = ()
    signature_lines: Sequence[str] = ()
    empty: str = "Keine Einträge."
    landscape: bool = False


def render_list(facts: ListFacts) -> bytes:
    """The list as PDF/UA-1 and PDF/A-2a, the same bytes for the same facts.

    The head of the table stands on every page. Refuses: PartMissing (title).
    """
    if is_blank(facts.title):
        raise PartMissing(part="title")

    from efile.letters import passages
    from efile.letters.tables import Measure

    sheet = passages.plain(facts, facts.title, landscape=facts.landscape)
    sheet.headline(facts.title, facts.subtitle)
    sheet.form(facts.particulars)
    if facts.rows:
        # The widths are shares: the table is as wide as the page.
        scale = sheet.width / sum(column.width_mm for column in facts.columns)
        sheet.table(
            [
                Measure(column.width_mm * scale, is_number=column.align == "right")
                for column in facts.columns
            ],
            [column.label for column in facts.columns],
            facts.rows,
            facts.total,
        )
    else:
        sheet.text(facts.empty)
    for text in facts.closing:
        sheet.prose(text)
    sheet.to_sign(facts.signature_lines)
    return sheet.pdf()
