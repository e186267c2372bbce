"""Offers are made: for matters that end, by a job, and for what other registers report."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from workflows import facts
from workflows.application import CORRECTIONS, opened, with_corrections
from workflows.catalogue.continuing import ProactiveOffer as Rule
from workflows.models import Occasion, ProactiveOffer, PublicEvent
from workflows.offers import Offer, current_offers
from workflows.proactive.prefilling import prefilled

JOB: Final = "offers"
BATCH: Final = 200
CONSENT: Final = "proactive_offers"

# A matter that goes on in another one needs no offer: same holder, same object, a later end.
RENEWED: Final = """EXISTS (
  SELECT FROM workflows_standingmatter n
   WHERE n.tenant_id = m.tenant_id AND n.service_key = m.service_key AND n.holder = m.holder
     AND m.holder <> '' AND n.id <> m.id AND n.ended_on IS NULL
     AND coalesce(n.data ->> 'object', '') = coalesce(m.data ->> 'object', '')
     AND (n.valid_to IS NULL OR n.valid_to > m.valid_to))"""
# Whether the person agreed the last time they applied for anything.
_AGREED: Final = """coalesce((
  SELECT x.envelope::jsonb #> '{{consents,{consent}}}' IS NOT DISTINCT FROM 'true'::jsonb
    FROM efile_party q JOIN workflows_submission x ON x.case_id = q.case_id
   WHERE q.tenant_id = {tenant} AND q.holder = {holder} AND q.holder <> ''
     AND q.role = 'applicant'
   ORDER BY x.received_at DESC, x.id DESC LIMIT 1), {otherwise})"""
_OF_MATTER: Final = _AGREED.format(
    consent=CONSENT,
    tenant="m.tenant_id",
    holder="m.holder",
    otherwise=f"s.envelope::jsonb #> '{{consents,{CONSENT}}}' = 'true'::jsonb, false",
)
_ENDING: Final = f"""
SELECT m.id, m.case_id, m.holder, m.number, m.data::text, m.valid_from, m.valid_to,
       s.id, s.source, s.envelope, {CORRECTIONS.format(case="m.case_id")}
  FROM workflows_standingmatter m
  LEFT JOIN workflows_process p ON p.case_id = m.case_id
  LEFT JOIN workflows_submission s ON s.id = p.submission
 WHERE m.tenant_id = %(tenant)s AND m.service_key = %(service)s AND m.ended_on IS NULL
   AND m.holder <> ''
   AND m.valid_to BETWEEN %(today)s::date AND %(until)s::date
   AND NOT EXISTS (SELECT FROM workflows_proactiveoffer o
                    WHERE o.matter_id = m.id AND o.ends_on = m.valid_to AND o.key = %(key)s)
   AND NOT {RENEWED} AND (NOT %(consent)s OR {_OF_MATTER})
 ORDER BY m.valid_to, m.id LIMIT %(most)s
