"""What can be done about the deadlines of a case: more time, a later receipt, another entrance."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from backoffice.pages.presenters.deadlines import label_of
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import ActionField, ActionRow
from efile.kernel.clock import local_date
from efile.kernel.errors import Refusal
from efile.policy import Action
from workflows.deadlines.extending import Allowance, latest_end
from workflows.extending import FURTHEST, LONGEST_REASON, allowance_of
from workflows.notification import REMEDY
from workflows.receipt_stamp import LONGEST_REASON as LONGEST_STAMP


def deadline_actions(desk: Desk) -> Iterator[ActionRow]:
    """Putting off each deadline that may be; noting a later receipt; correcting the entrance."""
    process = desk.dossier.process
    if process.case.is_closed:
        return
    if desk.may(Action.EXAMINE):
        for one in desk.dossier.deadlines:
            if one.is_running and (allowance := _allowance(desk, one)):
                yield _extending(desk, one, allowance)
        yield _entrance(desk)
    if _came_by_post(desk) and desk.may(Action.NOTIFY):
        yield _receipt(desk)


def _allowance(desk: Desk, one: Any) -> Allowance | None:
    try:
        return allowance_of(desk.dossier.process, one, today=desk.today)
    except Refusal:
        return None


def _extending(desk: Desk, one: Any, allowance: Allowance) -> ActionRow:
    label = label_of(desk.dossier, one)
    told = {"label": label, "day": day_text(one.ends_on)}
    summary = gettext("Sie endet jetzt am %(day)s.") % told
    if allowance.is_told:
        summary += " " + gettext("Die antragstellende Person erfährt davon, mit dem Grund.")
    latest = latest_end(one.rule, one.event_on) or one.ends_on + FURTHEST
    to = ActionField(
        name="to",
        label=gettext("Verlängern bis"),
        kind="date",
        required=True,
        minimum=(one.ends_on + timedelta(days=1)).isoformat(),
        maximum=latest.isoformat(),
        hint=allowance.paragraph,
    )
    return ActionRow(
        key=f"extend-{one.id}",
        label=gettext("Frist verlängern: %(label)s") % told,
        url=desk.url("extend_deadline", one.id),
        style="quiet",
        submit_label=gettext("Frist verlängern"),
        summary=summary,
        fields=(to, _reason(LONGEST_REASON)),
        version=desk.version,
    )


def _came_by_post(desk: Desk) -> bool:
    """Whether a period runs from the day on which the law presumes a letter to have come."""
    decisions = desk.dossier.decisions
    running = any(one.is_running and one.key == REMEDY for one in desk.dossier.deadlines)
    return running and bool(decisions) and decisions[-1].channel == "post"


def _receipt(desk: Desk) -> ActionRow:
    presumed = desk.dossier.decisions[-1].notified_on
    day = {"day": day_text(presumed) if presumed else ""}
    summary = gettext(
        "Der Bescheid gilt als am %(day)s bekannt gegeben. Kam er nachweislich später an, läuft "
        "die Frist erst ab diesem Tag; ein früherer Zugang ändert nichts."
    )
    field = ActionField(
        name="received_on",
        label=gettext("Angekommen am"),
        kind="date",
        required=True,
        maximum=desk.today.isoformat(),
    )
    return ActionRow(
        key="note_receipt",
        label=gettext("Späteren Zugang eintragen"),
        url=desk.url("note_receipt"),
        style="quiet",
        submit_label=gettext("Eintragen"),
        summary=summary % day,
        fields=(field,),
        version=desk.version,
    )


def _entrance(desk: Desk) -> ActionRow:
    received_on = local_date(desk.dossier.process.case.received_at)
    field = ActionField(
        name="received_on",
        label=gettext("Eingegangen am"),
        kind="date",
        value=received_on.isoformat(),
        required=True,
        maximum=desk.today.isoformat(),
    )
    return ActionRow(
        key="correct_receipt",
        label=gettext("Eingangstag berichtigen"),
        url=desk.url("correct_receipt"),
        style="quiet",
        submit_label=gettext("Berichtigen"),
        summary=gettext("Alle Fristen, die mit dem Eingang beginnen, werden neu berechnet."),
        fields=(field, _reason(LONGEST_STAMP)),
        version=desk.version,
    )


def _reason(longest: int) -> ActionField:
    return ActionField(
        name="reason",
        label=gettext("Grund"),
        kind="textarea",
        required=True,
        maximum=str(longest),
        hint=gettext("Er bleibt in der Akte stehen."),
    )
