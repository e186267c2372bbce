"""From a draft to a version: examined, tried on past cases, compared, published."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages.errors import status_of
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.service_editor import Bench, sentence_of
from backoffice.pages.presenters.service_results import (
    check_page,
    compare_page,
    publish_page,
    trial_page,
)
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import FieldProblem
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.service_saving import bench_of, page
from efile.kernel.clock import local_date, now
from efile.kernel.errors import Conflict, Invalid, NotFound
from workflows.definitions.differences import Difference, differences
from workflows.definitions.drafts import get_draft, version_document
from workflows.definitions.publishing import publish_draft
from workflows.definitions.trying import try_on_cases
from workflows.definitions.validation import validate


@require_safe
@signed_in
def check(request: StaffRequest, service: str) -> HttpResponse:
    """Everything that is looked at before a draft may count, letters included."""
    bench = bench_of(request, get_draft(service, by=request.actor))
    found = validate(bench.document, tenant_id=request.actor.tenant_id, at=bench.at)
    return page(request, "service_check.html", check_page(bench, found))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def trial(request: StaffRequest, service: str) -> HttpResponse:
    """What the draft would have done with past cases; nothing happens to them."""
    bench = bench_of(request, get_draft(service, by=request.actor))
    if request.method != "POST":
        return page(request, "service_trial.html", trial_page(bench, None))
    try:
        found = try_on_cases(bench.document, by=request.actor, at=bench.at)
    except Invalid:
        messages.error(
            request, gettext("Erst wenn nichts mehr offen ist, lässt es sich ausprobieren.")
        )
        return redirect("service_check", service)
    return page(request, "service_trial.html", trial_page(bench, found))


@require_safe
@signed_in
def compare(request: StaffRequest, service: str) -> HttpResponse:
    """The draft against the version in force."""
    bench = bench_of(request, get_draft(service, by=request.actor))
    found, against = _against(request, bench)
    return page(request, "service_compare.html", compare_page(bench, found, against))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def publish(request: StaffRequest, service: str) -> HttpResponse:
    """The last look, and the button; afterwards there is a version and no draft."""
    bench = bench_of(request, get_draft(service, by=request.actor))
    if request.method != "POST":
        return _shown(request, bench)
    typed, revision = request.POST.get("from_on", ""), request.POST.get("revision", "")
    try:
        from_on = date.fromisoformat(typed)
    except ValueError:
        problem = FieldProblem("from_on", gettext("Ab welchem Tag soll die Fassung gelten?"))
        return _shown(request, bench, typed=typed, problems=[problem], status=422)
    if not request.POST.get("confirmed"):
        problem = FieldProblem(
            "confirmed", gettext("Bestätigen Sie, dass Sie die Änderungen kennen.")
        )
        return _shown(request, bench, typed=typed, problems=[problem], status=422)
    seen = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
    try:
        done = publish_draft(service, from_on, revision=seen, by=request.actor, at=now())
    except Invalid as refusal:
        problems = [FieldProblem("", sentence_of(bench.document, one)) for one in refusal.errors]
        return _shown(request, bench, typed=typed, problems=problems, status=422)
    except Conflict as refusal:
        status = status_of(type(refusal))
        return _shown(request, bench, typed=typed, said=told(refusal)[1], status=status)
    words = {"number": done.number, "day": day_text(done.from_on)}
    if done.is_in_force:
        said = gettext("Veröffentlicht: Die Fassung %(number)d gilt.")
    else:
        said = gettext("Veröffentlicht: Die Fassung %(number)d gilt ab dem %(day)s.")
    messages.success(request, said % words)
    return redirect("service", service)


def _shown(
    request: StaffRequest,
    bench: Bench,
    *,
    typed: str = "",
    said: str = "",
    problems: list[FieldProblem] | None = None,
    status: int = 200,
) -> HttpResponse:
    found, against = _against(request, bench)
    today = local_date(bench.at)
    content = publish_page(
        bench, found, against, today=today, typed=typed, said=said, problems=problems or []
    )
    path = content.frame.publish_url
    return page(request, "service_publish.html", content, path=path, status=status)


def _against(request: StaffRequest, bench: Bench) -> tuple[tuple[Difference, ...], str]:
    """What the draft changes of the version in force; a new service changes nothing."""
    draft = bench.draft
    try:
        before = version_document(draft.service, by=request.actor, at=bench.at)
    except NotFound:
        return (), gettext("Der Dienst ist neu: Es gibt noch keine Fassung, die gilt.")
    return differences(before, draft.document), gettext("Gegenüber der Fassung, die heute gilt")
