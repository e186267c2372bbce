"""What the rows of the work say now, in the fields the journal watches."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from efile.filing import text_digest
from workflows.models import (
    Assessment,
    Correction,
    Decision,
    MatterCase,
    MatterDuty,
    Process,
    Question,
    StandingMatter,
    Submission,
    Verdict,
)


def project_work(chains: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """State, decision, responsibility, questions, matters and what was sent, per case."""
    rows: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for process in Process.objects.filter(case_id__in=chains):
        rows[process.case_id] |= {
            "process.state": process.state,
            "process.decision": process.decision,
            "process.outcome": process.outcome,
            "process.assignee": process.assignee_id,
        }
    for case_id, envelope in Submission.objects.filter(case_id__in=chains).values_list(
        "case_id", "envelope"
    ):
        rows[case_id]["submission.envelope"] = text_digest(envelope)
    for question in Question.objects.filter(case_id__in=chains):
        rows[question.case_id][f"question.{question.id}"] = text_digest(question.text)
    for correction in Correction.objects.filter(case_id__in=chains).order_by("made_at", "id"):
        rows[correction.case_id][f"correction.{correction.pointer}"] = correction.value
    for verdict in Verdict.objects.filter(case_id__in=chains):
        rows[verdict.case_id][f"verdict.{verdict.id}"] = verdict.outcome
    for decision in Decision.objects.filter(case_id__in=chains):
        rows[decision.case_id][f"decision.{decision.id}"] = decision.kind
    standing: Mapping[str, type[StandingMatter | MatterCase | MatterDuty | Assessment]] = {
        "matter": StandingMatter,
        "effect": MatterCase,
        "duty": MatterDuty,
        "assessment": Assessment,
    }
    for name, kind in standing.items():
        for row in kind._default_manager.filter(case_id__in=chains):
            rows[row.case_id][f"{name}.{row.id}"] = row.watched
    return rows
