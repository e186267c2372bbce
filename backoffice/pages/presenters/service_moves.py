"""A case that can go on under a newer version of its service."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.service_changes import change_rows
from backoffice.pages.presenters.service_results import divergence_row
from backoffice.pages.rows import ActionRow
from backoffice.pages.rows.service_pages import MovePage
from efile.policy import Action
from workflows.definitions.moving import Move

# Before a decision (workflows.machine): afterwards its version belongs to what was decided.
_UNDECIDED: Final = frozenset({"received", "in_examination", "waiting_for_applicant"})
_BECAUSE: Final[Mapping[str, Promise]] = {
    "not_newer": _("Der Vorgang läuft schon nach der neuesten Fassung."),
    "not_in_force": _("Die neue Fassung gilt noch nicht."),
    "other_access_class": _("Die neue Fassung hat eine andere Zugriffsklasse."),
    "no_way_on": _("In der neuen Fassung führt von hier kein Schritt weiter."),
    "appointment": _("Zum Vorgang gehört ein Termin; die neue Fassung kennt keine."),
}


def move_rows(desk: Desk) -> Iterator[ActionRow]:
    """The way to the newer version, where there is one and the case is not decided."""
    process = desk.dossier.process
    current = process.version.service.current_id
    undecided = process.state in _UNDECIDED
    if undecided and current != process.version_id and desk.may(Action.EXAMINE):
        yield ActionRow(
            key="move_version",
            label=gettext("Auf neuere Fassung heben"),
            url=desk.url("service_move"),
            leads=True,
        )


def move_page(desk: Desk, move: Move, document: Mapping[str, Any], said: str = "") -> MovePage:
    """What becomes different for the case, then what is different in the definition."""
    because = _BECAUSE.get(move.because, "")
    return MovePage(
        reference=desk.dossier.process.case.reference,
        case_url=desk.url("case"),
        from_number=move.from_number,
        to_number=move.to_number,
        revision=desk.version,
        denied=str(because) if move.because else "",
        effects=tuple(divergence_row(one, document) for one in move.differences),
        changes=change_rows(move.definition, document),
        said=said,
    )
