"""What can be done to what a case has granted: revoke it before its time."""

from collections.abc import Iterator

from django.utils.translation import gettext

from backoffice.pages.presenters.desk import LONGEST_TEXT, Desk
from backoffice.pages.rows import ActionField, ActionRow
from efile.policy import Action

_STATES = ("decided", "notified")


def matter_rows(desk: Desk) -> Iterator[ActionRow]:
    """Revoking each permit that still holds, for those who may."""
    process = desk.dossier.process
    if process.state not in _STATES or not desk.may(Action.REVOKE):
        return
    for matter in desk.dossier.matters:
        if matter.ended_on is None and matter.case_id == process.case_id:
            yield ActionRow(
                key=f"revoke-{matter.id}",
                label=gettext("%(number)s widerrufen") % {"number": matter.number},
                url=desk.url("revoke_matter", matter.id),
                style="quiet",
                submit_label=gettext("Widerrufen"),
                summary=gettext(
                    "Der Ausweis gilt sofort nicht mehr; wer den Prüfcode aufruft, sieht das. Die "
                    "Person bekommt einen Widerrufsbescheid mit Rechtsbehelfsbelehrung per Post."
                ),
                fields=(
                    ActionField(
                        name="reason",
                        label=gettext("Gründe"),
                        kind="textarea",
                        required=True,
                        maximum=str(LONGEST_TEXT),
                        lang="de",
                        hint=gettext("Sie stehen auf Deutsch im Bescheid (§ 39 VwVfG NRW)."),
                    ),
                ),
            )
