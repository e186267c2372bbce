"""What somebody has typed and not sent, put back where it was typed."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from django.urls import reverse

from backoffice.pages.presenters.attempts import refilled
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.refusals import told
from backoffice.pages.rows import ActionRow, DraftRow
from efile.kernel.errors import Refusal
from workflows.acts import ACTS, LETTERED
from workflows.drafts import Saved

# The forms in which enough is written to be worth keeping.
KEPT: Final = frozenset({*ACTS, "note"})


def as_left(desk: Desk, row: ActionRow) -> ActionRow:
    """``row`` as its reader left it, with a place to leave it again and the way to its letter."""
    if row.key not in KEPT:
        return row
    page_url = desk.url("decide", row.key) if row.key in LETTERED else ""
    save_url = desk.url("draft", row.key)
    saved = desk.drafts.get(row.key)
    if saved is None:
        return replace(row, draft=DraftRow(save_url, shown_at=desk.at), page_url=page_url)
    draft = DraftRow(
        save_url,
        reverse("discard_draft", args=[desk.dossier.process.case_id, row.key]),
        saved.saved_at,
        saved.revision != desk.dossier.process.revision,
        shown_at=desk.at,
    )
    fields = tuple(refilled(one, saved.typed) for one in row.fields)
    return replace(row, draft=draft, page_url=page_url, fields=fields)


def saved_row(case_id: UUID, saved: Saved) -> DraftRow:
    """A draft that was saved this moment."""
    return DraftRow(
        reverse("draft", args=[case_id, saved.action]),
        reverse("discard_draft", args=[case_id, saved.action]),
        saved.saved_at,
    )


def unsaved_row(case_id: UUID, action: str, refusal: Refusal) -> DraftRow:
    """A draft that is not kept, and why."""
    return DraftRow(reverse("draft", args=[case_id, action]), denied=told(refusal)[1])
