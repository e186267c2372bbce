"""What portals are told of offers: in the status, as an event, in the list they may fetch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.letters.text import day_in
from efile.lifecycle import holder_of
from workflows.models import OfferState, ProactiveOffer
from workflows.proactive.answering import known_to
from workflows.proactive.making import titles

# The offers made for what a submission led to, as a column of whoever reads ``s`` (submission).
COLUMN: Final = """
       (SELECT json_agg(json_build_object('id', f.id, 'service', f.service_key,
               'state', f.state, 'valid_until', f.valid_until) ORDER BY f.made_at, f.id)
          FROM workflows_proactiveoffer f WHERE f.submission = s.id) AS offers"""


def named(found: list[Mapping[str, Any]] | None, language: str) -> dict[str, str]:
    """What public texts may name of an offer: the latest."""
    if not found:
        return {}
    return {"offer_until": day_in(date.fromisoformat(found[-1]["valid_until"]), language)}


def status(found: list[Mapping[str, Any]] | None) -> dict[str, Any]:
    """What the status says of offers: those that can be accepted."""
    waiting = [one for one in found or [] if one["state"] == OfferState.OPEN]
    named = ("id", "service", "valid_until")
    return {"offers": [{name: one[name] for name in named} for one in waiting]} if waiting else {}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of offers and the cursor after its last one; "" where there are no more."""

    offers: list[dict[str, Any]]
    next: str


def list_offers(
    *,
    by: Actor,
    language: str,
    after: UUID | None = None,
    limit: int = 100,
    **wanted: Any,
) -> Page:
    """The offers a portal may know of, oldest first. Two statements.

    ``wanted``: submission, reported (the occasion), service_key, state.
    """
    rows = ProactiveOffer.objects.filter(known_to(by, "read"), **wanted).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    found = list(rows[: limit + 1])
    page, more = found[:limit], len(found) > limit
    return Page(_told(page, by, language), str(page[-1].id) if more else "")


def offers_of_person(bpk2: str, *, by: Actor, language: str) -> list[dict[str, Any]]:
    """The open offers to the person with this pseudonym, oldest first. Two statements."""
    holder = holder_of(by.tenant_id, bpk2)
    if not holder:
        return []
    rows = ProactiveOffer.objects.filter(known_to(by, "read"), holder=holder, state=OfferState.OPEN)
    return _told(list(rows.order_by("id")[:100]), by, language)


def _told(rows: list[ProactiveOffer], by: Actor, language: str) -> list[dict[str, Any]]:
    rules = titles(rows, by.tenant_id) if rows else {}
    found = []
    for row in rows:
        rule = rules.get(row.id)
        found.append(
            {
                "id": str(row.id),
                "service": row.service_key,
                "occasion": row.occasion,
                "title": rule.title.in_(language) if rule else "",
                "text": rule.text.in_(language) if rule else "",
                "legal_basis": row.legal_basis or None,
                "consent": row.basis == "consent",
                "form": row.form,
                "missing": row.missing,
                "submission": str(row.submission) if row.submission else None,
                "reported": str(row.reported_id) if row.reported_id else None,
                "made_at": row.made_at.isoformat(),
                "valid_until": row.valid_until.isoformat(),
                "state": row.state,
                "reason": row.reason or None,
            }
        )
    return found
