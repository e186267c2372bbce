"""The post: letters that wait, batches to print and to send, letters that came back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.post import batch_page, letter_page, post_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.documents import ALONE
from efile.kernel.clock import now
from workflows.office import office_of
from workflows.post_room import open_batch, post_letter, post_room, print_batch
from workflows.posting import make_batch, note_returned, post_batch, write_again


@require_safe
@signed_in
def post(request: StaffRequest) -> HttpResponse:
    """What waits for the post, and what came back from it."""
    page = post_page(post_room(by=request.actor))
    frame = shell(request, office_of(request.actor.tenant_id), "post")
    return render(request, "pages/post.html", {"page": page, "shell": frame})


@require_POST
@signed_in
def make(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Put the letters that wait in a unit together."""
    made = tried(
        request,
        "make",
        forms.VersionedForm,
        lambda _said: make_batch(unit_id, by=request.actor, at=now()),
    )
    if isinstance(made, Refused):
        messages.error(request, made.attempt.said)
        return redirect("post")
    messages.success(request, gettext("Der Stapel ist gebildet. Drucken Sie ihn jetzt."))
    return redirect("post_batch", made.id)


@require_safe
@signed_in
def batch(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """One batch with its letters."""
    return _batch(request, batch_id)


@require_safe
@signed_in
def batch_pdf(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """The batch for the printer: cover list and letters as one PDF."""
    pdf = print_batch(batch_id, by=request.actor, at=now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="Poststapel.pdf"'
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def posted(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Note the day on which a batch went into the post."""
    if request.method != "POST":
        return redirect("post_batch", batch_id)

    def act(said: Said) -> None:
        day, taken_out = said["posted_on"], said["taken_out"]
        post_batch(batch_id, day, taken_out=taken_out, by=request.actor, at=now())

    outcome = tried(request, "posted", forms.BatchPostedForm, act)
    if isinstance(outcome, Refused):
        return _batch(request, batch_id, refused=outcome)
    done = gettext("Zur Post gegeben. Bekanntgabe und Fristen werden jetzt eingetragen.")
    messages.success(request, done)
    return redirect("post_batch", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Note that a letter came back."""

    def act(said: Said) -> None:
        day, reason = said["returned_on"], said["reason"]
        note_returned(letter_id, day, reason, by=request.actor, at=now())

    refused = None
    if request.method == "POST":
        outcome = tried(request, "returned", forms.ReturnedForm, act)
        if not isinstance(outcome, Refused):
            done = gettext("Eingetragen. Das Schreiben steht jetzt bei „Zurückgekommen“.")
            messages.success(request, done)
            return redirect("post")
        refused = outcome
    found = post_letter(letter_id, by=request.actor)
    page = letter_page(found, at=now(), attempt=refused.attempt if refused else None)
    if refused and page.returned is None:
        messages.error(request, refused.attempt.said)
    return _page(request, "pages/post_letter.html", page, "post_letter", letter_id, refused)


@require_POST
@signed_in
def again(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Have a letter that came back written anew."""
    outcome = tried(
        request,
        "again",
        forms.VersionedForm,
        lambda _said: write_again(letter_id, by=request.actor, at=now()),
    )
    if isinstance(outcome, Refused):
        messages.error(request, outcome.attempt.said)
    else:
        done = gettext("Das Schreiben wird neu geschrieben, an die jetzt gültige Anschrift.")
        messages.success(request, done)
    return redirect("post")


def _batch(
    request: StaffRequest, batch_id: UUID, *, refused: Refused | None = None
) -> HttpResponse:
    found = open_batch(batch_id, by=request.actor)
    page = batch_page(found, at=now(), attempt=refused.attempt if refused else None)
    if refused and page.posted is None:
        messages.error(request, refused.attempt.said)
    return _page(request, "pages/post_batch.html", page, "post_batch", batch_id, refused)


def _page(
    request: StaffRequest,
    template: str,
    page: object,
    name: str,
    key: UUID,
    refused: Refused | None,
) -> HttpResponse:
    path = reverse(name, args=[key])
    frame = shell(request, office_of(request.actor.tenant_id), "post", path=path)
    status = refused.status if refused else 200
    return render(request, template, {"page": page, "shell": frame}, status=status)
