"""Letters that are owed: what each says is gathered, rendered, put on file and on its way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import Q

from efile import filing
from efile.kernel.actors import system
from efile.kernel.clock import local_date, now
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.letters import decision as decision_letter
from efile.letters import notice as notice_letter
from efile.letters import permit as permit_letter
from efile.storage import Stored, default_store
from workflows import enclosures, facts
from workflows.application import Application
from workflows.letters.acts import (
    decision_facts,
    decision_values,
    permit_facts,
    permit_title,
    revocation_facts,
)
from workflows.letters.notices import notice_facts
from workflows.letters.writing import Writing, name_of, recipient_of
from workflows.machine import announce, latest_decision, locked
from workflows.matter_cases import assessed_by, form_of, matter_of
from workflows.models import (
    Booking,
    Decision,
    Letter,
    Process,
    Question,
    StandingMatter,
)
from workflows.notification import notified
from workflows.outgoing import DECISIONS
from workflows.payments.gate import is_awaited
from workflows.waiting import told as waiting_told

JOB = "letters"
_ASKING: Final = frozenset({"proof_request", "hearing", "warning"})


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter ready to be rendered: ``kind`` and ``filename`` are those of its document."""

    title: str
    kind: str
    filename: str
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter whose bytes lie in the store."""

    letter: UUID
    title: str
    kind: str
    filename: str
    recipient: str
    stored: Stored


def render_letters(case_id: UUID) -> list[Rendered]:
    """Render the letters that the case owes and store them. Outside any transaction.

    Refuses: PlaceholderMissing, PartMissing, FeeDoesNotAddUp: such a letter is not sent.
    """
    owed = _owed(case_id)
    if not owed:
        return []
    process = Process.objects.select_related("case__lead_unit", "version", "tenant").get(
        case_id=case_id
    )
    if is_awaited(process, "notify"):
        # What was decided is handed out once it is paid; that owes these letters again.
        owed = [letter for letter in owed if letter.kind not in {*DECISIONS, "permit"}]
    writing = _writing(process)
    rendered = []
    for letter in owed:
        composed = compose(letter, replace(writing, dated=local_date(letter.made_at)))
        pdf = composed.render()
        rendered.append(
            Rendered(
                letter.id,
                composed.title,
                composed.kind,
                composed.filename,
                writing.recipient.name,
                default_store().write([pdf], max_bytes=len(pdf), expected_sha256=None),
            )
        )
    return rendered


def require_words(case_id: UUID, *, made_at: datetime) -> None:
    """Compose what the act of ``made_at`` owes, so that a letter with a gap stops its act.

    Letters that wait from before are not this act's business. Refuses: PlaceholderMissing, naming
    the placeholder.
    """
    owed = _owed(case_id, Q(made_at=made_at))
    if owed:
        process = Process.objects.select_related("case__lead_unit", "version", "tenant").get(
            case_id=case_id
        )
        writing = _writing(process)
        for letter in owed:
            compose(letter, writing)


def issue_letters(case_id: UUID, rendered: Sequence[Rendered]) -> None:
    """Put the rendered letters on file: into the portal, or on the pile for the post."""
    if not rendered:
        return
    at = now()
    tenant_id = Letter.objects.values_list("tenant_id", flat=True).filter(case_id=case_id)[0]
    process = locked(case_id, by=system(tenant_id, JOB))
    # Under the lock: two workers may have written the same letter.
    owed = {letter.id: letter for letter in _owed(case_id)}
    for one in rendered:
        if letter := owed.get(one.letter):
            _file(process, letter, one)
            _after(process, letter)
    _forget_overtaken(case_id)
    if any(letter.channel == "portal" and letter.document for letter in owed.values()):
        announce(process, "document_issued", at=at)


def compose(letter: Letter, writing: Writing) -> Composed:
    """What ``letter`` says about the case. Refuses: PlaceholderMissing."""
    if letter.kind in DECISIONS:
        decision = Decision.objects.get(id=_subject(letter))
        assessment = assessed_by(decision) if decision.fixes_amount else None
        return compose_decision(replace(writing, assessment=assessment), decision)
    if letter.kind == "permit":
        facts = permit_facts(as_changed(writing))
        render = partial(permit_letter.render_permit, facts)
        return Composed(permit_title(writing), "permit", "Ausweis.pdf", render)
    if letter.kind == "revocation":
        return _revocation(letter, writing)
    return _notice(letter, writing)


def compose_decision(writing: Writing, decision: Decision, signed_by: str = "") -> Composed:
    """The letter of a decision, made or only thought of (then ``signed_by`` who would).

    Refuses: PlaceholderMissing, PartMissing, FeeDoesNotAddUp.
    """
    decided_on = local_date(decision.decided_at)
    decided = replace(writing, dated=decided_on, days={"decided_on": decided_on})
    whole = replace(decided, more={**writing.more, **decision_values(decided, decision)})
    facts = decision_facts(whole, decision, signed_by or name_of(decision.decided_by))
    decision_letter.worded(facts)
    title = whole.fill_plain(facts.title)
    return Composed(title, "decision", "Bescheid.pdf", partial(decision_letter.render, facts))


def compose_notice(
    writing: Writing,
    kind: str,
    *,
    more: dict[str, str],
    days: Mapping[str, date] | None = None,
    signed_by: str,
    proofs: Sequence[str] = (),
) -> Composed:
    """A letter of ``kind`` that decides nothing; ``more`` and ``days`` only it has."""
    whole = replace(writing, more=more, days=days or {})
    facts = notice_facts(whole, kind, signed_by=signed_by, proofs=proofs)
    render = partial(notice_letter.render_notice, facts)
    return Composed(facts.title, "letter", "Schreiben.pdf", render)


def _revocation(letter: Letter, writing: Writing) -> Composed:
    matter = StandingMatter.objects.get(id=_subject(letter))
    ended_on = matter.ended_on or writing.dated
    whole = replace(writing, matter=matter, days={"ended_on": ended_on})
    facts = revocation_facts(whole, letter.said["reason"], letter.made_by)
    title = whole.fill(whole.definition.letter("revocation").title)
    return Composed(title, "decision", "Widerruf.pdf", partial(decision_letter.render, facts))


def _notice(letter: Letter, writing: Writing) -> Composed:
    """A letter that decides nothing, with what it tells beside the case itself."""
    signed_by = name_of(letter.made_by)
    if letter.kind in _ASKING:
        question = Question.objects.get(id=_subject(letter))
        return compose_notice(
            writing,
            letter.kind,
            more={"text": question.text},
            days={"deadline": question.due_on},
            signed_by=signed_by,
            proofs=question.proofs,
        )
    if letter.kind == "place_offer":
        more, days = waiting_told.words_of_offer(_subject(letter))
        return compose_notice(writing, letter.kind, more=more, days=days, signed_by=signed_by)
    if letter.kind == "message":
        text = enclosures.on_paper(_subject(letter))
        return compose_notice(writing, letter.kind, more={"text": text}, signed_by=signed_by)
    return compose_notice(writing, letter.kind, more=letter.said, signed_by=signed_by)


def as_changed(writing: Writing) -> Writing:
    """``writing`` with what is stated of its matter by now: a change names only what changes."""
    if writing.matter is None:
        return writing
    sent = replace(writing.sent, form=form_of(writing.matter))
    return replace(writing, sent=sent)


def _subject(letter: Letter) -> UUID:
    assert letter.subject is not None
    return letter.subject


def _writing(process: Process) -> Writing:
    sent = Application.of(process)
    return Writing(
        process=process,
        sent=sent,
        recipient=recipient_of(process, sent, on=local_date(now())),
        dated=local_date(now()),
        matter=matter_of(process.case_id),
        booking=Booking.objects.select_related("slot")
        .filter(case_id=process.case_id, cancelled_at__isnull=True)
        .first()
        if sent.definition.slots
        else None,
    )


def _owed(case_id: UUID, which: Q = Q()) -> list[Letter]:  # noqa: B008 - a Q is never changed
    """The letters still to be written, but for those that a later decision has overtaken."""
    unwritten = Letter.objects.filter(which, case_id=case_id, document__isnull=True)
    waiting = list(unwritten.order_by("made_at", "id"))
    return [letter for letter in waiting if not _is_overtaken(letter)]


def _is_overtaken(letter: Letter) -> bool:
    """Whether what the letter tells of no longer holds: decided anew before it was written."""
    if letter.kind in DECISIONS:
        latest = latest_decision(letter.case_id)
        return latest is None or latest.id != letter.subject
    if letter.kind == "permit":
        matter = StandingMatter.objects.filter(id=_subject(letter), ended_on__isnull=True)
        return not matter.exists()
    return letter.kind == "place_offer" and waiting_told.is_over(_subject(letter))


def _forget_overtaken(case_id: UUID) -> None:
    for letter in Letter.objects.filter(case_id=case_id, document__isnull=True):
        if _is_overtaken(letter):
            letter.delete()


def _file(process: Process, letter: Letter, rendered: Rendered) -> None:
    """The letter as a final document of the case, and on its way."""
    at, by = now(), system(letter.tenant_id, JOB)
    content = filing.content_for(letter.tenant_id, rendered.stored, "application/pdf", at=at)
    document = filing.NewDocument(
        id=uuid7(),
        kind=rendered.kind,
        title=rendered.title,
        content_id=content,
        sha256=rendered.stored.sha256,
        filename=rendered.filename,
        direction="out",
        is_public=letter.channel == "portal",
    )
    filing.file_documents(process.case_id, [document], by=by, at=at)
    letter.document, letter.recipient = document.id, rendered.recipient
    if letter.channel == "portal":
        letter.sent_on = local_date(at)
    letter.save(update_fields=["document", "recipient", "sent_on"])


def _after(process: Process, letter: Letter) -> None:
    """What follows from a letter being written, for the kind it is."""
    at, by = now(), system(letter.tenant_id, JOB)
    if letter.kind not in DECISIONS:
        told = {"channel": letter.channel, "kind": letter.kind}
        record(facts.LetterWritten(case_id=process.case_id, facts=told), by=by, at=at)
        return
    decision = Decision.objects.get(id=_subject(letter))
    decision.letter = letter.document
    decision.save(update_fields=["letter"])
    told = {"channel": decision.channel}
    record(facts.LetterIssued(case_id=process.case_id, facts=told), by=by, at=at)
    slots = Application.of(process).definition.slots
    if slots and slots.place == "address" and decision.imposes_nothing:
        # The receipt and the status already say the day: § 41 (1) VwVfG NRW asks for no form.
        notified(process, decision, None, local_date(at), by=by, at=at)
