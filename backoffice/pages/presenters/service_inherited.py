"""Services taken over from another city: what is our own, and what has changed over there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.service_changes import change_rows
from backoffice.pages.presenters.service_fields import shown_parts
from backoffice.pages.presenters.service_parts import Ground, Part
from backoffice.pages.presenters.service_sections import SECTIONS
from backoffice.pages.presenters.service_words import LETTERS
from backoffice.pages.rows import FieldProblem
from backoffice.pages.rows.service_pages import InheritableRow, OverlayPage, UpstreamLine
from workflows.catalogue.pointers import within
from workflows.definitions.inheriting import Inheritable, Inherited
from workflows.definitions.overlays import OVERLAY

_DECISIONS: Final = Part(
    at="decisions",
    kind="group",
    label=_("Worte der Entscheidung"),
    parts=tuple(
        Part(
            at=kind,
            kind="group",
            label=label,
            parts=(
                Part(at="title", kind="words", label=_("Überschrift")),
                Part(at="body", kind="words", label=_("Entscheidung"), height=4),
            ),
        )
        for kind, label in LETTERS[:3]
    ),
)


def overlay_parts() -> tuple[Part, ...]:
    """What a city may have of its own: the parts of the editor, as far as overlays reach."""
    known = [part for section in SECTIONS.values() for part in section.parts]
    return (*_allowed(known, ""), _DECISIONS)


def overlay_page(
    found: Inherited,
    ground: Ground,
    *,
    today: str,
    said: str = "",
    problems: Sequence[FieldProblem] = (),
) -> OverlayPage:
    """An inherited service: our own fields, and what waits to be accepted."""
    upstream, note = found.upstream, ""
    lines: list[UpstreamLine] = []
    if upstream is not None:
        note = gettext("%(city)s hat eine neue Fassung veröffentlicht.") % {"city": found.city}
        changes = change_rows([row.difference for row in upstream.rows], upstream.document)
        for row, change in zip(upstream.rows, changes, strict=True):
            meets = gettext("Hier haben Sie etwas Eigenes; es bleibt.") if row.clashes else ""
            lines.append(UpstreamLine(change, meets))
    number = {"city": found.city, "number": found.number}
    title = found.document.get("title")
    return OverlayPage(
        key=found.service,
        title=str(title["de"]) if isinstance(title, dict) and "de" in title else found.service,
        origin=gettext("Übernommen von %(city)s, Fassung %(number)d") % number,
        revision=found.revision,
        fields=shown_parts(overlay_parts(), "", found.document, ground),
        upstream=tuple(lines),
        upstream_number=upstream.number if upstream else 0,
        upstream_note=note,
        problems=tuple(problems),
        said=said,
        today=today,
    )


def inheritable_rows(found: Iterable[Inheritable]) -> tuple[InheritableRow, ...]:
    """What other cities offer."""
    return tuple(
        InheritableRow(one.tenant, one.city, one.key, one.title, one.number) for one in found
    )


def _allowed(parts: Iterable[Part], above: str) -> Iterable[Part]:
    for part in parts:
        here = f"{above}/{part.at}"
        if any(within(base, here) for base in OVERLAY):
            yield part
        elif part.kind == "group" and any(within(here, base) for base in OVERLAY):
            yield replace(part, parts=tuple(_allowed(part.parts, here)))
