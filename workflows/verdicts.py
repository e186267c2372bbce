"""What a person finds of a check that the machine could not settle, and for how long it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import Check
from workflows.machine import CaseChanged, StepNotPossible, locked, raise_revision
from workflows.models import CheckResult, Process, Verdict
from workflows.models.process import UNDECIDED
from workflows.offers import definition_of

LONGEST_REASON: Final = 500
OUTCOMES: Final = ("passed", "failed")
# Read by rules, but no fact about the case: a day that goes by overtakes nobody's judgement.
_PASSING: Final = frozenset({"today"})


class CheckIsPassed(Conflict):
    """The machine has found the check fulfilled: there is nothing for a person to settle."""

    code = "check_is_passed"


class CheckHasNotRun(Conflict):
    """The machine has not looked at the check yet: its answer comes in a moment."""

    code = "check_has_not_run"


class CheckRanAgain(CaseChanged):
    """The machine has looked anew since the page was shown: a verdict is on what was seen."""

    code = "check_ran_again"


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it was given: on which facts (``inputs``), and by whom in colleagues' words."""

    outcome: Literal["passed", "failed"]
    reason: str
    inputs: Mapping[str, Any]
    at: datetime
    judge: str


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """A check of the definition and what counts of it.

    ``outcome`` "failed" or "open" waits for a person as long as ``verdict`` is None. ``overtaken``
    is a verdict that no longer holds, because a later run rests on other facts.
    """

    check: Check
    outcome: Literal["passed", "failed", "open"]
    result: CheckResult | None = None
    verdict: Given | None = None
    overtaken: Given | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the machine passed it or a person has judged."""
        return self.verdict is not None or self.outcome == "passed"


@verb
def judge(
    case_id: UUID,
    key: str,
    outcome: str,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
    run: int | None = None,
) -> Verdict:
    """Settle the check ``key`` that failed or could not be evaluated; an earlier verdict is past.

    ``revision`` and ``run`` of the checks are those that the judge saw. Refuses: NotFound,
    ActIsHeld, ActionNotGranted, CaseChanged, StepNotPossible (decided already), CheckIsPassed,
    CheckHasNotRun, CheckRanAgain, Invalid (unknown check or outcome, no reason).
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    if not is_before_decision(process):
        raise StepNotPossible(state=process.state)
    _require_sound(process, key, outcome, reason)
    result = _last_result(case_id, key)
    if result is None:
        raise CheckHasNotRun
    if result.outcome == "passed":
        raise CheckIsPassed
    if run is not None and run != result.run:
        raise CheckRanAgain
    raise_revision(process, seen=revision)
    verdict = Verdict.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        key=key,
        outcome=outcome,
        reason=reason.strip(),
        inputs=result.inputs,
        judged_at=at,
        judged_by=by.key,
    )
    record(
        facts.CheckJudged(
            case_id=case_id,
            changes={f"verdict.{verdict.id}": (None, outcome)},
            facts={"check": key, "machine": result.outcome, "reason": verdict.reason},
        ),
        by=by,
        at=at,
    )
    return verdict


def is_before_decision(process: Process) -> bool:
    """Whether checks can still be judged or evaluated anew."""
    return process.state in UNDECIDED


Results = Sequence[tuple[CheckResult, Given | None]]


def effective_checks(definition: Definition, results: Results) -> tuple[CheckStanding, ...]:
    """What counts of each check, in the definition's order; ``results`` as from ``last_run``."""
    found = {result.key: (result, verdict) for result, verdict in results}
    return tuple(
        _standing(check, *found.get(check.key, (None, None))) for check in definition.checks
    )


def standings_of(process: Process) -> tuple[CheckStanding, ...]:
    """What counts of each check of the case (its version loaded with it). One statement."""
    return effective_checks(definition_of(process.version), last_run(process.case_id))


def last_run(case_id: UUID) -> Results:
    """What the machine found last, and the latest verdict on each check. One statement."""
    last = CheckResult.objects.filter(case_id=case_id).order_by("-run").values("run")[:1]
    rows = CheckResult.objects.filter(case_id=case_id, run=Subquery(last)).order_by("position")
    return [(row, _given(row.told)) for row in rows.annotate(told=_LATEST)]


_JUDGE = User.objects.annotate(
    key=Concat(Value("user:"), Cast("id", TextField()), output_field=TextField())
).filter(key=OuterRef("judged_by"))
_LATEST = Subquery(
    Verdict.objects.filter(case_id=OuterRef("case_id"), key=OuterRef("key"))
    .order_by("-judged_at", "-id")
    .values(
        told=JSONObject(
            outcome="outcome",
            reason="reason",
            inputs="inputs",
            at="judged_at",
            judge=Subquery(_JUDGE.values("display_name")),
        )
    )[:1]
)


def _given(told: Mapping[str, Any] | None) -> Given | None:
    if told is None:
        return None
    at = datetime.fromisoformat(told["at"])
    return Given(told["outcome"], told["reason"], told["inputs"], at, told["judge"] or "")


def _standing(check: Check, result: CheckResult | None, verdict: Given | None) -> CheckStanding:
    if result is None:
        return CheckStanding(check, "open")
    if verdict and result.outcome != "passed" and _same_facts(verdict.inputs, result.inputs):
        return CheckStanding(check, verdict.outcome, result, verdict)
    outcome: Any = "open" if result.outcome == "not_evaluated" else result.outcome
    return CheckStanding(check, outcome, result, overtaken=verdict)


def _same_facts(judged: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a verdict on ``judged`` still speaks of what the machine sees ``now``."""
    return _lasting(judged) == _lasting(now)


def _lasting(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in _PASSING}


def _last_result(case_id: UUID, key: str) -> CheckResult | None:
    return CheckResult.objects.filter(case_id=case_id, key=key).order_by("-run").first()


def _require_sound(process: Process, key: str, outcome: str, reason: str) -> None:
    definition = definition_of(process.version)
    faults = []
    if definition.check(key) is None:
        known = [check.key for check in definition.checks]
        faults.append(FieldError("/check", "enum", {"allowed": known}))
    if outcome not in OUTCOMES:
        faults.append(FieldError("/outcome", "enum", {"allowed": list(OUTCOMES)}))
    if not reason.strip():
        faults.append(FieldError("/reason", "required"))
    elif len(reason.strip()) > LONGEST_REASON:
        faults.append(FieldError("/reason", "max_length", {"limit": LONGEST_REASON}))
    if faults:
        raise Invalid(faults)
