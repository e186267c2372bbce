"""What is left to do on a case before it can be closed."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from efile.kernel import outbox
from workflows.models import Decision, FollowUp, HeldAct, Letter, Task

# The reaction of the wiring that files how the machine decided.
EXPLANATION: Final = "automation.explain"


@dataclass(frozen=True, slots=True)
class Left:
    """What may speak against closing: how many of each, and the decision that counts."""

    held: int
    tasks: int
    follow_ups: int
    letters: int
    decision: Decision | None


def left_on(case_id: UUID, decision: Decision | None) -> Left:
    """What is left on the case, whose latest decision is ``decision``. Five statements at most.

    A closed file takes nothing in, so the explanation that a decision of the machine still owes
    counts like a letter.
    """
    is_to_explain = decision and decision.is_automated and outbox.owes(EXPLANATION, case_id)
    return Left(
        held=HeldAct.objects.filter(case_id=case_id).count(),
        tasks=Task.objects.filter(case_id=case_id, done_at__isnull=True).count(),
        follow_ups=FollowUp.objects.filter(case_id=case_id, done_at__isnull=True).count(),
        letters=Letter.objects.filter(case_id=case_id, sent_on__isnull=True).count()
        + bool(is_to_explain),
        decision=decision,
    )
