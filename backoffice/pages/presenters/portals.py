"""Portals as an administrator sees them: the list, and one with its rights, proofs and figures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from api.portals import Figures, Portal, Usage
from api.scopes import BY_SERVICE, OPERATIONS
from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.portal_actions import WORDS, actions_on, admitting, word
from backoffice.pages.presenters.problems import problem_of
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import ActionField, ActionRow, EmptyState, Tag
from backoffice.pages.rows.portals import (
    GrantBox,
    GrantRow,
    GrantTable,
    PortalPage,
    PortalRow,
    PortalsPage,
    SecretRow,
    UsageRow,
)
from workflows.offers import Offer

_ALL: Final = "*"


def portals_page(
    portals: Sequence[Portal], *, dashboard: bool, attempt: Attempt | None = None
) -> PortalsPage:
    """All portals, those shut out last."""
    active = sum(portal.is_active for portal in portals)
    return PortalsPage(
        summary=ngettext("%(count)d Portal", "%(count)d Portale", active) % {"count": active},
        portals=tuple(_row(portal) for portal in portals),
        admit=reshown((admitting(),), attempt)[0],
        dashboard=_dashboard(offered=dashboard),
        empty=EmptyState(
            gettext("Noch darf kein Portal einreichen."),
            gettext("Lassen Sie das erste zu: Es bekommt eine Kennung und ein Geheimnis."),
        ),
    )


def _dashboard(*, offered: bool) -> ActionRow:
    """The switch for the overview of a person's cases."""
    return ActionRow(
        key="dashboard",
        label=gettext("Vorgangsübersicht für Menschen"),
        url=reverse("portal_dashboard"),
        submit_label=gettext("Speichern"),
        summary=gettext(
            "Portale mit dem Recht „cases“ zeigen Menschen, die sich dort mindestens mit dem "
            "Vertrauensniveau „substanziell“ anmelden, ihre Vorgänge aus allen Wegen. Vorgänge "
            "unter besonderem Geheimnis (Soziales, Steuer, Jugend …) nur bei „hoch“."
        ),
        fields=(
            ActionField(
                name="offered",
                label=gettext("Menschen dürfen ihre Vorgänge in Portalen sehen"),
                kind="checkbox",
                value="on" if offered else "",
            ),
        ),
    )


def portal_page(
    portal: Portal,
    figures: Figures,
    offers: Sequence[Offer],
    *,
    secret: str = "",
    attempt: Attempt | None = None,
) -> PortalPage:
    """One portal; ``secret`` is a new one, which nobody can be shown again."""
    return PortalPage(
        name=portal.name,
        state=_state(portal),
        client_id=portal.client_id,
        facts=_facts(portal),
        secret=credentials(portal.client_id, secret) if secret else None,
        grants=_grants(portal, offers, attempt),
        actions=reshown(actions_on(portal), attempt),
        keys=tuple((jwk["kid"], jwk["alg"]) for jwk in portal.jwks.get("keys", [])),
        by_day=_rows([(day_text(day), usage) for day, usage in figures.by_day]),
        by_operation=_rows(figures.by_operation),
        by_service=_handed_in(figures, offers),
        callbacks_url=_callbacks_url(portal),
    )


def credentials(client_id: str, secret: str) -> SecretRow:
    """What a portal needs to come in."""
    return SecretRow(
        client_id=client_id,
        secret=secret,
        token_url=settings.PUBLIC_URL.rstrip("/") + reverse("api:token"),
    )


def _row(portal: Portal) -> PortalRow:
    return PortalRow(
        name=portal.name,
        url=reverse("portal", args=[portal.client_id]),
        state=_state(portal),
        operations=_operations(portal),
        last_at=portal.last_at,
        calls=number_format(portal.calls, force_grouping=True),
        errors=number_format(portal.errors, force_grouping=True),
        undelivered=number_format(portal.undelivered, force_grouping=True),
        callbacks_url=_callbacks_url(portal),
    )


def _state(portal: Portal) -> Tag | None:
    if not portal.is_active:
        return Tag(gettext("gesperrt"), "danger", "close")
    if portal.throttled:
        return Tag(gettext("heute gebremst"), "warning", "warning")
    return None


def _operations(portal: Portal) -> str:
    """The operations in a word each; how many services where it is not for all."""
    said = []
    for operation in OPERATIONS:
        services = sum(entry.startswith(f"{operation}:") for entry in portal.scopes)
        if operation in portal.scopes:
            said.append(word(operation))
        elif services:
            told = ngettext("%(what)s (%(count)d Dienst)", "%(what)s (%(count)d Dienste)", services)
            said.append(told % {"what": word(operation), "count": services})
    return ", ".join(said)


