"""A letter before it is sent: what would go out, put together as the real one, nothing written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.policy import Action, require
from workflows import enclosures
from workflows.application import Application
from workflows.deadlines.law import DEFAULT_LAW
from workflows.deadlines.periods import Period, Unit
from workflows.deadlines.procedure import period_set_by_authority
from workflows.letters.issue import Composed, compose_decision, compose_notice
from workflows.letters.writing import Recipient, Writing, recipient_of
from workflows.machine import DECIDES, Step, known_to, require_right
from workflows.matter_cases import assessment_to_come, matter_named_in
from workflows.matters import matter_to_come
from workflows.models import Booking, Decision, Process, StandingMatter
from workflows.questions import LONGEST_PERIOD

# What stands where a number will be drawn.
TO_COME: Final = "wird vergeben"

Said = Mapping[str, Any]


def preview(case_id: UUID, action: str, said: Said, *, by: Actor, at: datetime) -> bytes:
    """The PDF of the letter that ``action`` would send if the form said ``said``, marked a draft.

    ``action``: grant, grant_in_part, refuse, request_proof, message, forward. Members of ``said``
    are those of the act's form; what is missing is shown as a gap. Refuses: NotFound,
    ActionNotGranted, Invalid (an action without a letter), PartMissing.
    """
    process = (
        Process.objects.select_related("case__lead_unit", "version", "tenant")
        .filter(known_to(by), case_id=case_id)
        .first()
    )
    if process is None:
        raise NotFound
    compose = _LETTERS.get(action)
    if compose is None:
        raise Invalid([FieldError("/action", "enum", {"allowed": [*_LETTERS]})])
    if action == "message":
        require(Action.REQUEST_PROOF, case_id, process.scope, by=by)
    else:
        require_right(process, Step(action), by)
    sent = Application.of(process)
    writing = Writing(
        process=process,
        sent=sent,
        recipient=_recipient(process, sent, local_date(at)),
        dated=local_date(at),
        booking=Booking.objects.select_related("slot")
        .filter(case_id=case_id, cancelled_at__isnull=True)
        .first()
        if sent.definition.slots
        else None,
        draft=True,
    )
    return compose(writing, action, said, by, at).render()


def _recipient(process: Process, sent: Application, on: date) -> Recipient:
    found = recipient_of(process, sent, on=on)
    gap = "[fehlt: Empfänger]"
    return found if found.lines else replace(found, name=gap, lines=(gap,))


def _decision(writing: Writing, action: str, said: Said, by: Actor, at: datetime) -> Composed:
    """The letter of a decision that nobody has made."""
    step = Step(action)
    reasons = "" if step is Step.GRANT else _text(said, "reasons") or "[fehlt: Gründe]"
    decision = Decision(
        tenant_id=writing.process.tenant_id,
        case_id=writing.process.case_id,
        kind=DECIDES[step],
        reasons=reasons,
        clauses=_text(said, "clauses"),
        discretion=_text(said, "discretion"),
        is_automated=False,
        decided_at=at,
        decided_by=by.key,
    )
    if step is not Step.REFUSE:
        more = {} if writing.booking else {"slot_date": TO_COME, "slot_window": TO_COME}
        writing = replace(
            writing,
            matter=_matter_to_come(writing, at),
            assessment=assessment_to_come(writing.process, writing.sent, by=by, at=at),
            more=more,
        )
    return compose_decision(writing, decision, signed_by=by.label)


def _matter_to_come(writing: Writing, at: datetime) -> StandingMatter | None:
    if writing.sent.faults:
        return None
    if writing.definition.effect_of(writing.sent.form) != "begin":
        return matter_named_in(writing.process, writing.sent)
    matter = matter_to_come(writing.process, writing.sent, at=at)
    if matter:
        matter.number = TO_COME
    return matter


def _question(writing: Writing, _action: str, said: Said, by: Actor, at: datetime) -> Composed:
    days = said.get("days")
    more, due = {"text": _text(said, "text")}, {}
    if isinstance(days, int) and 1 <= days <= LONGEST_PERIOD:
        period = Period(days, Unit.DAYS)
        due_on = period_set_by_authority(local_date(at), period, law=DEFAULT_LAW).day("end")
        due = {"deadline": due_on}
    proofs = [str(key) for key in said.get("proofs") or ()]
    if proofs and not more["text"]:
        more.pop("text")  # what is ticked says enough
    return compose_notice(
        writing, "proof_request", more=more, days=due, signed_by=by.label, proofs=proofs
    )


def _message(writing: Writing, _action: str, said: Said, by: Actor, _at: datetime) -> Composed:
    titles = enclosures.chosen(
        writing.process.case_id, said.get("documents") or (), said.get("uploads") or (), by=by
    )
    more = {"text": enclosures.with_titles(_text(said, "text"), titles)}
    return compose_notice(writing, "message", more=more, signed_by=by.label)


def _forwarding(writing: Writing, _action: str, said: Said, by: Actor, _at: datetime) -> Composed:
    more = {"to": _text(said, "to")}
    return compose_notice(writing, "forwarding", more=more, signed_by=by.label)


def _text(said: Said, name: str) -> str:
    return str(said.get(name) or "").strip()


_LETTERS: Final[Mapping[str, Callable[[Writing, str, Said, Actor, datetime], Composed]]] = {
    "grant": _decision,
    "grant_in_part": _decision,
    "refuse": _decision,
    "request_proof": _question,
    "message": _message,
    "forward": _forwarding,
}
