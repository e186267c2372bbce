"""An act on its way out of the house: what it is, when it leaves, who may still take it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from backoffice.pages.presenters.desk import Desk
from backoffice.pages.rows import ActionRow, Countdown, DoneNotice
from backoffice.pages.words import act_text
from efile.policy import Action
from workflows.dossier import Held as HeldAct
from workflows.holding import Held, leaves_at
from workflows.next_case import Following


def held_row(desk: Desk, held: HeldAct) -> ActionRow:
    """What stands in the place of everything that could be done otherwise."""
    mine = held.user_id == desk.by.user_id
    return ActionRow(
        key="recall",
        label=act_text(held.action) if mine else f"{act_text(held.action)}, {held.user}",
        url=desk.url("recall") if mine or desk.may(Action.RECALL) else "",
        shortcut="Z",
        submit_label=gettext("Zurückholen"),
        countdown=countdown(leaves_at(held.at), desk.at),
    )


def _clock(at: datetime) -> str:
    return date_format(localtime(at), "H:i:s")


def countdown(to: datetime, now: datetime) -> Countdown:
    """From ``now`` until ``to``; what is past is not counted below nothing."""
    return Countdown(to, max(0, round((to - now).total_seconds())))


# What is said of an act once it is done, and while it is on its way.
_DONE: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "grant": (
        gettext_lazy("Bewilligt. Der Bescheid wird jetzt geschrieben."),
        gettext_lazy("Bewilligt. Der Bescheid geht um %(at)s hinaus."),
    ),
    "grant_in_part": (
        gettext_lazy("Teilweise bewilligt. Der Bescheid wird jetzt geschrieben."),
        gettext_lazy("Teilweise bewilligt. Der Bescheid geht um %(at)s hinaus."),
    ),
    "refuse": (
        gettext_lazy("Abgelehnt. Der Bescheid wird jetzt geschrieben."),
        gettext_lazy("Abgelehnt. Der Bescheid geht um %(at)s hinaus."),
    ),
    "settle": (
        gettext_lazy("Erledigt. Wer es gemeldet hat, erfährt das Ergebnis."),
        gettext_lazy("Erledigt. Das Ergebnis geht um %(at)s hinaus."),
    ),
    "request_proof": (
        gettext_lazy("Die Rückfrage ist gestellt. Der Vorgang wartet auf die Antwort."),
        gettext_lazy("Die Rückfrage geht um %(at)s hinaus."),
    ),
    "message": (
        gettext_lazy("Die Nachricht ist gesendet."),
        gettext_lazy("Die Nachricht geht um %(at)s hinaus."),
    ),
    "forward": (
        gettext_lazy("Der Vorgang ist abgegeben."),
        gettext_lazy("Die Abgabe geht um %(at)s hinaus."),
    ),
}


def done_text(action: str, held: Held | None) -> str:
    """What has become of ``action``."""
    done, on_its_way = _DONE[action]
    return str(on_its_way) % {"at": _clock(held.due_at)} if held else str(done)


def done_notice(
    text: str, held: Held | None, case_id: UUID, of: Following, now: datetime
) -> DoneNotice:
    """What was done to which case, and how to take it back while that is possible."""
    name = of.applicant or gettext("ohne Namen")
    return DoneNotice(
        text=text,
        case=f"{of.reference}, {name}",
        case_url=reverse("case", args=[case_id]),
        recall_url=reverse("recall", args=[case_id]) if held else "",
        countdown=countdown(held.due_at, now) if held else None,
    )
