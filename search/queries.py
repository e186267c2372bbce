"""Finding cases: by reference, name and subject, trimmed to what the actor sees."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from efile.kernel.actors import Actor
from efile.policy import search_terms, visible_to
from search.german import fold, reference_terms, words
from search.models import IndexedCase
from workflows.models import Process

# Counts are exact up to here and honest beyond ("mehr als 1.000").
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found."""

    case_id: UUID
    reference: str
    applicant: str
    subject: str
    state: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits, newest first; ``total`` stops counting at ``COUNTED`` + 1."""

    hits: list[Hit]
    total: int


def find_cases(query: str, *, by: Actor, offset: int = 0, limit: int = 50) -> Hits:
    """The cases ``by`` sees that match every word of ``query``. Three statements at most."""
    wanted = _wanted(query)
    if not wanted:
        return Hits([], 0)
    found = IndexedCase.objects.filter(_seen(by), terms__contains=wanted)
    total = len(found.values_list("case", flat=True)[: COUNTED + 1])
    ids = list(
        found.order_by("-received_at", "case").values_list("case", flat=True)[
            offset : offset + limit
        ]
    )
    # The index may lag behind: what is shown is asked of the tables, by the same predicate.
    cases = {
        process.case_id: process
        for process in Process.objects.select_related("case").filter(
            visible_to(by, "case__", scope="scope"), case__id__any=ids
        )
    }
    return Hits([_hit(cases[id_]) for id_ in ids if id_ in cases], total - len(ids) + len(cases))


def _hit(process: Process) -> Hit:
    case = process.case
    return Hit(
        case.id, case.reference, case.applicant, case.subject, process.state, case.received_at
    )


def _wanted(query: str) -> list[str]:
    """The terms a case must have: a reference as it stands, anything else by words."""
    terms: list[str] = []
    for part in query.split():
        if any(char.isdigit() for char in part) and any(char in "-/." for char in part):
            terms.extend(_of_reference(part))
        else:
            terms.extend(words(part))
    return sorted(set(terms))


def _of_reference(part: str) -> list[str]:
    """A full reference is one term; a piece of one is its numbers."""
    terms = reference_terms(part)
    whole = fold(part)
    return [whole] if whole.count("-") == 2 else [t for t in terms if t.isdigit() and t[0] != "0"]


def _seen(actor: Actor) -> Q:
    """The permission predicate in the index's own terms."""
    terms = search_terms(actor)
    rule = Q(scope__any=terms["scopes"])
    if terms["granted"]:
        rule |= Q(case__any=list(actor.granted))
    if terms["denied"]:
        rule &= ~Q(case__any=list(actor.denied))
    return Q(tenant_id=terms["tenant"]) & rule
