"""Seals: every minute, per tenant, one root over all chains that moved since the last seal."""

from datetime import datetime

from django.db import connection, transaction

from efile.kernel.journal import NO_PREVIOUS, seal_root
from efile.kernel.models import JournalSeal, JournalSealMember, Tenant

# At most so many chains per seal, so that its transaction stays short after a bulk run.
MEMBERS = 5000

_MOVED = """
UPDATE kernel_journalchain SET sealed_seq = seq
 WHERE id = ANY(ARRAY(
       SELECT id FROM kernel_journalchain WHERE tenant_id = %s AND seq > sealed_seq
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, seq, head
"""


def seal_all(*, at: datetime) -> int:
    """Seal every tenant's moved chains; returns how many chains were sealed."""
    sealed = 0
    for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True):
        while count := seal_tenant(tenant_id, at=at):
            sealed += count
            if count < MEMBERS:
                break
    return sealed


@transaction.atomic
def seal_tenant(tenant_id: int, *, at: datetime) -> int:
    """One seal over up to ``MEMBERS`` moved chains; 0 when none moved.

    The tenant's row is locked, so seals are numbered without gaps; a chain that a verb holds
    right now waits for the next seal.
    """
    Tenant.objects.select_for_update(no_key=True).get(id=tenant_id)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [tenant_id, MEMBERS])
        moved = [(row[0], row[1], bytes(row[2])) for row in cursor.fetchall()]
    if not moved:
        return 0
    last = JournalSeal.objects.filter(tenant_id=tenant_id).order_by("-number").first()
    number = last.number + 1 if last else 1
    previous = bytes(last.root) if last else NO_PREVIOUS
    seal = JournalSeal.objects.create(
        tenant_id=tenant_id,
        number=number,
        at=at,
        members=len(moved),
        previous=previous,
        root=seal_root(tenant_id, number, at, previous, moved),
    )
    JournalSealMember.objects.bulk_create(
        [
            JournalSealMember(tenant_id=tenant_id, seal=seal, chain=chain, seq=seq, head=head)
            for chain, seq, head in moved
        ],
        batch_size=1000,
    )
    return len(moved)
