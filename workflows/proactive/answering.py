"""Offers are accepted with one call, declined, lapse unanswered, or are overtaken."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.lifecycle import holder_of
from efile.models import Case
from efile.policy import require_submitting
from workflows import facts
from workflows.application import CORRECTIONS, opened, with_corrections
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.models import OfferState, ProactiveOffer
from workflows.proactive.making import JOB, RENEWED
from workflows.repeat import fingerprint, once

BATCH: Final = 500
# The scope of a client that answers for what other registers reported.
SCOPE: Final = "offers"


class NotTheHolder(NotAllowed):
    """The offer was made to somebody else."""

    code = "not_the_holder"


class OfferIsSettled(Conflict):
    """The offer was answered, has lapsed or was withdrawn (``state``, ``reason``)."""

    code = "offer_is_settled"


class OfferHasLapsed(Conflict):
    """The offer stood until ``valid_until``."""

    code = "offer_has_lapsed"


class OfferIsOvertaken(Conflict):
    """What the offer is about ended, changed or was renewed meanwhile (``reason``)."""

    code = "offer_is_overtaken"


def known_to(by: Actor, *operations: str) -> Q:
    """The WHERE of offers that a portal may know of for one of these ``operations``."""
    found = Q(source=by.key) & _for(by.services(*operations))
    registers = by.services(SCOPE)
    if registers != []:
        found |= Q(source="") & _for(registers)
    return Q(tenant_id=by.tenant_id) & found


def _for(services: list[str] | None) -> Q:
    return Q() if services is None else Q(service_key__any=services)


def accept_offer(
    offer_id: UUID, said: Mapping[str, Any], *, key: str, by: Actor, at: datetime
) -> tuple[str, bool]:
    """File the application that the offer holds; returns (the receipt as JSON, replayed).

    ``said``: identity of whoever accepts, and what completes or replaces form, parties,
    attachments, consents and language. What is not said is taken from the application that led to
    the matter. The case is opened by intake like any other.
    Refuses: NotFound, NotTheHolder, OfferIsSettled, OfferHasLapsed, OfferIsOvertaken, KeyReused,
    what ``intake.accept`` refuses.
    """
    offer = _visible(by).select_related("matter").filter(id=offer_id).first()
    if offer is None:
        raise NotFound
    require_submitting(offer.service_key, by=by)
    _require_holder(offer, said["identity"])
    data = _completed(offer, said)
    same = fingerprint(f"offer-acceptance:{offer_id}", dict(said))
    envelope = Envelope(json.dumps(data, ensure_ascii=False), data, same=same)
    return accept(
        envelope, key=key, by=by, at=at, also=lambda case: _accept(offer_id, case, by, at)
    )


def decline_offer(
    offer_id: UUID, identity: Mapping[str, Any], *, key: str | None, by: Actor, at: datetime
) -> tuple[str, bool]:
    """Nobody wants it; returns (JSON of the new state, replayed).

    Refuses: NotFound, ServiceNotGranted, NotTheHolder, OfferIsSettled, KeyReused.
    """

    @verb
    def act() -> str:
        offer = _locked(offer_id, by)
        require_submitting(offer.service_key, by=by)
        _require_holder(offer, identity)
        _settle(offer, OfferState.DECLINED, by=by, at=at)
        return json.dumps({"state": offer.state, "settled_at": at.isoformat()})

    digest = fingerprint(f"offer-rejection:{offer_id}", {})
    return once(key, digest, by=by, act=act)


def lapse_offers(*, at: datetime) -> int:
    """Offers that nobody answered in time stand no longer; returns how many."""
    over = ProactiveOffer.objects.filter(state=OfferState.OPEN, valid_until__lt=local_date(at))
    return _settle_each(over.order_by("valid_until", "id"), OfferState.LAPSED, at)


_OVERTAKEN: Final = f"""
SELECT o.id, CASE WHEN m.ended_on IS NOT NULL THEN 'matter_ended'
                  WHEN m.valid_to IS DISTINCT FROM o.ends_on THEN 'matter_changed'
                  WHEN {RENEWED} THEN 'matter_renewed' END
  FROM workflows_proactiveoffer o JOIN workflows_standingmatter m ON m.id = o.matter_id
 WHERE o.state = 'open' AND %s
   AND (m.ended_on IS NOT NULL OR m.valid_to IS DISTINCT FROM o.ends_on OR {RENEWED})
 ORDER BY o.id LIMIT {BATCH}
"""  # noqa: S608 - put together from constants alone


def withdraw_overtaken(*, at: datetime) -> int:
    """Offers whose matter ended, changed or was renewed are withdrawn; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERTAKEN % "true")
        found = dict(cursor.fetchall())
    rows = ProactiveOffer.objects.filter(id__any=list(found)).order_by("id")
    return _settle_each(rows, OfferState.WITHDRAWN, at, found)


