"""Clearing up a case: values put right, checks settled, checks evaluated once more."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.correcting import Editing, row_id
from backoffice.pages.schema_reading import read
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.actions import posted
from backoffice.pages.views.case import shown_case, shown_facts
from efile.kernel.clock import now
from workflows.checks import run_again
from workflows.corrections import correct as put_right
from workflows.corrections import field_of
from workflows.verdicts import judge as settle


@posted
@signed_in
def correct(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show the form in the place of a value, or put the value right."""
    if request.method != "POST":
        editing = Editing(at=request.GET.get("at", ""), done=request.GET.get("left", ""))
        if request.htmx:
            return shown_facts(request, case_id, editing=editing)
        return shown_case(request, case_id, editing=editing)

    def act(said: Said) -> None:
        by, at = request.actor, said["at"]
        value = read(field_of(case_id, at, by=by), dict(request.POST.lists()), at, needed=True)
        reason, revision = said["reason"], said["version"]
        put_right(case_id, at, value, reason, by=by, at=now(), revision=revision)

    pointer = request.POST.get("at", "")
    outcome = tried(request, "correct", forms.CorrectionForm, act)
    done = gettext("Berichtigt. Was gesendet wurde, steht daneben.")
    if isinstance(outcome, Refused):
        editing = Editing(at=pointer, attempt=outcome.attempt)
        if request.htmx:
            return shown_facts(request, case_id, editing=editing)
        return shown_case(request, case_id, refused=outcome, editing=editing)
    if request.htmx:
        return shown_facts(request, case_id, editing=Editing(done=pointer), done=done)
    messages.success(request, done)
    return redirect(f"{reverse('case', args=[case_id])}#{row_id(pointer)}")


@posted
@signed_in
def judge(request: StaffRequest, case_id: UUID, key: str) -> HttpResponse:
    """Settle a check that waits for a person; the next one takes the focus."""
    if request.method != "POST":
        return redirect("case", case_id)

    def act(said: Said) -> None:
        seen = {"revision": said["version"], "run": said["run"]}
        outcome, reason = said["outcome"], said["reason"]
        settle(case_id, key, outcome, reason, by=request.actor, at=now(), **seen)

    outcome = tried(request, f"judge-{key}", forms.VerdictForm, act)
    done = gettext("Festgehalten.")
    if isinstance(outcome, Refused):
        if request.htmx:
            return shown_facts(request, case_id, refused=outcome)
        return shown_case(request, case_id, refused=outcome)
    if request.htmx:
        return shown_facts(request, case_id, judged=True, done=done)
    messages.success(request, done)
    return redirect(f"{reverse('case', args=[case_id])}#checks")


@require_POST
@signed_in
def check_again(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Have the registers asked and the checks evaluated once more."""
    run_again(case_id, by=request.actor, at=now())
    messages.success(request, gettext("Die Prüfungen laufen neu. Laden Sie gleich noch einmal."))
    return redirect("case", case_id)
