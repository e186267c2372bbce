"""The journal of a case: to be read, verified, taken along."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from backoffice.pages.forms import JournalForm
from backoffice.pages.posting import read
from backoffice.pages.presenters.journal import journal_page, journal_table
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.verify import Report
from workflows.journal_view import JournalView, Wanted, open_journal, prove
from workflows.office import office_of


@require_safe
@signed_in
def journal(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The entries, the latest first unless the oldest are wanted."""
    return _shown(request, open_journal(case_id, _wanted(request), by=request.actor))


@require_POST
@signed_in
def verify(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The same page with what verifying the chain gave. Asking again is harmless."""
    report = prove(case_id, by=request.actor)
    return _shown(request, open_journal(case_id, Wanted(), by=request.actor), report)


@require_safe
@signed_in
def journal_csv(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """All entries, or all of a kind, from the first one on, as a table to take along."""
    wanted = Wanted(kind=_wanted(request).kind, oldest_first=True)
    found = open_journal(case_id, wanted, by=request.actor, limit=None)
    response = HttpResponse(journal_table(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="Protokoll-{case_id}.csv"'
    return response


def _shown(request: StaffRequest, found: JournalView, report: Report | None = None) -> HttpResponse:
    page = journal_page(found, report=report)
    path = reverse("journal", args=[found.case_id])
    frame = shell(request, office_of(request.actor.tenant_id), "file_plan", path=path)
    return render(request, "pages/journal.html", {"page": page, "shell": frame})


def _wanted(request: StaffRequest) -> Wanted:
    said = read(JournalForm(request.GET))
    return Wanted(said["kind"], said["order"] == "oldest", said["after"])
