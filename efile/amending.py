"""What a case says of itself, put right later: its parties, its subject and its receipt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from efile import facts
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.lifecycle import party_digest
from efile.models import Case, Party

# What of a party may turn out to be otherwise; who vouched for it stays.
AMENDABLE: Final = frozenset(
    {"given_names", "family_name", "organisation", "birth_date", "address", "email", "phone"}
)
_EMPTY: Final[Mapping[str, Any]] = {"birth_date": None, "address": {}}


@verb
def amend_party(
    case_id: UUID, position: int, stated: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Let the party at ``position`` be as ``stated`` (None: not known); rights are the caller's.

    What the file does not keep of a party is left alone. Refuses: NotFound.
    """
    party = Party.objects.filter(case_id=case_id, position=position).first()
    if party is None:
        raise NotFound
    before, was_called = party_digest(party), party.display_name
    known = {name: value for name, value in stated.items() if name in AMENDABLE}
    for name, value in known.items():
        setattr(party, name, _EMPTY.get(name, "") if value is None else value)
    if not known:
        return
    party.save(update_fields=list(known))
    changes: dict[str, tuple[Any, Any]] = {f"party.{party.id}": (before, party_digest(party))}
    if party.role == "applicant" and party.display_name != was_called:
        Case.objects.filter(id=case_id).update(applicant=party.display_name)
        changes["case.applicant"] = (was_called, party.display_name)
    record(facts.PartyAmended(case_id=case_id, changes=changes), by=by, at=at)


@verb
def amend_subject(case_id: UUID, subject: str, *, by: Actor, at: datetime) -> None:
    """Let the case be about ``subject``, if it is not already; rights are the caller's."""
    before = Case.objects.values_list("subject", flat=True).get(id=case_id)
    if before == subject:
        return
    Case.objects.filter(id=case_id).update(subject=subject)
    changes = {"case.subject": (before, subject)}
    record(facts.SubjectAmended(case_id=case_id, changes=changes), by=by, at=at)


@verb
def amend_receipt(
    case_id: UUID, received_at: datetime, reason: str, *, by: Actor, at: datetime
) -> None:
    """Let the case have been received at ``received_at``; rights are the caller's."""
    before = Case.objects.values_list("received_at", flat=True).get(id=case_id)
    Case.objects.filter(id=case_id).update(received_at=received_at)
    changes = {"case.received_at": (before, received_at)}
    told = {"reason": reason}
    record(facts.ReceiptAmended(case_id=case_id, changes=changes, facts=told), by=by, at=at)
