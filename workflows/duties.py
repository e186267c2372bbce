"""What standing matters demand again and again: laid out, reminded of, warned about, opened."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts
from workflows.alterations import Alterations
from workflows.application import Application
from workflows.catalogue.continuing import Duty
from workflows.catalogue.definition import Definition
from workflows.duty_periods import DutyPeriod, periods_of
from workflows.models import MatterDuty, StandingMatter
from workflows.offers import current_offers

_DAY: Final = timedelta(days=1)


def has_returns(definition: Definition) -> bool:
    """Whether holders have to hand in something again and again."""
    return any(duty.kind == "return" for duty in _duties(definition))


def oldest_open(matter: StandingMatter, kind: str) -> MatterDuty | None:
    """The open duty of ``kind`` that has been owed longest."""
    return _open(matter).filter(kind=kind).order_by("period_from", "key").first()


def owed(
    matter: StandingMatter,
    definition: Definition,
    sent: Application,
    *,
    by: Actor,
    at: datetime,
    lay: bool,
) -> MatterDuty | None:
    """The return that ``sent`` fulfils: the one its case was opened for, else the oldest open one.

    With ``lay`` periods that have begun since are laid out first.
    """
    if lay:
        made = Alterations()
        lay_out(matter, definition, made, until=local_date(at))
        note_laid(made, by=by, at=at)
    asked = (sent.sent.get("office") or {}).get("duty")
    if asked and (duty := _open(matter).filter(id=UUID(asked), kind="return").first()):
        return duty
    return oldest_open(matter, "return")


def lay_out(
    matter: StandingMatter, definition: Definition, made: Alterations, *, until: date
) -> None:
    """Lay out the periods of every duty that began by ``until``, up to the matter's last day."""
    known = _last_periods([matter]) if _duties(definition) else {}
    rows, following = to_lay(matter, definition, known, until=until)
    for row in rows:
        made.add(row)
    if following != matter.duties_from:
        made.alter(matter, duties_from=following)


@verb
def lay_out_batch(tenant_id: int, limit: int, *, by: Actor, at: datetime) -> int:
    """Lay out what has begun for up to ``limit`` matters of a tenant; the same few statements.

    Returns how many matters were looked at.
    """
    today = local_date(at)
    matters = list(
        StandingMatter.objects.select_for_update(skip_locked=True)
        .filter(tenant_id=tenant_id, duties_from__lte=today)
        .order_by("duties_from", "id")[:limit]
    )
    known, definitions = _last_periods(matters), _definitions(tenant_id, matters)
    changes: dict[UUID, dict[str, Any]] = defaultdict(dict)
    laid: list[MatterDuty] = []
    for matter in matters:
        definition = definitions.get(matter.service_key)
        rows, following = to_lay(matter, definition, known, until=today)
        matter.duties_from = following
        laid += rows
        for row in rows:
            changes[row.case_id][f"duty.{row.id}"] = (None, row.watched)
    MatterDuty.objects.bulk_create(laid)
    StandingMatter.objects.bulk_update(matters, ["duties_from"])
    for case_id, changed in changes.items():
        record(facts.DutiesLaid(case_id=case_id, changes=changed), by=by, at=at)
    return len(matters)


def to_lay(
    matter: StandingMatter,
    definition: Definition | None,
    known: Mapping[tuple[UUID, str], date],
    *,
    until: date,
) -> tuple[list[MatterDuty], date | None]:
    """The periods that began by ``until`` and are not ``known``, and when the next one begins.

    Duties are those of the version in force: what the law demands changes for everybody.
    """
    last = min(until, matter.last_on or until)
    rows: list[MatterDuty] = []
    following: list[date] = []
    for duty in _duties(definition):
        after = known.get((matter.id, duty.key))
        for period in periods_of(duty, since=matter.valid_from, after=after, until=last):
            rows.append(_row(matter, duty, period))
            after = period.last
        following.append(after + _DAY if after else matter.valid_from)
    ends = matter.last_on
    return rows, min((day for day in following if ends is None or day <= ends), default=None)


def _last_periods(matters: Sequence[StandingMatter]) -> Mapping[tuple[UUID, str], date]:
    rows = (
        MatterDuty.objects.filter(matter__id__any=[one.id for one in matters])
        .values_list("matter", "key")
        .annotate(last=Max("period_to"))
    )
    return {(matter, key): last for matter, key, last in rows}


def _definitions(tenant_id: int, matters: Sequence[StandingMatter]) -> Mapping[str, Definition]:
    wanted = {one.service_key for one in matters}
    return {
        offer.definition.key: offer.definition
        for offer in current_offers(tenant_id)
        if offer.definition.key in wanted
    }


def _row(matter: StandingMatter, duty: Duty, period: DutyPeriod) -> MatterDuty:
    reminds = duty.kind == "return" and duty.remind_days is not None
    return MatterDuty(
        tenant_id=matter.tenant_id,
        case_id=matter.case_id,
        matter=matter,
        key=duty.key,
        kind=duty.kind,
        period_from=period.first,
        period_to=period.last,
        due_on=period.due_on,
        remind_on=period.due_on - (duty.remind_days or 0) * _DAY if reminds else None,
        warn_on=_acts_on(duty, period),
    )


def _acts_on(duty: Duty, period: DutyPeriod) -> date | None:
    """The day on which a return is overdue; a review begins when its period is over."""
    if duty.kind == "review":
        return period.last + _DAY
    if duty.overdue_days is None:
        return None
    return period.due_on + max(duty.overdue_days, 1) * _DAY


def _open(matter: StandingMatter) -> QuerySet[MatterDuty]:
    return MatterDuty.objects.filter(matter=matter, done_at__isnull=True, dropped_at__isnull=True)


def _duties(definition: Definition | None) -> Sequence[Duty]:
    matter = definition.standing_matter if definition else None
    return matter.duties if matter else ()


def note_laid(made: Alterations, *, by: Actor, at: datetime) -> None:
    """Journal what was laid out, inside a verb."""
    for case_id, changes in made.changes.items():
        record(facts.DutiesLaid(case_id=case_id, changes=changes), by=by, at=at)
