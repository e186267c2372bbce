"""Settling, withdrawing, forwarding, closing, reopening: how a case ends, or begins again."""

import json
from datetime import datetime
from uuid import UUID

from efile import filing, lifecycle
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid, Refusal
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts, slots
from workflows.application import Application
from workflows.case_deadlines import end_with, happened
from workflows.closing import Left
from workflows.machine import (
    Step,
    drop_questions,
    finish_tasks,
    fire,
    locked,
    locked_submission,
    require_done,
)
from workflows.models import Process, State, Task
from workflows.offers import definition_of
from workflows.outgoing import write_by_post
from workflows.payments.cashing import note_withdrawal
from workflows.repeat import fingerprint, once
from workflows.waiting import entries as waiting

OURS = ["examine", "review_answer", "serve_by_post"]


@verb
def withdraw(
    case_id: UUID, *, reason: str, by: Actor, at: datetime, revision: int | None = None
) -> Process:
    """The applicant no longer wants it: questions, tasks and appointments go with it.

    Refuses: what ``fire`` refuses (after the decision: no appointment is to come).
    """
    worked = locked(case_id, by=by).state != State.RECEIVED
    process = fire(case_id, Step.WITHDRAW, by=by, at=at, revision=revision)
    if reason.strip():
        if by.kind == "portal":
            filing.write_message(case_id, reason, direction="in", by=by, at=at)
        else:
            filing.write_note(case_id, reason, by=by, at=at)
    _end_work(process, by, at)
    slots.release(case_id, by=by, at=at)
    note_withdrawal(case_id, worked=worked, by=by, at=at)
    write_by_post(process, "withdrawal", by=by, at=at)
    return process


def withdraw_submission(
    submission_id: UUID, *, reason: str, key: str | None, by: Actor, at: datetime
) -> tuple[str, bool]:
    """The sender withdraws; returns (JSON of the new state, replayed).

    Refuses: NotFound, InClarification, StepNotPossible, KeyReused.
    """

    def act() -> str:
        process = withdraw(
            locked_submission(submission_id, by=by).case_id, reason=reason, by=by, at=at
        )
        return json.dumps({"state": "withdrawn", "withdrawn_at": process.state_since.isoformat()})

    digest = fingerprint(f"withdrawal:{submission_id}", {"reason": reason})
    return once(key, digest, by=by, act=act)


@verb
def forward(
    case_id: UUID, *, to: str, by: Actor, at: datetime, revision: int | None = None
) -> Process:
    """Another authority is competent: say which, and end our work.

    Refuses: what ``fire`` refuses, Invalid (nobody named).
    """
    if not to.strip():
        raise Invalid([FieldError("/to", "required")])
    process = fire(case_id, Step.FORWARD, by=by, at=at, revision=revision, told={"to": to.strip()})
    _end_work(process, by, at)
    slots.release(case_id, by=by, at=at)
    write_by_post(process, "forwarding", said={"to": to.strip()}, by=by, at=at)
    return process


@verb
def settle(
    case_id: UUID,
    *,
    outcome: str,
    text: str = "",
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> Process:
    """What was reported is seen to, and nothing is decided: say how it ended.

    ``outcome`` is a key of the definition's outcomes, ``text`` what whoever reported is told
    beside the words of the outcome. Refuses: what ``fire`` refuses, Invalid (no such outcome).
    """
    process = fire(case_id, Step.SETTLE, by=by, at=at, revision=revision)
    known = [one.key for one in definition_of(process.version).outcomes]
    if outcome not in known:
        raise Invalid([FieldError("/outcome", "enum", {"allowed": known})])
    before, process.outcome = process.outcome, outcome
    process.save(update_fields=["outcome"])
    changes = {"process.outcome": (before, outcome)}
    record(facts.Settled(case_id=case_id, changes=changes), by=by, at=at)
    if text.strip() and process.submission:
        filing.write_message(case_id, text, direction="out", by=by, at=at)
    _end_work(process, by, at)
    slots.release(case_id, by=by, at=at)
    return process


@verb
def close(case_id: UUID, *, by: Actor, at: datetime, revision: int | None = None) -> Process:
    """Close the case (zdA): the work is done and the file is read-only from here on.

    Refuses: what ``fire`` refuses, above all TasksAreOpen and RemedyPeriodRuns.
    """
    process = fire(case_id, Step.CLOSE, by=by, at=at, revision=revision)
    end_with("closed", case_id, at=at)
    happened(process, "closed", local_date(at), by=by, at=at)
    return process


def why_not_close(process: Process, left: Left, *, at: datetime) -> Refusal | None:
    """What closing would be refused for with so much ``left``; None where nothing is."""
    try:
        require_done(process, left, at)
    except Refusal as refusal:
        return refusal
    return None


@verb
def reopen(
    case_id: UUID, *, reason: str, by: Actor, at: datetime, revision: int | None = None
) -> Process:
    """Take a closed case up again, for a reason that is kept.

    Refuses: what ``fire`` refuses, Invalid (no reason).
    """
    if not reason.strip():
        raise Invalid([FieldError("/reason", "required")])
    process = fire(
        case_id, Step.REOPEN, by=by, at=at, revision=revision, told={"reason": reason.strip()}
    )
    lifecycle.reopen_case(case_id, reason=reason.strip(), by=by, at=at)
    Task.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        kind="examine",
        facts={"reason": "reopened"},
        opened_at=at,
    )
    waiting.keep(process, Application.of(process), by=by, at=at)
    happened(process, "closed", None, by=by, at=at, because="reopened")
    return process


def _end_work(process: Process, by: Actor, at: datetime) -> None:
    drop_questions(process.case_id, by=by, at=at)
    finish_tasks(process.case_id, OURS, by=by, at=at)
    end_with("decided", process.case_id, at=at, because="overtaken")
    if definition_of(process.version).waiting_list:
        waiting.leave(process, process.state, by=by, at=at)
