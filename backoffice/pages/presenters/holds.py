"""Marks on files: held until they have been scanned, infected, damaged."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.rows import EmptyState, Tag
from efile.scanning import Hold

# The mark, and what it means for whoever wants to open the file.
HOLDS: Final[Mapping[Hold, tuple[Promise, Promise]]] = {
    Hold.PENDING: (
        _("wird auf Schadprogramme geprüft"),
        _("Die Datei lässt sich öffnen, sobald sie geprüft ist. Der Tag des Eingangs zählt schon."),
    ),
    Hold.INFECTED: (
        _("enthält ein Schadprogramm"),
        _("Die Datei bleibt gesperrt. Fordern Sie sie bei der antragstellenden Person neu an."),
    ),
}
FLAWS: Final[Mapping[str, Promise]] = {
    "broken_pdf": _("beschädigtes PDF"),
    "broken_archive": _("beschädigte Datei"),
}


# The same where there is room for a word only; read aloud it is said in full.
_SHORT: Final[Mapping[str, Promise]] = {
    Hold.PENDING: _("in Prüfung"),
    Hold.INFECTED: _("gesperrt"),
    "broken_pdf": _("beschädigt"),
    "broken_archive": _("beschädigt"),
}


def mark_on(hold: Hold | None, flaw: str) -> Tag | None:
    """The mark on a file; what keeps it closed comes before what is wrong with it."""
    match hold:
        case Hold.PENDING:
            return Tag(str(HOLDS[hold][0]), "info", "info")
        case Hold.INFECTED:
            return Tag(str(HOLDS[hold][0]), "danger", "danger")
    return Tag(str(FLAWS[flaw]), "warning", "warning") if flaw in FLAWS else None


def short_mark_on(hold: Hold | None, flaw: str) -> Tag | None:
    """The mark in a word."""
    mark = mark_on(hold, flaw)
    return replace(mark, text=str(_SHORT[hold or flaw]), spoken=mark.text) if mark else None


def explained(hold: Hold | None) -> EmptyState | None:
    """What is shown in the place of a file that cannot be opened."""
    if hold is None:
        return None
    text, hint = HOLDS[hold]
    return EmptyState(str(text), str(hint))
