"""A draft's pages: fetched, saved, and what happens when somebody else was faster."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.schema_forms import element_id
from backoffice.pages.presenters.service_changes import change_rows
from backoffice.pages.presenters.service_editor import Bench, part_url
from backoffice.pages.presenters.service_reading import same
from backoffice.pages.presenters.service_sections import SECTIONS
from backoffice.pages.presenters.shell import shell
from backoffice.pages.rows.service_pages import Conflict
from backoffice.pages.staff import StaffRequest
from efile.kernel.clock import now
from efile.kernel.errors import Invalid
from workflows.catalogue.pointers import within
from workflows.definitions.differences import differences
from workflows.definitions.drafts import Draft, DraftChanged, get_draft, replace_draft
from workflows.definitions.places import places
from workflows.office import office_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft after somebody tried to save it; with ``conflict`` or ``said`` it was not."""

    draft: Draft
    conflict: Conflict | None = None
    said: str = ""
    status: int = 200


def bench_of(request: StaffRequest, draft: Draft) -> Bench:
    """The draft on the table of whoever asks."""
    by = request.actor
    return Bench(draft, places(by=by), by.tenant_id, now())


def keep(
    request: StaffRequest, draft: Draft, document: Mapping[str, Any], holds: tuple[str, ...]
) -> Kept:
    """Save ``document`` as seen at the posted revision; what cannot be saved stays to be seen.

    ``holds`` are the pointers of the page: differences elsewhere are not this page's.
    """
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
    if seen == draft.revision and same(document, draft.document):
        return Kept(draft)
    try:
        saved = replace_draft(draft.service, document, revision=seen, by=request.actor, at=now())
    except DraftChanged:
        latest = get_draft(draft.service, by=request.actor)
        mine = replace(latest, document=dict(document))
        found = [
            one
            for one in differences(latest.document, mine.document)
            if any(within(base, one.pointer) for base in holds)
        ]
        return Kept(mine, Conflict(latest.saved_by, change_rows(found, mine.document)), "", 409)
    except Invalid as refusal:
        return Kept(replace(draft, document=dict(document)), None, told(refusal)[1], 422)
    return Kept(saved)


def onward(request: StaffRequest, draft: Draft, section: str, focus: str = "") -> HttpResponse:
    """Back to the page, at what was just begun; or to the part that was asked for next."""
    messages.success(request, gettext("Gespeichert."))
    wanted = request.POST.get("to", "")
    if wanted in SECTIONS:
        return redirect(part_url(draft.service, wanted))
    address = part_url(draft.service, section)
    if focus:
        return redirect(f"{address}?{urlencode({'open': focus})}#{element_id(focus)}")
    return redirect(address)


def page(
    request: StaffRequest, template: str, content: Any, *, path: str = "", status: int = 200
) -> HttpResponse:
    """A page of the administration of services in its frame."""
    frame = shell(request, office_of(request.actor.tenant_id), "services", path=path)
    return render(request, f"pages/{template}", {"page": content, "shell": frame}, status=status)
