"""What a portal is told: how that fares, pausing, trying now, sending again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from api.callbacks.targets import pause_target, resend, resume_target, standing_of
from backoffice.pages.presenters.callbacks import callbacks_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import real_now
from workflows.office import office_of


@require_safe
@signed_in
def callbacks(request: StaffRequest, client: str) -> HttpResponse:
    """How the calls to one portal fare."""
    name, standing = standing_of(client, by=request.actor)
    page = callbacks_page(client, name, standing)
    frame = shell(request, office_of(request.actor.tenant_id), "portals")
    return render(request, "pages/portal_callbacks.html", {"page": page, "shell": frame})


@require_POST
@signed_in
def pause(request: StaffRequest, client: str) -> HttpResponse:
    """Tell it nothing more for the time being."""
    pause_target(client, by=request.actor, at=real_now())
    messages.success(request, gettext("Angehalten. Was geschieht, wird aufgehoben."))
    return redirect("portal_callbacks", client)


@require_POST
@signed_in
def resume(request: StaffRequest, client: str) -> HttpResponse:
    """Try everything that waits at once."""
    resume_target(client, by=request.actor, at=real_now())
    messages.success(request, gettext("Alles, was wartet, wird jetzt versucht."))
    return redirect("portal_callbacks", client)


@require_POST
@signed_in
def again(request: StaffRequest, client: str, lane: UUID | None = None) -> HttpResponse:
    """Send what was given up once more: one, or all."""
    count = resend(client, lane, by=request.actor, at=real_now())
    if count:
        said = ngettext(
            "%(count)s Vorgang wird erneut gesendet.",
            "%(count)s Vorgänge werden erneut gesendet.",
            count,
        )
        messages.success(request, said % {"count": count})
    else:
        said = gettext("Hier ist nichts mehr aufgegeben: Jemand war schneller.")
        messages.info(request, said)
    return redirect("portal_callbacks", client)
