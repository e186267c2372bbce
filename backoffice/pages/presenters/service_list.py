"""The services of the city as their administrators see them."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.service_editor import part_url, saved_text
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import ActionField, EmptyState, FieldProblem, Link, Option, Tag
from backoffice.pages.rows.frame import Tone
from backoffice.pages.rows.service_pages import (
    CataloguePage,
    CatalogueRow,
    ImportPage,
    NewServicePage,
    ServicePage,
    VersionLine,
)
from efile.kernel.errors import FieldError, Invalid, Refusal
from workflows.catalogue.messages import message
from workflows.definitions.places import Places
from workflows.definitions.publishing import ServiceRow, VersionRow

_STATES: Final[Mapping[str, tuple[Promise, Tone]]] = {
    "offered": (_("Angeboten"), "success"),
    "withdrawn": (_("Nicht mehr angeboten"), "neutral"),
    "scheduled": (_("Kommt"), "info"),
    "draft": (_("Nur Entwurf"), "warning"),
}
_VERSIONS: Final[Mapping[str, tuple[Promise, Tone]]] = {
    "in_force": (_("gilt"), "success"),
    "past": (_("galt früher"), "neutral"),
    "scheduled": (_("geplant"), "info"),
    "taken_back": (_("zurückgenommen"), "neutral"),
}


def catalogue_page(rows: Sequence[ServiceRow]) -> CataloguePage:
    """All services, by title."""
    summary = ngettext("%(count)d Dienst", "%(count)d Dienste", len(rows)) % {"count": len(rows)}
    empty = EmptyState(
        gettext("Noch gibt es keinen Dienst."),
        gettext("Legen Sie einen neuen an, oder übernehmen Sie eine Datei."),
        Link(gettext("Neuer Dienst"), reverse("service_new")),
    )
    return CataloguePage(tuple(_row(row) for row in rows), summary, None if rows else empty)


def new_service_page(
    known: Places, typed: Mapping[str, str], refusal: Refusal | None = None
) -> NewServicePage:
    """What a service from nothing is asked for."""
    faults = refusal.errors if isinstance(refusal, Invalid) else ()
    problems = tuple(FieldProblem("title", _fault(fault)) for fault in faults)
    errors = {problem.field: problem.message for problem in problems}
    fields = (
        ActionField(
            name="title",
            label=gettext("Wie heißt der Dienst?"),
            kind="text",
            required=True,
            value=typed.get("title", ""),
            hint=gettext("So, wie die Menschen danach suchen: Anwohnerfest anmelden."),
            maximum="120",
            error=errors.get("title", ""),
        ),
        ActionField(
            name="unit",
            label=gettext("Zuständige Einheit"),
            kind="select",
            required=True,
            options=tuple(
                Option(key, name, selected=key == typed.get("unit")) for key, name in known.units
            ),
        ),
        ActionField(
            name="position",
            label=gettext("Aktenplanposition"),
            kind="select",
            required=True,
            options=tuple(
                Option(
                    one.code,
                    f"{one.code} {one.title}",
                    selected=one.code == typed.get("position"),
                )
                for one in known.positions
            ),
        ),
    )
    said = told(refusal)[1] if refusal and not faults else ""
    return NewServicePage(fields, problems, said)


def import_page(text: str, refusal: Refusal | None = None) -> ImportPage:
    """A file to take over, and what is wrong with the one that was tried."""
    faults = refusal.errors if isinstance(refusal, Invalid) else ()
    said = told(refusal)[1] if refusal and not faults else ""
    return ImportPage(text, tuple(FieldProblem("", _located(fault)) for fault in faults), said)


def service_page(row: ServiceRow, versions: Sequence[VersionRow], *, confirm: str) -> ServicePage:
    """One service with everything there is of it."""
    own = not row.upstream

    def url(name: str) -> str:
        return reverse(name, args=[row.key])

    facts = [(gettext("Kennung"), row.key), (gettext("Laufende Vorgänge"), _count(row.running))]
    if row.automation_basis:
        facts.append((gettext("Grundlage der Automatik"), row.automation_basis))
    return ServicePage(
        key=row.key,
        title=row.title,
        states=_states(row),
        facts=tuple(facts),
        versions=tuple(_version(row, one) for one in versions),
        draft_url=part_url(row.key, "general") if row.draft else "",
        draft_note=saved_text(row.draft) if row.draft else "",
        start_url=url("service_start") if own and not row.draft and versions else "",
        withdraw_url=url("service_withdraw") if row.state in ("offered", "scheduled") else "",
        offer_url=url("service_offer") if row.state == "withdrawn" else "",
        overlay_url=url("service_overlay") if row.upstream else "",
        confirm=confirm,
    )


def _row(row: ServiceRow) -> CatalogueRow:
    scheduled = next(iter(row.scheduled), None)
    draft = Link(gettext("Entwurf"), part_url(row.key, "general")) if row.draft else None
    return CatalogueRow(
        key=row.key,
        url=reverse("service", args=[row.key]),
        title=row.title,
        states=_states(row),
        version=_of(row.number, row.in_force_from) if row.number and row.in_force_from else "",
        scheduled=_of(scheduled.number, scheduled.in_force_from) if scheduled else "",
        draft=draft,
        draft_note=saved_text(row.draft) if row.draft else "",
        automation=gettext("darf allein entscheiden") if row.automation_basis else "",
        running=_count(row.running),
        origin=row.upstream,
    )


def _states(row: ServiceRow) -> tuple[Tag, ...]:
    text, tone = _STATES[row.state]
    tags = [Tag(str(text), tone)]
    if row.upstream:
        tags.append(Tag(gettext("übernommen"), "info"))
    return tuple(tags)


def _version(row: ServiceRow, one: VersionRow) -> VersionLine:
    text, tone = _VERSIONS[one.state]
    at = f"{localtime(one.published_at):%d.%m.%Y, %H:%M}"
    said = {"at": at, "name": one.published_by or gettext("dem System")}
    args = [row.key, one.number]
    return VersionLine(
        number=one.number,
        day=day_text(one.in_force_from),
        state=Tag(str(text), tone),
        published=gettext("veröffentlicht am %(at)s von %(name)s") % said,
        export_url=reverse("service_version_export", args=args),
        take_back_url=reverse("service_take_back", args=args) if one.state == "scheduled" else "",
        edit_url=reverse("service_start", args=[row.key])
        if not row.draft and not row.upstream
        else "",
    )


def _of(number: int, day: object) -> str:
    said = {"number": number, "day": day_text(str(day))}
    return gettext("Fassung %(number)d ab %(day)s") % said


def _count(count: int) -> str:
    return number_format(count, force_grouping=True)


def _fault(fault: FieldError) -> str:
    if fault.rule == "required":
        return gettext("Wie heißt der Dienst?")
    return message(fault.rule, fault.facts, language())


def _located(fault: FieldError) -> str:
    said = message(fault.rule, fault.facts, language())
    if "line" not in fault.facts:
        return said
    where = {"line": fault.facts["line"], "pointer": fault.pointer or "/", "said": said}
    return gettext("Zeile %(line)s, %(pointer)s: %(said)s") % where
