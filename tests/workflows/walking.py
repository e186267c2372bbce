"""A walk of one service: every way its steps allow, from the example to the last letter."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from backoffice.demo.city import EMPLOYEES, UNITS
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.models import Delivery, JournalValues
from efile.models import DocumentVersion
from efile.storage import default_store
from tests.factories import AT, DAY, city, colleague, drained, portal, renewed, submitted
from workflows.assignment import assign
from workflows.automation.switch import stop_automation
from workflows.catalogue.definition import Definition
from workflows.catalogue.letters import kinds_of
from workflows.catalogue.parts import filled
from workflows.correspondence import write_to_applicant
from workflows.decisions import decide
from workflows.definitions.sample_letters import letter_pdf
from workflows.endings import close, forward, reopen, settle, withdraw_submission
from workflows.machine import Step
from workflows.matters import revoke_matter
from workflows.models import (
    Deadline,
    Decision,
    Letter,
    Payment,
    Process,
    PublicEvent,
    Question,
    StandingMatter,
    State,
)
from workflows.notification import note_retrieval
from workflows.outgoing import AskingLetter
from workflows.payments.cashing import note_paid
from workflows.payments.gate import UNPAID
from workflows.posting import make_batch, post_batch
from workflows.questions import answer, ask_applicant, drop_question

# No remedy is open any more.
LATER = AT + 120 * DAY

# Each yield of a way lets the worker do what is owed by then.
Way = Iterator[None]


@dataclass(frozen=True)
class Left:
    """What the walk of a service left behind."""

    definition: Definition
    taken: set[str]
    states: set[str]
    letters: set[str]
    announced: set[str]
    deadlines: set[str]
    pdfs: dict[str, bytes]


@dataclass
class Walk:
    """The ways of one service through its procedure."""

    definition: Definition
    cases: list[Process] = field(default_factory=list)

    def go(self) -> Left:
        """Walk every way that the steps allow, all at the same pace, with people deciding."""
        if self.definition.automation.level != "none":
            stop_automation(self.definition.key, "Rundgang", by=self.somebody(["head"]), at=AT)
        promised = {step.key for step in self.definition.steps}
        going = [way(self) for step, way in WAYS if step in promised]
        while going:
            going = [way for way in going if next(way, END) is not END]
            drained()
            self.post()
        # What the worker could not do is put off, and would stay unseen.
        failed = [*Delivery.objects.values_list("reaction", "last_failure")]
        assert failed == [], failed
        ids = [process.case_id for process in self.cases]
        letters = self.letters().order_by("made_at", "id")
        events = PublicEvent.objects.filter(case_id__in=ids)
        deadlines = Deadline.objects.filter(case_id__in=ids)
        return Left(
            self.definition,
            *steps_and_states(ids),
            {letter.kind for letter in letters},
            set(events.values_list("kind", flat=True)),
            set(deadlines.values_list("key", flat=True)),
            self.pdfs(letters),
        )

    def pdfs(self, letters: Iterable[Letter]) -> dict[str, bytes]:
        """A letter of every kind that was sent, and a sample of every kind that no way led to."""
        sent = {letter.kind: letter for letter in letters}
        key, found = self.definition.key, {}
        for kind, letter in sent.items():
            assert letter.document
            version = DocumentVersion.objects.get(document_id=letter.document)
            with default_store().open(version.content.sha256) as file:
                found[f"{key}-{kind}"] = file.read()
        for kind in kinds_of(self.definition):
            if kind not in sent:
                sample = letter_pdf(self.definition, kind, "de", tenant_id=city().pk, at=AT)
                found[f"{key}-{kind}-sample"] = sample
        return found

    def by(self, step: Step) -> Actor:
        """Somebody on the city's staff whom the definition lets take ``step``."""
        return self.somebody(self.definition.roles_for(step))

    def somebody(self, roles: Collection[str]) -> Actor:
        units = upwards(self.definition.unit)
        able = [
            (units.index(post.unit), employee.username)
            for employee in EMPLOYEES
            for post in employee.posts
            if post.role in roles
            and post.unit in units
            and self.definition.access_class in post.access_classes
        ]
        assert able, f"{self.definition.unit} has no {sorted(roles)}"
        return colleague(min(able)[1])

    def applied(self, *, electronic: bool = False, language: str = "de") -> Process:
        """A case of the example, sent in ``language``."""
        consents = {"electronic_delivery": electronic}
        process = submitted(self.definition.key, consents=consents, language=language)
        self.cases.append(process)
        return process

    def take_up(self, process: Process) -> None:
        by = self.by(Step.EXAMINE)
        assign(process.case_id, by.user_id, by=by, at=AT)

    def paid(self, process: Process) -> None:
        """What is still to be paid is paid at the counter."""
        if Payment.objects.filter(case_id=process.case_id, status__in=UNPAID).exists():
            note_paid(process.case_id, "Q-1", by=self.somebody(["caseworker"]), at=AT)

    def decide(self, process: Process, step: Step, *, reasons: str = "") -> Decision:
        weighed = self.texts("discretion") if self.definition.discretion else ""
        clauses = self.texts("clauses") if step is Step.GRANT_IN_PART else ""
        return decide(
            process.case_id,
            step,
            reasons=reasons,
            clauses=clauses,
            discretion=weighed,
            by=self.by(step),
            at=AT,
        )

    def texts(self, use: str) -> str:
        """All texts that the service ships for ``use``, filled in from its example."""
        found = [block.text.in_("de") for block in self.definition.text_blocks if use in block.uses]
        if use == "refuse":
            found += [check.reason.in_("de") for check in self.definition.checks]
        said = self.definition.shown(self.definition.example["form"], "de")
        known = {"received_on": "10.03.2026", "unit": "Amt", "applicant": "Đorđe Yılmaz"}
        return "\n\n".join(filled(text, said | known) for text in found) or "Wie besprochen."

    def post(self) -> None:
        """Everything that is written goes into the post."""
        if self.letters().filter(channel="post", sent_on__isnull=True).exists():
            by = self.somebody(["caseworker", "head"])
            batch = make_batch(self.cases[0].case.lead_unit_id, by=by, at=AT)
            post_batch(batch.id, local_date(AT), by=by, at=AT)
            drained()

    def letters(self) -> QuerySet[Letter]:
        """What was written in the cases."""
        ids = [process.case_id for process in self.cases]
        return Letter.objects.filter(case_id__in=ids, document__isnull=False)

    def told(self, process: Process) -> Way:
        """The decision is paid for where it has to be, written and posted."""
        yield
        self.paid(process)
        yield
        assert renewed(process).state == State.NOTIFIED


