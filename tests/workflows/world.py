"""Cases in all conditions, and what a filter means among them, asked in plain Python."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

from efile.grants import bar_colleague, share_case
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now
from efile.models import Case
from efile.policy import seen_scopes
from tests.efile.cases import user_id
from tests.factories import AT, DAY, city, colleague, submitted
from tests.workflows.working import copies
from workflows.desk import Order, Sort
from workflows.models import FollowUp, Process, State, Task
from workflows.wanted import (
    ME,
    NOBODY,
    STATES,
    Due,
    Filter,
    Period,
    View,
    units_of,
)

TODAY = AT.date()
THIS_WEEK = Period.week_of(TODAY)
EVERY = 40


@dataclass(frozen=True)
class Known:
    """A case as the test knows it."""

    process: Process
    reference: str
    has_post: bool
    follow_ups: list[FollowUp]


@dataclass(frozen=True)
class World:
    """Cases of two offices in all conditions, and somebody with a grant and a denial."""

    cases: list[Known]
    by: Actor
    colleague: int

    def expected(self, wanted: Filter, order: Order) -> list[UUID]:
        found = [known for known in self.cases if self.seen(known) and self.meant(known, wanted)]
        keys = {
            Sort.DUE: lambda known: known.process.due_on,
            Sort.RECEIVED: lambda known: known.process.received_at,
            Sort.REFERENCE: lambda known: known.reference.encode(),
        }
        found.sort(key=lambda one: (keys[order.sort](one), one.process.case_id))
        if order.descending:
            found.reverse()
        if wanted.view is View.TODAY:
            found.sort(key=lambda one: one.process.assignee_id != self.by.user_id)
        return [known.process.case_id for known in found]

    def seen(self, known: Known) -> bool:
        case_id = known.process.case_id
        by_rule = known.process.scope in seen_scopes(self.by)
        return (by_rule or case_id in self.by.granted) and case_id not in self.by.denied

    def meant(self, known: Known, wanted: Filter) -> bool:
        process = known.process
        whose = {ME: self.by.user_id, NOBODY: None, "": process.assignee_id}
        return (
            self.in_view(known, wanted)
            and wanted.service in ("", process.service_key)
            and (not wanted.units or units_of([process.scope])[0] in wanted.units)
            and process.assignee_id == whose.get(wanted.assignee, self.colleague)
            and wanted.state in ("", process.state)
            and self.is_due(process, wanted.due)
        )

    def is_due(self, process: Process, due: Due | None) -> bool:
        if due in (Due.WARNED, Due.ESCALATED):
            return False  # nobody has been told of any deadline here
        if due is Due.OVERDUE:
            return process.due_on < TODAY
        return due is None or TODAY <= process.due_on <= THIS_WEEK.last

    def in_view(self, known: Known, wanted: Filter) -> bool:
        process, period = known.process, wanted.period
        if wanted.view is View.TODAY:
            return self.is_todays(known)
        moments = {View.ARRIVED: process.received_at, View.DONE: process.done_at}
        if wanted.view in moments:
            moment = moments[wanted.view]
            return moment is not None and (period is None or period.start <= moment < period.end)
        mine = wanted.view is not View.MINE or process.assignee_id == self.by.user_id
        return process.state in STATES[wanted.view] and mine

    def is_todays(self, known: Known) -> bool:
        process = known.process
        ours = process.assignee_id in (None, self.by.user_id)
        at_work = process.state in STATES[View.TODAY]
        pressing = process.due_on <= TODAY or known.has_post
        return (at_work and ours and pressing) or any(
            one.due_on <= TODAY
            and (one.user_id == self.by.user_id or (one.user_id is None and ours))
            for one in known.follow_ups
        )


def world(seed: int = 7, who: str = "a.lopes") -> World:
    rng = Random(seed)
    permits, collections = submitted(), submitted("bulky-waste")
    made = [permits, *copies(permits, EVERY), collections, *copies(collections, EVERY)]
    people = [None, user_id(who), user_id("d.yilmaz")]
    for process in made:
        change(process, rng, people)
    references = dict(Case.objects.values_list("id", "reference"))
    posts = {process.case_id for process in made if rng.random() < 0.2}
    Task.objects.filter(kind="review_answer").delete()
    Task.objects.bulk_create(_post(case_id) for case_id in posts)
    reminders = [_follow_up(process, rng, people) for process in made if rng.random() < 0.25]
    FollowUp.objects.bulk_create(reminders)
    _share(made[-1].case_id, made[2].case_id, who)
    return World(
        [
            Known(
                process,
                references[process.case_id],
                process.case_id in posts,
                [one for one in reminders if one.case_id == process.case_id],
            )
            for process in made
        ],
        colleague(who),
        user_id("d.yilmaz"),
    )


def change(process: Process, rng: Random, people: list[int | None]) -> None:
    state = rng.choice(list(State))
    values: dict[str, Any] = {
        "state": state,
        "service_key": rng.choice(["resident-parking", "bulky-waste", "dog-tax"]),
        "assignee_id": rng.choice(people),
        "due_on": TODAY + timedelta(days=rng.randrange(-6, 9)),
        "received_at": AT + timedelta(hours=rng.randrange(-900, 1)),
        "touched_at": AT + timedelta(hours=rng.randrange(-48, 1)),
        "done_at": AT - timedelta(days=rng.randrange(20)) if state in STATES[View.DONE] else None,
    }
    for name, value in values.items():
        if name != "state":
            setattr(process, name, value)
    process.__dict__["state"] = state.value
    Process.objects.filter(case_id=process.case_id).update(**values)


def _post(case_id: UUID) -> Task:
    return Task(tenant_id=city().pk, case_id=case_id, kind="review_answer", opened_at=AT)


def _follow_up(process: Process, rng: Random, people: list[int | None]) -> FollowUp:
    return FollowUp(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        due_on=TODAY + timedelta(days=rng.randrange(-3, 4)),
        text="Nachsehen",
        user_id=rng.choice(people),
        set_at=AT,
        set_by="user:1",
    )


def _share(shared: UUID, barred: UUID, who: str) -> None:
    at = real_now()
    share_case(
        shared,
        user_id(who),
        until=at + DAY,
        reason="Vertretung",
        by=colleague("r.aydin"),
        at=at,
    )
    bar_colleague(barred, user_id(who), reason="§ 20 VwVfG NRW", by=colleague("t.oyelaran"), at=AT)


def filters(of: World) -> Iterator[Filter]:
    """Every view with everything that narrows it, alone and together."""
    (unit,) = units_of([of.cases[0].process.scope])
    (other,) = units_of([of.cases[-1].process.scope])
    for view in View:
        period = THIS_WEEK if view in (View.ARRIVED, View.DONE) else None
        yield Filter(view, period=period)
        yield Filter(view, service="bulky-waste", period=period)
        yield Filter(view, units=(unit,), period=period)
        yield Filter(view, units=(other,), period=period)
        yield Filter(view, units=(unit, other), service="dog-tax", period=period)
        for whose in (ME, NOBODY, str(of.colleague)):
            yield Filter(view, assignee=whose, period=period)
        for due in Due:
            yield Filter(view, due=due, period=period)
        yield Filter(view, state=STATES[view][0], period=period)
        yield Filter(
            view, service="resident-parking", assignee=NOBODY, due=Due.OVERDUE, period=period
        )


ORDERS = [Order(sort, descending) for sort, descending in product(Sort, (False, True))]
