"""Waiting lists: who is on them, how many places there are, and one case's place."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages.place_forms import (
    AnswerForm,
    CountForm,
    GroupForm,
    HouseForm,
    PreferForm,
)
from backoffice.pages.posting import Refused, Said, read, tried
from backoffice.pages.presenters.offers import offers_page
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.waiting import case_waiting_page, houses_page, waiting_page
from backoffice.pages.presenters.worklist import titles_of
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from efile.kernel.errors import NotFound
from workflows.offers import current_offers
from workflows.office import office_of
from workflows.proactive.figures import offer_figures, year_before
from workflows.waiting.answers import note_answer
from workflows.waiting.entries import end_preference, prefer
from workflows.waiting.looking import houses_of, list_of, lists_of, waiting_of_case
from workflows.waiting.places import count_places

posted = require_http_methods(["GET", "HEAD", "POST"])
_MOST_ROWS = 1_000_000


@require_safe
@signed_in
def lists(request: StaffRequest) -> HttpResponse:
    """To the first list the reader sees. Refuses: NotFound where there is none."""
    found = lists_of(by=request.actor)
    if not found:
        raise NotFound
    return redirect("waiting", found[0][0])


@require_safe
@signed_in
def waiting(request: StaffRequest, key: str) -> HttpResponse:
    """The list, first come first."""
    asked = request.GET
    facility, group = asked.get("facility", "")[:60], asked.get("group", "")[:60]
    after = _number(asked.get("after", ""))
    found = list_of(key, by=request.actor, facility=facility, group=group, after=after)
    page = waiting_page(found, facility=facility, group=group)
    return _shown(request, "pages/waiting.html", page)


@posted
@signed_in
def places(request: StaffRequest, key: str) -> HttpResponse:
    """The houses with their places; how many there are."""
    refused = _counted(request, key) if request.method == "POST" else None
    if request.method == "POST" and refused is None:
        messages.success(request, gettext("Die Platzzahl ist gespeichert."))
        return redirect("waiting_places", key)
    return _places(request, key, refused)


def _places(request: StaffRequest, key: str, refused: Refused | None) -> HttpResponse:
    wanted, found, may = houses_of(key, by=request.actor)
    attempt = refused.attempt if refused else None
    page = houses_page(key, wanted.title, found, may=may, attempt=attempt)
    return _shown(request, "pages/waiting_places.html", page, status=_status(refused))


@posted
@signed_in
def add_places(request: StaffRequest, key: str) -> HttpResponse:
    """A house and its places, or more of those of a house that is there."""
    if request.method != "POST":
        return redirect("waiting_places", key)

    def act(said: Said) -> None:
        count_places(
            key,
            said["facility"],
            said["group"],
            said["first"],
            said["last"],
            said["places"],
            title=said["title"],
            by=request.actor,
            at=now(),
        )

    outcome = tried(request, "add", HouseForm, act)
    if isinstance(outcome, Refused):
        return _places(request, key, outcome)
    messages.success(request, gettext("Die Plätze sind angelegt."))
    return redirect("waiting_places", key)


def _counted(request: StaffRequest, key: str) -> Refused | None:
    about = read(GroupForm(request.GET))
    first, last = about["first"], about["last"]
    house = about["facility"], about["group"]

    def act(said: Said) -> None:
        count_places(key, *house, first, last, said["places"], by=request.actor, at=now())

    name = "-".join(["count", *house, first.isoformat()])
    outcome = tried(request, name, CountForm, act)
    return outcome if isinstance(outcome, Refused) else None


@require_safe
@signed_in
def case_waiting(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Where a case stands on its list, and why."""
    return _case(request, case_id)


@posted
@signed_in
def answer(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What the applicant told the office about the place."""

    def act(said: Said) -> None:
        note_answer(case_id, said["answer"], said["note"], by=request.actor, at=now())

    return _taken(request, case_id, "answer", AnswerForm, act, gettext("Die Antwort ist vermerkt."))


@posted
@signed_in
def exception(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Put the case before the others, for a reason."""

    def act(said: Said) -> None:
        prefer(case_id, said["facility"], said["reason"], by=request.actor, at=now())

    done = gettext("Die Ausnahme gilt ab der nächsten Vergabe.")
    return _taken(request, case_id, "prefer", PreferForm, act, done)


@posted
@signed_in
def end_exception(request: StaffRequest, case_id: UUID, exception_id: UUID) -> HttpResponse:
    """The exception counts no longer."""

    def act(_said: Said) -> None:
        end_preference(case_id, exception_id, by=request.actor, at=now())

    done = gettext("Die Ausnahme ist beendet.")
    return _taken(request, case_id, f"end-{exception_id}", Form, act, done)


@require_safe
@signed_in
def offers(request: StaffRequest) -> HttpResponse:
    """How what was offered unasked is taken up, in the units one is head of."""
    since = year_before(local_date(now()))
    figures = offer_figures(by=request.actor, since=since)
    titles = titles_of(current_offers(request.actor.tenant_id))
    page = offers_page(figures, since=since, titles=titles)
    frame = shell(request, office_of(request.actor.tenant_id), "offers")
    return render(request, "pages/offers.html", {"page": page, "shell": frame})


def _taken(
    request: StaffRequest,
    case_id: UUID,
    action: str,
    shape: type[Form],
    act: Callable[[Said], None],
    done: str,
) -> HttpResponse:
    """Do it and show the case's place again; a refusal shows its form."""
    if request.method != "POST":
        return redirect("case_waiting", case_id)
    outcome = tried(request, action, shape, act)
    if isinstance(outcome, Refused):
        return _case(request, case_id, outcome)
    messages.success(request, done)
    return redirect("case_waiting", case_id)


def _case(request: StaffRequest, case_id: UUID, refused: Refused | None = None) -> HttpResponse:
    found = waiting_of_case(case_id, by=request.actor)
    attempt = refused.attempt if refused else None
    page = case_waiting_page(found, reverse("case", args=[case_id]), attempt)
    return _shown(request, "pages/waiting_case.html", page, status=_status(refused))


def _shown(
    request: StaffRequest, template: str, page: object, *, status: int = 200
) -> HttpResponse:
    frame = shell(request, office_of(request.actor.tenant_id), "waiting_lists")
    return render(request, template, {"page": page, "shell": frame}, status=status)


def _status(refused: Refused | None) -> int:
    return refused.status if refused else 200


def _number(text: str) -> int:
    return min(int(text), _MOST_ROWS) if text.isascii() and text.isdigit() else 0
