"""Blocks that stand in columns: tables of data, forms, boxes, and a code beside a text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table

from efile.letters.blocks import INK, RULE, Code, Words, style, words
from efile.letters.tagging import Element
from efile.letters.typeface import REGULAR

PADDING: Final = 3.5  # of a box, in mm
_GAP: Final = 3.0  # between two columns, in mm
_SIGNED, _SIGNED_GAP = 75.0, 10.0  # of a line to sign on, and between two, in mm
_TINT: Final = HexColor("#eef2f6")
_CELL: Final = style(9.5, 13)
_CELL_HEAD: Final = style(9.5, 13, bold=True)
_NOTE: Final = style(8, 10.5)
_NUMBER: Final = style(9.5, 13, alignment=TA_RIGHT)
_NUMBER_HEAD: Final = style(9.5, 13, bold=True, alignment=TA_RIGHT)
# Without lines and padding, and without reportlab's own font, which is not embedded.
BARE: Final = [
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
]
_ROWS: Final = [
    *BARE,
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
]


@dataclass(frozen=True, slots=True)
class Measure:
    """The room of a column, ``width`` in mm; numbers stand at its right edge."""

    width: float
    is_number: bool = False

    def cell(self, text: str, element: Element, *, is_head: bool = False) -> Words:
        """``text`` in this column."""
        if self.is_number:
            return words(text, _NUMBER_HEAD if is_head else _NUMBER, self.width, element)
        return words(text, _CELL_HEAD if is_head else _CELL, self.width, element)


@dataclass(frozen=True, slots=True)
class FormStyle:
    """How a form is set: its labels, its values, and the width of the labels in mm."""

    label: ParagraphStyle
    value: ParagraphStyle
    width: float
    padding: tuple[float, float] = (3, 4)


FORM: Final = FormStyle(style(9.5, 13), style(9.5, 13), 52)
LARGE: Final = FormStyle(style(11, 15), style(15, 19, bold=True), 52, (6, 7))
LARGEST: Final = FormStyle(style(11, 15), style(24, 29, bold=True), 52, (8, 10))


def data_table(
    parent: Element,
    measures: Sequence[Measure],
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] = (),
) -> Table:
    """Rows below a head that every page repeats, and a total: its label, then one number."""
    *others, last = measures
    table, rooms = parent.add("Table"), [*(_less(one, _GAP) for one in others), last]
    cells = [_row(table.add("THead"), "TH", rooms, head, is_head=True)]
    body = table.add("TBody")
    cells += [_row(body, "TD", rooms, row) for row in rows]
    how = [
        *_ROWS,
        ("RIGHTPADDING", (0, 0), (-2, -1), _GAP * mm),
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, INK),
        ("LINEBELOW", (0, 1), (-1, -1 - bool(total)), 0.25, RULE),
    ]
    if total:
        row = table.add("TFoot").add("TR")
        label = row.add("TH", Scope="Row", ColSpan=len(others))
        first = Measure(sum(measure.width for measure in others) - _GAP)
        amount = last.cell(total[1], row.add("TD"), is_head=True)
        spanned = [""] * (len(others) - 1)
        cells.append([first.cell(total[0], label, is_head=True), *spanned, amount])
        how += [("SPAN", (0, -1), (-2, -1)), ("LINEABOVE", (0, -1), (-1, -1), 0.75, INK)]
    return _table(cells, [measure.width for measure in measures], how, repeatRows=1)


def _less(measure: Measure, gap: float) -> Measure:
    return replace(measure, width=measure.width - gap)


def _row(
    part: Element,
    kind: Any,
    measures: Sequence[Measure],
    texts: Sequence[str],
    *,
    is_head: bool = False,
) -> list[Flowable | str]:
    row = part.add("TR")
    told = {"Scope": "Column"} if is_head else {}
    return [
        measure.cell(text, row.add(kind, **told), is_head=is_head)
        for measure, text in zip(measures, texts, strict=True)
    ]


def form_table(
    parent: Element, rows: Sequence[tuple[str, str]], width: float, how: FormStyle = FORM
) -> Table:
    """Rows of a label and what it says, with a fine rule below each."""
    body = parent.add("Table").add("TBody")
    room, cells = width - how.width, []
    for label, value in rows:
        row = body.add("TR")
        head = words(label, how.label, how.width - _GAP, row.add("TH", Scope="Row"))
        cells.append([head, words(value, how.value, room, row.add("TD"))])
    above, below = how.padding
    lines = [
        *BARE,
        # Small labels stand on the line of large values.
        ("TOPPADDING", (0, 0), (0, -1), above + (how.value.leading - how.label.leading) * 0.78),
        ("RIGHTPADDING", (0, 0), (0, -1), _GAP * mm),
        ("TOPPADDING", (1, 0), (1, -1), above),
        ("BOTTOMPADDING", (0, 0), (-1, -1), below),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE),
    ]
    return _table(cells, [how.width, room], lines)


def to_sign(parent: Element, labels: Sequence[str], width: float) -> Table:
    """Lines to sign on, side by side. Layout: not a table to readers."""
    each = min(_SIGNED, (width - _SIGNED_GAP * (len(labels) - 1)) / len(labels))
    row: list[Flowable | str] = []
    lines = []
    for label in labels:
        lines.append(("LINEABOVE", (len(row), 0), (len(row), 0), 0.5, INK))
        row += [words(label, _NOTE, each, parent.add("P")), ""]
    widths = [each, _SIGNED_GAP] * len(labels)
    table = _table([row[:-1]], widths[:-1], [*BARE, ("TOPPADDING", (0, 0), (-1, -1), 2), *lines])
    table.hAlign = "LEFT"
    return table


def boxed(blocks: Sequence[Flowable], width: float) -> Table:
    """The blocks on a tint, with a bar at their left. Layout: not a table to readers."""
    how = [
        *BARE,
        ("BACKGROUND", (0, 0), (-1, -1), _TINT),
        ("LINEBEFORE", (0, 0), (0, -1), 2.5, INK),
        *((f"{side}PADDING", (0, 0), (-1, -1), PADDING * mm) for side in ("LEFT", "RIGHT")),
        ("TOPPADDING", (0, 0), (-1, -1), 7),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return _table([[list(blocks)]], [width], how)


def beside(blocks: Sequence[Flowable], code: Code, width: float) -> Table:
    """The blocks, and the code at their right. Layout: not a table to readers."""
    side = code.width / mm
    return _table([[list(blocks), code]], [width - side, side], BARE)


def _table(cells: Any, widths: Sequence[float], how: Any, repeatRows: int = 0) -> Table:  # noqa: N803
    return Table(
        cells,
        colWidths=[width * mm for width in widths],
        style=how,
        repeatRows=repeatRows,
        splitInRow=1,
        spaceBefore=2,
        spaceAfter=9,
    )
