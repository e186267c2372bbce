"""Whoever may not see a case gets the same answer from every verb as if there were none."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import signature
from typing import Any
from uuid import UUID

import pytest

import efile
import workflows
from efile import grants, lifecycle, reading
from efile.filing import file_documents
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound, Refusal
from efile.kernel.ids import uuid7
from efile.kernel.verbs import verb
from efile.models import Document
from tests.efile.cases import neighbour, new_document, user_id
from tests.factories import AT, DAY, colleague, machine, portal, submitted
from workflows import (
    acts,
    assignment,
    checks,
    corrections,
    correspondence,
    decisions,
    drafts,
    endings,
    extending,
    follow_ups,
    holding,
    matters,
    notes,
    notification,
    questions,
    receipt_stamp,
    verdicts,
)
from workflows import (
    machine as state,
)
from workflows.appointments.missing import note_missed
from workflows.appointments.moving import move_appointment
from workflows.definitions import moving
from workflows.machine import Step
from workflows.payments import cashing
from workflows.payments.demanding import demand_payment
from workflows.waiting import answers, entries

pytestmark = pytest.mark.django_db

Act = Callable[[UUID, Actor], object]


def share(case: UUID, by: Actor) -> None:
    someone, until = user_id("f.okonkwo"), AT + DAY
    grants.share_case(case, someone, until=until, reason="Vertretung", by=by, at=AT)


def ask(case: UUID, by: Actor) -> None:
    questions.ask_applicant(case, text="Wem gehört es?", proofs=[], days=14, by=by, at=AT)


def bar(case: UUID, by: Actor) -> None:
    grants.bar_colleague(case, user_id("a.lopes"), reason="Befangenheit", by=by, at=AT)


# Everything that is done to one case, as somebody who could do it would.
VERBS: dict[str, Act] = {
    "close_case": lambda case, by: lifecycle.close_case(case, by=by, at=AT),
    "reopen_case": lambda case, by: lifecycle.reopen_case(case, reason="Neues.", by=by, at=AT),
    "join_file": lambda case, by: lifecycle.join_file(case, "32.2-000001/26", by=by, at=AT),
    "share_case": share,
    "end_share": lambda case, by: grants.end_share(case, user_id("f.okonkwo"), by=by, at=AT),
    "bar_colleague": bar,
    "readmit_colleague": lambda case, by: grants.readmit_colleague(case, 1, by=by, at=AT),
    "fire": lambda case, by: state.fire(case, Step.EXAMINE, by=by, at=AT),
    "set_follow_up": lambda case, by: follow_ups.set_follow_up(
        case, AT.date(), "Nachsehen", None, by=by, at=AT
    ),
    "finish_follow_up": lambda case, by: follow_ups.finish_follow_up(case, uuid7(), by=by, at=AT),
    "move_follow_up": lambda case, by: follow_ups.move_follow_up(
        case, uuid7(), AT.date(), "Urlaub", by=by, at=AT
    ),
    "assign": lambda case, by: assignment.assign(case, by.user_id, by=by, at=AT),
    "ask_applicant": ask,
    "drop_question": lambda case, by: questions.drop_question(case, uuid7(), by=by, at=AT),
    "decide": lambda case, by: decisions.decide(case, Step.GRANT, by=by, at=AT),
    "grant": lambda case, by: acts.grant(case, {}, by=by, at=AT),
    "hold": lambda case, by: holding.hold(case, "grant", {}, by=by, at=AT),
    "recall": lambda case, by: holding.recall(case, by=by, at=AT),
    "note_failure": lambda case, by: holding.note_failure(case, by=by, at=AT),
    "save_draft": lambda case, by: drafts.save_draft(
        case, "note", {"text": ["Hm."]}, revision=0, by=by, at=AT
    ),
    "discard_draft": lambda case, by: drafts.discard_draft(case, "note", by=by),
    "notify_by_post": lambda case, by: notification.notify_by_post(case, AT.date(), by=by, at=AT),
    "revoke_matter": lambda case, by: matters.revoke_matter(case, uuid7(), "Umzug.", by=by, at=AT),
    "prefer": lambda case, by: entries.prefer(case, "", "Härte", by=by, at=AT),
    "end_preference": lambda case, by: entries.end_preference(case, uuid7(), by=by, at=AT),
    "note_answer": lambda case, by: answers.note_answer(case, "accept", "Am Telefon", by=by, at=AT),
    "withdraw": lambda case, by: endings.withdraw(case, reason="Umzug.", by=by, at=AT),
    "settle": lambda case, by: endings.settle(case, outcome="done", by=by, at=AT),
    "forward": lambda case, by: endings.forward(case, to="Kreis", by=by, at=AT),
    "close": lambda case, by: endings.close(case, by=by, at=AT),
    "reopen": lambda case, by: endings.reopen(case, reason="Neues.", by=by, at=AT),
    "leave_note": lambda case, by: notes.leave_note(case, "Hm.", by=by, at=AT),
    "write_to_applicant": lambda case, by: correspondence.write_to_applicant(
        case, "Guten Tag.", by=by, at=AT
    ),
    "note_reading": lambda case, by: correspondence.note_reading(case, by=by, at=AT),
    "correct": lambda case, by: corrections.correct(
        case, "/form/plate", "D-LM 124", "Tippfehler", by=by, at=AT
    ),
    "judge": lambda case, by: verdicts.judge(
        case, "residence", "passed", "Angerufen", by=by, at=AT
    ),
    "extend_deadline": lambda case, by: extending.extend_deadline(
        case, uuid7(), days=7, reason="Krank", by=by, at=AT
    ),
    "note_receipt": lambda case, by: notification.note_receipt(case, AT.date(), by=by, at=AT),
    "correct_receipt": lambda case, by: receipt_stamp.correct_receipt(
        case, AT.date() - DAY, "Nachtbriefkasten", by=by, at=AT
    ),
    "run_again": lambda case, by: checks.run_again(case, by=by, at=AT),
    "move_appointment": lambda case, by: move_appointment(case, None, by=by, at=AT),
    "note_missed": lambda case, by: note_missed(case, again=True, by=by, at=AT),
    "demand_payment": lambda case, by: demand_payment(case, by=by, at=AT),
    "note_paid": lambda case, by: cashing.note_paid(case, "K-1", by=by, at=AT),
    "waive": lambda case, by: cashing.waive(case, "Härte", by=by, at=AT),
    "note_refunded": lambda case, by: cashing.note_refunded(case, "A-1", by=by, at=AT),
    "move_to_version": lambda case, by: moving.move_to_version(case, 2, by=by, at=AT),
}
# They leave the question to the verb that calls them.
TRUSTING = {
    "file_documents",
    "write_message",
    "write_note",
    "erase_values",
    "amend_party",
    "amend_receipt",
    "amend_subject",
}


def verbs_about_cases() -> Iterator[str]:
    """The names of all public verbs that are told a case and who acts."""
    any_verb = verb(lambda: None).__code__
    for package in (efile, workflows):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(import_module(found.name)).items():
                if getattr(value, "__code__", None) is any_verb and not name.startswith("_"):
                    told = signature(value).parameters
                    if {"case_id", "by"} <= told.keys() and value.__module__ == found.name:
                        yield name


def from_another_office() -> Actor:
    return colleague("r.aydin")


def another_portal() -> Actor:
    return portal("another")


def barred() -> Actor:
    """The head of the office, after telling that she is the applicant's neighbour."""
    return colleague("t.oyelaran")


