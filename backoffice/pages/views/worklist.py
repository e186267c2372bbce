"""The work list: a page of it, what has changed since, and all of it as a table."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.worklist import (
    Listing,
    news_row,
    titles_of,
    worklist_page,
    worklist_table,
)
from backoffice.pages.staff import StaffRequest, offset_of, signed_in
from backoffice.pages.ticked import ticked
from backoffice.pages.trail import LONGEST, last, remember
from backoffice.pages.wanting import address, filter_of, order_of
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date, now
from efile.kernel.errors import FieldError, Invalid
from efile.policy import Action, may_anywhere
from workflows.desk import PAGE, Cursor, counts, relief, whole_list, work_list
from workflows.offers import known_offers
from workflows.office import office_of
from workflows.team import team_of

# What can be done with a selection, and what somebody must be allowed for it.
_BULK = {"take": Action.ASSIGN, "assign": Action.ASSIGN, "follow_up": Action.FOLLOW_UP}


@require_safe
@signed_in
def worklist(request: StaffRequest) -> HttpResponse:
    """A view of the work, a page at a time; what is shown is what "next" will follow."""
    wanted, order = filter_of(request.GET), order_of(request.GET)
    by, at = request.actor, now()
    today = local_date(at)
    after = Cursor.read(request.GET["after"], order) if "after" in request.GET else None
    items, following = work_list(
        wanted, by=by, today=today, order=order, after=after, limit=_rows(request)
    )
    counted = counts(wanted, by=by, today=today)
    office = office_of(by.tenant_id)
    page = worklist_page(
        Listing(
            items=items,
            following=following,
            wanted=wanted,
            order=order,
            counts=counted,
            offers=known_offers(by.tenant_id),
            office=office,
            team=team_of(by),
            first=offset_of(request) + 1 if after else 1,
            at=at,
            clarifies=may_anywhere(Action.CLARIFY, by=by),
            bulk=bulk_of(by),
            ticked=ticked(request.session, wanted.view.value),
            relief={} if items else relief(wanted, by=by, today=today),
        )
    )
    here = address(wanted, order)
    cases = [item.case_id for item in items]
    remember(request.session, page.title, here, cases, goes_on=after is not None)
    shown = {"page": page, "shell": shell(request, office, "worklist", path=here)}
    return render(request, "pages/worklist.html", shown)


@require_safe
@signed_in
def news(request: StaffRequest) -> HttpResponse:
    """What has come since the list was loaded, and its numbers; 204: nothing has changed."""
    wanted, order, by = filter_of(request.GET), order_of(request.GET), request.actor
    since, at = _since(request), now()
    row = news_row(
        wanted,
        order,
        counts(
            wanted,
            by=by,
            today=local_date(at),
            since=since,
            shown=_shown(request, address(wanted, order)),
        ),
        since=since,
        total=_number(request, "of"),
        told=request.GET.get("told", ""),
        clarifies=may_anywhere(Action.CLARIFY, by=by),
    )
    if row is None:
        return HttpResponse(status=204)
    return render(request, "pages/new_cases.html", {"news": row})


@require_safe
@signed_in
def table(request: StaffRequest) -> StreamingHttpResponse:
    """The whole list for a spreadsheet, as far as the reader sees it."""
    wanted, order, by = filter_of(request.GET), order_of(request.GET), request.actor
    today = local_date(now())
    office, titles = office_of(by.tenant_id), titles_of(known_offers(by.tenant_id))
    lines = worklist_table(
        whole_list(wanted, by=by, today=today, order=order), titles, office, today
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{wanted.view}-{today.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def bulk_of(by: Actor) -> Sequence[str]:
    """What ``by`` may do with a selection somewhere."""
    return [act for act, action in _BULK.items() if may_anywhere(action, by=by)]


def _rows(request: StaffRequest) -> int:
    """How many rows are wanted at once: more than a page for whoever comes back to further down."""
    return min(max(_number(request, "rows"), PAGE), LONGEST)


def _shown(request: StaffRequest, here: str) -> list[UUID]:
    """The rows that the reader has before them, if this is the list they looked at last."""
    trail = last(request.session)
    return [UUID(case) for case in trail.cases] if trail and trail.address == here else []


def _since(request: StaffRequest) -> datetime:
    """When the list was loaded. Refuses: Invalid."""
    try:
        return datetime.fromisoformat(request.GET.get("since", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid([FieldError("/since", "cursor")]) from None


def _number(request: StaffRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 7 else 0
