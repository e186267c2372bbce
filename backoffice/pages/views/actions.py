"""What can be done to a case: every form of the case page posts to one of these."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from backoffice.pages import forms
from backoffice.pages.onward import Done, lead_on
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.attempts import Attempt
from backoffice.pages.presenters.held import done_text
from backoffice.pages.presenters.refusals import told
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.case import shown_case
from backoffice.pages.views.enclosing import keep_files
from efile.kernel.clock import now
from efile.kernel.errors import Invalid
from workflows.assignment import assign as assign_case
from workflows.colleagues import able_colleagues
from workflows.correspondence import note_reading
from workflows.endings import close as close_case
from workflows.endings import reopen as reopen_case
from workflows.endings import withdraw as withdraw_case
from workflows.holding import Held, NothingIsHeld, hold
from workflows.holding import note_failure as note_failed_act
from workflows.holding import recall as recall_act
from workflows.notes import leave_note
from workflows.notification import notify_by_post
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
    return _acted(request, case_id, "request_proof")


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
    return _acted(request, case_id, "grant")


@posted
@signed_in
def grant_in_part(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Grant part of the application."""
    return _acted(request, case_id, "grant_in_part")


@posted
@signed_in
def refuse(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Refuse the application."""
    return _acted(request, case_id, "refuse")


@posted
@signed_in
def settle(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Say how a report ended."""
    return _acted(request, case_id, "settle")


@posted
@signed_in
def recall(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Take back what has not left the house yet; what was typed is in its form again."""
    if request.method != "POST":
        return redirect("case", case_id)
    try:
        recalled = recall_act(case_id, by=request.actor, at=now())
    except NothingIsHeld as refusal:
        late = Refused(Attempt("recall", {}, said=told(refusal)[1]), 409)
        return shown_case(request, case_id, refused=late)
    messages.success(request, gettext("Zurückgeholt. Es ist nichts hinausgegangen."))
    mine = recalled.user_id == request.actor.user_id
    address = reverse("decide", args=[case_id, recalled.action]) if mine else ""
    to = address or reverse("case", args=[case_id])
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


@posted
@signed_in
def note_failure(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that somebody has seen what was not carried out."""

    def act(_said: Said) -> None:
        note_failed_act(case_id, by=request.actor, at=now())

    done = gettext("Zur Kenntnis genommen.")
    return _taken(request, case_id, "note_failure", forms.VersionedForm, act, done)


@posted
@signed_in
def notify(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the letter was posted."""

    def act(said: Said) -> None:
        by, revision = request.actor, said["version"]
        notify_by_post(case_id, said["posted_on"], by=by, at=now(), revision=revision)

    done = gettext("Die Bekanntgabe ist eingetragen; die Frist ist berechnet.")
    return _taken(request, case_id, "notify", forms.PostedForm, act, done, decisive=True)


@posted
@signed_in
def close(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Close the case."""

    def act(said: Said) -> None:
        close_case(case_id, by=request.actor, at=now(), revision=said["version"])

    done = gettext("Der Vorgang ist abgeschlossen.")
    return _taken(request, case_id, "close", forms.VersionedForm, act, done, decisive=True)


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
    return _acted(request, case_id, "forward")


@posted
@signed_in
def withdraw(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the applicant withdrew."""

    def act(said: Said) -> None:
        by, revision = request.actor, said["version"]
        withdraw_case(case_id, reason=said["reason"], by=by, at=now(), revision=revision)

    done = gettext("Die Rücknahme ist eingetragen.")
    return _taken(request, case_id, "withdraw", forms.ReasonForm, act, done, decisive=True)


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
    return _acted(request, case_id, "message")


@posted
@signed_in
def read(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the applicant's messages were read."""

    def act(_said: Said) -> None:
        note_reading(case_id, by=request.actor, at=now())

    done = gettext("Als gelesen vermerkt.")
    return _taken(request, case_id, "read", forms.VersionedForm, act, done)


def act_on(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse | Refused:
    """Do ``action`` of ``workflows.acts`` as its form says, or give the form back."""
    faults = keep_files(request, case_id) if action == "message" else []

    def act(said: Said) -> Held | None:
        if faults:
            raise Invalid(faults)
        revision = said.pop("version", None)
        return hold(case_id, action, said, by=request.actor, at=now(), revision=revision)

    outcome = tried(request, action, forms.SHAPES[action], act)
    if isinstance(outcome, Refused):
        return outcome
    return lead_on(request, case_id, Done(done_text(action, outcome), outcome, action != "message"))


def _acted(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("case", case_id)
    outcome = act_on(request, case_id, action)
    if isinstance(outcome, Refused):
        return shown_case(request, case_id, refused=outcome)
    return outcome


def _taken(
    request: StaffRequest,
    case_id: UUID,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
    *,
    decisive: bool = False,
) -> HttpResponse:
    """Take the step and go on; a refusal shows the form again.

    The address of a step that is merely opened (after a login, from the history) is the case.
    """
    if request.method != "POST":
        return redirect("case", case_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        colleagues = able_colleagues(case_id, by=request.actor) if action == "assign" else None
        return shown_case(request, case_id, refused=outcome, colleagues=colleagues)
    return lead_on(request, case_id, Done(done, decisive=decisive))
