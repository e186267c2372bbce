"""The standing matters a reader may see: the list of them, and one with all that belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.policy import Action, may, visible_to
from workflows.catalogue.continuing import Effect
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import Text
from workflows.counter import known_applicant
from workflows.instalments import (
    Instalment,
    Segment,
    instalments_from_json,
    segments_from_json,
)
from workflows.matter_cases import form_of
from workflows.models import Assessment, MatterCase, MatterDuty, Process, StandingMatter
from workflows.offers import current_offers
from workflows.office_cases import EffectUnreachable, form_for

PAGE: Final = 50
Standing = Literal["", "running", "ended"]
# What staff can set going from the matter's own page.
TAKEN_UP: Final[tuple[Effect, ...]] = ("change", "return", "end", "recover")
_AFTER_THE_END: Final = frozenset({"return", "recover"})


@dataclass(frozen=True, slots=True)
class WantedMatters:
    """Which matters: ``service`` and ``kind`` "" for any, ``overdue`` only with open duties."""

    service: str = ""
    kind: str = ""
    standing: Standing = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class MatterItem:
    """A matter in a list; ``holder`` as the file has it, ``overdue`` counts its duties."""

    id: UUID
    case_id: UUID
    number: str
    kind: str
    title: Text
    service: Text
    holder: str
    valid_from: date
    valid_to: date | None
    ended_on: date | None
    next_due: date | None
    overdue: int


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case and what it did; ``effect`` "" where it was opened and is not decided yet."""

    case_id: UUID
    reference: str
    subject: str
    state: str
    effect: str
    at: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class KnownDuty:
    """A period of a duty; the cases only where the reader sees them."""

    title: Text
    kind: str
    first: date
    last: date
    due_on: date
    reminded_at: datetime | None
    warned_at: datetime | None
    done_at: datetime | None
    is_dropped: bool
    case: LinkedCase | None


@dataclass(frozen=True, slots=True)
class KnownAssessment:
    """What a case fixed to be paid, with its computation."""

    case_id: UUID
    reference: str
    kind: str
    interval: str
    each_cents: int
    total_cents: int
    legal_basis: str
    first: date
    last: date | None
    segments: Sequence[Segment]
    instalments: Sequence[Instalment]
    is_estimated: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class MatterView:
    """One matter with everything that the reader may see of it.

    ``stated`` is its data by the definition's names; ``effects`` are what may be taken down.
    """

    item: MatterItem
    definition: Definition | None
    stated: Mapping[str, Any]
    cases: Sequence[LinkedCase]
    duties: Sequence[KnownDuty]
    assessments: Sequence[KnownAssessment]
    effects: Sequence[Effect]


@dataclass(frozen=True, slots=True)
class Begun:
    """How a case about a matter begins at the counter: its form, and who applies."""

    service: str
    case_id: UUID
    form: Mapping[str, Any]
    applicant: Mapping[str, Any]


def matter_list(
    wanted: WantedMatters, *, by: Actor, today: date, after: UUID | None = None
) -> tuple[list[MatterItem], UUID | None]:
    """A page of matters, the newest first, and what the next page comes after. Two statements."""
    rows = _seen(by, today)
    if wanted.service:
        rows = rows.filter(service_key=wanted.service)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    running = Q(ended_on__isnull=True) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if wanted.standing:
        rows = rows.filter(running if wanted.standing == "running" else ~running)
    if wanted.overdue:
        rows = rows.filter(id__in=_open().filter(due_on__lt=today).values("matter"))
    if after:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: PAGE + 1])
    definitions = _definitions(by.tenant_id)
    items = [_item(row, definitions.get(row.service_key)) for row in found[:PAGE]]
    return items, items[-1].id if len(found) > PAGE else None


def open_matter(matter_id: UUID, *, by: Actor, today: date) -> MatterView:
    """One matter, if ``by`` sees the case it began with. Six statements. Refuses: NotFound."""
    row = _seen(by, today).filter(id=matter_id).first()
    if row is None:
        raise NotFound
    definition = _definitions(by.tenant_id).get(row.service_key)
    cases = _linked(row, by)
    duties = list(MatterDuty.objects.filter(matter=row).order_by("-period_from", "key"))
    opened = _opened(duties, cases, by)
    return MatterView(
        item=_item(row, definition),
        definition=definition,
        stated={name: value for name, value in row.data.items() if name != "object"},
        cases=[*cases.values(), *(one for key, one in opened.items() if key not in cases)],
        duties=[_duty(one, definition, {**opened, **cases}) for one in duties],
        assessments=[
            _assessment(one, cases[one.case_id])
            for one in Assessment.objects.filter(matter=row).order_by("-made_at", "-id")
            if one.case_id in cases
        ],
        effects=_possible(row, definition, by=by, today=today),
    )


def begun_about(matter_id: UUID, effect: str, *, by: Actor, today: date) -> Begun:
    """How ``effect`` on a matter is taken down, filled in as far as the office knows.

    Refuses: NotFound (also for what ``by`` may not take down), EffectUnreachable.
    """
    row = _seen(by, today).filter(id=matter_id).first()
    definition = row and _definitions(by.tenant_id).get(row.service_key)
    if not row or not definition:
        raise NotFound
    wanted = next((e for e in _possible(row, definition, by=by, today=today) if e == effect), None)
    if wanted is None:
        raise NotFound
    form = form_for(definition, form_of(row), row.number, wanted)
    return Begun(row.service_key, row.case_id, form, known_applicant(row.case_id, by=by))


