"""The floor: a bare view that writes the rows of one intake and does nothing else.

No authentication, no validation, no numbers, no permissions, no chain: what Django, DRF and
PostgreSQL cost for the same inserts. Served only by the benchmark's own settings.
"""

import os
from typing import Any

from django.db import transaction
from django.urls import include, path
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from efile.kernel.models import (
    Delivery,
    JournalChain,
    JournalEntry,
    JournalValues,
    Tenant,
)
from efile.models import Case, CaseFile, Content, Document, DocumentVersion, Party
from workflows.models import (
    Deadline,
    IdempotencyKey,
    Process,
    PublicEvent,
    ServiceVersion,
    Submission,
)


class Floor(APIView):
    """The same inserts, without a reason for any of them."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser,)

    def post(self, request: Request) -> Response:
        with transaction.atomic():
            case = _insert(request.data)
        return Response({"id": str(case.id), "reference": case.reference}, status=201)


def _insert(data: Any) -> Case:
    at = real_now()
    version = ServiceVersion.objects.select_related("position").get(
        service__key=data["service"], tenant__key="musterstadt"
    )
    tenant = Tenant(id=version.tenant_id)
    unique = uuid7().hex
    case_file = CaseFile(
        tenant=tenant,
        position=version.position,
        reference=f"floor-{unique}",
        subject="Floor",
        opened_at=at,
    )
    case = Case(
        tenant=tenant,
        case_file=case_file,
        number=1,
        reference=f"floor-{unique}-01",
        subject="Floor",
        lead_unit_id=version.unit_id,
        access_class="general",
        received_at=at,
        opened_at=at,
        retention_years=3,
        disposal_code="V",
    )
    case_file.save(force_insert=True)
    case.save(force_insert=True)
    IdempotencyKey.objects.create(tenant=tenant, source="floor", key=unique, body_sha256="0" * 64)
    party = data["parties"][0]
    Party.objects.create(
        tenant=tenant,
        case=case,
        position=0,
        role=party["role"],
        kind=party["kind"],
        given_names=party.get("given_names", ""),
        family_name=party["family_name"],
        address=party["address"],
    )
    content = Content.objects.filter(tenant=tenant).first()
    document = Document.objects.create(
        tenant=tenant, case=case, kind="proof", title="Floor", direction="in", filed_at=at
    )
    if content:
        DocumentVersion.objects.create(
            tenant=tenant,
            document=document,
            number=1,
            content=content,
            filename="floor.pdf",
            made_at=at,
            made_by="floor",
        )
    submission = Submission.objects.create(
        tenant=tenant,
        source="floor",
        service_key=data["service"],
        language="de",
        envelope=str(data),
        received_at=at,
        case=case,
    )
    Process(
        case=case,
        tenant=tenant,
        scope=f"{version.unit_id}:general",
        version=version,
        service_key=data["service"],
        submission=submission.id,
        source="floor",
        state_since=at,
        received_at=at,
        touched_at=at,
        due_on=at.date(),
    ).save(force_insert=True)
    Deadline.objects.create(
        tenant=tenant,
        case=case,
        key="processing",
        kind="processing",
        rule="floor",
        event_on=at.date(),
        ends_on=at.date(),
        set_at=at,
        set_by="floor",
    )
    PublicEvent.objects.create(
        tenant=tenant, case=case, submission=submission.id, source="floor", kind="received", at=at
    )
    _journal(tenant, case)
    return case


def _journal(tenant: Tenant, case: Case) -> None:
    blank, at = os.urandom(32), real_now()
    chain = JournalChain.objects.create(
        id=case.id, tenant=tenant, seq=2, head=blank, proof=blank, sealed_seq=2
    )
    JournalEntry.objects.bulk_create(
        JournalEntry(
            tenant=tenant,
            chain=chain,
            seq=seq,
            kind="floor",
            actor="floor",
            at=at,
            previous=blank,
            values_digest=blank,
            mac=blank,
        )
        for seq in (1, 2)
    )
    JournalValues.objects.bulk_create(
        JournalValues(tenant=tenant, chain=case.id, seq=seq, salt=blank[:16], values="{}")
        for seq in (1, 2)
    )
    Delivery.objects.bulk_create(
        # Nobody carries them out: they are for cost, not for effect.
        Delivery(tenant=tenant, reaction="floor", subject=case.id, is_dead=True)
        for _ in range(2)
    )


urlpatterns = [
    path("bench/floor", Floor.as_view()),
    path("", include("backoffice.config.urls")),
]
