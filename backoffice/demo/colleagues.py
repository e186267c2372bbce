"""The demo's caseworkers: they do their day's work with the same verbs as the pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from backoffice.demo.city import EMPLOYEES
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date, real_now
from efile.kernel.errors import Refusal
from efile.kernel.models import User
from efile.policy import person, visible_to
from workflows.assignment import assign
from workflows.decisions import decide
from workflows.desk import WorkItem, work_list
from workflows.dossier import Dossier, open_dossier
from workflows.endings import close, forward
from workflows.machine import Step
from workflows.models import Process
from workflows.notification import notify_by_post
from workflows.questions import ask_applicant
from workflows.wanted import Filter, View

# How long a case lies before somebody takes it up.
LIES_FOR: Final = timedelta(days=2)
# Of what came in lately they leave some for whoever tries the demo; older cases seldom lie.
LATELY: Final = timedelta(days=12)
LEFT_ALONE: Final = 0.6
FORGOTTEN: Final = 0.03
ASKS: Final = (
    "Bitte weisen Sie nach, dass Sie das Fahrzeug dauerhaft nutzen, zum Beispiel mit einer "
    "Bestätigung des Halters."
)
REASONS: Final = (
    "Die Voraussetzungen liegen nach dem Melderegister und dem Fahrzeugregister nicht vor. "
    "Ein Ermessen besteht insoweit nicht."
)


def do_a_days_work(rng: Random, *, at: datetime) -> int:
    """Everybody with cases does some of them; returns how many steps were taken."""
    return sum(_work(colleague, rng, at) for colleague in _colleagues())


def _colleagues() -> Iterator[Actor]:
    names = [
        employee.username
        for employee in EMPLOYEES
        if employee.posts[0].role == "caseworker"
        and employee.posts[0].unit in ("buergerservice-parken", "abfallwirtschaft")
    ]
    for user in User.objects.filter(username__in=names).order_by("username"):
        yield person(user)


def _work(by: Actor, rng: Random, at: datetime) -> int:
    taken = 0
    for view in (View.TEAM, View.TO_NOTIFY, View.WAITING):
        items, _ = work_list(Filter(view), by=by, today=local_date(at), limit=30)
        for item in items:
            if item.received_at + LIES_FOR > at or rng.random() < 0.65:
                continue
            try:
                taken += _step(item, by, rng, at)
            except Refusal:  # a colleague was faster, or a rule says not yet
                continue
    return taken


def _step(item: WorkItem, by: Actor, rng: Random, at: datetime) -> int:
    share = LEFT_ALONE if item.received_at > real_now() - LATELY else FORGOTTEN
    if Random(item.reference).random() < share:
        return 0
    if item.state == "received":
        assign(item.case_id, by.user_id, by=by, at=at)
        return 1
    if item.state == "in_examination":
        return _examine(open_dossier(item.case_id, by=by), by, rng, at)
    if item.state == "decided":
        return _send(open_dossier(item.case_id, by=by), by, at)
    return 0


def _examine(dossier: Dossier, by: Actor, rng: Random, at: datetime) -> int:
    case_id = dossier.process.case_id
    failed = [check for check in dossier.checks if check.outcome != "passed"]
    asked = any(task.question for task in dossier.tasks)
    proofs = [
        check.proof
        for result in failed
        if (check := dossier.definition.check(result.key)) and check.proof
    ]
    if proofs and not asked:
        ask_applicant(case_id, text=ASKS, proofs=proofs[:1], days=14, by=by, at=at)
    elif not failed or (asked and rng.random() < 0.8):
        decide(case_id, Step.GRANT, by=by, at=at)
    elif rng.random() < 0.1:
        forward(case_id, to="Straßenverkehrsamt des Kreises", by=by, at=at)
    else:
        decide(case_id, Step.REFUSE, reasons=REASONS, by=by, at=at)
    return 1


def _send(dossier: Dossier, by: Actor, at: datetime) -> int:
    """What goes by post is posted the same day; what is in the portal waits to be fetched."""
    if not dossier.decisions or dossier.decisions[-1].channel != "post":
        return 0
    notify_by_post(dossier.process.case_id, local_date(at), by=by, at=at)
    return 1


def close_what_is_done(*, at: datetime) -> int:
    """Heads close what is notified and final; what can still be appealed stays open."""
    closed = 0
    for user in User.objects.filter(username__in=["t.oyelaran", "r.aydin"]):
        by = person(user)
        for case_id in _notified(by):
            try:
                close(case_id, by=by, at=at)
                closed += 1
            except Refusal:
                continue
    return closed


def _notified(by: Actor) -> list[UUID]:
    rows = Process.objects.filter(
        visible_to(by, "case__", scope="scope"),
        state__in=["notified", "withdrawn", "forwarded"],
    )
    return list(rows.values_list("case_id", flat=True))