def granted(walk: Walk) -> Way:
    process = walk.applied()
    walk.take_up(process)
    yield
    walk.paid(process)
    yield
    walk.decide(process, Step.GRANT)
    yield from walk.told(process)
    close(process.case_id, by=walk.by(Step.CLOSE), at=LATER)
    reopen(process.case_id, reason="Neue Tatsachen", by=walk.by(Step.REOPEN), at=LATER)


def granted_and_revoked(walk: Walk) -> Way:
    process = walk.applied(language="en")
    walk.paid(process)
    walk.decide(process, Step.GRANT)
    yield from walk.told(process)
    for matter in StandingMatter.objects.filter(case_id=process.case_id):
        revoke_matter(
            process.case_id,
            matter.id,
            "Voraussetzung entfallen",
            by=walk.somebody(["head"]),
            at=AT,
        )


def granted_in_part(walk: Walk) -> Way:
    process = walk.applied(language="en")
    walk.paid(process)
    walk.decide(process, Step.GRANT_IN_PART, reasons=walk.texts("grant_in_part"))
    yield from walk.told(process)


def refused(walk: Walk) -> Way:
    """With every reason there is, by portal: fetched, and final some time later."""
    process = walk.applied(electronic=True)
    walk.paid(process)
    walk.decide(process, Step.REFUSE, reasons=walk.texts("refuse"))
    yield
    walk.paid(process)
    yield
    decision = Decision.objects.get(case_id=process.case_id)
    assert decision.letter
    note_retrieval(process.case_id, decision.letter, at=AT)
    close(process.case_id, by=walk.by(Step.CLOSE), at=LATER)


