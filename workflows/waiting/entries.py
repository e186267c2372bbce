"""Who is on a waiting list: joined with the application, reckoned by the form, left at its end."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.application import Application
from workflows.catalogue.continuing import WaitingList
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import follow
from workflows.machine import announce, locked
from workflows.models import PlaceException, Process, Task, WaitingEntry, WaitingPoints
from workflows.models.process import UNDECIDED
from workflows.waiting import offering, places

LONGEST_REASON = 300
MOST_WISHES = 60


class NotWaiting(Conflict):
    """The case is on no waiting list, or no longer."""

    code = "not_waiting"


def keep(process: Process, application: Application, *, by: Actor, at: datetime) -> None:
    """Have the case on its service's list as its form says now, inside a verb.

    Looks at the present: an undecided case joins or is reckoned anew, and what changed is
    journalled. A form that does not say from when joins once it does.
    """
    rule = application.definition.waiting_list
    if rule is None or process.state not in UNDECIDED:
        return
    # Whoever has a place already and changes or ends it waits for none.
    if application.definition.effect_of(application.form) != "begin":
        return
    wanted = _wanted(rule, application)
    if wanted is None:
        return
    known = WaitingEntry.objects.filter(case_id=process.case_id).first()
    if known is None:
        entry = WaitingEntry(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            applied_on=local_date(process.received_at),
            list_key=rule.list,
            scope=process.scope,
        )
    elif known.left_because == "placed":
        return
    else:
        entry = known
    back = known is None or known.left_at is not None
    before = None if back else _said(entry)
    if back:
        entry.joined_at, entry.left_at, entry.left_because = at, None, ""
    for name, value in wanted.items():
        setattr(entry, name, value)
    reckoned = _reckoned(application.definition, rule, application.form, entry.applied_on)
    entry.points = sum(one["points"] for one in reckoned)
    entry.save()
    changed = _keep_points(entry, reckoned, at)
    _tell(process, entry, before, changed, by, at)
    if undetermined := [one["criterion"] for one in reckoned if one.pop("undetermined", False)]:
        _to_a_person(process, undetermined, at)


def leave(process: Process, because: str, *, by: Actor, at: datetime) -> None:
    """The case waits no longer, inside a verb: what was offered goes to the next in line."""
    entry = WaitingEntry.objects.filter(case_id=process.case_id, left_at__isnull=True).first()
    if entry is None:
        return
    places.lock(entry.tenant_id, entry.list_key)
    strike(entry, because, by=by, at=at)
    offering.take_back(entry, by=by, at=at)


def strike(entry: WaitingEntry, because: str, *, by: Actor, at: datetime) -> None:
    """Take ``entry`` off its list, inside a verb that holds the list's lock."""
    entry.left_at, entry.left_because = at, because
    entry.save(update_fields=["left_at", "left_because"])
    PlaceException.objects.filter(entry=entry, revoked_at__isnull=True).update(revoked_at=at)
    record(facts.WaitingEnded(case_id=entry.case_id, facts={"because": because}), by=by, at=at)


@verb
def prefer(case_id: UUID, facility: str, reason: str, *, by: Actor, at: datetime) -> PlaceException:
    """Put the case before all others at ``facility`` ("" for every wish), for a reason that stays.

    It counts from the next round on, and shows in its explanation.
    Refuses: NotFound, ActIsHeld, ActionNotGranted, NotWaiting, Invalid (no reason; a house that
    is not wished for).
    """
    process = locked(case_id, by=by)
    require(Action.ALLOT, case_id, process.scope, by=by)
    entry = waiting(case_id)
    errors = []
    if facility and facility not in entry.wishes:
        errors.append(FieldError("/facility", "enum", {"allowed": entry.wishes}))
    if not reason.strip():
        errors.append(FieldError("/reason", "required"))
    elif len(reason.strip()) > LONGEST_REASON:
        errors.append(FieldError("/reason", "max_length", {"limit": LONGEST_REASON}))
    if errors:
        raise Invalid(errors)
    places.lock(entry.tenant_id, entry.list_key)
    made = PlaceException.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        entry=entry,
        facility=facility,
        reason=reason.strip(),
        made_at=at,
        made_by=by.key,
    )
    told = {"facility": facility, "reason": made.reason}
    record(facts.PrecedenceGiven(case_id=case_id, facts=told), by=by, at=at)
    return made


