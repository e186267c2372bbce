"""The receipt of what was sent: rendered when somebody first asks for it, and then on file."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Min

from efile import filing
from efile.kernel.actors import Actor, system
from efile.kernel.clock import BERLIN, local_date
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from efile.letters.receipt import ReceiptFacts, ReceivedDocument, render_receipt
from efile.models import Document, DocumentVersion
from efile.reading import note_reading, read_document
from efile.storage import default_store
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import Text, filled
from workflows.catalogue.submission import applicant_of
from workflows.machine import known_to, locked
from workflows.models import InboxItem, Process, State, Submission
from workflows.offers import definition_of

FILENAME: Final = "Eingangsbestaetigung.pdf"
TITLE: Final = "Eingangsbestätigung"
JOB: Final = "receipts"

CHANNELS: Final[Mapping[str, str]] = {
    "portal": "Online-Portal",
    "fit_connect": "über FIT-Connect",
    "open311": "als Meldung über Open311",
    "counter": "persönlich am Schalter",
    "phone": "am Telefon",
    "paper": "auf Papier",
    "visit": "beim Hausbesuch",
}
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_KEPT: Final = (
    "Eine Kollegin oder ein Kollege ordnet das, was Sie gesandt haben, der zuständigen Stelle zu. "
    "Der Tag des Eingangs bleibt gewahrt."
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as PDF; ``sha256`` of its bytes as 64 hex digits."""

    pdf: bytes
    sha256: str


def submission_receipt(submission_id: UUID, *, by: Actor, at: datetime) -> Receipt:
    """The receipt of the sender's own submission.

    What is no case yet has one, too, but no file to put it on. Refuses: NotFound.
    """
    submission = Submission.objects.filter(
        id=submission_id, tenant_id=by.tenant_id, source=by.key
    ).first()
    if submission is None or not by.may("read", submission.service_key):
        raise NotFound
    if submission.case_id is None:
        return _as_receipt(render_receipt(_kept(submission)))
    return _of_case(_process(submission.case_id), submission, at=at)


def case_receipt(case_id: UUID, *, by: Actor, at: datetime) -> Receipt:
    """The receipt of what began the case.

    Whoever reads that of a protected access class is named in the case's journal, also where it
    is rendered for them and not on file. Refuses: NotFound.
    """
    process = Process.objects.filter(known_to(by), case_id=case_id).only("submission").first()
    if process is None or process.submission is None:
        raise NotFound
    receipt = _of_case(_process(case_id), Submission.objects.get(id=process.submission), at=at)
    if found := _filed(case_id):
        read_document(found[0], by=by, at=at)
    else:
        note_reading(case_id, TITLE, by=by, at=at)
    return receipt


def _process(case_id: UUID) -> Process:
    return Process.objects.select_related("case__lead_unit", "version", "tenant").get(
        case_id=case_id
    )


def _of_case(process: Process, submission: Submission, *, at: datetime) -> Receipt:
    """The one on file; else it is rendered and filed, unless the file is closed."""
    if found := _filed(process.case_id):
        return _stored(found[1])
    receipt = _as_receipt(render_receipt(_facts(process, submission)))
    if process.state == State.CLOSED:
        return receipt
    stored = default_store().write([receipt.pdf], max_bytes=len(receipt.pdf), expected_sha256=None)
    by = system(process.tenant_id, JOB)
    content = filing.content_for(process.tenant_id, stored, "application/pdf", at=at)
    kept = _file(process.case_id, content, stored.sha256, by=by, at=at)
    return receipt if kept == receipt.sha256 else _stored(kept)


@verb
def _file(case_id: UUID, content_id: UUID, sha256: str, *, by: Actor, at: datetime) -> str:
    """Put the receipt on file and return its digest; of several at once the first one stays."""
    process = locked(case_id, by=by)
    if found := _filed(case_id):
        return found[1]
    if process.state != State.CLOSED:
        document = filing.NewDocument(
            id=uuid7(),
            kind="receipt",
            title=TITLE,
            content_id=content_id,
            sha256=sha256,
            filename=FILENAME,
            direction="out",
            is_public=True,
        )
        filing.file_documents(case_id, [document], by=by, at=at)
    return sha256


def _filed(case_id: UUID) -> tuple[UUID, str] | None:
    """Document and digest of the receipt on file."""
    versions = DocumentVersion.objects.filter(
        document__case_id=case_id, document__kind="receipt"
    ).values_list("document_id", "content__sha256")
    return versions.order_by("number").first()


def _stored(sha256: str) -> Receipt:
    with default_store().open(sha256) as file:
        return Receipt(file.read(), sha256)


def _as_receipt(pdf: bytes) -> Receipt:
    return Receipt(pdf, hashlib.sha256(pdf).hexdigest())


