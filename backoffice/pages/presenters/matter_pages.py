"""Standing matters as pages show them: the list, and one with duties, cases and amounts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import (
    day_text,
    euros,
    field_label,
    field_text,
    language,
    plain_text,
)
from backoffice.pages.rows import FieldRow, Link, Option, Tag
from backoffice.pages.rows.frame import EmptyState
from backoffice.pages.rows.lists import Chip, FilterField
from backoffice.pages.rows.matters import (
    ActRow,
    AssessmentRow,
    DutyRow,
    LineRow,
    LinkedCaseRow,
    MatterListPage,
    MatterListRow,
    MatterPage,
)
from backoffice.pages.words import state_tag
from efile.kernel.clock import local_date
from workflows.catalogue.pointers import split
from workflows.duty_periods import period_text
from workflows.instalments import Segment
from workflows.matter_register import (
    KnownAssessment,
    KnownDuty,
    LinkedCase,
    MatterItem,
    MatterView,
    WantedMatters,
)

EFFECTS: Final[Mapping[str, Promise]] = {
    "begin": _("begonnen"),
    "change": _("geändert"),
    "end": _("beendet"),
    "return": _("Erklärung abgegeben"),
    "review": _("überprüft"),
    "recover": _("zurückgefordert"),
    "continue": _("fortgeführt"),
}
_ACTS: Final[Mapping[str, tuple[Promise, str]]] = {
    "change": (_("Änderung aufnehmen"), "c"),
    "return": (_("Erklärung aufnehmen"), "r"),
    "end": (_("Ende aufnehmen"), "e"),
    "recover": (_("Zurückfordern"), ""),
}
_KINDS: Final[Mapping[str, Promise]] = {
    "permit": _("Erlaubnis"),
    "dog": _("Hund"),
    "accommodation_business": _("Beherbergungsbetrieb"),
    "benefit": _("Geldleistung"),
    "pass": _("Pass"),
    "childcare_place": _("Betreuungsplatz"),
}
_STANDINGS: Final[Mapping[str, Promise]] = {"running": _("laufend"), "ended": _("beendet")}
_AMOUNTS: Final[Mapping[str, Promise]] = {
    "tax": _("Steuer"),
    "contribution": _("Beitrag"),
    "benefit": _("Geldleistung"),
    "recovery": _("Rückforderung"),
}
_PER: Final[Mapping[str, Promise]] = {
    "once": _("einmalig"),
    "month": _("im Monat"),
    "quarter": _("im Quartal"),
    "year": _("im Jahr"),
}


def matter_list_page(
    items: Sequence[MatterItem],
    following: UUID | None,
    wanted: WantedMatters,
    *,
    services: Mapping[str, str],
    today: date,
) -> MatterListPage:
    """The matters that the reader sees; ``services`` are those that have some, by key."""
    chips = tuple(_chips(wanted, services))
    more = _query(wanted) | ({"after": str(following)} if following else {})
    return MatterListPage(
        rows=tuple(_row(one, today) for one in items),
        filters=tuple(_filters(wanted, services)),
        chips=chips,
        reset_url=reverse("matters") if chips else "",
        more_url=f"{reverse('matters')}?{urlencode(more)}" if following else "",
        empty=_empty(filtered=bool(chips)) if not items else None,
    )


def _empty(*, filtered: bool) -> EmptyState:
    if filtered:
        back = Link(gettext("Filter aufheben"), reverse("matters"))
        return EmptyState(gettext("Dazu gibt es nichts im Bestand."), link=back)
    return EmptyState(
        gettext("Im Bestand ist noch nichts."),
        gettext("Hier steht, was nach einer Bewilligung weitergeht: Ausweise, Hunde, Leistungen."),
    )


def _filters(wanted: WantedMatters, services: Mapping[str, str]) -> Iterator[FilterField]:
    kinds = {key: str(text) for key, text in _KINDS.items()}
    standings = {key: str(text) for key, text in _STANDINGS.items()}
    late = {"overdue": gettext("nur überfällige")}
    yield _select("service", gettext("Leistung"), services, wanted.service)
    yield _select("kind", gettext("Art"), kinds, wanted.kind)
    yield _select("standing", gettext("Stand"), standings, wanted.standing)
    yield _select("due", gettext("Pflichten"), late, "overdue" if wanted.overdue else "")


def _select(name: str, label: str, options: Mapping[str, str], chosen: str) -> FilterField:
    known = {"": gettext("alle"), **options}
    rows = (Option(value, text, selected=value == chosen) for value, text in known.items())
    return FilterField(name, label, tuple(rows), active=bool(chosen))


def _chips(wanted: WantedMatters, services: Mapping[str, str]) -> Iterator[Chip]:
    query = _query(wanted)
    labels = {
        "service": services.get(wanted.service, wanted.service),
        "kind": str(_KINDS.get(wanted.kind, wanted.kind)),
        "standing": str(_STANDINGS.get(wanted.standing, "")),
        "due": gettext("nur überfällige"),
    }
    for name in query:
        rest = {key: value for key, value in query.items() if key != name}
        yield Chip(labels[name], f"{reverse('matters')}?{urlencode(rest)}")


def _query(wanted: WantedMatters) -> dict[str, str]:
    known = {
        "service": wanted.service,
        "kind": wanted.kind,
        "standing": wanted.standing,
        "due": "overdue" if wanted.overdue else "",
    }
    return {name: value for name, value in known.items() if value}


def _row(one: MatterItem, today: date) -> MatterListRow:
    late = ngettext("%(count)d überfällig", "%(count)d überfällig", one.overdue)
    return MatterListRow(
        key=str(one.id),
        url=reverse("matter", args=[one.id]),
        number=one.number,
        title=one.title.in_(language()),
        holder=one.holder,
        validity=validity_text(one.valid_from, one.valid_to),
        state=standing_tag(one, today),
        due_on=one.next_due,
        overdue=Tag(late % {"count": one.overdue}, "danger", "danger") if one.overdue else None,
    )


def validity_text(first: date, last: date | None) -> str:
    """From when to when something holds."""
    span = {"first": day_text(first), "last": day_text(last) if last else ""}
    said = gettext("%(first)s bis %(last)s") if last else gettext("ab %(first)s, unbefristet")
    return said % span


def standing_tag(one: MatterItem, today: date) -> Tag:
    """Whether a matter runs."""
    if one.ended_on:
        ended = {"day": day_text(one.ended_on)}
        return Tag(gettext("beendet am %(day)s") % ended, "danger", "danger")
    if one.valid_from > today:
        return Tag(gettext("gilt noch nicht"), "info")
    if one.valid_to and one.valid_to < today:
        return Tag(gettext("abgelaufen"))
    return Tag(gettext("läuft"), "success", "success")


def matter_page(view: MatterView, *, today: date) -> MatterPage:
    """One matter as its page shows it."""
    one = view.item
    origin = next((case for case in view.cases if case.case_id == one.case_id), None)
    return MatterPage(
        number=one.number,
        title=one.title.in_(language()),
        state=standing_tag(one, today),
        origin=Link(
            origin.reference if origin else gettext("Vorgang"), reverse("case", args=[one.case_id])
        ),
        above=(Link(gettext("Bestand"), reverse("matters")),),
        facts=tuple(_facts(one)),
        stated=tuple(_stated(view)),
        cases=tuple(_case(case) for case in view.cases),
        duties=tuple(_duty(duty, today) for duty in view.duties),
        assessments=tuple(_assessment(row) for row in view.assessments),
        acts=tuple(_act(one, effect) for effect in view.effects),
    )


def _act(one: MatterItem, effect: str) -> ActRow:
    label, key = _ACTS[effect]
    return ActRow(label=str(label), url=reverse("matter_act", args=[one.id, effect]), key=key)


def _facts(one: MatterItem) -> Iterator[FieldRow]:
    yield FieldRow(label=gettext("Nummer"), value=one.number)
    yield FieldRow(label=gettext("Leistung"), value=one.service.in_(language()))
    yield FieldRow(label=gettext("Inhaberin oder Inhaber"), value=one.holder or plain_text(None))
    yield FieldRow(label=gettext("Gültig"), value=validity_text(one.valid_from, one.valid_to))
    if one.next_due:
        yield FieldRow(label=gettext("Nächste Pflicht"), value=day_text(one.next_due))


def _stated(view: MatterView) -> Iterator[FieldRow]:
    """The matter's data, under the labels of the fields that they come from."""
    matter = view.definition.standing_matter if view.definition else None
    fields = view.definition.validator.fields if view.definition else ()
    schemas = {one.path: one.schema for one in fields}
    pointers = matter.data if matter else {}
    for name, value in view.stated.items():
        schema: Mapping[str, Any] = schemas.get(tuple(split(pointers.get(name, ""))[1:]), {})
        if value not in (None, ""):
            yield FieldRow(label=field_label(schema, name), value=field_text(schema, value))


