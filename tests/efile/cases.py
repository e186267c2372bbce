"""What the tests of the e-file share: bare cases, a neighbouring city, statements by hand."""

from typing import Any

from django.db import connection

from efile import lifecycle
from efile.filing import NewDocument, content_for
from efile.kernel.actors import Actor
from efile.kernel.ids import uuid7
from efile.kernel.models import JournalEntry, Membership, Tenant, Unit, User
from efile.models import Case, FilePlan, FilePlanPosition
from efile.policy import person
from efile.storage import default_store
from tests.factories import AT, DAY, city, machine

PARKING = "buergerservice-parken"


def new_case(
    *,
    unit: str = PARKING,
    position: str = "32.2",
    family_name: str = "Yılmaz",
    bpk2: str = "",
    by: Actor | None = None,
    **changes: Any,
) -> lifecycle.NewCase:
    """A case to be opened for Đorđe ``family_name``, in ``by``'s city; ``bpk2`` names the holder.

    No service around it: what stands here is all there is.
    """
    tenant_id = (by or machine()).tenant_id
    applicant = lifecycle.NewParty(
        role="applicant",
        kind="person",
        given_names="Đorđe",
        family_name=family_name,
        holder=lifecycle.holder_of(tenant_id, bpk2),
    )
    told: dict[str, Any] = {
        "id": uuid7(),
        "position": FilePlanPosition.objects.get(tenant_id=tenant_id, code=position),
        "lead_unit_id": Unit.objects.get(tenant_id=tenant_id, key=unit).pk,
        "access_class": "general",
        "subject": "Bewohnerparkausweis, Zone A4",
        "received_at": AT,
        "parties": [applicant],
        "holder": lifecycle.holder_of(tenant_id, bpk2),
    }
    return lifecycle.NewCase(**told | changes)


def opened(*, by: Actor | None = None, **changes: Any) -> Case:
    """An open case, as ``new_case`` describes it."""
    by = by or machine()
    return lifecycle.open_case(new_case(by=by, **changes), by=by, at=AT)


def closed(**changes: Any) -> Case:
    """A case that was opened and closed at once."""
    return lifecycle.close_case(opened(**changes).id, by=machine(), at=AT)


def new_document(content: bytes = b"Ein Nachweis", *, by: Actor | None = None) -> NewDocument:
    """A document to be filed, its bytes already in the store."""
    stored = default_store().write([content], max_bytes=len(content))
    tenant_id = (by or machine()).tenant_id
    return NewDocument(
        id=uuid7(),
        kind="attachment",
        title="Nachweis",
        content_id=content_for(tenant_id, stored, "text/plain", at=AT),
        sha256=stored.sha256,
        filename="Nachweis.txt",
    )


def as_stored(case: Case) -> Case:
    """The same case as the database has it now."""
    return Case.objects.select_related("case_file").get(id=case.id)


def recorded(case: Case) -> list[str]:
    """What the journal says happened to the case, in order."""
    entries = JournalEntry.objects.filter(chain_id=case.id).order_by("seq")
    return list(entries.values_list("kind", flat=True))


def neighbour() -> Actor:
    """The head of the only office of the next city, who sees everything there."""
    tenant = Tenant.objects.create(
        key="nachbarstadt", name="Stadt Nachbarstadt", regional_key="059999999998"
    )
    unit = Unit.objects.create(tenant=tenant, key=PARKING, name="Rathaus", path="")
    unit.path = f"/{unit.pk}/"
    unit.save(update_fields=["path"])
    user = User.objects.create(tenant=tenant, username="n.bar", display_name="Nele Bar")
    Membership.objects.create(
        tenant=tenant, user=user, unit=unit, role="head", access_classes=["general"]
    )
    plan = FilePlan.objects.create(tenant=tenant, version=1, valid_from=(AT - 60 * DAY).date())
    FilePlanPosition.objects.create(
        tenant=tenant,
        plan=plan,
        code="32.2",
        title="Bewohnerparken",
        retention_years=3,
        disposal_code="V",
        access_class="general",
    )
    return person(user)


def user_id(username: str) -> int:
    """The number of somebody in the sample city."""
    return int(User.objects.get(tenant=city(), username=username).pk)


def by_hand(statement: str, *parameters: Any) -> int:
    """Run ``statement`` with the application's own rights; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def by_the_owner(statement: str, *parameters: Any) -> int:
    """Run ``statement`` as whoever has the database's password, past the application's rights."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(statement, parameters)
        touched = int(cursor.rowcount)
        cursor.execute("SET ROLE laufmappe_app")
    return touched


def somebody_waits_for_me() -> bool:
    """Whether another session waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
            "AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
