"""Portals: who may come in, with what proof, for which services, and what they do."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from api import clients
from api.portals import figures_of, get_portal, list_portals
from backoffice.pages import portal_forms as forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.portals import portal_page, portals_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import now, real_now
from efile.kernel.errors import FieldError, Invalid
from workflows.offers import known_offers
from workflows.office import office_of
from workflows.persons_cases import is_dashboard_offered, offer_dashboard


@require_safe
@signed_in
def portals(request: StaffRequest) -> HttpResponse:
    """All portals, and how they fare today."""
    return _listed(request)


@require_POST
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """Let one in, and show its credentials this once."""

    def act(said: Said) -> tuple[str, str]:
        return clients.admit(said["name"], said["scopes"], by=request.actor, at=real_now())

    outcome = tried(request, "admit", forms.PortalForm, act)
    if isinstance(outcome, Refused):
        return _listed(request, outcome)
    return _shown(request, outcome[0], secret=outcome[1])


@require_POST
@signed_in
def dashboard(request: StaffRequest) -> HttpResponse:
    """Let portals show people their cases, or no longer."""
    offered = request.POST.get("offered") == "on"
    offer_dashboard(offered=offered, by=request.actor, at=now())
    said = gettext("Portale dürfen Menschen ihre Vorgänge jetzt zeigen.")
    if not offered:
        said = gettext("Portale zeigen Menschen ihre Vorgänge nicht mehr.")
    messages.success(request, said)
    return redirect("portals")


@require_safe
@signed_in
def portal(request: StaffRequest, client: str) -> HttpResponse:
    """One portal: rights, proofs, figures."""
    return _shown(request, client)


@require_POST
@signed_in
def scopes(request: StaffRequest, client: str) -> HttpResponse:
    """Grant what is ticked, and nothing else."""

    def act(said: Said) -> None:
        clients.grant(client, said["scopes"], by=request.actor, at=real_now())

    done = gettext("Die Rechte sind geändert. Sie gelten ab dem nächsten Aufruf.")
    return _done(request, client, "scopes", forms.ScopesForm, act, done)


@require_POST
@signed_in
def limit(request: StaffRequest, client: str) -> HttpResponse:
    """Say how often it may call."""

    def act(said: Said) -> None:
        clients.limit_calls(client, said["limit"], by=request.actor, at=real_now())

    done = gettext("Die Grenze ist geändert.")
    return _done(request, client, "limit", forms.LimitForm, act, done)


@require_POST
@signed_in
def rotate(request: StaffRequest, client: str) -> HttpResponse:
    """Make a new secret, and show it this once."""

    def act(said: Said) -> str:
        days = timedelta(days=said["days"])
        return clients.rotate_secret(client, by=request.actor, at=real_now(), overlap=days)

    outcome = tried(request, "rotate", forms.RotationForm, act)
    if isinstance(outcome, Refused):
        return _shown(request, client, refused=outcome)
    return _shown(request, client, secret=outcome)


@require_POST
@signed_in
def end_secret(request: StaffRequest, client: str) -> HttpResponse:
    """The secret before the present one counts no longer."""

    def act(_said: Said) -> None:
        clients.end_previous_secret(client, by=request.actor, at=real_now())

    done = gettext("Nur das neue Geheimnis gilt noch.")
    return _done(request, client, "end-secret", forms.PressedForm, act, done)


@require_POST
@signed_in
def keys(request: StaffRequest, client: str) -> HttpResponse:
    """Take its public keys, and say whether they alone count."""

    def act(said: Said) -> None:
        clients.register_keys(
            client, _read(said["keys"]), signed=said["signed"], by=request.actor, at=real_now()
        )

    done = gettext("Die Schlüssel sind hinterlegt.")
    return _done(request, client, "keys", forms.KeysForm, act, done)


@require_POST
@signed_in
def deactivate(request: StaffRequest, client: str) -> HttpResponse:
    """Shut it out."""

    def act(_said: Said) -> None:
        clients.deactivate(client, by=request.actor, at=real_now())

    done = gettext("Das Portal ist gesperrt. Keines seiner Token gilt mehr.")
    return _done(request, client, "deactivate", forms.PressedForm, act, done)


@require_POST
@signed_in
def reactivate(request: StaffRequest, client: str) -> HttpResponse:
    """Let it in again."""

    def act(_said: Said) -> None:
        clients.reactivate(client, by=request.actor, at=real_now())

    done = gettext("Das Portal ist wieder zugelassen.")
    return _done(request, client, "reactivate", forms.PressedForm, act, done)


def _read(text: str) -> Any:
    """The key set. Refuses: Invalid."""
    if not text.strip():
        return {"keys": []}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid([FieldError("/keys", "json")]) from None


def _done(
    request: StaffRequest,
    client: str,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return _shown(request, client, refused=outcome)
    messages.success(request, done)
    return redirect("portal", client)


def _listed(request: StaffRequest, refused: Refused | None = None) -> HttpResponse:
    rows = list_portals(by=request.actor, at=real_now())
    offered = is_dashboard_offered(by=request.actor)
    attempt = refused.attempt if refused else None
    content = portals_page(rows, dashboard=offered, attempt=attempt)
    return _page(request, "portals", content, refused)


def _shown(
    request: StaffRequest, client: str, *, secret: str = "", refused: Refused | None = None
) -> HttpResponse:
    by, at = request.actor, real_now()
    found = get_portal(client, by=by, at=at)
    content = portal_page(
        found,
        figures_of(found, by=by, at=at),
        known_offers(by.tenant_id),
        secret=secret,
        attempt=refused.attempt if refused else None,
    )
    return _page(request, "portal", content, refused)


def _page(
    request: StaffRequest, name: str, content: Any, refused: Refused | None = None
) -> HttpResponse:
    frame = shell(request, office_of(request.actor.tenant_id), "portals")
    status = refused.status if refused else 200
    return render(request, f"pages/{name}.html", {"page": content, "shell": frame}, status=status)
