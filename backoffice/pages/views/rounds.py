"""Allocation rounds: drawn, looked at, carried out or given up; the same to take along."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages.place_forms import CarryOutForm, DrawForm, ReasonForm
from backoffice.pages.posting import Refused, Said, tried
from backoffice.pages.presenters.rounds import round_page, round_sheet, round_table, rounds_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from efile.letters.lists import render_list
from workflows.office import office_of
from workflows.waiting import rounds as verbs
from workflows.waiting.round_views import RoundSeen, round_of, rounds_of

posted = require_http_methods(["GET", "HEAD", "POST"])


@posted
@signed_in
def rounds(request: StaffRequest, key: str) -> HttpResponse:
    """The rounds of a list; drawing one."""
    refused = None
    if request.method == "POST":
        outcome = tried(request, "draw", DrawForm, lambda said: _drawn(request, key, said))
        if not isinstance(outcome, Refused):
            return redirect("round", outcome)
        refused = outcome
    wanted, lines, days, may = rounds_of(key, by=request.actor)
    attempt = refused.attempt if refused else None
    page = rounds_page(key, wanted.title, lines, days, may=may, attempt=attempt)
    return _shown(request, "pages/rounds.html", page, refused)


def _drawn(request: StaffRequest, key: str, said: Said) -> UUID:
    from_on: date = said["from_on"]
    return verbs.draw_round(key, from_on, by=request.actor, at=now()).id


@require_safe
@signed_in
def one(request: StaffRequest, round_id: UUID) -> HttpResponse:
    """A round: its preview, or its result."""
    return _round(request, round_id)


@posted
@signed_in
def carry_out(request: StaffRequest, round_id: UUID) -> HttpResponse:
    """Offer the places as the preview showed."""

    def act(said: Said) -> None:
        verbs.carry_out(round_id, said["version"], by=request.actor, at=now())

    done = gettext("Die Plätze sind angeboten.")
    return _taken(request, round_id, "carry_out", CarryOutForm, act, done)


@posted
@signed_in
def give_up(request: StaffRequest, round_id: UUID) -> HttpResponse:
    """Do without the round."""

    def act(said: Said) -> None:
        verbs.give_up(round_id, said["reason"], by=request.actor, at=now())

    done = gettext("Die Runde ist verworfen.")
    return _taken(request, round_id, "give_up", ReasonForm, act, done)


@require_safe
@signed_in
def table(request: StaffRequest, round_id: UUID) -> HttpResponse:
    """The round as a table to take along."""
    found = round_of(round_id, by=request.actor)
    response = HttpResponse(round_table(found), content_type="text/csv; charset=utf-8")
    return _named(response, found, "csv")


@require_safe
@signed_in
def sheet(request: StaffRequest, round_id: UUID) -> HttpResponse:
    """The round on paper."""
    found = round_of(round_id, by=request.actor)
    office = office_of(request.actor.tenant_id)
    facts = round_sheet(found, office=office, dated=local_date(now()))
    response = HttpResponse(render_list(facts), content_type="application/pdf")
    return _named(response, found, "pdf")


def _named(response: HttpResponse, found: RoundSeen, kind: str) -> HttpResponse:
    name = f"{found.round.list.key}-{found.round.from_on.isoformat()}-{found.round.number}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _taken(
    request: StaffRequest,
    round_id: UUID,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    """Do it and show the round again; a refusal shows why."""
    if request.method != "POST":
        return redirect("round", round_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return _round(request, round_id, outcome)
    messages.success(request, done)
    return redirect("round", round_id)


def _round(request: StaffRequest, round_id: UUID, refused: Refused | None = None) -> HttpResponse:
    text = request.GET.get("after", "")
    after = min(int(text), 1_000_000) if text.isascii() and text.isdigit() else 0
    attempt = refused.attempt if refused else None
    page = round_page(round_of(round_id, by=request.actor), after=after, attempt=attempt)
    return _shown(request, "pages/round.html", page, refused)


def _shown(
    request: StaffRequest, template: str, page: object, refused: Refused | None
) -> HttpResponse:
    frame = shell(request, office_of(request.actor.tenant_id), "waiting_lists")
    shown = {"page": page, "shell": frame}
    return render(request, template, shown, status=refused.status if refused else 200)