def _case(one: LinkedCase) -> LinkedCaseRow:
    return LinkedCaseRow(
        url=reverse("case", args=[one.case_id]),
        reference=one.reference,
        subject=one.subject,
        effect=str(EFFECTS.get(one.effect, gettext("von Amts wegen eröffnet"))),
        on=local_date(one.at),
        state=state_tag(one.state) if one.state else None,
        note=gettext("neu entschieden, gilt nicht mehr") if one.is_undone else "",
    )


def _duty(one: KnownDuty, today: date) -> DutyRow:
    case = one.case and Link(one.case.reference, reverse("case", args=[one.case.case_id]))
    return DutyRow(
        title=one.title.in_(language()),
        period=period_text(one.first, one.last, language()),
        due_on=one.due_on,
        state=_duty_tag(one, today),
        note=_told(one),
        case=case or None,
    )


def _duty_tag(one: KnownDuty, today: date) -> Tag:
    if one.done_at:
        done = {"day": day_text(local_date(one.done_at))}
        return Tag(gettext("erledigt am %(day)s") % done, "success", "success")
    if one.is_dropped:
        return Tag(gettext("entfallen"))
    if one.due_on < today:
        return Tag(gettext("überfällig"), "danger", "danger")
    return Tag(gettext("offen"), "info")


