"""Lawful forgetting: the values of a chain go, the chain stays and still verifies."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db.models import Max

from efile.kernel.actors import Actor
from efile.kernel.events import Event
from efile.kernel.journal import record
from efile.kernel.models import JournalEntry, JournalValues
from efile.kernel.verbs import verb


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesErased(Event):
    """The values of all entries up to ``facts["through"]`` were erased on ``facts["basis"]``."""

    name: ClassVar[str] = "journal.values_erased"


@verb
def erase_values(case_id: UUID, *, basis: str, by: Actor, at: datetime) -> int:
    """Erase the values of every entry of the case so far; returns how many entries lost theirs.

    ``basis`` names the legal ground (Art. 17 GDPR, disposal under the archive act). Whoever
    calls this has checked that the ground holds; the journal keeps that it happened.
    """
    through = JournalEntry.objects.filter(tenant_id=by.tenant_id, chain_id=case_id).aggregate(
        last=Max("seq")
    )["last"]
    erased, _ = JournalValues.objects.filter(
        tenant_id=by.tenant_id, chain=case_id, seq__lte=through or 0
    ).delete()
    record(
        ValuesErased(case_id=case_id, facts={"through": through or 0, "basis": basis}),
        by=by,
        at=at,
    )
    return erased
