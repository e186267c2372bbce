"""The services of the city: their list, one with its versions, new ones, files in and out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.pages.errors import status_of
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.service_editor import part_url
from backoffice.pages.presenters.service_list import (
    catalogue_page,
    import_page,
    new_service_page,
    service_page,
)
from backoffice.pages.presenters.service_reading import new_key
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.service_saving import page
from efile.kernel.clock import now
from efile.kernel.errors import Conflict, Invalid, NotFound
from workflows.definitions import drafts, publishing
from workflows.definitions.places import places

# A definition is some 30 KB; a file beyond this is none.
_LARGEST = 1024 * 1024


@require_safe
@signed_in
def services(request: StaffRequest) -> HttpResponse:
    """All services: what counts, what comes, what is worked on."""
    rows = publishing.services_of(by=request.actor, at=now())
    return page(request, "services.html", catalogue_page(rows))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """A service from nothing: title, unit and file plan position make a draft that is complete."""
    known, by = places(by=request.actor), request.actor
    typed = {name: request.POST.get(name, "").strip() for name in ("title", "unit", "position")}
    if request.method != "POST":
        return page(request, "service_new.html", new_service_page(known, typed))
    taken = [row.key for row in publishing.services_of(by=by, at=now())]
    key = new_key(typed["title"], taken, "dienst")
    try:
        drafts.start_new(
            key, typed["title"], by=by, at=now(), unit=typed["unit"], position=typed["position"]
        )
    except (Conflict, Invalid) as refusal:
        content = new_service_page(known, typed, refusal)
        status = status_of(type(refusal))
        return page(request, "service_new.html", content, status=status)
    messages.success(
        request, gettext("Der Entwurf ist angelegt. Gehen Sie die Teile von oben nach unten durch.")
    )
    return redirect(part_url(key, "general"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take_in(request: StaffRequest) -> HttpResponse:
    """A definition as YAML becomes a draft; what is wrong with it is named by line."""
    places(by=request.actor)
    if request.method != "POST":
        return page(request, "service_import.html", import_page(""))
    file, text = request.FILES.get("file"), request.POST.get("text", "")
    if file is not None and not isinstance(file, list):
        text = file.read(_LARGEST).decode("utf-8", "replace")
    try:
        draft = drafts.import_draft(text, source="", by=request.actor, at=now())
    except (Conflict, Invalid) as refusal:
        status = status_of(type(refusal))
        return page(request, "service_import.html", import_page(text, refusal), status=status)
    messages.success(request, gettext("Übernommen als Entwurf."))
    return redirect("service", draft.service)


@require_safe
@signed_in
def service(request: StaffRequest, service: str) -> HttpResponse:
    """One service: its versions, its draft, what can be done."""
    by, at = request.actor, now()
    row = next((one for one in publishing.services_of(by=by, at=at) if one.key == service), None)
    if row is None:
        raise NotFound
    versions = publishing.versions_of(service, by=by, at=at)
    content = service_page(row, versions, confirm=request.GET.get("ask", ""))
    return page(request, "service.html", content)


@require_POST
@signed_in
def start(request: StaffRequest, service: str) -> HttpResponse:
    """Begin a draft from the version in force, or from the one asked for."""
    number = request.POST.get("number", "")
    wanted = int(number) if number.isdecimal() and len(number) < 7 else None
    try:
        drafts.start_from_version(service, wanted, by=request.actor, at=now())
    except drafts.DraftExists:
        messages.info(request, gettext("Es gibt schon einen Entwurf; hier ist er."))
    return redirect(part_url(service, "general"))


@require_POST
@signed_in
def discard(request: StaffRequest, service: str) -> HttpResponse:
    """Throw the draft away."""
    revision = drafts.get_draft(service, by=request.actor).revision
    return _done(
        request,
        service,
        lambda **who: drafts.discard_draft(service, revision=revision, **who),
        gettext("Der Entwurf ist verworfen."),
        target="services",
    )


@require_POST
@signed_in
def withdraw(request: StaffRequest, service: str) -> HttpResponse:
    """Nobody can apply any more."""
    said = gettext("Der Dienst wird nicht mehr angeboten. Laufende Vorgänge gehen weiter.")
    return _done(request, service, lambda **who: publishing.withdraw_service(service, **who), said)


@require_POST
@signed_in
def offer(request: StaffRequest, service: str) -> HttpResponse:
    """People can apply again."""
    said = gettext("Der Dienst wird wieder angeboten.")
    return _done(request, service, lambda **who: publishing.offer_again(service, **who), said)


@require_POST
@signed_in
def take_back(request: StaffRequest, service: str, number: int) -> HttpResponse:
    """A version whose day has not come does not come into force."""
    said = gettext("Die Fassung %(number)d ist zurückgenommen.") % {"number": number}
    return _done(request, service, lambda **who: publishing.take_back(service, number, **who), said)


@require_safe
@signed_in
def export(request: StaffRequest, service: str, number: int | None = None) -> HttpResponse:
    """A version, or the draft, as a YAML file."""
    by = request.actor
    if "draft" in request.GET:
        text, name = drafts.export_draft(service, by=by), f"{service}-entwurf"
    else:
        text = drafts.export_version(service, number, by=by, at=now())
        name = f"{service}-{number}" if number else service
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


def _done(
    request: StaffRequest,
    service: str,
    act: Callable[..., Any],
    said: str,
    *,
    target: str = "service",
) -> HttpResponse:
    try:
        act(by=request.actor, at=now())
    except Conflict as refusal:
        messages.error(request, told(refusal)[1])
    else:
        messages.success(request, said)
    return redirect(reverse(target) if target == "services" else reverse(target, args=[service]))