def _facts(process: Process, submission: Submission) -> ReceiptFacts:
    """What the receipt of a case says: what was sent, to the letter."""
    definition = definition_of(process.version)
    envelope = json.loads(submission.envelope)
    unit = {"unit": process.case.lead_unit.name}
    values = {"case_reference": process.case.reference, "unit": process.case.lead_unit.name}
    form = envelope.get("form")
    if not definition.validator.errors(form):
        values |= definition.shown(form, "de")
    return ReceiptFacts(
        **_common(process.tenant, submission, envelope),
        letterhead=process.tenant.letterhead | unit,
        reference=process.case.reference,
        service=definition.title.in_("de"),
        groups=list(_groups(definition, form)),
        documents=_documents(process.case_id) if envelope.get("attachments") else [],
        next_steps=[filled(definition.public_texts.states["received"].in_("de"), values)],
    )


def _kept(submission: Submission) -> ReceiptFacts:
    """What the receipt says of a submission that a person has to match first."""
    tenant = Tenant.objects.get(id=submission.tenant_id)
    envelope = json.loads(submission.envelope)
    item = InboxItem.objects.filter(submission=submission).first()
    attachments = item.content.get("attachments", []) if item else []
    form = envelope.get("form")
    return ReceiptFacts(
        **_common(tenant, submission, envelope),
        letterhead=tenant.letterhead,
        reference=str(submission.id),
        service=str(envelope.get("service") or "Einsendung ohne Leistung"),
        groups=[("", _plain(form))] if isinstance(form, dict) and form else [],
        documents=[
            ReceivedDocument(one["filename"], one["filename"], one["size"], one["sha256"])
            for one in attachments
        ],
        next_steps=[_KEPT],
    )


def _common(tenant: Tenant, submission: Submission, envelope: Mapping[str, Any]) -> dict[str, Any]:
    received = submission.received_at.astimezone(BERLIN)
    applicant = applicant_of(envelope)
    address = applicant.get("address") or {}
    name = applicant.get("organisation") or " ".join(
        str(applicant[part]) for part in ("given_names", "family_name") if applicant.get(part)
    )
    lines = (
        str(name),
        f"{address.get('street', '')} {address.get('number', '')}".strip(),
        f"{address.get('postcode', '')} {address.get('city', '')}".strip(),
    )
    return {
        "city": tenant.name,
        "dated": local_date(submission.received_at),
        "received_at": f"{received:%d.%m.%Y, %H:%M} Uhr",
        "channel": CHANNELS[submission.channel],
        "sender": [line for line in lines if line],
        # Who fetched it from a portal has no window to look through.
        "recipient_lines": []
        if submission.channel == "portal"
        else [line for line in lines if line],
    }


def _documents(case_id: UUID) -> list[ReceivedDocument]:
    """The files that came with the application itself, not with a later answer."""
    came = Document.objects.filter(case_id=case_id, direction="in")
    first = came.aggregate(at=Min("filed_at"))["at"]
    versions = DocumentVersion.objects.select_related("document", "content").filter(
        document__in=came.filter(filed_at=first), number=1
    )
    return [
        ReceivedDocument(one.document.title, one.filename, one.content.size, one.content.sha256)
        for one in versions.order_by("document_id")
    ]


Rows = list[tuple[str, str]]


def _groups(definition: Definition, form: Any) -> Iterator[tuple[str, Rows]]:
    """The form under its labels: single fields first, then each group and each entry of a list."""
    said = form if isinstance(form, dict) else {}
    schema = definition.form["properties"]
    single = {n: v for n, v in said.items() if not isinstance(v, dict | list) or n not in schema}
    if single:
        yield "", [_row(schema.get(name, {}), name, value) for name, value in single.items()]
    for name, value in said.items():
        inner = schema.get(name, {})
        if name in single:
            continue
        heading = _label(inner, name)
        if isinstance(value, dict):
            known = inner.get("properties", {})
            yield heading, [_row(known.get(n, {}), n, v) for n, v in value.items()]
            continue
        known = inner.get("items", {}).get("properties", {})
        for number, entry in enumerate(value, start=1):
            rows = entry if isinstance(entry, dict) else {"": entry}
            shown = [_row(known.get(n, {}), n or str(number), v) for n, v in rows.items()]
            yield f"{heading} {number}", shown


def _row(schema: Mapping[str, Any], name: str, value: Any) -> tuple[str, str]:
    options = schema.get("x-options", {})
    if not isinstance(value, dict | list) and str(value) in options:
        return _label(schema, name), Text(options[str(value)]).in_("de")
    if schema.get("format") == "date" and isinstance(value, str) and _DAY.fullmatch(value):
        return _label(schema, name), ".".join(reversed(value.split("-")))
    return _label(schema, name), _text(value)


def _label(schema: Mapping[str, Any], name: str) -> str:
    return Text(schema["x-labels"]).in_("de") if "x-labels" in schema else name


def _plain(form: Mapping[str, Any]) -> Rows:
    return [(str(name), _text(value)) for name, value in form.items()]


def _text(value: Any) -> str:
    """A value that was sent, whatever it is, as German text."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
