"""A selection of the work list: keeping it, looking at what would change, changing it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.pages.forms import BulkAssignForm, FollowUpForm
from backoffice.pages.posting import read
from backoffice.pages.presenters.selection import (
    KEEP,
    TEAM,
    chosen_cases,
    result_page,
    selection_page,
)
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.worklist import selection_bar, titles_of
from backoffice.pages.staff import StaffRequest, local_path, signed_in
from backoffice.pages.ticked import tick, ticked, untick
from backoffice.pages.trail import last
from backoffice.pages.views.worklist import bulk_of
from efile.kernel.clock import local_date, now
from efile.kernel.errors import FieldError, Invalid, NotFound
from workflows import selection
from workflows.offers import known_offers
from workflows.office import office_of
from workflows.selection import Assignment, Change, Intended, Outcome, Reminder
from workflows.team import team_of
from workflows.wanted import View

# What came of the last change, until the next one.
_RESULT: Final = "bulk"


@require_POST
@signed_in
def select(request: StaffRequest) -> HttpResponse:
    """Keep what is ticked on a list, and go on with it where a button says so."""
    said, session = request.POST, request.session
    view = _view(said.get("view", ""))
    shown, chosen = chosen_cases(said.getlist("shown")), chosen_cases(said.getlist("case"))
    tick(session, view.value, shown=shown, chosen=chosen)
    act = said.get("act", "")
    if act == "clear":
        untick(session, view.value)
    back = local_path(request, said.get("back", "")) or "/"
    bulk = bulk_of(request.actor)
    if act in bulk and ticked(session, view.value):
        return redirect(f"{reverse('selection', args=[act])}?view={view}")
    if request.htmx:
        bar = selection_bar(view, back, len(ticked(session, view.value)), bulk)
        return render(request, "pages/_selection_bar.html", {"bar": bar})
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: StaffRequest, act: str) -> HttpResponse:
    """What ``act`` would do to each selected case; the button under that list does it."""
    by, view = request.actor, _view(request.GET.get("view", ""))
    if act not in bulk_of(by):
        raise NotFound
    said = {name: request.POST.get(name, "") for name in _FIELDS if name in request.POST}
    wanted, errors = _asked(request, act, said)
    if wanted and "do" in request.POST:
        return _done(request, act, view, wanted)
    cases = selection.plan(ticked(request.session, view.value), wanted, by=by)
    office = office_of(by.tenant_id)
    page = selection_page(
        act,
        view.value,
        cases,
        change=wanted,
        said=said,
        errors=errors,
        team=team_of(by),
        titles=titles_of(known_offers(by.tenant_id)),
        back=_back(request),
        today=local_date(now()),
    )
    shown = {"page": page, "shell": shell(request, office, "worklist", path=page.url)}
    return render(request, "pages/selection.html", shown, status=422 if errors else 200)


@require_safe
@signed_in
def result(request: StaffRequest) -> HttpResponse:
    """What came of the last change."""
    by, kept = request.actor, request.session.get(_RESULT)
    if not kept:
        return redirect("worklist")
    refusals = {UUID(case): refusal for case, refusal in kept["outcomes"]}
    outcomes = [
        Outcome(one, refusals[one.case_id]) for one in selection.plan(list(refusals), by=by)
    ]
    office = office_of(by.tenant_id)
    page = result_page(
        kept["act"],
        outcomes,
        titles=titles_of(known_offers(by.tenant_id)),
        back=_back(request),
        undo=bool(kept["before"]),
    )
    shown = {"page": page, "shell": shell(request, office, "worklist")}
    return render(request, "pages/selection_result.html", shown)


@require_POST
@signed_in
def undo(request: StaffRequest) -> HttpResponse:
    """Give the cases of the last assignment back to whoever had them."""
    kept = request.session.get(_RESULT)
    if not kept or not kept["before"]:
        return redirect("worklist")
    before = {UUID(case): user for case, user in kept["before"]}
    outcomes = selection.give_back(before, kept["after"], by=request.actor, at=now())
    _keep_result(request, "give_back", outcomes, {}, None)
    return redirect("selection_result")


_FIELDS: Final = ("assignee", "due_on", "text", "user")


def _view(name: str) -> View:
    return View(name) if name in list(View) else View.TEAM


def _back(request: StaffRequest) -> str:
    trail = last(request.session)
    return trail.url if trail else "/"


def _asked(
    request: StaffRequest, act: str, said: Mapping[str, str]
) -> tuple[Change | None, Sequence[FieldError]]:
    """The change that the form asks for; None while it does not say, or not soundly."""
    if act == "take":
        return Assignment(request.actor.user_id), ()
    if request.method != "POST":
        return None, ()
    try:
        return _SHAPES[act](said), ()
    except Invalid as refusal:
        return None, refusal.errors


def _assignment(said: Mapping[str, str]) -> Assignment:
    named = read(BulkAssignForm(said))["assignee"]
    if named == KEEP:
        raise Invalid([FieldError("/assignee", "required")])
    return Assignment(None if named == TEAM else int(named))


def _reminder(said: Mapping[str, str]) -> Reminder:
    read_as: dict[str, Any] = read(FollowUpForm(said))
    return Reminder(read_as["due_on"], read_as["text"], read_as["user"])


_SHAPES: Final[Mapping[str, Callable[[Mapping[str, str]], Change]]] = {
    "assign": _assignment,
    "follow_up": _reminder,
}


def _done(request: StaffRequest, act: str, view: View, wanted: Change) -> HttpResponse:
    """Carry the change out on what the preview showed; what was done is no longer selected."""
    seen = [text.partition(":") for text in request.POST.getlist("seen")]
    intended = [
        Intended(case_id, shown, wanted)
        for text, _, shown in seen
        for case_id in chosen_cases([text])
    ]
    outcomes = selection.carry_out(intended, by=request.actor, at=now())
    changed = [one for one in outcomes if not one.refusal]
    untick(request.session, view.value, [one.case.case_id for one in changed])
    before = (
        {one.case.case_id: one.case.assignee_id for one in changed}
        if isinstance(wanted, Assignment)
        else {}
    )
    _keep_result(request, act, outcomes, before, wanted.user_id)
    return redirect("selection_result")


def _keep_result(
    request: StaffRequest,
    act: str,
    outcomes: Sequence[Outcome],
    before: Mapping[UUID, int | None],
    after: int | None,
) -> None:
    request.session[_RESULT] = {
        "act": act,
        "outcomes": [[str(one.case.case_id), one.refusal] for one in outcomes],
        "before": [[str(case), user] for case, user in before.items()],
        "after": after,
    }