def _told(one: KnownDuty) -> str:
    if one.warned_at and one.kind == "return":
        return gettext("gemahnt am %(day)s") % {"day": day_text(local_date(one.warned_at))}
    if one.reminded_at:
        return gettext("erinnert am %(day)s") % {"day": day_text(local_date(one.reminded_at))}
    return ""


def _assessment(one: KnownAssessment) -> AssessmentRow:
    span = validity_text(one.first, one.last)
    each = f"{euros(one.each_cents)} {_PER[one.interval]}"
    return AssessmentRow(
        title=f"{_AMOUNTS[one.kind]}, {span}",
        case=Link(one.reference, reverse("case", args=[one.case_id])),
        state=Tag(gettext("gilt"), "success", "success")
        if one.is_in_force
        else Tag(gettext("ersetzt")),
        facts=(
            FieldRow(label=gettext("Betrag"), value=each),
            FieldRow(label=gettext("Rechtsgrundlage"), value=one.legal_basis),
        ),
        lines=tuple(line for segment in one.segments for line in _lines(segment)),
        total=euros(one.total_cents),
        due=tuple((due.due_on, str(due.year), euros(due.cents)) for due in one.instalments),
        estimated=gettext("geschätzt") if one.is_estimated else "",
    )


def _lines(one: Segment) -> Iterator[LineRow]:
    span = f"{day_text(one.first)} – {day_text(one.last)}"
    for number, line in enumerate(one.lines):
        title = line.title.in_(language())
        if line.percent is not None and line.of_cents is not None:
            title = f"{title}: {line.percent.normalize():f} % × {euros(line.of_cents)}"
        elif line.quantity != 1:
            title = f"{title}: {line.quantity} × {euros(line.cents_each)}"
        yield LineRow(
            period=span if not number else "", reason=title, each=euros(line.cents), amount=""
        )
    months = {"months": one.months, "of": one.of_months}
    shared = one.of_months > 1
    if one.months:
        said = gettext("%(months)d von %(of)d Monaten") if shared else gettext("%(months)d Monate")
        yield LineRow(
            period="" if one.lines else span,
            reason=said % months,
            each=euros(one.each_cents),
            amount=euros(one.cents),
        )
