"""One person's matters: every case and what goes on after it, as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Q, Value, When

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.models import Party
from efile.policy import visible_to
from efile.spelling import same_name
from workflows.catalogue.parts import Text
from workflows.models import Process, StandingMatter
from workflows.offers import definition_of

# Whoever has more cases than this is found by searching.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that goes on: a permit with its number and validity (``valid_to`` None: open)."""

    id: UUID
    number: str
    kind: str
    title: Text
    valid_from: date
    valid_to: date | None
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on ``day``."""
        end = min((one for one in (self.valid_to, self.ended_on) if one), default=date.max)
        return self.valid_from <= day <= end


@dataclass(frozen=True, slots=True)
class PersonCase:
    """A case of the person with what came of it. ``is_certain``: the same account vouches."""

    case_id: UUID
    reference: str
    subject: str
    service: Text
    unit: str
    state: str
    received_at: datetime
    matters: Sequence[Matter]
    is_certain: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """The person of a case, and the person's cases, newest first; the first is the case itself.

    ``has_more``: there are more than are shown.
    """

    name: str
    birth_date: date | None
    origin: PersonCase
    cases: Sequence[PersonCase]
    has_more: bool


def matters_of_person(case_id: UUID, *, by: Actor) -> PersonView:
    """Everything of the applicant of a case, among what ``by`` sees. Four statements.

    The same account (hashed bPK2) is the same person. The same name and birth date, or the same
    name of an organisation, may be: said apart, for a person to judge. Refuses: NotFound.
    """
    known = Party.objects.filter(visible_to(by, "case__"), role="applicant")
    anchor = known.filter(case_id=case_id).order_by("position").first()
    if anchor is None:
        raise NotFound
    # Who is certainly the same comes before who may be: the limit cuts off the latter.
    surely = Case(When(holder=anchor.holder, then=0), default=1) if anchor.holder else Value(1)
    found = list(known.filter(_may_be(anchor)).order_by(surely, "-case_id")[: MOST + 1])
    certain = {
        party.case_id: _is_certain(anchor, party)
        for party in reversed(found)
        if _is_certain(anchor, party) or _is_alike(anchor, party)
    }
    certain[case_id] = True
    shown = [*certain][:MOST]
    matters: dict[UUID, list[Matter]] = {}
    processes = {
        one.case_id: one
        for one in Process.objects.select_related("case__lead_unit", "version")
        .defer("version__definition")
        .filter(visible_to(by, "case__", scope="scope"), case__id__any=[*{case_id, *shown}])
    }
    for one in StandingMatter.objects.filter(case__id__any=[*processes]).order_by(
        "valid_from", "id"
    ):
        matters.setdefault(one.case_id, []).append(_matter(one, processes[one.case_id]))
    cases = [
        _case(process, matters.get(process.case_id, ()), is_certain=certain[process.case_id])
        for process in processes.values()
    ]
    cases.sort(key=lambda one: (one.received_at, one.case_id), reverse=True)
    (origin,) = (one for one in cases if one.case_id == case_id)
    return PersonView(
        name=anchor.display_name,
        birth_date=anchor.birth_date,
        origin=origin,
        cases=[one for one in cases if one.case_id != case_id],
        has_more=len(found) > MOST,
    )


def _may_be(anchor: Party) -> Q:
    """The WHERE of everybody who can be the same; spellings are compared afterwards."""
    same = Q(case=anchor.case_id)
    if anchor.holder:
        same |= Q(holder=anchor.holder)
    if anchor.birth_date:
        same |= Q(birth_date=anchor.birth_date)
    if anchor.organisation:
        same |= Q(organisation=anchor.organisation)
    return Q(tenant_id=anchor.tenant_id) & same


def _is_certain(anchor: Party, other: Party) -> bool:
    return anchor.case_id == other.case_id or bool(anchor.holder and anchor.holder == other.holder)


def _is_alike(anchor: Party, other: Party) -> bool:
    """Names in any spelling and the same birthday; two accounts are two persons."""
    if anchor.holder and other.holder:
        return False
    if anchor.organisation:
        return same_name(anchor.organisation, other.organisation)
    return anchor.birth_date == other.birth_date and all(
        same_name(getattr(anchor, part), getattr(other, part))
        for part in ("family_name", "given_names")
    )


def _case(process: Process, matters: Sequence[Matter], *, is_certain: bool) -> PersonCase:
    case = process.case
    return PersonCase(
        case_id=case.id,
        reference=case.reference,
        subject=case.subject,
        service=definition_of(process.version).title,
        unit=case.lead_unit.name,
        state=process.state,
        received_at=case.received_at,
        matters=matters,
        is_certain=is_certain,
    )


def _matter(one: StandingMatter, process: Process) -> Matter:
    kind = definition_of(process.version).standing_matter
    return Matter(
        id=one.id,
        number=one.number,
        kind=one.kind,
        title=kind.title if kind else Text({"de": one.kind}),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        ended_on=one.ended_on,
    )
