"""What can be done to a portal: let in, given secrets and keys, limited, shut out."""

import json
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.clients import LONGEST_NAME, LONGEST_OVERLAP, MOST_CALLS, OVERLAP
from api.portals import Portal
from api.scopes import OF_A_PORTAL, OPERATIONS
from backoffice.pages.rows import ActionField, ActionRow, Option

# What may be done, in a word and in a sentence.
WORDS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "submit": (_("Einreichen"), _("Anträge einreichen, Dateien senden, Termine vormerken")),
    "read": (_("Lesen"), _("Stand, Dokumente und Ereignisse der eigenen Anträge")),
    "answer": (_("Antworten"), _("Rückfragen beantworten, schreiben, zurückziehen, umbuchen")),
    "cases": (_("Übersicht"), _("Die Vorgänge der angemeldeten Person")),
    "offers": (_("Angebote"), _("Angebote aus Meldungen anderer Register")),
    "occasions": (_("Anlässe"), _("Umzüge, Geburten, Gewerbe melden: für Register")),
}


def word(operation: str) -> str:
    """What may be done, in a word; one without words goes by its name."""
    return str(WORDS[operation][0]) if operation in WORDS else operation


def admitting() -> ActionRow:
    """The form that lets a portal in."""
    return ActionRow(
        key="admit",
        label=gettext("Portal zulassen"),
        url=reverse("portal_new"),
        shortcut="n",
        style="primary",
        summary=gettext(
            "Es bekommt eine Kennung und ein Geheimnis, das Sie einmal sehen. Für welche Dienste, "
            "lässt sich danach einschränken."
        ),
        fields=(
            ActionField(
                name="name",
                label=gettext("Wie heißt es?"),
                kind="text",
                required=True,
                maximum=str(LONGEST_NAME),
            ),
            ActionField(
                name="scopes",
                label=gettext("Was darf es?"),
                kind="checkboxes",
                required=True,
                options=tuple(
                    Option(one, word(one), one in OF_A_PORTAL, str(WORDS[one][1]))
                    for one in OPERATIONS
                    if one in WORDS
                ),
            ),
        ),
    )


def actions_on(portal: Portal) -> tuple[ActionRow, ...]:
    """What can be done to its access just now."""
    if not portal.is_active:
        return (_reactivating(portal), _keying(portal), _limiting(portal))
    ending = (_ending(portal),) if portal.previous_expires_at else ()
    return (_rotating(portal), *ending, _keying(portal), _limiting(portal), _closing(portal))


def _rotating(portal: Portal) -> ActionRow:
    return ActionRow(
        key="rotate",
        label=gettext("Neues Geheimnis"),
        url=reverse("portal_rotate", args=[portal.client_id]),
        summary=gettext(
            "Sie sehen es einmal. Das jetzige gilt daneben weiter, bis das Portal umgestellt ist; "
            "eines von davor endet sofort."
        ),
        fields=(
            ActionField(
                name="days",
                label=gettext("Tage, die das jetzige noch gilt"),
                kind="number",
                value=str(OVERLAP.days),
                hint=gettext("0, wenn es bekannt geworden ist: Es endet dann sofort."),
                required=True,
                minimum="0",
                maximum=str(LONGEST_OVERLAP.days),
            ),
        ),
    )


def _ending(portal: Portal) -> ActionRow:
    return ActionRow(
        key="end-secret",
        label=gettext("Geheimnis davor beenden"),
        url=reverse("portal_end_secret", args=[portal.client_id]),
        summary=gettext("Nur das neue gilt noch. Wer das andere benutzt, bekommt kein Token mehr."),
    )


def _keying(portal: Portal) -> ActionRow:
    known = portal.jwks.get("keys", [])
    return ActionRow(
        key="keys",
        label=gettext("Schlüssel hinterlegen"),
        url=reverse("portal_keys", args=[portal.client_id]),
        summary=gettext(
            "Mit einem Schlüssel weist sich das Portal aus, ohne dass ein Geheimnis verschickt "
            "wird. Für einen Wechsel können mehrere nebeneinander stehen."
        ),
        fields=(
            ActionField(
                name="keys",
                label=gettext("Öffentliche Schlüssel (JWK Set)"),
                kind="textarea",
                value=json.dumps({"keys": known}, indent=1) if known else "",
                hint=gettext("Ed25519, P-256 oder RSA ab 3000 Bit; leer, wenn es keine mehr gibt."),
            ),
            ActionField(
                name="signed",
                label=gettext("Nur noch mit Signatur; das Geheimnis gilt nicht mehr"),
                kind="checkbox",
                value="on" if portal.is_signing else "",
            ),
        ),
    )


def _limiting(portal: Portal) -> ActionRow:
    usual = number_format(settings.RATE_LIMIT_PER_MINUTE, force_grouping=True)
    return ActionRow(
        key="limit",
        label=gettext("Aufrufe begrenzen"),
        url=reverse("portal_limit", args=[portal.client_id]),
        fields=(
            ActionField(
                name="limit",
                label=gettext("Aufrufe je Minute"),
                kind="number",
                value="" if portal.rate_limit is None else str(portal.rate_limit),
                hint=gettext("Leer: %(limit)s, wie alle.") % {"limit": usual},
                minimum="1",
                maximum=str(MOST_CALLS),
            ),
        ),
    )


def _closing(portal: Portal) -> ActionRow:
    return ActionRow(
        key="deactivate",
        label=gettext("Sperren"),
        url=reverse("portal_deactivate", args=[portal.client_id]),
        style="danger",
        summary=gettext(
            "Kein Token des Portals gilt mehr, ab sofort. Was es eingereicht hat, bleibt und wird "
            "weiter bearbeitet; das Portal erfährt davon nichts mehr."
        ),
    )


def _reactivating(portal: Portal) -> ActionRow:
    return ActionRow(
        key="reactivate",
        label=gettext("Wieder zulassen"),
        url=reverse("portal_reactivate", args=[portal.client_id]),
        summary=gettext("Mit denselben Rechten und Geheimnissen wie zuvor."),
    )
