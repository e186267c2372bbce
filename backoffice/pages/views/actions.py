"""What can be done to a case: every form of the case page posts to one of these."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.case import shown_case
from efile.kernel.clock import now
from workflows.assignment import assign as assign_case
from workflows.colleagues import able_colleagues
from workflows.correspondence import note_reading, write_to_applicant
from workflows.decisions import decide
from workflows.endings import close as close_case
from workflows.endings import forward as forward_case
from workflows.endings import reopen as reopen_case
from workflows.endings import withdraw as withdraw_case
from workflows.machine import Step
from workflows.notes import leave_note
from workflows.notification import notify_by_post
from workflows.questions import ask_applicant
from workflows.questions import drop_question as drop

posted = require_http_methods(["GET", "HEAD", "POST"])


@posted
@signed_in
def take(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Become responsible for the case."""

    def act(said: Said) -> None:
        by = request.actor
        assign_case(case_id, by.user_id, by=by, at=now(), revision=said["version"])

    done = gettext("Der Vorgang liegt jetzt bei Ihnen.")
    return _taken(request, case_id, "take", forms.VersionedForm, act, done)


@posted
@signed_in
def assign(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show who could be responsible, or make somebody so."""

    def act(said: Said) -> None:
        revision = said["version"]
        assign_case(case_id, said["assignee"], by=request.actor, at=now(), revision=revision)

    if request.method != "POST":
        colleagues = able_colleagues(case_id, by=request.actor)
        return shown_case(request, case_id, colleagues=colleagues)
    done = gettext("Die Zuständigkeit ist geändert.")
    return _taken(request, case_id, "assign", forms.AssigneeForm, act, done)


@posted
@signed_in
def request_proof(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Ask the applicant."""

    def act(said: Said) -> None:
        ask_applicant(
            case_id,
            text=said["text"],
            proofs=said["proofs"],
            days=said["days"],
            by=request.actor,
            at=now(),
            revision=said["version"],
        )

    done = gettext("Die Rückfrage steht im Portal. Der Vorgang wartet auf die Antwort.")
    return _taken(request, case_id, "request_proof", forms.RequestForm, act, done)


@posted
@signed_in
def drop_question(request: StaffRequest, case_id: UUID, question_id: UUID) -> HttpResponse:
    """Go on without an answer."""

    def act(_said: Said) -> None:
        drop(case_id, question_id, by=request.actor, at=now())

    done = gettext("Die Rückfrage ist zurückgenommen.")
    return _taken(request, case_id, f"drop-{question_id}", forms.VersionedForm, act, done)


@posted
@signed_in
def grant(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Grant the application."""
    done = gettext("Bewilligt. Der Bescheid wird jetzt geschrieben.")
    return _decided(request, case_id, Step.GRANT, done)


@posted
@signed_in
def grant_in_part(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Grant part of the application."""
    done = gettext("Teilweise bewilligt. Der Bescheid wird jetzt geschrieben.")
    return _decided(request, case_id, Step.GRANT_IN_PART, done)


@posted
@signed_in
def refuse(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Refuse the application."""
    done = gettext("Abgelehnt. Der Bescheid wird jetzt geschrieben.")
    return _decided(request, case_id, Step.REFUSE, done)


@posted
@signed_in
def notify(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the letter was posted."""

    def act(said: Said) -> None:
        by, revision = request.actor, said["version"]
        notify_by_post(case_id, said["posted_on"], by=by, at=now(), revision=revision)

    done = gettext("Die Bekanntgabe ist eingetragen; die Frist ist berechnet.")
    return _taken(request, case_id, "notify", forms.PostedForm, act, done)


@posted
@signed_in
def close(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Close the case."""

    def act(said: Said) -> None:
        close_case(case_id, by=request.actor, at=now(), revision=said["version"])

    done = gettext("Der Vorgang ist abgeschlossen.")
    return _taken(request, case_id, "close", forms.VersionedForm, act, done)


@posted
@signed_in
def reopen(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Take a closed case up again."""

    def act(said: Said) -> None:
        by, revision = request.actor, said["version"]
        reopen_case(case_id, reason=said["reason"], by=by, at=now(), revision=revision)

    done = gettext("Der Vorgang ist wiederaufgenommen.")
    return _taken(request, case_id, "reopen", forms.ReasonForm, act, done)


@posted
@signed_in
def forward(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Hand the case over to another authority."""

    def act(said: Said) -> None:
        by, revision = request.actor, said["version"]
        forward_case(case_id, to=said["to"], by=by, at=now(), revision=revision)

    done = gettext("Der Vorgang ist abgegeben.")
    return _taken(request, case_id, "forward", forms.ForwardForm, act, done)


@posted
@signed_in
def withdraw(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the applicant withdrew."""

    def act(said: Said) -> None:
        by, revision = request.actor, said["version"]
        withdraw_case(case_id, reason=said["reason"], by=by, at=now(), revision=revision)

    done = gettext("Die Rücknahme ist eingetragen.")
    return _taken(request, case_id, "withdraw", forms.ReasonForm, act, done)


@posted
@signed_in
def note(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Leave a note."""

    def act(said: Said) -> None:
        leave_note(case_id, said["text"], by=request.actor, at=now())

    done = gettext("Die Notiz ist gespeichert.")
    return _taken(request, case_id, "note", forms.TextForm, act, done)


@posted
@signed_in
def message(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Write to the applicant."""

    def act(said: Said) -> None:
        write_to_applicant(case_id, said["text"], by=request.actor, at=now())

    done = gettext("Die Nachricht steht im Portal.")
    return _taken(request, case_id, "message", forms.TextForm, act, done)


@posted
@signed_in
def read(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the applicant's messages were read."""

    def act(_said: Said) -> None:
        note_reading(case_id, by=request.actor, at=now())

    done = gettext("Als gelesen vermerkt.")
    return _taken(request, case_id, "read", forms.VersionedForm, act, done)


def _decided(request: StaffRequest, case_id: UUID, step: Step, done: str) -> HttpResponse:
    def act(said: Said) -> None:
        decide(
            case_id,
            step,
            reasons=said["reasons"],
            clauses=said["clauses"],
            by=request.actor,
            at=now(),
            revision=said["version"],
        )

    return _taken(request, case_id, step.value, forms.DecisionForm, act, done)


def _taken(
    request: StaffRequest,
    case_id: UUID,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    """Take the step and go back to the case; a refusal shows the form again.

    The address of a step that is merely opened (after a login, from the history) is the case.
    """
    if request.method != "POST":
        return redirect("case", case_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        colleagues = able_colleagues(case_id, by=request.actor) if action == "assign" else None
        return shown_case(request, case_id, refused=outcome, colleagues=colleagues)
    messages.success(request, done)
    return redirect("case", case_id)
