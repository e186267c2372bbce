"""The parts of a draft that are made of fields: shown, saved, longer and shorter by a button."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from backoffice.pages.presenters.service_changes import amounts, done
from backoffice.pages.presenters.service_editor import (
    editor_fields,
    frame_of,
    placeholders_for,
    problems_of,
    with_focus,
)
from backoffice.pages.presenters.service_reading import read_parts
from backoffice.pages.presenters.service_sections import SECTIONS
from backoffice.pages.rows.service_pages import EditorPage
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.service_saving import Kept, bench_of, keep, onward, page
from efile.kernel.clock import local_date
from efile.kernel.errors import NotFound
from workflows.definitions.drafts import get_draft


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def part(request: StaffRequest, service: str, section: str) -> HttpResponse:
    """One part of a draft: every button saves what is typed, then does what it says."""
    known = SECTIONS.get(section)
    if known is None or not known.parts:
        raise NotFound
    draft = get_draft(service, by=request.actor)
    if request.method != "POST":
        return _shown(request, Kept(draft), section)
    posted = dict(request.POST.lists())
    ground = bench_of(request, draft).ground()
    document, focus = read_parts(known.parts, posted, "", draft.document, ground), ""
    if what := request.POST.get("do", ""):
        from_on = request.POST.get(f"{what.partition(':')[2]}?from", "")
        if what.startswith("table:") and not from_on:
            messages.error(request, gettext("Ab welchem Tag soll die nächste Tabelle gelten?"))
        else:
            document, focus = done(document, known.parts, what, from_on)
    kept = keep(request, draft, document, known.holds)
    if kept.status != 200:
        return _shown(request, kept, section)
    return onward(request, kept.draft, section, focus)


def _shown(request: StaffRequest, kept: Kept, section: str) -> HttpResponse:
    known, bench = SECTIONS[section], bench_of(request, kept.draft)
    opened = request.GET.get("open", "")
    fields = with_focus(editor_fields(known, bench.ground(opened)), opened)
    frame = frame_of(bench, section)
    content = EditorPage(
        frame=frame,
        fields=fields,
        problems=problems_of(bench, known.holds, fields),
        said=kept.said,
        conflict=kept.conflict,
        placeholders=placeholders_for(bench, known.placeholders),
        amounts=amounts(bench.document, local_date(bench.at)) if section == "fee" else (),
    )
    if kept.conflict:
        content = replace(content, problems=())
    return page(request, "service_part.html", content, path=frame.url, status=kept.status)
