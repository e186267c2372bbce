"""What other registers report: taken once, its person hashed at once, and answered with offers."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.lifecycle import holder_of
from workflows import facts
from workflows.models import Occasion
from workflows.proactive.making import CONSENT, offers_for
from workflows.repeat import fingerprint, once

# How long ago something may have happened and still be an occasion.
LONGEST_AGO_DAYS: Final = 366


def report(said: Mapping[str, Any], *, key: str, by: Actor, at: datetime) -> tuple[str, bool]:
    """Take what a register reports; returns (JSON of the occasion and its offers, replayed).

    ``said``: kind, occurred_on, person {bpk2}, data and consents. The pseudonym is hashed before
    anything is written. Refuses: Invalid (a day to come, or more than a year ago), KeyReused.
    """
    happened = date.fromisoformat(said["occurred_on"])
    today = local_date(at)
    if happened > today:
        raise Invalid([FieldError("/occurred_on", "in_future")])
    if (today - happened).days > LONGEST_AGO_DAYS:
        raise Invalid([FieldError("/occurred_on", "date_span", {"limit": LONGEST_AGO_DAYS})])
    holder = holder_of(by.tenant_id, said["person"]["bpk2"])
    digest = fingerprint("occasion", {**said, "person": {"holder": holder}})
    return once(key, digest, by=by, act=lambda: json.dumps(_taken(said, happened, holder, by, at)))


@verb
def _taken(
    said: Mapping[str, Any], happened: date, holder: str, by: Actor, at: datetime
) -> dict[str, Any]:
    occasion = Occasion.objects.create(
        tenant_id=by.tenant_id,
        kind=said["kind"],
        occurred_on=happened,
        holder=holder,
        consent=(said.get("consents") or {}).get(CONSENT),
        data=said.get("data") or {},
        source=by.key,
        reported_at=at,
    )
    told = {"occasion": occasion.id, "kind": occasion.kind}
    record(facts.OccasionReported(case_id=None, facts=told), by=by, at=at)
    made = offers_for(occasion, by=by, at=at)
    return {
        "id": str(occasion.id),
        "kind": occasion.kind,
        "received_at": at.isoformat(),
        "offers": [
            {
                "id": str(row.id),
                "service": row.service_key,
                "valid_until": row.valid_until.isoformat(),
            }
            for row in made
        ],
    }
