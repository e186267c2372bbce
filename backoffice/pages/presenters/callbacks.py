"""What a portal is told, as an administrator sees it: state, backlog, and what was given up."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from api.callbacks.targets import GivenUp, Standing
from backoffice.pages.rows import ActionRow, EmptyState, Tag
from backoffice.pages.rows.callbacks import CallbacksPage, GivenUpRow

FAILURES: Final[Mapping[str, Promise]] = {
    "timeout": _("antwortet nicht in der Zeit"),
    "no_connection": _("nimmt keine Verbindung an"),
    "broken_off": _("hat die Verbindung abgebrochen"),
    "unknown_name": _("Name ist nicht zu finden"),
    "forbidden_address": _("Adresse liegt nicht im Internet"),
    "secret_unreadable": _("Geheimnis nicht lesbar: Das Portal muss ein neues anfordern"),
}


def callbacks_page(client_id: str, name: str, standing: Standing | None) -> CallbacksPage:
    """How the calls to the portal ``name`` fare."""
    portal_url = reverse("portal", args=[client_id])
    if standing is None:
        empty = EmptyState(
            gettext("Dieses Portal holt seine Ereignisse selbst ab."),
            gettext("Eine Adresse für Benachrichtigungen trägt das Portal selbst ein (API)."),
        )
        return CallbacksPage(name=name, portal_url=portal_url, empty=empty)
    return CallbacksPage(
        name=name,
        portal_url=portal_url,
        state=_state(standing),
        alarm=_alarm(standing),
        facts=tuple(_facts(standing)),
        actions=_actions(client_id, standing),
        given_up=tuple(_given_up(client_id, one) for one in standing.dead),
        more=_more(standing),
        resend_all=_resend_all(client_id, standing),
    )


def failure_text(failure: str) -> str:
    """What went wrong with a call, in words."""
    kind, _underscore, status = failure.partition("_")
    if kind == "http":
        return gettext("antwortet mit Fehler %(status)s") % {"status": status}
    return str(FAILURES.get(failure, failure))


def _state(standing: Standing) -> Tag:
    if standing.state == "paused":
        return Tag(gettext("angehalten"), "warning")
    if standing.state == "failing":
        return Tag(gettext("gestört"), "danger")
    return Tag(gettext("in Ordnung"), "success")


def _alarm(standing: Standing) -> str:
    if not standing.is_late or standing.oldest is None:
        return ""
    return gettext(
        "Seit mehr als einer Stunde nicht zugestellt: Das älteste wartet seit %(at)s."
    ) % {"at": _moment(standing.oldest)}


def _facts(standing: Standing) -> Iterator[tuple[str, str]]:
    yield gettext("Adresse"), standing.url
    yield gettext("Nicht zugestellt"), _backlog(standing)
    if standing.state == "paused":
        by = standing.paused_by
        told = gettext("von %(name)s") % {"name": by} if by else gettext("vom Portal (410 Gone)")
        yield gettext("Angehalten"), told
    if standing.failing_since:
        yield gettext("Gestört seit"), _moment(standing.failing_since)
    if standing.failed_at:
        at = {"at": _moment(standing.failed_at), "why": failure_text(standing.failure)}
        yield gettext("Letzter Fehler"), gettext("%(at)s: Portal %(why)s") % at
    yield (
        gettext("Zuletzt zugestellt"),
        _moment(standing.succeeded_at) if standing.succeeded_at else gettext("noch nie"),
    )
    if standing.next_try_at and standing.state == "failing":
        yield gettext("Nächster Versuch"), _moment(standing.next_try_at)


def _backlog(standing: Standing) -> str:
    if not standing.events:
        return gettext("nichts")
    events = ngettext("%(count)s Ereignis", "%(count)s Ereignisse", standing.events)
    told = events % {"count": number_format(standing.events, force_grouping=True)}
    oldest = standing.oldest
    if oldest is None:
        return told
    return gettext("%(events)s, das älteste seit %(at)s") % {
        "events": told,
        "at": _moment(oldest),
    }


def _actions(client_id: str, standing: Standing) -> tuple[ActionRow, ...]:
    resume = ActionRow(
        key="resume",
        label=gettext("Wieder aufnehmen")
        if standing.state == "paused"
        else gettext("Jetzt versuchen"),
        url=reverse("portal_callbacks_resume", args=[client_id]),
        shortcut="v",
        style="default" if standing.state == "ok" else "primary",
    )
    pause = ActionRow(
        key="pause",
        label=gettext("Anhalten"),
        url=reverse("portal_callbacks_pause", args=[client_id]),
        summary=gettext(
            "Bis Sie wieder aufnehmen, wird nichts zugestellt. Was geschieht, wird aufgehoben."
        ),
    )
    return (resume,) if standing.state == "paused" else (resume, pause)


def _given_up(client_id: str, one: GivenUp) -> GivenUpRow:
    return GivenUpRow(
        reference=one.case_reference or gettext("ohne Vorgang"),
        events=number_format(one.events, force_grouping=True),
        since=one.waiting_since,
        given_up_at=one.given_up_at,
        failure=failure_text(one.failure),
        resend_url=reverse("portal_callbacks_resend_one", args=[client_id, one.id]),
    )


def _more(standing: Standing) -> str:
    hidden = standing.given_up - len(standing.dead)
    if not hidden:
        return ""
    told = ngettext("und %(count)s weiterer", "und %(count)s weitere", hidden)
    return told % {"count": number_format(hidden, force_grouping=True)}


def _resend_all(client_id: str, standing: Standing) -> ActionRow | None:
    if not standing.given_up:
        return None
    return ActionRow(
        key="resend",
        label=gettext("Alle erneut senden"),
        url=reverse("portal_callbacks_resend", args=[client_id]),
        shortcut="s",
        summary=gettext(
            "Jeder Vorgang wird dort fortgesetzt, wo die Zustellung aufhörte, in der Reihenfolge."
        ),
    )


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "d.m.Y, H:i")
