"""The head's page on automatic decisions: switches, sample, report."""

import csv
from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.automation import automation_page, report_lines
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from workflows.automation.sample import agreements, disagreements, set_sample
from workflows.automation.switch import resume_automation, stop_automation, switches
from workflows.offers import current_offers
from workflows.office import office_of

_LATELY = timedelta(days=365)


@require_safe
@signed_in
def automation(request: StaffRequest) -> HttpResponse:
    """What decides alone, what is switched off, and how often people agree."""
    return _shown(request)


@require_safe
@signed_in
def automation_csv(request: StaffRequest) -> HttpResponse:
    """The disagreements for a spreadsheet."""
    first, last = _days(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="stichprobe-{last.isoformat()}.csv"'
    found = disagreements(first, last, by=request.actor)
    csv.writer(response, delimiter=";").writerows(report_lines(found))
    return response


@require_http_methods(["POST"])
@signed_in
def stop(request: StaffRequest, service: str) -> HttpResponse:
    """Switch it off."""

    def act(said: Said) -> None:
        stop_automation(service, said["reason"], by=request.actor, at=now())

    done = gettext("Abgeschaltet. Ab sofort entscheidet über jeden Vorgang ein Mensch.")
    return _done(request, f"stop-{service}", forms.ReasonForm, act, done)


@require_http_methods(["POST"])
@signed_in
def resume(request: StaffRequest, service: str) -> HttpResponse:
    """Switch it on again."""

    def act(said: Said) -> None:
        resume_automation(service, said["reason"], by=request.actor, at=now())

    done = gettext("Eingeschaltet. Neue Vorgänge können wieder allein entschieden werden.")
    return _done(request, f"resume-{service}", forms.ReasonForm, act, done)


@require_http_methods(["POST"])
@signed_in
def sample(request: StaffRequest, service: str) -> HttpResponse:
    """Set the size of the sample."""

    def act(said: Said) -> None:
        set_sample(service, said["percent"], by=request.actor, at=now())

    done = gettext("Die Größe der Stichprobe ist geändert.")
    return _done(request, f"sample-{service}", forms.PercentForm, act, done)


def _done(
    request: StaffRequest,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return _shown(request, refused=outcome)
    messages.success(request, done)
    return redirect("automation")


def _shown(request: StaffRequest, *, refused: Refused | None = None) -> HttpResponse:
    by, (first, last) = request.actor, _days(request)
    page = automation_page(
        switches(by=by),
        current_offers(by.tenant_id),
        agreements(first, last, by=by),
        disagreements(first, last, by=by),
        first=first,
        last=last,
        attempt=refused.attempt if refused else None,
    )
    frame = shell(request, office_of(by.tenant_id), "automation")
    context = {"page": page, "shell": frame}
    status = refused.status if refused else 200
    return render(request, "pages/automation.html", context, status=status)


def _days(request: StaffRequest) -> tuple[date, date]:
    """The days the report is about; what is no day is the usual year."""
    today = local_date(now())
    form = forms.DaysForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    return said.get("first") or today - _LATELY, said.get("last") or today
