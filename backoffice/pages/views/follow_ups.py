"""Follow-ups: the list of them; setting, finishing and moving one."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages.forms import DoneForm, FollowUpForm, MoveForm
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.follow_ups import UNTIL, WHOSE, follow_ups_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.worklist import tabs, titles_of
from backoffice.pages.staff import StaffRequest, local_path, signed_in
from backoffice.pages.trail import remember
from backoffice.pages.views.case import shown_case
from efile.kernel.clock import local_date, now
from efile.policy import Action, may_anywhere
from workflows.desk import counts
from workflows.follow_ups import (
    Place,
    finish_follow_up,
    follow_up_list,
    move_follow_up,
    set_follow_up,
)
from workflows.offers import known_offers
from workflows.office import office_of
from workflows.wanted import Filter, Period

posted = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def follow_ups(request: StaffRequest) -> HttpResponse:
    """What somebody wanted to see again, the oldest day first."""
    by, today = request.actor, local_date(now())
    whose, until = request.GET.get("whose", ""), request.GET.get("until", "")
    whose, until = whose if whose in WHOSE else "", until if until in UNTIL else ""
    after = Place.read(request.GET["after"]) if "after" in request.GET else None
    items, following = follow_up_list(
        everybodys=whose == "everybody", until=_last_day(until, today), by=by, after=after
    )
    counted = counts(Filter(), by=by, today=today)
    office = office_of(by.tenant_id)
    clarifies = may_anywhere(Action.CLARIFY, by=by)
    page = follow_ups_page(
        items,
        following,
        whose=whose,
        until=until,
        total=counted.follow_ups,
        views=tabs(None, counted, clarifies=clarifies, follow_ups=True),
        titles=titles_of(known_offers(by.tenant_id)),
        office=office,
        today=today,
    )
    cases = list(dict.fromkeys(item.case_id for item in items))
    remember(
        request.session, gettext("Wiedervorlagen"), page.path, cases, goes_on=after is not None
    )
    shown = {"page": page, "shell": shell(request, office, "follow_ups", path=page.path)}
    return render(request, "pages/follow_ups.html", shown)


@posted
@signed_in
def set_one(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Have the case seen again."""

    def act(said: Said) -> None:
        set_follow_up(
            case_id, said["due_on"], said["text"], said["user"], by=request.actor, at=now()
        )

    done = gettext("Die Wiedervorlage ist gesetzt.")
    return taken(request, case_id, "follow_up", FollowUpForm, act, done)


@posted
@signed_in
def finish(request: StaffRequest, case_id: UUID, follow_up_id: UUID) -> HttpResponse:
    """It was seen to."""

    def act(_said: Said) -> None:
        finish_follow_up(case_id, follow_up_id, by=request.actor, at=now())

    done = gettext("Die Wiedervorlage ist erledigt.")
    return taken(request, case_id, f"follow_up_done-{follow_up_id}", DoneForm, act, done)


@posted
@signed_in
def move(request: StaffRequest, case_id: UUID, follow_up_id: UUID) -> HttpResponse:
    """See the case again on another day."""

    def act(said: Said) -> None:
        by, reason = request.actor, said["reason"]
        move_follow_up(case_id, follow_up_id, said["due_on"], reason, by=by, at=now())

    done = gettext("Die Wiedervorlage ist verschoben.")
    return taken(request, case_id, f"follow_up_move-{follow_up_id}", MoveForm, act, done)


def _last_day(until: str, today: date) -> date | None:
    days = {"": Period.week_of(today).last, "today": today}
    return days.get(until)


def taken(
    request: StaffRequest,
    case_id: UUID,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    """Take the step and go back to where it was asked for; a refusal shows the case's form."""
    if request.method != "POST":
        return redirect("case", case_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return shown_case(request, case_id, refused=outcome)
    messages.success(request, done)
    onward = local_path(request, request.POST.get("next", ""))
    return redirect(onward) if onward else redirect("case", case_id)
