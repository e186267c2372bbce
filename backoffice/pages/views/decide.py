"""Deciding with the letter beside it, and its pages as pictures."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from backoffice.pages import previews
from backoffice.pages.posting import Refused
from backoffice.pages.presenters.attempts import meanwhile
from backoffice.pages.presenters.decide import (
    act_rows,
    decide_page,
    preview_of,
    said_by,
    typed_in,
)
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.shell import shell
from backoffice.pages.rows import ActionRow, Preview
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.actions import act_on, posted
from backoffice.pages.views.case import desk_of
from backoffice.pages.views.drafts import keep, typed_by
from efile.kernel.errors import NotFound, Refusal
from efile.viewing.pages import page_image, text_of
from efile.viewing.pool import Unviewable
from workflows.acts import LETTERED
from workflows.drafts import Typed, require_seen
from workflows.office import Office

# Wide enough for a sharp picture beside the form.
WIDTH = 1200


@posted
@signed_in
def decide(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse:
    """The form of ``action`` with its letter; posting it acts."""
    if action not in LETTERED:
        raise NotFound
    if request.method != "POST":
        return _shown(request, desk_of(request, case_id), action)
    done = act_on(request, case_id, action)
    if isinstance(done, Refused):
        return _shown(request, desk_of(request, case_id), action, refused=done)
    return done


@require_POST
@signed_in
def preview(request: StaffRequest, case_id: UUID, action: str) -> HttpResponse:
    """Keep what is typed as a draft and show the letter that it makes."""
    if action not in LETTERED:
        raise NotFound
    desk = desk_of(request, case_id)
    typed = _with_block(typed_by(request, action), request, act_rows(desk).get(action))
    kept = keep(request, case_id, action, typed)
    if not request.htmx:
        if kept.denied:
            messages.error(request, kept.denied)
        return redirect("decide", case_id, action)
    # Once more, with the draft that is saved now.
    desk = desk_of(request, case_id)
    shown = Preview(draft=kept)
    if action in act_rows(desk):
        shown = decide_page(desk, action, _letter(desk, action, typed)).preview
    if kept.denied:
        shown = replace(shown, draft=kept)
    return render(request, "pages/_preview.html", {"preview": shown})


@require_safe
@signed_in
def preview_page(request: StaffRequest, case_id: UUID, action: str, number: int) -> HttpResponse:
    """A page of the letter that this person is writing, as a picture."""
    require_seen(case_id, by=request.actor)
    version = request.GET.get("v", "")
    pdf = previews.known(request.actor.user_id, case_id, action, version)
    if pdf is None:
        desk = desk_of(request, case_id)
        row = act_rows(desk).get(action)
        if row is None:
            raise NotFound
        pdf, _ = previews.letter(desk, action, said_by(typed_in(row)))
    try:
        image = page_image(pdf, number, WIDTH)
    except Unviewable:
        raise NotFound from None
    return HttpResponse(image, content_type="image/png")


def _shown(
    request: StaffRequest, desk: Desk, action: str, *, refused: Refused | None = None
) -> HttpResponse:
    """The page; where the act is no longer possible, the case and why."""
    attempt = meanwhile(refused.attempt, desk.dossier.history) if refused else None
    case_id, row = desk.dossier.process.case_id, act_rows(desk).get(action)
    if row is None:
        said = attempt.said if attempt else ""
        messages.error(request, said or gettext("Dieser Schritt geht hier gerade nicht."))
        return redirect("case", case_id)
    preview = _letter(desk, action, attempt.typed if attempt else typed_in(row))
    page = decide_page(desk, action, preview, attempt=attempt)
    office = Office.of(desk.dossier.process.tenant)
    path = reverse("decide", args=[case_id, action])
    shown = {"page": page, "shell": shell(request, office, "worklist", path=path)}
    return render(request, "pages/decide.html", shown, status=refused.status if refused else 200)


def _letter(desk: Desk, action: str, typed: Typed) -> Preview:
    """The letter that ``typed`` makes, or why there is none."""
    try:
        pdf, version = previews.letter(desk, action, said_by(typed))
        return preview_of(desk, action, text_of(pdf), version)
    except Refusal as refusal:
        return Preview(denied=told(refusal)[1] or gettext("Der Brief lässt sich nicht zeigen."))
    except Unviewable:
        return Preview(denied=gettext("Der Brief lässt sich gerade nicht zeigen."))


def _with_block(typed: Typed, request: StaffRequest, row: ActionRow | None) -> Typed:
    """``typed`` with the text block that a button without script asks for."""
    name, _, key = request.POST.get("insert", "").partition(":")
    field = next((one for one in row.fields if one.name == name), None) if row else None
    block = next((one for one in field.blocks if one.key == key), None) if field else None
    if block is None:
        return typed
    before = "".join(typed.get(name, ())).rstrip()
    return {**typed, name: [f"{before}\n\n{block.text}" if before else block.text]}
