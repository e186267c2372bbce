"""A case at work: its state and everything that leads from one state to the next."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant, User
from efile.models import Case
from workflows.models.service import ServiceVersion


class State(models.TextChoices):
    """Where a case stands. What the portal is told: ``queries.PUBLIC_STATES``."""

    RECEIVED = "received"
    IN_EXAMINATION = "in_examination"
    WAITING = "waiting_for_applicant"
    DECIDED = "decided"
    NOTIFIED = "notified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    FORWARDED = "forwarded"


UNDECIDED = [State.RECEIVED, State.IN_EXAMINATION, State.WAITING]
AT_WORK = [*UNDECIDED, State.DECIDED]


class Process(models.Model):
    """The state of work on one case: the same machine for every service.

    Only ``workflows.machine.fire`` calls the transitions; they know the order of states and
    nothing else.
    """

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    # The case's own scope, kept equal by a foreign key with ON UPDATE CASCADE: the work list
    # filters and sorts on one table.
    scope = models.CharField(max_length=40)
    version = models.ForeignKey(
        ServiceVersion, models.PROTECT, related_name="+", db_constraint=False
    )
    service_key = models.SlugField(max_length=60)
    submission = models.UUIDField(null=True)
    source = models.CharField(max_length=120, blank=True, default="")
    state = FSMField(default=State.RECEIVED, choices=State.choices, protected=True)
    state_since = models.DateTimeField()
    decision = models.CharField(max_length=20, blank=True, default="")
    # How a report without decision ended: the key of one of the definition's outcomes.
    outcome = models.CharField(max_length=64, blank=True, default="")
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    # The nearest date that matters: the processing target, or the day an answer is due.
    due_on = models.DateField()
    # Raised with every step: a page that shows an older one is told so.
    revision = models.IntegerField(default=0)
    # The case's own date of receipt, which never changes: lists sort and count on one table.
    received_at = models.DateTimeField()
    # When it last became somebody's work: it began, took a step, changed hands.
    touched_at = models.DateTimeField()
    # When the work on it ended (told, withdrawn, forwarded); a reopened case is at work again.
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "case"], name="process_of_tenant"),
            models.CheckConstraint(
                name="process_state_is_known", condition=Q(state__in=State.values)
            ),
        ]
        indexes: ClassVar = [
            # What filters compare lies beside the keys: a filtered page or count reads no table.
            models.Index(
                fields=["scope", "due_on", "case"],
                include=["tenant", "state", "service_key", "assignee"],
                condition=Q(state__in=AT_WORK),
                name="work_by_due_date",
            ),
            models.Index(
                fields=["scope", "received_at", "case"],
                include=["tenant", "state", "service_key", "assignee", "due_on"],
                condition=Q(state__in=AT_WORK),
                name="work_by_receipt",
            ),
            models.Index(
                fields=["scope", "touched_at"],
                condition=Q(state__in=AT_WORK),
                name="work_by_touch",
            ),
            models.Index(
                fields=["assignee", "due_on", "case"],
                condition=Q(state__in=AT_WORK),
                name="work_by_assignee",
            ),
            models.Index(
                fields=["scope", "received_at", "case"],
                include=["tenant", "service_key"],
                name="arrivals",
            ),
            models.Index(
                fields=["scope", "done_at", "case"],
                include=["tenant", "service_key"],
                condition=Q(done_at__isnull=False),
                name="departures",
            ),
            models.Index(fields=["submission"], name="process_of_submission"),
            # How long reports took lately.
            models.Index(fields=["done_at"], condition=~Q(outcome=""), name="settled_by_day"),
        ]

    @transition(field=state, source=State.RECEIVED, target=State.IN_EXAMINATION)
    def examine(self) -> None:
        """Someone takes the case up."""

    @transition(field=state, source=UNDECIDED, target=State.WAITING)
    def request_proof(self) -> None:
        """The applicant is asked for something."""

    @transition(field=state, source=State.WAITING, target=State.IN_EXAMINATION)
    def receive_answer(self) -> None:
        """The last open question is answered, or no longer needed."""

    @transition(field=state, source=UNDECIDED, target=State.DECIDED)
    def grant(self) -> None:
        """The application is granted."""

    @transition(field=state, source=UNDECIDED, target=State.DECIDED)
    def grant_in_part(self) -> None:
        """The application is granted in part."""

    @transition(field=state, source=UNDECIDED, target=State.DECIDED)
    def refuse(self) -> None:
        """The application is refused."""

    @transition(field=state, source=UNDECIDED, target=State.NOTIFIED)
    def settle(self) -> None:
        """Nothing is decided: what was reported is seen to."""

    @transition(field=state, source=State.DECIDED, target=State.NOTIFIED)
    def notify(self) -> None:
        """The decision has reached the applicant, in fact or by law."""

    @transition(field=state, source=State.NOTIFIED, target=State.DECIDED)
    def miss(self) -> None:
        """The letter came back: the decision has reached nobody yet."""

    @transition(
        field=state,
        source=[State.NOTIFIED, State.WITHDRAWN, State.FORWARDED],
        target=State.CLOSED,
    )
    def close(self) -> None:
        """Nothing is left to do (zdA)."""

    @transition(
        field=state,
        source=[*UNDECIDED, State.DECIDED, State.NOTIFIED],
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The applicant no longer wants it; after the decision only an appointment to come."""

    @transition(field=state, source=UNDECIDED, target=State.FORWARDED)
    def forward(self) -> None:
        """Another authority is competent."""

    @transition(field=state, source=State.CLOSED, target=State.IN_EXAMINATION)
    def reopen(self) -> None:
        """The case is taken up again."""


