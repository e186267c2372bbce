"""The demo's caseworkers: they do their day's work with the same verbs as the pages."""

from collections.abc import Iterator, Sequence
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
from workflows.catalogue.parts import Check, filled
from workflows.decisions import decide
from workflows.desk import WorkItem, work_list
from workflows.dossier import Dossier, open_dossier
from workflows.endings import close, forward, settle
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
# How often a doubt about what applicants say of themselves is settled in their favour.
KIND: Final = 0.7
IN_PART: Final = 0.08
PLAIN: Final = "Die Angaben sind geprüft und mit den Unterlagen verglichen."
# Whoever has few cases looks at them twice a week.
BUSY: Final = ("buergerservice-parken", "abfallwirtschaft")
QUIET_DAYS: Final = (1, 3)


def do_a_days_work(rng: Random, *, at: datetime) -> int:
    """Everybody with cases does some of them; returns how many steps were taken."""
    return sum(_work(colleague, rng, at) for colleague in _colleagues(at))


def _colleagues(at: datetime) -> Iterator[Actor]:
    on_quiet_days = local_date(at).weekday() in QUIET_DAYS
    names = [
        employee.username
        for employee in EMPLOYEES
        if employee.posts[0].role == "caseworker"
        and (on_quiet_days or employee.posts[0].unit in BUSY)
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
    case_id, definition = dossier.process.case_id, dossier.definition
    found = [result for result in dossier.checks if result.outcome != "passed"]
    failed = [check for one in found if (check := definition.check(one.key))]
    asked = any(task.question for task in dossier.tasks)
    proofs = [check.proof for check in failed if check.proof]
    # What registers and files say is clear; what applicants say of themselves takes judgement.
    is_clear = any(check.about != "form" for check in failed)
    grants = not failed or rng.random() < (0.8 if asked else 0 if is_clear else KIND)
    steps = {step.key for step in definition.steps}
    if Step.SETTLE in steps:
        settle(case_id, outcome=rng.choice(definition.outcomes).key, by=by, at=at)
    elif proofs and not asked:
        text = _said(dossier, "request_proof")
        ask_applicant(case_id, text=text, proofs=proofs[:1], days=14, by=by, at=at)
    elif not grants and rng.random() < 0.1:
        forward(case_id, to="Kreis Musterland", by=by, at=at)
    else:
        in_part = Step.GRANT_IN_PART in steps and rng.random() < IN_PART
        granted = Step.GRANT_IN_PART if in_part else Step.GRANT
        _decide(dossier, granted if grants else Step.REFUSE, failed, by, at)
    return 1


def _decide(dossier: Dossier, step: Step, failed: Sequence[Check], by: Actor, at: datetime) -> None:
    """With the reasons that the definition gives for what failed, else its first text block."""
    shown = dossier.definition.shown(dossier.application.form, "de")
    reasons = [filled(check.reason.in_("de"), shown) for check in failed]
    decide(
        dossier.process.case_id,
        step,
        reasons="\n\n".join(reasons) or _said(dossier, step) if step is not Step.GRANT else "",
        discretion=_said(dossier, "discretion") if dossier.definition.discretion else "",
        by=by,
        at=at,
    )


def _said(dossier: Dossier, use: str) -> str:
    """The first text block of the service for ``use``, filled in; plain words without one."""
    definition = dossier.definition
    blocks = [block.text.in_("de") for block in definition.text_blocks if use in block.uses]
    known = {
        "received_on": f"{local_date(dossier.process.received_at):%d.%m.%Y}",
        "unit": "",
        "applicant": "",
        **definition.shown(dossier.application.form, "de"),
    }
    return filled(blocks[0], known) if blocks else PLAIN


def _send(dossier: Dossier, by: Actor, at: datetime) -> int:
    """What goes by post is posted the same day; what is in the portal waits to be fetched."""
    if not dossier.decisions or dossier.decisions[-1].channel != "post":
        return 0
    notify_by_post(dossier.process.case_id, local_date(at), by=by, at=at)
    return 1


def close_what_is_done(*, at: datetime) -> int:
    """Heads close what is notified and final; what can still be appealed stays open."""
    closed = 0
    heads = [one.username for one in EMPLOYEES if one.posts[0].role == "head"]
    for user in User.objects.filter(username__in=heads).order_by("username"):
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
