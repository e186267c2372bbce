"""What the system does by itself as time passes: closing, serving again, clearing away."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef, Q

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.errors import Refusal
from efile.kernel.verbs import verb
from workflows.deadlines.law import DEFAULT_LAW
from workflows.deadlines.notification import last_retrieval_day
from workflows.endings import close
from workflows.models import (
    Booking,
    Decision,
    Letter,
    Process,
    StandingMatter,
    State,
    Task,
)

log = structlog.get_logger()

JOB = "upkeep"
BATCH = 500


def close_finished(*, at: datetime) -> int:
    """Close what was decided without a person and is done: told, due to nobody, in the past.

    Only decisions that grant in full and impose nothing: no remedy period is cut short. Reports
    that were seen to are closed, too.
    """
    today = local_date(at)
    to_come = Booking.objects.filter(
        # Without a slot: another system has yet to say when.
        Q(slot__day__gte=today) | Q(slot__isnull=True),
        case_id=OuterRef("case_id"),
        cancelled_at__isnull=True,
    )
    open_tasks = Task.objects.filter(case_id=OuterRef("case_id"), done_at__isnull=True)
    decisions = Decision.objects.filter(case_id=OuterRef("case_id"))
    done = decisions.filter(is_automated=True, kind="granted", clauses="", fixes_amount=False)
    by_person = decisions.filter(is_automated=False)
    # A report that was seen to: nobody waits for a remedy.
    settled = Q(decision="none")
    granted = Q(Exists(done), ~Exists(by_person), decision="granted")
    finished = (
        Process.objects.filter(settled | granted, ~Exists(to_come), ~Exists(open_tasks))
        .filter(state=State.NOTIFIED)
        .values_list("case_id", "tenant_id")[:BATCH]
    )
    return sum(_closed(case_id, system(tenant_id, JOB), at) for case_id, tenant_id in finished)


def _closed(case_id: UUID, by: Actor, at: datetime) -> bool:
    """Close one case; what meanwhile speaks against it leaves it for the next round."""
    try:
        close(case_id, by=by, at=at)
    except Refusal as refusal:
        log.info("not_closed", case=str(case_id), because=refusal.code)
        return False
    return True


def serve_again(*, at: datetime) -> int:
    """What nobody fetched from the portal in time goes by post (§ 41 (2a) VwVfG NRW)."""
    today = local_date(at)
    waiting = Decision.objects.filter(
        ~Exists(Task.objects.filter(case_id=OuterRef("case_id"), kind="serve_by_post")),
        channel="portal",
        letter__isnull=False,
        notified_on__isnull=True,
        # Ten days, and a margin for what the law does to them; the rule itself decides below.
        decided_at__lt=at - timedelta(days=10),
    ).filter(Q(case__closed_at__isnull=True))
    served = 0
    for decision in waiting[:BATCH]:
        provided = local_date(decision.decided_at)
        if today > last_retrieval_day(provided, DEFAULT_LAW).on:
            served += _by_post(decision.id, decision.case_id, at)
    return served


@verb
def _by_post(decision_id: UUID, case_id: UUID, at: datetime) -> int:
    # The process first, as every verb does: someone may be fetching the letter right now.
    process = Process.objects.select_for_update().get(case_id=case_id)
    decision = Decision.objects.select_for_update().get(id=decision_id)
    if process.state != State.DECIDED or decision.notified_on or decision.channel != "portal":
        return 0
    decision.channel = "post"
    decision.save(update_fields=["channel"])
    # The permit goes in the same envelope.
    standing = StandingMatter.objects.filter(tenant_id=process.tenant_id, ended_on__isnull=True)
    Letter.objects.filter(
        Q(document=decision.letter) | Q(kind="permit", subject__in=standing.values("id")),
        case_id=case_id,
        document__isnull=False,
    ).update(channel="post", sent_on=None)
    Task.objects.create(
        tenant_id=decision.tenant_id,
        case_id=decision.case_id,
        kind="serve_by_post",
        facts={"reason": "not_retrieved"},
        opened_at=at,
    )
    return 1
