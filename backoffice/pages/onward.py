"""After a decisive act: what was done is said, and the next case of the list opens."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from backoffice.pages.presenters.held import done_notice
from backoffice.pages.staff import StaffRequest
from backoffice.pages.trail import last
from efile.kernel.clock import now
from workflows.holding import Held
from workflows.next_case import following


@dataclass(frozen=True, slots=True)
class Done:
    """What a step has led to: ``text`` says it, ``held`` is set while it can be taken back.

    With a ``decisive`` one the case is done with.
    """

    text: str
    held: Held | None = None
    decisive: bool = False


def lead_on(request: StaffRequest, case_id: UUID, done: Done) -> HttpResponse:
    """Say what was done and go on: to the next case of the list, at its end to the list.

    Whoever came to the case by another way, or has not done with it, stays.
    """
    if not done.decisive:
        messages.success(request, done.text)
        return redirect("case", case_id)
    trail = last(request.session)
    place = trail.around(case_id) if trail else None
    listed = [UUID(case) for case in trail.cases[place[0] :]] if trail and place else []
    found = following(case_id, listed, by=request.actor)
    notice = done_notice(done.text, done.held, case_id, found, now())
    # Kept as markup, with this session's token: whichever page comes next shows it as it is.
    shown = render_to_string("pages/_done.html", {"done": notice}, request=request)
    messages.success(request, shown)
    if found.next:
        return redirect("case", found.next)
    if trail and place:
        return redirect(trail.url)
    return redirect(reverse("case", args=[case_id]))