def _settle_each(
    rows: QuerySet[ProactiveOffer],
    state: OfferState,
    at: datetime,
    reasons: Mapping[UUID, str] | None = None,
) -> int:
    settled = 0
    for offer_id, tenant_id in rows.values_list("id", "tenant_id")[:BATCH]:
        reason = (reasons or {}).get(offer_id, "")
        settled += _settle_open(offer_id, state, reason, system(tenant_id, JOB), at)
    return settled


@verb
def _settle_open(offer_id: UUID, state: OfferState, reason: str, by: Actor, at: datetime) -> int:
    offer = ProactiveOffer.objects.select_for_update().get(id=offer_id)
    # Somebody may have accepted it while we waited.
    if offer.state != OfferState.OPEN:
        return 0
    _settle(offer, state, reason, by=by, at=at)
    return 1


def _visible(by: Actor) -> QuerySet[ProactiveOffer]:
    return ProactiveOffer.objects.filter(known_to(by, "read", "submit"))


def _locked(offer_id: UUID, by: Actor) -> ProactiveOffer:
    offer = _visible(by).select_for_update().filter(id=offer_id).first()
    if offer is None:
        raise NotFound
    return offer


def _require_holder(offer: ProactiveOffer, identity: Mapping[str, Any]) -> None:
    """Whoever answers is whom it was made to; a matter without a holder has none to compare."""
    if not offer.holder or holder_of(offer.tenant_id, identity["bpk2"]) != offer.holder:
        raise NotTheHolder


def _accept(offer_id: UUID, case: Case, by: Actor, at: datetime) -> None:
    offer = _locked(offer_id, by)
    if offer.state == OfferState.OPEN and local_date(at) > offer.valid_until:
        raise OfferHasLapsed(valid_until=offer.valid_until.isoformat())
    if offer.matter_id is not None:
        _require_standing(offer)
    offer.case = case
    _settle(offer, OfferState.ACCEPTED, by=by, at=at)


def _require_standing(offer: ProactiveOffer) -> None:
    """The matter is locked: whoever ends it now comes after us, and sees the case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM workflows_standingmatter WHERE id = %s FOR NO KEY UPDATE",
            [offer.matter_id],
        )
        cursor.execute(_OVERTAKEN % "o.id = %s", [offer.id])
        found = cursor.fetchone()
    if found:
        raise OfferIsOvertaken(reason=found[1])


def _settle(
    offer: ProactiveOffer, state: OfferState, reason: str = "", *, by: Actor, at: datetime
) -> None:
    if offer.state != OfferState.OPEN:
        raise OfferIsSettled(state=offer.state, reason=offer.reason)
    offer.state, offer.reason = state, reason
    offer.settled_at, offer.settled_by = at, by.key
    offer.save(update_fields=["state", "reason", "settled_at", "settled_by", "case"])
    told = {"offer": offer.id, "service": offer.service_key, "state": state.value}
    about = offer.case_id or (offer.matter.case_id if offer.matter else None)
    record(facts.OfferSettled(case_id=about, facts=told | {"reason": reason}), by=by, at=at)


_LED_TO_IT: Final = f"""
SELECT envelope, {CORRECTIONS.format(case="case_id")} FROM workflows_submission WHERE id = %s
"""  # noqa: S608 - put together from constants alone


def _completed(offer: ProactiveOffer, said: Mapping[str, Any]) -> dict[str, Any]:
    """The application as it is handed in: what is said goes before what we know."""
    earlier: Mapping[str, Any] = {}
    if offer.submission:
        with connection.cursor() as cursor:
            cursor.execute(_LED_TO_IT, [offer.submission])
            earlier = with_corrections(*opened(*cursor.fetchone()))
    parties = said.get("parties") or earlier.get("parties") or []
    return {
        "service": offer.service_key,
        "language": said.get("language") or earlier.get("language") or "de",
        "form": {**offer.form, **(said.get("form") or {})},
        "parties": _as_applicant(parties, said["identity"]),
        "attachments": list(said.get("attachments") or []),
        "consents": {**(earlier.get("consents") or {}), **(said.get("consents") or {})},
        "reply_channel": {"kind": "portal"},
        "on_invalid": "reject",
    }


def _as_applicant(
    parties: Sequence[Mapping[str, Any]], identity: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The parties with the identity of whoever accepts on the applicant.

    Refuses: Invalid at /parties (nobody applies: an offer for a reported occasion knows no name).
    """
    found = [dict(party) for party in parties]
    applicants = [party for party in found if party.get("role") == "applicant"]
    if not applicants:
        raise Invalid([FieldError("/parties", "party_missing", {"role": "applicant"})])
    applicants[0]["identity"] = dict(identity)
    return found
