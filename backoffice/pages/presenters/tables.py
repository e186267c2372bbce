"""Tables to take along: CSV as a German spreadsheet reads it, without doing what it says."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

# A cell that begins like this is a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table_text(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as CSV: semicolons, with a byte order mark, no cell a formula."""
    table = io.StringIO()
    table.write("\ufeff")
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return table.getvalue()


def harmless(cell: str) -> str:
    """``cell`` so that no spreadsheet computes it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