def _facts(portal: Portal) -> tuple[tuple[str, str], ...]:
    facts = [
        (gettext("Kennung (client_id)"), portal.client_id),
        (gettext("Zugelassen"), _moment(portal.created_at)),
        (
            gettext("Zuletzt da"),
            _moment(portal.last_at) if portal.last_at else gettext("noch nie"),
        ),
        (
            gettext("Weist sich aus durch"),
            gettext("Signatur (private_key_jwt)") if portal.is_signing else gettext("Geheimnis"),
        ),
        (gettext("Aufrufe je Minute"), _limit(portal)),
    ]
    if portal.secret_set_at and not portal.is_signing:
        facts.append((gettext("Geheimnis seit"), _moment(portal.secret_set_at)))
    if portal.previous_expires_at:
        told = gettext("gilt noch bis %(until)s") % {"until": _moment(portal.previous_expires_at)}
        facts.append((gettext("Geheimnis davor"), told))
    if portal.deactivated_at:
        facts.append((gettext("Gesperrt seit"), _moment(portal.deactivated_at)))
    return tuple(facts)


def _limit(portal: Portal) -> str:
    usual = number_format(settings.RATE_LIMIT_PER_MINUTE, force_grouping=True)
    if portal.rate_limit is None:
        return gettext("%(limit)s, wie alle") % {"limit": usual}
    return number_format(portal.rate_limit, force_grouping=True)


def _grants(portal: Portal, offers: Sequence[Offer], attempt: Attempt | None) -> GrantTable:
    """What is ticked is what was typed where the form came back, else what is granted."""
    mine = attempt if attempt and attempt.action == "scopes" else None
    ticked = frozenset(mine.typed.get("scopes", ()) if mine else portal.scopes)
    titles = {offer.definition.key: offer.definition.title.in_(language()) for offer in offers}
    # What was granted for a service that is no more can be seen and taken away.
    gone = {entry.partition(":")[2] for entry in portal.scopes} - {""} - titles.keys()
    titles |= {key: key for key in gone}
    listed = sorted(titles.items(), key=lambda item: item[1].casefold())
    return GrantTable(
        url=reverse("portal_scopes", args=[portal.client_id]),
        heads=tuple((word(one), str(WORDS[one][1])) for one in OPERATIONS if one in WORDS),
        rows=(
            _granted(gettext("Alle Dienste"), _ALL, OPERATIONS, ticked),
            *(_granted(title, key, BY_SERVICE, ticked) for key, title in listed),
        ),
        problems=tuple(problem_of(error) for error in mine.errors) if mine else (),
    )


def _granted(title: str, key: str, possible: Sequence[str], ticked: frozenset[str]) -> GrantRow:
    boxes = []
    for operation in OPERATIONS:
        value = operation if key == _ALL else f"{operation}:{key}"
        head = word(operation)
        if operation in possible:
            boxes.append(GrantBox(value, f"{title}: {head}", head, value in ticked))
        else:
            boxes.append(GrantBox("", "", head))
    return GrantRow(title, "" if key == _ALL else key, tuple(boxes))


def _rows(usages: Sequence[tuple[str, Usage]]) -> tuple[UsageRow, ...]:
    most = max((usage.calls for _title, usage in usages), default=1) or 1
    return tuple(_usage(title, usage, most) for title, usage in usages)


def _usage(title: str, usage: Usage, most: int) -> UsageRow:
    return UsageRow(
        title=title,
        calls=number_format(usage.calls, force_grouping=True),
        refused=number_format(usage.refused, force_grouping=True),
        failed=number_format(usage.failed, force_grouping=True),
        throttled=number_format(usage.throttled, force_grouping=True),
        slowest=_milliseconds(usage.slowest),
        traffic=gettext("%(bytes_in)s herein, %(bytes_out)s hinaus")
        % {"bytes_in": _size(usage.bytes_in), "bytes_out": _size(usage.bytes_out)},
        share=max(1, round(100 * usage.calls / most)) if usage.calls else 0,
    )


def _milliseconds(slowest: int | None) -> str:
    if slowest is None:
        return gettext("länger als 5 s")
    return gettext("bis %(time)s ms") % {"time": number_format(slowest, force_grouping=True)}


def _size(count: int) -> str:
    if count < 1_000_000:
        return f"{number_format(-(-count // 1000))} KB"
    return f"{number_format(count / 1_000_000, decimal_pos=1)} MB"


def _handed_in(figures: Figures, offers: Sequence[Offer]) -> tuple[tuple[str, str], ...]:
    titles = {offer.definition.key: offer.definition.title.in_(language()) for offer in offers}
    return tuple(
        (titles.get(key, key), number_format(count, force_grouping=True))
        for key, count in figures.by_service
    )


def _callbacks_url(portal: Portal) -> str:
    """The page of what could not be delivered to it."""
    try:
        return reverse("portal_callbacks", args=[portal.client_id])
    except NoReverseMatch:
        return ""


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "d.m.Y H:i")
