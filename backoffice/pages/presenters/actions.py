"""What the reader may do to a case right now, each as a form that says what will happen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from backoffice.pages.presenters.appointments import appointment_rows
from backoffice.pages.presenters.deadline_forms import deadline_actions
from backoffice.pages.presenters.decision_forms import decision_rows, notification_rows
from backoffice.pages.presenters.desk import LONGEST_TEXT, Desk, has_failure
from backoffice.pages.presenters.dialogue_forms import question_actions
from backoffice.pages.presenters.drafts import as_left
from backoffice.pages.presenters.follow_ups import follow_up_rows
from backoffice.pages.presenters.held import held_row
from backoffice.pages.presenters.matters import matter_rows
from backoffice.pages.presenters.payments import payment_rows
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.service_moves import move_rows
from backoffice.pages.rows import ActionField, ActionRow, Option
from efile.policy import Action
from workflows.colleagues import Colleague
from workflows.machine import Step


def action_rows(desk: Desk) -> tuple[ActionRow, ...]:
    """Everything that state and rights allow, what is most often done first.

    While an act is on its way there is nothing to do but to take it back.
    """
    if desk.dossier.held:
        return (held_row(desk, desk.dossier.held),)
    rows = (
        *_taking(desk),
        *decision_rows(desk),
        *question_actions(desk),
        *notification_rows(desk),
        *matter_rows(desk),
        *payment_rows(desk),
        *appointment_rows(desk),
        *follow_up_rows(desk),
        *deadline_actions(desk),
        *_seeing_failure(desk),
        *_assigning(desk),
        *move_rows(desk),
        *_closing(desk),
        *_leaving(desk),
    )
    return tuple(_one_primary(as_left(desk, row) for row in rows))


def _one_primary(rows: Iterable[ActionRow]) -> Iterator[ActionRow]:
    """``rows``, the first primary one standing out alone."""
    found = False
    for row in rows:
        yield replace(row, style="default") if found and row.style == "primary" else row
        found = found or row.style == "primary"


def _seeing_failure(desk: Desk) -> Iterator[ActionRow]:
    if has_failure(desk.dossier) and desk.may(Action.EXAMINE):
        yield ActionRow(
            key="note_failure",
            label=gettext("Zur Kenntnis genommen, was nicht ausgeführt wurde"),
            url=desk.url("note_failure"),
        )


def _assignable(desk: Desk) -> bool:
    return not desk.dossier.process.case.is_closed and desk.may(Action.ASSIGN)


def _taking(desk: Desk) -> Iterator[ActionRow]:
    if _assignable(desk) and desk.dossier.process.assignee_id != desk.by.user_id:
        begins = desk.can(Step.EXAMINE)
        yield ActionRow(
            key="take",
            label=gettext("Übernehmen und prüfen") if begins else gettext("Übernehmen"),
            url=desk.url("take"),
            shortcut="a",
            style="primary" if begins else "default",
            version=desk.version,
        )


def _assigning(desk: Desk) -> Iterator[ActionRow]:
    """Giving it to somebody: the colleagues are looked up once this is wanted."""
    if not _assignable(desk):
        return
    if desk.colleagues is not None:
        yield _assign(desk, desk.colleagues)
        return
    yield ActionRow(
        key="assign",
        label=gettext("Jemandem zuweisen"),
        url=f"{desk.url('assign')}#a-assign",
        style="quiet",
        leads=True,
    )


def _assign(desk: Desk, colleagues: Sequence[Colleague]) -> ActionRow:
    assignee = desk.dossier.process.assignee_id
    nobody = Option("", gettext("niemandem, zurück ans Team"), assignee is None)
    options = [
        Option(str(one.user_id), _with_load(one), one.user_id == assignee) for one in colleagues
    ]
    field = ActionField(
        name="assignee",
        label=gettext("Zuständig"),
        kind="select",
        options=(nobody, *options),
        required=True,
    )
    return ActionRow(
        key="assign",
        label=gettext("Jemandem zuweisen"),
        url=desk.url("assign"),
        style="quiet",
        submit_label=gettext("Zuweisen"),
        fields=(field,),
        version=desk.version,
        open=True,
    )


def _with_load(one: Colleague) -> str:
    return gettext("%(name)s (%(cases)d in Arbeit)") % {"name": one.name, "cases": one.cases}


def _closing(desk: Desk) -> Iterator[ActionRow]:
    if desk.can(Step.CLOSE):
        denied = gettext("Abschließen ist noch nicht möglich. %(why)s")
        yield ActionRow(
            key="close",
            label=gettext("Abschließen (zdA)"),
            url=desk.url("close"),
            shortcut="z",
            summary=gettext("Danach ist die Akte nur noch lesbar, und ihre Aufbewahrung beginnt."),
            submit_label=gettext("Abschließen"),
            denied=denied % {"why": told(desk.obstacle)[1]} if desk.obstacle else "",
            version=desk.version,
        )
    if desk.can(Step.REOPEN):
        yield ActionRow(
            key="reopen",
            label=gettext("Wiederaufnehmen"),
            url=desk.url("reopen"),
            summary=gettext("Der Vorgang kommt wieder in Prüfung; die Aufbewahrung beginnt neu."),
            fields=(_reason(required=True),),
            version=desk.version,
        )


def _leaving(desk: Desk) -> Iterator[ActionRow]:
    if desk.can(Step.FORWARD):
        yield ActionRow(
            key="forward",
            label=gettext("An andere Stelle abgeben"),
            url=desk.url("forward"),
            style="quiet",
            summary=gettext(
                "Unsere Arbeit endet. Die Person erfährt, dass eine andere Stelle zuständig ist."
            ),
            fields=(
                ActionField(
                    name="to",
                    label=gettext("Zuständige Stelle"),
                    kind="text",
                    required=True,
                    maximum="300",
                ),
            ),
            version=desk.version,
        )
    if desk.can(Step.WITHDRAW):
        yield ActionRow(
            key="withdraw",
            label=gettext("Rücknahme eintragen"),
            url=desk.url("withdraw"),
            style="quiet",
            summary=gettext(
                "Die Person nimmt ihren Antrag zurück. Fragen, Aufgaben und Termine entfallen."
            ),
            fields=(_reason(required=False),),
            version=desk.version,
        )


def _reason(*, required: bool) -> ActionField:
    return ActionField(
        name="reason",
        label=gettext("Grund"),
        kind="textarea",
        required=required,
        maximum=str(LONGEST_TEXT),
        hint=gettext("Er bleibt in der Akte stehen."),
    )