STRANGERS = [from_another_office, another_portal, barred, neighbour]


def answer(act: Act, case: UUID, by: Actor) -> tuple[type[Refusal], dict[str, Any]]:
    with pytest.raises(Refusal) as refusal:
        act(case, by)
    return refusal.type, refusal.value.facts


def test_no_verb_is_missing_here() -> None:
    assert set(verbs_about_cases()) == VERBS.keys() | TRUSTING


@pytest.mark.parametrize("act", VERBS.values(), ids=VERBS.keys())
def test_an_unseen_case_is_an_absent_case(act: Act) -> None:
    case = submitted().case_id
    grants.bar_colleague(case, user_id("t.oyelaran"), reason="Nachbarn", by=barred(), at=AT)
    for stranger in STRANGERS:
        by = stranger()
        assert answer(act, case, by) == answer(act, uuid7(), by) == (NotFound, {})


def test_a_document_of_an_unseen_case_is_an_absent_document() -> None:
    case = submitted().case_id
    file_documents(case, [new_document()], by=machine(), at=AT)
    document = Document.objects.filter(case_id=case).latest("id").id
    for by in (from_another_office(), neighbour(), portal()):
        for one in (document, uuid7()):
            with pytest.raises(NotFound):
                reading.read_document(one, by=by, at=AT)