def refused_by_post(walk: Walk) -> Way:
    process = walk.applied(language="en")
    walk.paid(process)
    walk.decide(process, Step.REFUSE, reasons="Die Voraussetzungen liegen nicht vor.")
    yield from walk.told(process)


def asked(walk: Walk) -> Way:
    """Asked and answered, heard, and warned where social law wants it."""
    process = walk.applied()
    by = walk.by(Step.REQUEST_PROOF)
    proofs = [proof.key for proof in walk.definition.proofs]
    text = walk.texts("request_proof")
    question = ask_applicant(process.case_id, text=text, proofs=proofs, days=14, by=by, at=AT)
    yield
    assert process.submission
    answer(
        process.submission,
        question=question.id,
        text="Hier ist es.",
        form=None,
        attachments=[],
        key=None,
        by=portal(),
        at=AT,
    )
    kinds: list[AskingLetter] = ["hearing"]
    kinds += ["warning"] if walk.definition.remedy.regime == "SGB_X" else []
    for kind in kinds:
        ask_applicant(process.case_id, text=text, proofs=[], days=14, kind=kind, by=by, at=AT)
        yield
        latest = Question.objects.filter(case_id=process.case_id).latest("id")
        drop_question(process.case_id, latest.id, by=walk.by(Step.RECEIVE_ANSWER), at=AT)
    write_to_applicant(process.case_id, walk.texts("message"), by=by, at=AT)
    yield


def withdrawn(walk: Walk) -> Way:
    process = walk.applied(language="en")
    yield
    assert process.submission
    withdraw_submission(process.submission, reason="Erledigt", key=None, by=portal(), at=AT)
    yield
    close(process.case_id, by=walk.by(Step.CLOSE), at=LATER)


def forwarded(walk: Walk) -> Way:
    process = walk.applied(language="en")
    yield
    forward(process.case_id, to="Kreis Mettmann", by=walk.by(Step.FORWARD), at=AT)
    yield
    close(process.case_id, by=walk.by(Step.CLOSE), at=LATER)


def settled(walk: Walk) -> Way:
    done = []
    for outcome in walk.definition.outcomes:
        process = walk.applied(electronic=True)
        walk.take_up(process)
        settle(process.case_id, outcome=outcome.key, by=walk.by(Step.SETTLE), at=AT)
        yield
        close(process.case_id, by=walk.by(Step.CLOSE), at=LATER)
        done.append(process.case_id)
    reopen(done[-1], reason="Kam wieder", by=walk.by(Step.REOPEN), at=LATER)


END: Final = object()
WAYS: Final[list[tuple[Step, Callable[[Walk], Way]]]] = [
    (Step.GRANT, granted),
    (Step.GRANT, granted_and_revoked),
    (Step.GRANT_IN_PART, granted_in_part),
    (Step.REFUSE, refused),
    (Step.REFUSE, refused_by_post),
    (Step.REQUEST_PROOF, asked),
    (Step.WITHDRAW, withdrawn),
    (Step.FORWARD, forwarded),
    (Step.SETTLE, settled),
]


def upwards(unit: str | None) -> list[str]:
    """The unit and everything above it."""
    parents = {one.key: one.parent for one in UNITS}
    return [unit, *upwards(parents[unit])] if unit else []


def steps_and_states(ids: Collection[UUID]) -> tuple[set[str], set[str]]:
    """Every step that the cases took, and every state that it led to."""
    written = JournalValues.objects.filter(chain__in=ids, values__contains='"process.state"')
    entries = [json.loads(row.values) for row in written]
    return (
        {entry["facts"]["step"] for entry in entries if "step" in entry.get("facts", {})},
        {entry["changes"]["process.state"][1] for entry in entries},
    )
