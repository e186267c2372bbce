"""A case file: its cases with their documents, how long it is kept, who sees it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.documents import KINDS, media_text
from backoffice.pages.presenters.history import actor_text
from backoffice.pages.presenters.holds import mark_on
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import (
    CaseFilePage,
    FieldRow,
    FiledCaseRow,
    Link,
    TreeDocumentRow,
    VersionRow,
)
from backoffice.pages.words import access_class_text, many, retention_text, role_text, state_tag
from efile.kernel.clock import local_date
from workflows.file_view import FiledCase, FileView, TreeDocument, Version

DECISIONS: Final[Mapping[str, Promise]] = {
    "granted": _("bewilligt"),
    "granted_in_part": _("teilweise bewilligt"),
    "refused": _("abgelehnt"),
    "revoked": _("widerrufen"),
    "none": _("erledigt"),
}
# So many cases stand unfolded; more than that are for choosing first.
UNFOLDED: Final = 3


def case_file_page(file: FileView) -> CaseFilePage:
    """The file as a tree, the newest case first."""
    position = file.position
    count = ngettext("%(count)s Vorgang", "%(count)s Vorgänge", file.cases_seen)
    address = reverse("case_file", args=[file.id])
    return CaseFilePage(
        reference=file.reference,
        title=file.subject,
        summary=count % {"count": many(file.cases_seen)},
        above=(
            Link(gettext("Aktenplan"), reverse("file_plan")),
            Link(
                f"{position.code} {position.title}",
                reverse("file_plan_position", args=[position.pk]),
            ),
        ),
        facts=tuple(_facts(file)),
        audience=tuple(_audience(file)),
        cases=tuple(_case(one, number < UNFOLDED) for number, one in enumerate(file.cases)),
        more_url=f"{address}?{urlencode({'before': file.before})}" if file.before else "",
    )


def _facts(file: FileView) -> Iterator[FieldRow]:
    position = file.position
    yield FieldRow(label=gettext("Aktenzeichen"), value=file.reference)
    yield FieldRow(label=gettext("Betreff"), value=file.subject)
    yield FieldRow(label=gettext("Angelegt"), value=day_text(local_date(file.opened_at)))
    yield FieldRow(label=gettext("Federführung"), value=_listed(one.unit for one in file.cases))
    yield FieldRow(
        label=gettext("Zugang"),
        value=_listed(access_class_text(one.access_class) for one in file.cases),
    )
    yield FieldRow(
        label=gettext("Aufbewahrung"),
        value=retention_text(position.retention_years, position.disposal_code),
        note=gettext("Vorgabe der Position; es gilt, was beim Vorgang steht"),
    )


def _audience(file: FileView) -> Iterator[str]:
    order = ("caseworker", "head", "registrar", "auditor")
    for one in sorted(file.audience, key=lambda audience: order.index(audience.role)):
        people = ngettext("%(count)d Person", "%(count)d Personen", one.people)
        yield gettext("%(role)s in %(units)s (%(people)s)") % {
            "role": role_text(one.role),
            "units": ", ".join(one.units),
            "people": people % {"count": one.people},
        }
    if file.shares:
        yield ngettext(
            "%(count)d Person durch Freigabe einzelner Vorgänge",
            "%(count)d Personen durch Freigabe einzelner Vorgänge",
            file.shares,
        ) % {"count": file.shares}
    if file.bars:
        yield ngettext(
            "Gesperrt ist mindestens ein Vorgang für %(count)d Person",
            "Gesperrt ist mindestens ein Vorgang für %(count)d Personen",
            file.bars,
        ) % {"count": file.bars}


def _case(one: FiledCase, is_open: bool) -> FiledCaseRow:
    return FiledCaseRow(
        key=str(one.id),
        url=reverse("case", args=[one.id]),
        journal_url=reverse("journal", args=[one.id]),
        reference=one.reference,
        title=f"{one.applicant or gettext('ohne Namen')}: {one.subject}",
        state=state_tag(one.state) if one.state else None,
        facts=tuple(_life(one)),
        documents=tuple(_document(document) for document in one.documents),
        is_open=is_open,
    )


def _life(one: FiledCase) -> Iterator[FieldRow]:
    """What happened to the case when, and what becomes of it."""
    yield FieldRow(label=gettext("Eingang"), value=day_text(local_date(one.received_at)))
    if one.decided_at:
        day = day_text(local_date(one.decided_at))
        decision = str(DECISIONS.get(one.decision, one.decision))
        yield FieldRow(label=gettext("Entschieden"), value=f"{day}, {decision}")
    yield FieldRow(label=gettext("Federführung"), value=one.unit)
    yield FieldRow(label=gettext("Zugang"), value=access_class_text(one.access_class))
    rule = retention_text(one.retention_years, one.disposal_code)
    if one.closed_at is None or one.retained_until is None:
        note = gettext("Die Frist beginnt mit dem Abschluss (zdA).")
        yield FieldRow(label=gettext("Aufbewahrung"), value=rule, note=note)
        return
    yield FieldRow(label=gettext("Abgeschlossen"), value=day_text(local_date(one.closed_at)))
    free_from = day_text(one.retained_until + timedelta(days=1))
    yield FieldRow(
        label=gettext("Aufzubewahren"),
        value=gettext("bis %(day)s") % {"day": day_text(one.retained_until)},
        note=gettext("%(rule)s; Aussonderung möglich ab %(day)s")
        % {"rule": rule, "day": free_from},
    )


def _document(one: TreeDocument) -> TreeDocumentRow:
    return TreeDocumentRow(
        key=str(one.id),
        title=one.title,
        url=reverse("document", args=[one.id]),
        kind=str(KINDS.get(one.kind, one.kind)),
        direction=gettext("Eingang") if one.direction == "in" else gettext("Ausgang"),
        filed_at=one.filed_at,
        versions=tuple(_version(version) for version in one.versions),
        tag=mark_on(one.hold, one.versions[0].flaw),
        can_be_opened=one.hold is None,
    )


def _version(one: Version) -> VersionRow:
    return VersionRow(
        label=gettext("Version %(number)d") % {"number": one.number},
        filename=one.filename,
        media=media_text(one.media_type),
        size=one.size,
        sha256=one.sha256,
        made_at=one.made_at,
        made_by=actor_text(one.made_by, one.made_by_name),
    )


def _listed(texts: Iterator[str]) -> str:
    """Each text once, in the order of the cases."""
    return ", ".join(dict.fromkeys(texts))
