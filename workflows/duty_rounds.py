"""What happens by itself as duties come round: laid out, reminded of, warned about, reviewed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import QuerySet

from efile import filing
from efile.kernel.actors import system
from efile.kernel.clock import local_date
from efile.kernel.errors import Refusal
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.letters.text import day_in
from workflows import facts
from workflows.application import Application
from workflows.catalogue.continuing import Effect
from workflows.catalogue.parts import only
from workflows.duties import lay_out_batch
from workflows.duty_periods import period_text
from workflows.machine import announce
from workflows.models import MatterCase, MatterDuty, Process, StandingMatter
from workflows.offers import definition_of
from workflows.office_cases import open_by_office
from workflows.outgoing import owe_letter, write_by_post

log = structlog.get_logger()

JOB = "duties"
BATCH = 500
_TOMORROW: Final = timedelta(days=1)


def lay_out_due(*, at: datetime) -> int:
    """Lay out the periods that have begun, a batch of each tenant. Returns how many matters."""
    due = StandingMatter.objects.filter(duties_from__lte=local_date(at))
    tenants = due.order_by("tenant").values_list("tenant", flat=True).distinct()
    return sum(lay_out_batch(one, BATCH, by=system(one, JOB), at=at) for one in tenants)


def remind(*, at: datetime) -> int:
    """Tell the holders what is due soon. Returns how many."""
    due = _open().filter(remind_on__lte=local_date(at))
    return _each(due.order_by("remind_on", "id"), _remind, "remind_on", at)


def act(*, at: datetime) -> int:
    """Open the reviews that have come round, and warn whoever is late. Returns how many."""
    due = _open().filter(warn_on__lte=local_date(at))
    return _each(due.order_by("warn_on", "id"), _act, "warn_on", at)


def _open() -> QuerySet[MatterDuty]:
    return MatterDuty.objects.filter(done_at__isnull=True, dropped_at__isnull=True)


def _each(
    due: QuerySet[MatterDuty], do: Callable[[UUID, datetime], None], day: str, at: datetime
) -> int:
    """Each by itself: what one refuses waits until tomorrow and holds up nobody."""
    done = 0
    for duty_id in due.values_list("id", flat=True)[:BATCH]:
        try:
            do(duty_id, at)
            done += 1
        except Refusal as refusal:
            log.warning("duty_not_acted_on", duty=str(duty_id), because=refusal.code)
            MatterDuty.objects.filter(id=duty_id).update(**{day: local_date(at) + _TOMORROW})
    return done


@verb
def _remind(duty_id: UUID, at: datetime) -> None:
    """Through the portal, or by post; a file that is closed takes no message."""
    duty, begun = _locked(duty_id)
    if not duty.is_open or duty.remind_on is None:
        return
    by, sent = system(duty.tenant_id, JOB), Application.of(begun)
    duty.remind_on, duty.reminded_at = None, at
    duty.save(update_fields=["remind_on", "reminded_at"])
    announce(begun, "duty_due", at=at)
    told = _told(duty, begun, "de")
    if not sent.electronic:
        process = _open_process(duty) or _opened(duty, "return", "reminder", at)
        write_by_post(process, "duty_reminder", subject=duty.id, said=told, by=by, at=at)
    elif begun.case.closed_at is None:
        text = _MESSAGES["en" if sent.language.startswith("en") else "de"]
        said = text.format(**_told(duty, begun, sent.language))
        filing.write_message(duty.case_id, said, direction="out", by=by, at=at)
        announce(begun, "message_sent", at=at)
    record(facts.DutyReminded(case_id=duty.case_id, facts={"kind": "due", **told}), by=by, at=at)


@verb
def _act(duty_id: UUID, at: datetime) -> None:
    """A case of the office, so that a person looks: at the review, or at what nobody handed in."""
    duty, begun = _locked(duty_id)
    if not duty.is_open or duty.warn_on is None:
        return
    by = system(duty.tenant_id, JOB)
    duty.warn_on, duty.warned_at = None, at
    duty.save(update_fields=["warn_on", "warned_at"])
    if duty.kind == "review":
        _opened(duty, "review", "review_due", at)
        return
    process = _opened(duty, "return", "overdue", at)
    announce(begun, "duty_overdue", at=at)
    told = _told(duty, begun, "de")
    channel = "portal" if Application.of(begun).electronic else "post"
    kind = "duty_warning"
    owe_letter(process, kind, channel=channel, subject=duty.id, said=told, by=by, at=at)
    record(facts.LetterOwed(case_id=process.case_id, facts={"kind": kind}), by=by, at=at)
    record(
        facts.DutyReminded(case_id=duty.case_id, facts={"kind": "overdue", **told}), by=by, at=at
    )


def _locked(duty_id: UUID) -> tuple[MatterDuty, Process]:
    """The duty, locked, and the process that its matter began with."""
    duty = MatterDuty.objects.select_for_update().get(id=duty_id)
    return duty, Process.objects.select_related("case", "version").get(case_id=duty.case_id)


def _open_process(duty: MatterDuty) -> Process | None:
    """The latest case about the matter that still takes letters."""
    known = MatterCase.objects.filter(matter=duty.matter_id, undone_at__isnull=True)
    return (
        Process.objects.select_related("case", "version")
        .filter(case__id__in=known.values("case"), case__closed_at__isnull=True)
        .order_by("-received_at")
        .first()
    )


def _opened(duty: MatterDuty, effect: Effect, because: str, at: datetime) -> Process:
    """The case that the office opened for ``duty``, or opens now."""
    if duty.office_case_id is None:
        by, matter = system(duty.tenant_id, JOB), StandingMatter.objects.get(id=duty.matter_id)
        case = open_by_office(matter, effect, because=because, duty=duty, by=by, at=at)
        duty.office_case_id = case.id
        duty.save(update_fields=["office_case"])
    processes = Process.objects.select_related("case", "version")
    return processes.get(case__id=duty.office_case_id)


def _told(duty: MatterDuty, begun: Process, language: str) -> dict[str, str]:
    """What letters and messages say of it."""
    matter = definition_of(begun.version).standing_matter
    known = only(matter.duties, duty.key) if matter else None
    number = StandingMatter.objects.values_list("number", flat=True).get(id=duty.matter_id)
    return {
        "duty": known.title.in_(language) if known else duty.key,
        "matter_number": number,
        "period": period_text(duty.period_from, duty.period_to, language),
        "deadline": day_in(duty.due_on, language),
    }


_MESSAGES: Final = {
    "de": (
        "Bitte denken Sie an: {duty}, {period}, zur Nummer {matter_number}."
        " Wir brauchen Ihre Angaben bis zum {deadline}."
    ),
    "en": (
        "Please remember: {duty}, {period}, for number {matter_number}."
        " We need your statements by {deadline}."
    ),
}