class CaseRow(models.Model):
    """What every row about one process has: a key, a tenant, the case."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["tenant", "id"], name="%(class)s_of_tenant")
        ]


class Question(CaseRow):
    """Something asked of the applicant: proofs to send, a fact to explain."""

    text = models.TextField()
    proofs = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    # Taken back or overtaken by a decision: no longer to be answered.
    dropped_at = models.DateTimeField(null=True)

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.dropped_at is None


class Task(CaseRow):
    """Something that must happen before the case can be closed, by a colleague or the applicant."""

    kind = models.CharField(max_length=30)
    # Why it exists, as codes the pages translate: failed checks, a register that was down.
    facts = models.JSONField(default=dict)
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True, default="")

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.CheckConstraint(
                name="task_kind_is_known",
                condition=Q(kind__in=["examine", "await_answer", "review_answer", "serve_by_post"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(done_at__isnull=True), name="open_tasks"),
            models.Index(
                fields=["tenant", "case"],
                condition=Q(done_at__isnull=True, kind="review_answer"),
                name="unanswered_post",
            ),
        ]


class CheckResult(CaseRow):
    """What one check of the definition said, with its input: the explanation of a decision."""

    run = models.IntegerField()
    position = models.SmallIntegerField()
    key = models.CharField(max_length=60)
    outcome = models.CharField(max_length=16)
    inputs = models.JSONField(default=dict)
    rule = models.TextField()
    paragraph = models.CharField(max_length=200)
    version_number = models.IntegerField()
    evaluated_at = models.DateTimeField()
    detail = models.CharField(max_length=120, blank=True, default="")

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.CheckConstraint(
                name="check_outcome_is_known",
                condition=Q(outcome__in=["passed", "failed", "not_evaluated"]),
            ),
        ]


class Decision(CaseRow):
    """What was decided, by whom, why, and how it reached the applicant."""

    kind = models.CharField(max_length=20)
    reasons = models.TextField(blank=True, default="")
    clauses = models.TextField(blank=True, default="")
    # The considerations of a discretionary decision (§ 39 (1) sentence 3 VwVfG NRW).
    discretion = models.TextField(blank=True, default="")
    is_automated = models.BooleanField()
    legal_basis = models.CharField(max_length=300, blank=True, default="")
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200)
    fee_cents = models.IntegerField(default=0)
    # Beside the fee it fixes what is to be paid, or paid out: a tax, a contribution, a benefit.
    fixes_amount = models.BooleanField(default=False)
    letter = models.UUIDField(null=True)
    channel = models.CharField(max_length=12, blank=True, default="")
    notified_on = models.DateField(null=True)
    remedy_ends_on = models.DateField(null=True)

    class Meta(CaseRow.Meta):
        # How long decisions took lately.
        indexes: ClassVar = [models.Index(fields=["decided_at"], name="decisions_by_day")]

    @property
    def imposes_nothing(self) -> bool:
        """Granted in full, without clauses or amounts: nobody has a reason to appeal."""
        return self.kind == "granted" and not self.clauses and not self.fixes_amount
