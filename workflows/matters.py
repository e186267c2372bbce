"""Standing matters: what a grant brings into the world, and how it ends before its time."""

import secrets
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from efile import numbers
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from efile.models import Party
from efile.policy import Action, require
from workflows import facts
from workflows.alterations import Alterations
from workflows.application import Application
from workflows.catalogue.definition import Terms
from workflows.deadlines.periods import Period, Unit, day_completed
from workflows.machine import StepNotPossible, locked
from workflows.models import Letter, MatterCase, MatterDuty, Process, StandingMatter, State
from workflows.outgoing import owe_letter

_DECIDED: Final = (State.DECIDED, State.NOTIFIED)


class MatterHasEnded(Conflict):
    """What is to be revoked holds no longer (``ended_on``)."""

    code = "matter_has_ended"


def matter_to_come(process: Process, sent: Application, *, at: datetime) -> StandingMatter | None:
    """The matter that a grant at ``at`` would begin, without a number; None where there is none."""
    matter = sent.definition.standing_matter
    terms = sent.definition.terms_for(sent.form, sent.applicant, local_date(at))
    if matter is None or terms is None:
        return None
    return StandingMatter(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind=matter.kind,
        service_key=process.service_key,
        data={**terms.data, "object": sent.definition.object_of(sent.form, sent.applicant)},
        valid_from=terms.valid_from,
        valid_to=_last_day(terms),
    )


def _last_day(terms: Terms) -> date | None:
    """§ 188 (2) BGB: a period that begins with a day ends with the eve of its anniversary."""
    if terms.months is None:
        return None
    return day_completed(terms.valid_from, Period(terms.months, Unit.MONTHS)) - timedelta(days=1)


def begin_matter(
    process: Process, sent: Application, *, channel: str, by: Actor, at: datetime
) -> StandingMatter | None:
    """The matter of a grant, numbered but not written, inside a verb; its permit goes ``channel``.

    None where the service has none.
    """
    begun = matter_to_come(process, sent, at=at)
    matter = sent.definition.standing_matter
    if begun is None or matter is None:
        return None
    applicant = (
        Party.objects.filter(case_id=process.case_id, role="applicant").order_by("position").first()
    )
    begun.holder = applicant.holder if applicant else ""
    if matter.permit:
        # 128 bits of chance: whoever holds the paper can look it up, nobody can guess it.
        begun.public_key = secrets.token_hex(16)
        owe_letter(process, "permit", channel=channel, subject=begun.id, by=by, at=at)
    year = f"{local_date(at):%y}"
    number = numbers.draw(by.tenant_id, f"{matter.number_prefix}/{year}")
    begun.number = f"{matter.number_prefix}-{year}-{number:06d}"
    return begun


def matters_touched(case_id: UUID) -> list[StandingMatter]:
    """The matters that the case began or did something to. One statement."""
    touched = MatterCase.objects.filter(case_id=case_id, undone_at__isnull=True)
    return list(
        StandingMatter.objects.filter(
            Q(case_id=case_id) | Q(id__in=touched.values("matter"))
        ).order_by("valid_from", "id")
    )


@verb
def revoke_matter(
    case_id: UUID, matter_id: UUID, reason: str, *, by: Actor, at: datetime
) -> StandingMatter:
    """Revoke what was granted: it holds no longer from this moment, and a letter says why.

    The public page of its code says so at once. The letter goes by post whatever was agreed: it
    burdens, and its dispatch is what the period for remedies runs from.
    Refuses: NotFound, ActionNotGranted, CaseIsClosed (reopen it first), StepNotPossible,
    MatterHasEnded, Invalid (no reason).
    """
    process = locked(case_id, by=by)
    require(Action.REVOKE, case_id, process.scope, by=by)
    if process.state == State.CLOSED:
        raise CaseIsClosed
    if process.state not in _DECIDED:
        raise StepNotPossible(step="revoke", state=process.state)
    matter = StandingMatter.objects.filter(case_id=case_id, id=matter_id).first()
    if matter is None:
        raise NotFound
    if matter.ended_on is not None:
        raise MatterHasEnded(ended_on=matter.ended_on.isoformat())
    if not reason.strip():
        raise Invalid([FieldError("/reason", "required")])
    made = Alterations()
    end_at_once(matter, made, at)
    said = {"reason": reason.strip()}
    owe_letter(process, "revocation", channel="post", subject=matter.id, said=said, by=by, at=at)
    changes = made.changes[case_id]
    record(
        facts.MatterEnded(case_id=case_id, changes=changes, facts={"reason": reason.strip()}),
        by=by,
        at=at,
    )
    return matter


def end_at_once(matter: StandingMatter, made: Alterations, at: datetime) -> None:
    """From this moment it holds no longer; what it would still demand is dropped."""
    made.alter(matter, ended_on=local_date(at), duties_from=None)
    drop_duties(matter, local_date(at), made, at)
    forget_permit(matter)


def drop_duties(matter: StandingMatter, last: date, made: Alterations, at: datetime) -> None:
    """Periods that would begin after the matter's ``last`` day are owed by nobody."""
    for duty in MatterDuty.objects.filter(
        matter=matter, done_at__isnull=True, dropped_at__isnull=True, period_from__gt=last
    ):
        made.alter(duty, dropped_at=at, remind_on=None, warn_on=None)


def forget_permit(matter: StandingMatter) -> None:
    """The permit on the pile for the post would say what holds no longer."""
    Letter.objects.filter(
        kind="permit", subject=matter.id, batch__isnull=True, sent_on__isnull=True
    ).exclude(document=None).delete()
