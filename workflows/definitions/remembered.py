"""What was kept of past cases, read in batches: applications, answers of registers, decisions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.models import Tenant
from efile.models import Document
from efile.policy import visible_to
from workflows.application import CORRECTIONS, Application, opened
from workflows.definitions.outcomes import Known
from workflows.models import CheckResult, Decision, Process, Service
from workflows.offers import definition_of

BATCH: Final = 25

_SENT: Final = f"""
SELECT s.id, s.envelope, {CORRECTIONS.format(case="s.case_id")}
  FROM workflows_submission s WHERE s.id = ANY(%s)
"""  # noqa: S608 - put together from constants alone


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with its application under its own version, and what is known of it.

    ``is_seen``: whether whoever asks may see the case.
    """

    process: Process
    sent: Application
    known: Known
    tenant: Tenant
    is_seen: bool


def past_cases(service: str, *, most: int, by: Actor, today: date) -> Iterator[list[PastCase]]:
    """The last ``most`` cases of ``service`` that something was sent for, newest first, in batches.

    Five statements per batch, however many cases it has.
    """
    keys = list(
        Process.objects.filter(
            tenant_id=by.tenant_id, service_key=service, submission__isnull=False
        )
        .order_by("-received_at", "-case_id")
        .values_list("case_id", flat=True)[:most]
    )
    for start in range(0, len(keys), BATCH):
        yield remembered(keys[start : start + BATCH], by=by, today=today)


def remembered(case_ids: Sequence[UUID], *, by: Actor, today: date) -> list[PastCase]:
    """These cases, newest first; those that nothing was sent for are left out."""
    processes = list(
        Process.objects.select_related("case", "version", "tenant")
        .defer("version__definition")
        .filter(tenant_id=by.tenant_id, case_id__in=case_ids, submission__isnull=False)
        .order_by("-received_at", "-case_id")
    )
    seen = set(
        Process.objects.filter(
            visible_to(by, "case__", scope="scope"), case_id__in=case_ids
        ).values_list("case_id", flat=True)
    )
    sent = _sent(processes)
    facts = _facts(case_ids)
    bases = dict(
        Service.objects.filter(tenant_id=by.tenant_id).values_list("key", "automation_basis")
    )
    return [
        PastCase(
            process=one,
            sent=Application.read(definition_of(one.version), *sent[one.submission]),
            known=_known(one, bases.get(one.service_key, ""), facts, today),
            tenant=one.tenant,
            is_seen=one.case_id in seen,
        )
        for one in processes
        if one.submission in sent
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    inputs: Mapping[UUID, Mapping[str, Any]]
    checked_on: Mapping[UUID, date]
    decided_on: Mapping[UUID, date]
    enclosed: Mapping[UUID, frozenset[str]]


def _known(process: Process, basis: str, facts: _Facts, today: date) -> Known:
    case_id = process.case_id
    return Known(
        inputs=facts.inputs.get(case_id, {}),
        basis=basis,
        enclosed=facts.enclosed.get(case_id, frozenset()),
        received_on=local_date(process.received_at),
        checked_on=facts.checked_on.get(case_id, today),
        decided_on=facts.decided_on.get(case_id, today),
    )


def _sent(processes: Sequence[Process]) -> dict[UUID | None, tuple[Any, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [[one.submission for one in processes]])
        return {key: opened(envelope, more) for key, envelope, more in cursor.fetchall()}


def _facts(case_ids: Sequence[UUID]) -> _Facts:
    of_these = Q(case_id__in=case_ids)
    last = CheckResult.objects.filter(case_id=OuterRef("case_id")).order_by("-run").values("run")
    inputs: dict[UUID, dict[str, Any]] = defaultdict(dict)
    checked_on: dict[UUID, date] = {}
    for result in CheckResult.objects.filter(of_these, run=Subquery(last[:1])):
        inputs[result.case_id] |= result.inputs
        checked_on[result.case_id] = local_date(result.evaluated_at)
    enclosed: dict[UUID, set[str]] = defaultdict(set)
    for case_id, proof in (
        Document.objects.filter(of_these).exclude(proof="").values_list("case_id", "proof")
    ):
        enclosed[case_id].add(proof)
    decided = Decision.objects.filter(of_these).order_by("decided_at", "id")
    return _Facts(
        inputs=inputs,
        checked_on=checked_on,
        decided_on={one.case_id: local_date(one.decided_at) for one in decided},
        enclosed={case_id: frozenset(proofs) for case_id, proofs in enclosed.items()},
    )
