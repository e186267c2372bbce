"""The matter that a form names: whether it is there, runs, and is the applicant's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from efile.kernel.clock import local_date
from efile.models import Party
from efile.spelling import same_name
from workflows.application import Application
from workflows.models import Process, StandingMatter


@dataclass(frozen=True, slots=True)
class Named:
    """The matter that a form names. ``is_holders`` None: that takes a person to say."""

    matter: StandingMatter
    is_holders: bool | None


def named_matter(
    sent: Application, *, tenant_id: int, applicant: Mapping[str, Any], lock: bool = False
) -> Named | None:
    """The matter of this service that the form names, and whether it is ``applicant``'s.

    Two statements, none where the form names none.
    """
    number = sent.definition.matter_number_in(sent.form)
    if not number:
        return None
    matters = StandingMatter.objects.select_for_update() if lock else StandingMatter.objects.all()
    matter = matters.filter(
        tenant_id=tenant_id, service_key=sent.definition.key, number=number
    ).first()
    return Named(matter, _is_holders(matter, applicant)) if matter else None


def matter_facts(process: Process, sent: Application, at: datetime) -> dict[str, Any]:
    """What checks may ask of the matter that the form names (``matter.*``)."""
    known = named_matter(
        sent, tenant_id=process.tenant_id, applicant=applicant_on_file(process.case_id)
    )
    if known is None:
        return {"found": False}
    running = known.matter.runs_on(local_date(at))
    return {"found": True, "is_running": running, "is_holder": known.is_holders}


def file_object(sent: Application, tenant_id: int) -> str:
    """The object whose file a case joins because it is about a matter; "" where it is about none.

    A number somebody else wrote down opens no file to them.
    """
    if sent.faults or sent.definition.effect_of(sent.form) == "begin":
        return ""
    who = {**sent.applicant, "holder": sent.holder}
    known = named_matter(sent, tenant_id=tenant_id, applicant=who)
    if known is None or known.is_holders is False:
        return ""
    return str(known.matter.data.get("object") or "")


def applicant_on_file(case_id: UUID) -> Mapping[str, Any]:
    """Who applies, as the file has them today."""
    return _first_applicant(case_id) or {}


def _first_applicant(case_id: UUID) -> Mapping[str, Any] | None:
    parties = Party.objects.filter(case_id=case_id, role="applicant").order_by("position")
    return parties.values(
        "holder", "given_names", "family_name", "organisation", "birth_date"
    ).first()


def _is_holders(matter: StandingMatter, applicant: Mapping[str, Any]) -> bool | None:
    """Only a bPK2 tells two people apart: without it, the same name may be the same person."""
    mine = str(applicant.get("holder") or "")
    if mine and matter.holder:
        return mine == matter.holder
    known = _first_applicant(matter.case_id)
    if not applicant or known is None:
        return None
    return None if _is_alike(known, applicant) else False


def _is_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one["organisation"] or other.get("organisation"):
        return same_name(one["organisation"], str(other.get("organisation") or ""))
    born = [str(who.get("birth_date") or "") for who in (one, other)]
    return (not all(born) or born[0] == born[1]) and all(
        same_name(str(one[part] or ""), str(other.get(part) or ""))
        for part in ("family_name", "given_names")
    )