def _seen(by: Actor, today: date) -> QuerySet[StandingMatter]:
    """The matters that ``by`` sees, with their case, the next due day and what is overdue."""
    mine = _open().filter(matter=OuterRef("id")).order_by().values("matter")
    late = mine.filter(due_on__lt=today).annotate(n=Count("id")).values("n")
    return (
        StandingMatter.objects.select_related("case")
        .filter(visible_to(by, "case__"))
        .annotate(
            next_due=Subquery(mine.annotate(day=Min("due_on")).values("day")),
            overdue=Coalesce(Subquery(late, output_field=IntegerField()), 0),
        )
    )


def _open() -> QuerySet[MatterDuty]:
    return MatterDuty.objects.filter(done_at__isnull=True, dropped_at__isnull=True)


def _definitions(tenant_id: int) -> Mapping[str, Definition]:
    return {one.definition.key: one.definition for one in current_offers(tenant_id)}


def _item(row: Any, definition: Definition | None) -> MatterItem:
    matter = definition.standing_matter if definition else None
    return MatterItem(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        kind=row.kind,
        title=matter.title if matter else Text({"de": row.kind}),
        service=definition.title if definition else Text({"de": row.service_key}),
        holder=row.case.applicant,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ended_on=row.ended_on,
        next_due=row.next_due,
        overdue=row.overdue,
    )


def _linked(row: StandingMatter, by: Actor) -> dict[UUID, LinkedCase]:
    """The cases that did something to the matter and that ``by`` sees, the latest first."""
    links = (
        MatterCase.objects.select_related("case")
        .filter(visible_to(by, "case__"), matter=row)
        .annotate(state=_STATE)
        .order_by("-done_at", "-id")
    )
    found: dict[UUID, LinkedCase] = {}
    for link in links:
        known: Any = link
        found.setdefault(
            link.case_id,
            LinkedCase(
                link.case_id,
                link.case.reference,
                link.case.subject,
                known.state or "",
                link.effect,
                link.done_at,
                link.undone_at is not None,
            ),
        )
    return found


_STATE: Final = Subquery(Process.objects.filter(case_id=OuterRef("case_id")).values("state"))


def _opened(
    duties: Sequence[MatterDuty], known: Mapping[UUID, LinkedCase], by: Actor
) -> dict[UUID, LinkedCase]:
    """The cases that the office opened for duties and that nobody has decided yet."""
    wanted = {one.office_case_id for one in duties if one.office_case_id} - known.keys()
    processes = Process.objects.select_related("case").filter(
        visible_to(by, "case__", scope="scope"), case__id__any=[*wanted]
    )
    return {
        one.case_id: LinkedCase(
            one.case_id,
            one.case.reference,
            one.case.subject,
            one.state,
            "",
            one.received_at,
            is_undone=False,
        )
        for one in processes
    }


def _duty(
    one: MatterDuty, definition: Definition | None, cases: Mapping[UUID, LinkedCase]
) -> KnownDuty:
    matter = definition.standing_matter if definition else None
    titles = {duty.key: duty.title for duty in matter.duties} if matter else {}
    by_case = one.done_by_case_id or one.office_case_id
    return KnownDuty(
        title=titles.get(one.key, Text({"de": one.key})),
        kind=one.kind,
        first=one.period_from,
        last=one.period_to,
        due_on=one.due_on,
        reminded_at=one.reminded_at,
        warned_at=one.warned_at,
        done_at=one.done_at,
        is_dropped=one.dropped_at is not None,
        case=cases.get(by_case) if by_case else None,
    )


def _assessment(one: Assessment, case: LinkedCase) -> KnownAssessment:
    return KnownAssessment(
        case_id=one.case_id,
        reference=case.reference,
        kind=one.kind,
        interval=one.interval,
        each_cents=one.cents,
        total_cents=one.total_cents,
        legal_basis=one.legal_basis,
        first=one.from_on,
        last=one.to_on,
        segments=segments_from_json(one.lines),
        instalments=instalments_from_json(one.instalments),
        is_estimated=one.is_estimated,
        is_in_force=one.is_in_force,
    )


def _possible(
    row: StandingMatter, definition: Definition | None, *, by: Actor, today: date
) -> list[Effect]:
    """What may be taken down about the matter: of an ended one, only what is claimed back."""
    matter = definition.standing_matter if definition else None
    scope = row.case.scope
    if definition is None or matter is None or not may(Action.TAKE_DOWN, row.case_id, scope, by=by):
        return []
    running, known = row.runs_on(today), {one.effect for one in matter.effects}
    wanted = [one for one in TAKEN_UP if one in known and (running or one in _AFTER_THE_END)]
    return [one for one in wanted if _reached(row, definition, one)]


def _reached(row: StandingMatter, definition: Definition, effect: Effect) -> bool:
    try:
        form_for(definition, {}, row.number, effect)
    except EffectUnreachable:
        return False
    return True
