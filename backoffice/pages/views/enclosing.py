"""Files that somebody hands in with a form of the case page, kept whatever becomes of it."""

from collections.abc import Iterable
from uuid import UUID

from backoffice.pages.staff import StaffRequest
from efile.kernel.clock import real_now
from efile.kernel.errors import FieldError, Invalid
from workflows.correspondence import keep_enclosure
from workflows.counter import Scan, kept_scans


def keep_files(request: StaffRequest, case_id: UUID) -> list[FieldError]:
    """Keep the files that were sent along; their ids join ``uploads`` of what was posted.

    Returns why any was not taken; the others are kept. Refuses: NotFound, ActionNotGranted.
    """
    faults: list[FieldError] = []
    posted = request.POST.copy()
    for file in request.FILES.getlist("files"):
        try:
            kept = keep_enclosure(
                case_id,
                file.chunks(),
                filename=file.name or "",
                media_type=file.content_type or "",
                by=request.actor,
                at=real_now(),
            )
        except Invalid as refusal:
            faults += [FieldError("/files", one.rule, one.facts) for one in refusal.errors]
        else:
            posted.appendlist("uploads", str(kept.id))
    request.POST = posted  # type: ignore[assignment]  # a copy that can be changed
    return faults


def files_of(request: StaffRequest, drafted: Iterable[str]) -> list[Scan]:
    """The files that stand in a form to be shown again: posted ones, and those of a draft."""
    named = dict.fromkeys([*request.POST.getlist("uploads"), *drafted])
    found = kept_scans([known for one in named if (known := _id(one))], by=request.actor)
    return list(found.values())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