@verb
def end_preference(case_id: UUID, exception_id: UUID, *, by: Actor, at: datetime) -> None:
    """The exception counts no longer. Refuses: NotFound, ActIsHeld, ActionNotGranted."""
    process = locked(case_id, by=by)
    require(Action.ALLOT, case_id, process.scope, by=by)
    found = PlaceException.objects.select_related("entry").filter(
        id=exception_id, case_id=case_id, revoked_at__isnull=True
    )
    made = found.first()
    if made is None:
        raise NotFound
    places.lock(made.tenant_id, made.entry.list_key)
    made.revoked_at = at
    made.save(update_fields=["revoked_at"])
    told = {"facility": made.facility, "reason": made.reason}
    record(facts.PrecedenceEnded(case_id=case_id, facts=told), by=by, at=at)


def waiting(case_id: UUID) -> WaitingEntry:
    """The case's entry while it waits. Refuses: NotWaiting."""
    entry = WaitingEntry.objects.filter(case_id=case_id, left_at__isnull=True).first()
    if entry is None:
        raise NotWaiting
    return entry


def _wanted(rule: WaitingList, application: Application) -> dict[str, Any] | None:
    """What the form wishes for; None where it does not say from when."""
    said = {"form": application.definition.validator.apply_defaults(application.form)}
    wish_from = _day(follow(said, rule.wish_from))
    if wish_from is None:
        return None
    named = follow(said, rule.facilities)
    wishes = list(dict.fromkeys(str(one)[:60] for one in named or ()))[:MOST_WISHES]
    group = follow(said, rule.group) if rule.group else ""
    return {"wishes": wishes, "group": str(group or "")[:60], "wish_from": wish_from}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _reckoned(
    definition: Definition, rule: WaitingList, form: Mapping[str, Any], on: date
) -> list[dict[str, Any]]:
    """What each criterion in force ``on`` the day of application gives, in the rule's order."""
    data = definition.rules.bind(form=form)
    found = []
    for position, one in enumerate(one for one in rule.criteria if one.counts(on)):
        points = definition.rules.compile(one.points, "form", "INT").value(data)
        found.append(
            {
                "criterion": one.key,
                "title": one.title.in_("de")[:300],
                "paragraph": one.paragraph[:300],
                "points": points or 0,
                "position": position,
                "undetermined": points is None,
            }
        )
    return found


def _keep_points(entry: WaitingEntry, reckoned: list[dict[str, Any]], at: datetime) -> list[str]:
    """Dated rows: what gives another value than before is replaced. Returns which criteria."""
    known = {
        row.criterion: row
        for row in WaitingPoints.objects.filter(entry=entry, replaced_at__isnull=True)
    }
    new = []
    for one in reckoned:
        row = known.pop(one["criterion"], None)
        if row and (row.points, row.paragraph) == (one["points"], one["paragraph"]):
            continue
        if row:
            row.replaced_at = at
            row.save(update_fields=["replaced_at"])
        said = {name: value for name, value in one.items() if name != "undetermined"}
        new.append(
            WaitingPoints(
                tenant_id=entry.tenant_id,
                case_id=entry.case_id,
                entry=entry,
                in_force_on=entry.applied_on,
                reckoned_at=at,
                **said,
            )
        )
    WaitingPoints.objects.bulk_create(new)
    for row in known.values():
        row.replaced_at = at
        row.save(update_fields=["replaced_at"])
    return [*(row.criterion for row in new), *known]


def _said(entry: WaitingEntry) -> dict[str, Any]:
    return {
        "points": entry.points,
        "wishes": list(entry.wishes),
        "group": entry.group,
        "wish_from": entry.wish_from.isoformat(),
    }


def _tell(
    process: Process,
    entry: WaitingEntry,
    before: dict[str, Any] | None,
    changed: list[str],
    by: Actor,
    at: datetime,
) -> None:
    now = _said(entry)
    if before is None:
        told = now | {"list": entry.list_key}
        record(facts.WaitingListed(case_id=entry.case_id, facts=told), by=by, at=at)
        announce(process, "waiting_listed", at=at)
    elif before != now or changed:
        told = now | {"before": before, "criteria": changed}
        record(facts.PointsReckoned(case_id=entry.case_id, facts=told), by=by, at=at)


def _to_a_person(process: Process, criteria: list[str], at: datetime) -> None:
    """What no rule can tell a person must: the points count as none until then."""
    Task.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind="examine",
        facts={"reason": "points_undetermined", "criteria": criteria},
        opened_at=at,
    )