"""  # noqa: S608 - put together from constants of this file alone
_CONSENTED: Final = "SELECT " + _AGREED.format(
    consent=CONSENT, tenant="%(tenant)s", holder="%(holder)s", otherwise="false"
)


@dataclass(frozen=True, slots=True)
class _Ending:
    """A matter that runs out, and what was sent for it."""

    id: UUID
    case_id: UUID
    holder: str
    number: str
    data: str
    valid_from: date
    valid_to: date
    submission: UUID | None
    source: str | None
    envelope: str | None
    corrections: str | None

    @property
    def known(self) -> dict[str, Any]:
        """What a rule may fill in from."""
        sent = with_corrections(*opened(self.envelope, self.corrections))
        matter = {
            **json.loads(self.data),
            "number": self.number,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
            "next_day": (self.valid_to + timedelta(days=1)).isoformat(),
        }
        return {"occasion": {}, "matter": matter, "form": sent.get("form") or {}}


def offer_renewals(*, at: datetime) -> int:
    """Offer what runs out again, for every service that says so; returns how many were made.

    Level-triggered: looks at which matters end and what was offered already. One statement per
    rule and batch, however many matters there are. A matter whose holder never signed in is
    offered nothing: nobody could show that it is theirs.
    """
    return sum(
        _offer_renewals(tenant_id, offer, rule, at)
        for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True)
        for offer, rule in _rules(tenant_id, "matter_ends")
    )


def _rules(tenant_id: int, occasion: str) -> Iterator[tuple[Offer, Rule]]:
    for offer in current_offers(tenant_id):
        for rule in offer.definition.proactive:
            if rule.occasion == occasion:
                yield offer, rule


def _offer_renewals(tenant_id: int, offer: Offer, rule: Rule, at: datetime) -> int:
    matter = offer.definition.standing_matter
    if matter is None or matter.renewal_days is None:
        return 0
    made = 0
    while new := _one_batch(tenant_id, offer, rule, matter.renewal_days, at):
        made += new
    return made


@verb
def _one_batch(tenant_id: int, offer: Offer, rule: Rule, days: int, at: datetime) -> int:
    today, by = local_date(at), system(tenant_id, JOB)
    asked: dict[str, Any] = {
        "tenant": tenant_id,
        "service": offer.definition.key,
        "key": rule.key,
        "today": today,
        "until": today + timedelta(days=days),
        "consent": rule.needs_consent,
        "most": BATCH,
    }
    with connection.cursor() as cursor:
        # One at a time: what another worker offers meanwhile is seen once we have the lock.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"offers:{tenant_id}"]
        )
        cursor.execute(_ENDING, asked)
        ending = [_Ending(*row) for row in cursor.fetchall()]
    rows = [
        _row(
            offer,
            rule,
            one.known,
            at,
            matter_id=one.id,
            ends_on=one.valid_to,
            submission=one.submission,
            source=one.source or "",
            holder=one.holder,
        )
        for one in ending
    ]
    ProactiveOffer.objects.bulk_create(rows)
    PublicEvent.objects.bulk_create(
        [
            PublicEvent(
                tenant_id=tenant_id,
                case_id=one.case_id,
                submission=one.submission,
                source=one.source or "",
                kind="offer_made",
                at=at,
            )
            for one in ending
            if one.submission
        ]
    )
    for one, row in zip(ending, rows, strict=True):
        told = _told(row) | {"number": one.number}
        record(facts.OfferMade(case_id=one.case_id, facts=told), by=by, at=at)
    return len(rows)


def offers_for(occasion: Occasion, *, by: Actor, at: datetime) -> list[ProactiveOffer]:
    """Offer what ``occasion`` calls for, inside a verb: law allows it, or the person agreed."""
    found = list(_rules(occasion.tenant_id, occasion.kind))
    agreed = occasion.consent
    if agreed is None and any(rule.needs_consent for _, rule in found):
        agreed = _agreed(occasion)
    known = {
        "occasion": {**occasion.data, "occurred_on": occasion.occurred_on.isoformat()},
        "matter": {},
        "form": {},
    }
    rows = [
        _row(offer, rule, known, at, reported=occasion, holder=occasion.holder)
        for offer, rule in found
        if agreed or not rule.needs_consent
    ]
    ProactiveOffer.objects.bulk_create(rows)
    for row in rows:
        record(facts.OfferMade(case_id=None, facts=_told(row)), by=by, at=at)
    return rows


def _agreed(occasion: Occasion) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CONSENTED, {"tenant": occasion.tenant_id, "holder": occasion.holder})
        (agreed,) = cursor.fetchone()
    return bool(agreed)


def _row(
    offer: Offer, rule: Rule, known: Mapping[str, Any], at: datetime, **about: Any
) -> ProactiveOffer:
    definition, version = offer.definition, offer.version
    filled = prefilled(definition, rule, known)
    return ProactiveOffer(
        tenant_id=version.tenant_id,
        service_key=definition.key,
        key=rule.key,
        version=version,
        scope=f"{version.unit_id}:{definition.access_class}",
        occasion=rule.occasion,
        basis="consent" if rule.needs_consent else "law",
        legal_basis=rule.legal_basis or "",
        form=filled.form,
        missing=list(filled.missing),
        made_at=at,
        valid_until=local_date(at) + timedelta(days=rule.valid_days),
        **about,
    )


def _told(row: ProactiveOffer) -> dict[str, Any]:
    return {
        "offer": row.id,
        "service": row.service_key,
        "key": row.key,
        "basis": row.basis,
        "legal_basis": row.legal_basis,
        "valid_until": row.valid_until,
    }


def titles(rows: Sequence[ProactiveOffer], tenant_id: int) -> dict[UUID, Rule]:
    """The rule each offer was made by, where the service still has it."""
    rules = {
        (offer.definition.key, rule.key): rule
        for offer in current_offers(tenant_id)
        for rule in offer.definition.proactive
    }
    return {
        row.id: rule for row in rows if (rule := rules.get((row.service_key, row.key))) is not None
    }
