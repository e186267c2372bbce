"""Services of other cities: taken over, overlaid with our own, kept up with or let go."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.pages.errors import status_of
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.service_changes import done
from backoffice.pages.presenters.service_editor import Bench, sentence_of
from backoffice.pages.presenters.service_inherited import (
    inheritable_rows,
    overlay_page,
    overlay_parts,
)
from backoffice.pages.presenters.service_reading import read_parts
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import FieldProblem
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.service_saving import page
from efile.kernel.clock import local_date, now
from efile.kernel.errors import Conflict, Invalid
from workflows.definitions import inheriting
from workflows.definitions.drafts import Draft
from workflows.definitions.overlays import patch
from workflows.definitions.places import places


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def inheritable(request: StaffRequest) -> HttpResponse:
    """What other cities offer; taking it over begins, and publishes nothing."""
    by = request.actor
    if request.method != "POST":
        rows = inheritable_rows(inheriting.inheritable(by=by))
        return page(request, "service_inheritable.html", rows)
    tenant, _dot, key = request.POST.get("what", "").partition(":")
    try:
        found = inheriting.inherit(tenant, key, by=by, at=now())
    except Conflict as refusal:
        messages.error(request, told(refusal)[1])
        return redirect("service_inheritable")
    messages.success(request, gettext("Übernommen. Passen Sie an, was bei Ihnen anders ist."))
    return redirect("service_overlay", found.service)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def overlay(request: StaffRequest, service: str) -> HttpResponse:
    """What is our own over an inherited service; every button saves."""
    found = inheriting.get_inherited(service, by=request.actor)
    if request.method != "POST":
        return _shown(request, found)
    bench = _bench(request, found)
    posted, parts = dict(request.POST.lists()), overlay_parts()
    wanted = read_parts(parts, posted, "", found.document, bench.ground())
    if what := request.POST.get("do", ""):
        wanted, _focus = done(wanted, parts, what, request.POST.get(f"{what[6:]}?from", ""))
    own = patch(found.base, wanted)

    def act(**who: Any) -> None:
        revision = _revision(request)
        inheriting.set_overlay(service, own, revision=revision, **who)

    return _acted(request, service, act, gettext("Gespeichert."))


@require_POST
@signed_in
def publish_inherited(request: StaffRequest, service: str) -> HttpResponse:
    """The inherited definition with our own on top, from a day on; or upstream's newer one."""
    try:
        from_on = date.fromisoformat(request.POST.get("from_on", ""))
    except ValueError:
        messages.error(request, gettext("Ab welchem Tag soll die Fassung gelten?"))
        return redirect("service_overlay", service)
    number, revision = request.POST.get("number", ""), _revision(request)

    def act(**who: Any) -> None:
        if number.isdecimal() and len(number) < 7:
            inheriting.accept_upstream(service, int(number), from_on, revision=revision, **who)
        else:
            inheriting.publish_inherited(service, from_on, revision=revision, **who)

    said = gettext("Veröffentlicht ab dem %(day)s.") % {"day": day_text(from_on)}
    return _acted(request, service, act, said)


@require_POST
@signed_in
def let_go(request: StaffRequest, service: str) -> HttpResponse:
    """From now on the definition is our own."""
    revision = _revision(request)
    inheriting.let_go(service, revision=revision, by=request.actor, at=now())
    messages.success(request, gettext("Der Dienst gehört jetzt ganz Ihnen."))
    return redirect("service", service)


def _acted(
    request: StaffRequest, service: str, act: Callable[..., None], said: str
) -> HttpResponse:
    try:
        act(by=request.actor, at=now())
    except (Conflict, Invalid) as refusal:
        found = inheriting.get_inherited(service, by=request.actor)
        errors = refusal.errors if isinstance(refusal, Invalid) else ()
        problems = [FieldProblem("", sentence_of(found.document, one)) for one in errors]
        status = status_of(type(refusal))
        return _shown(request, found, told(refusal)[1], problems, status)
    messages.success(request, said)
    return redirect("service_overlay", service)


def _shown(
    request: StaffRequest,
    found: inheriting.Inherited,
    said: str = "",
    problems: list[FieldProblem] | None = None,
    status: int = 200,
) -> HttpResponse:
    bench = _bench(request, found)
    content = overlay_page(
        found,
        bench.ground(request.GET.get("open", "")),
        today=local_date(bench.at).isoformat(),
        said="" if problems else said,
        problems=problems or (),
    )
    return page(request, "service_overlay.html", content, status=status)


def _bench(request: StaffRequest, found: inheriting.Inherited) -> Bench:
    """The inherited definition on the table like a draft: what is wrong with it is the same."""
    by, at = request.actor, now()
    as_draft = Draft(found.service, found.document, None, found.revision, at, at, "")
    return Bench(as_draft, places(by=by), by.tenant_id, at)


def _revision(request: StaffRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
