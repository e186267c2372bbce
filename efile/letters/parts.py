"""What several kinds of letters carry: tables, how to pay, and the text in another language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from efile.kernel.errors import Conflict


class PartMissing(Conflict):
    """A letter lacks what the law demands of it: ``part`` names the field."""

    code = "letter_part_missing"


@dataclass(frozen=True, slots=True)
class Payment:
    """Where an amount goes: the account, the Kassenzeichen to quote, and the day it is due.

    ``iban`` with or without spaces. ``bic`` may be "", as in all of the single euro payments area.
    ``due_on`` None: one month after notification. ``paid_on``: nothing is to be paid any more.
    """

    recipient: str
    iban: str
    bic: str
    payment_reference: str
    due_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of a letter, ``width`` in mm; numbers stand at its right edge."""

    head: str
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table under a heading of its own, with paragraphs before and after it.

    ``total`` is a label and one number below the last column, or empty.
    """

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    before: Sequence[str] = ()
    after: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """What the letter says, in the language ``lang`` (BCP 47): an appendix that binds nobody.

    ``notice`` says in that language that only the German text counts (§ 23 (1) VwVfG NRW: the
    official language is German). ``paragraphs`` stand as they are.
    """

    lang: str
    notice: str
    title: str
    paragraphs: Sequence[str]
