"""Exceptions to who sees a case: shared with one person for a time, closed to one colleague."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from efile import facts
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.kernel.verbs import verb
from efile.models import Case, CaseDenial, CaseGrant
from efile.policy import Action, require, visible_to

# A share is for an occasion: a deputy, a second opinion. Whoever needs a case for longer than
# this belongs to its unit.
LONGEST_SHARE = timedelta(days=366)
LONGEST_REASON = 300


@verb
def share_case(
    case_id: UUID, user_id: int, *, until: datetime, reason: str, by: Actor, at: datetime
) -> None:
    """Let one person read the case with its history and leave notes, before ``until`` (true time).

    Shared again, the later act counts. A colleague who is barred stays barred.
    Refuses: NotFound, ActionNotGranted, Invalid (colleague, reason, ``until``).
    """
    case = _case_to_share(case_id, by)
    faults = _faults(user_id, reason, by)
    if not at < until <= at + LONGEST_SHARE:
        limits = {"minimum": at.isoformat(), "maximum": (at + LONGEST_SHARE).isoformat()}
        faults.append(FieldError("/until", "out_of_range", limits))
    if faults:
        raise Invalid(faults)
    before = _grants(case, user_id).values_list("until", flat=True).first()
    CaseGrant.objects.update_or_create(
        tenant_id=by.tenant_id,
        user_id=user_id,
        content_object=case,
        permission=_permission_to_view(),
        defaults={"until": until, "reason": reason.strip(), "granted_by": by.key},
    )
    record(
        facts.CaseShared(
            case_id=case.id,
            changes={f"grant.{user_id}": (before, until)},
            facts={"reason": reason.strip()},
        ),
        by=by,
        at=at,
    )


@verb
def end_share(case_id: UUID, user_id: int, *, by: Actor, at: datetime) -> None:
    """Take a share back before its time.

    Refuses: NotFound (also when the case is not shared with that person), ActionNotGranted.
    """
    case = _case_to_share(case_id, by)
    grant = _grants(case, user_id).first()
    if grant is None:
        raise NotFound
    until = grant.until
    grant.delete()
    changes = {f"grant.{user_id}": (until, None)}
    record(facts.ShareEnded(case_id=case.id, changes=changes), by=by, at=at)


@verb
def bar_colleague(case_id: UUID, user_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Hide the case from one colleague, whatever roles and shares say (§§ 20, 21 VwVfG NRW).

    Barred already, the newer reason counts.
    Refuses: NotFound, ActionNotGranted, Invalid (colleague, reason).
    """
    case = _case_to_share(case_id, by)
    faults = _faults(user_id, reason, by)
    if faults:
        raise Invalid(faults)
    _, is_new = CaseDenial.objects.update_or_create(
        tenant_id=by.tenant_id, case=case, user_id=user_id, defaults={"reason": reason.strip()}
    )
    record(
        facts.ColleagueBarred(
            case_id=case.id,
            changes={f"denial.{user_id}": (None if is_new else True, True)},
            facts={"reason": reason.strip()},
        ),
        by=by,
        at=at,
    )


@verb
def readmit_colleague(case_id: UUID, user_id: int, *, by: Actor, at: datetime) -> None:
    """Lift a bar: roles and shares count again.

    Refuses: NotFound (also when that person is not barred), ActionNotGranted.
    """
    case = _case_to_share(case_id, by)
    lifted, _ = CaseDenial.objects.filter(case=case, user_id=user_id).delete()
    if not lifted:
        raise NotFound
    changes = {f"denial.{user_id}": (True, None)}
    record(facts.ColleagueReadmitted(case_id=case.id, changes=changes), by=by, at=at)


def _case_to_share(case_id: UUID, by: Actor) -> Case:
    """The case, if ``by`` sees it and may make exceptions. Refuses: NotFound, ActionNotGranted."""
    case = Case.objects.filter(visible_to(by), id=case_id).first()
    if case is None:
        raise NotFound
    require(Action.SHARE, case.id, case.scope, by=by)
    return case


def _faults(user_id: int, reason: str, by: Actor) -> list[FieldError]:
    faults = []
    if not User.objects.filter(id=user_id, tenant_id=by.tenant_id, is_active=True).exists():
        faults.append(FieldError("/colleague", "not_able"))
    if not reason.strip():
        faults.append(FieldError("/reason", "required"))
    if len(reason.strip()) > LONGEST_REASON:
        faults.append(FieldError("/reason", "max_length", {"limit": LONGEST_REASON}))
    return faults


def _grants(case: Case, user_id: int) -> QuerySet[CaseGrant]:
    return CaseGrant.objects.filter(content_object=case, user_id=user_id)


def _permission_to_view() -> Permission:
    """What django-guardian calls the one thing that a share grants."""
    return Permission.objects.get(content_type__app_label="efile", codename="view_case")
