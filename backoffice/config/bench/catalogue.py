"""What the catalogue costs: a definition checked and published, a decision made by the machine.

Run as ``python -m backoffice.config.bench.catalogue CASES`` in the environment of the measured
city. Prints JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

import django

if TYPE_CHECKING:
    from efile.kernel.actors import Actor

ROUNDS: Final = 5
# Decided by checks alone, without asking anybody else: an order within the rules.
SERVICE: Final = "bulky-waste"


def definitions() -> dict[str, float]:
    """Milliseconds: a shipped definition validated, with every letter rendered, and published."""
    from efile.kernel.actors import system
    from efile.kernel.clock import real_now
    from efile.kernel.models import Tenant
    from workflows.definitions.documents import document_of
    from workflows.definitions.validation import validate
    from workflows.offers import current_offer, publish

    tenant, at = Tenant.objects.order_by("id")[0], real_now()
    by = system(tenant.pk, "bench")
    definition = current_offer(tenant.pk, SERVICE).definition
    document = document_of(definition)

    def published(number: int) -> None:
        changed = definition.as_json()
        changed["summary"]["en"] = f"Version {number} of the benchmark."
        publish(type(definition).from_json(changed), by=by, at=at + timedelta(seconds=number))

    return {
        "validated": _median(
            lambda _: validate(document, tenant_id=tenant.pk, at=at, letters=False)
        ),
        "validated, letters rendered": _median(
            lambda _: validate(document, tenant_id=tenant.pk, at=at)
        ),
        "published": _median(published),
    }


def decisions(cases: int) -> dict[str, float]:
    """From the application to the letter on file, one after the other, worker in this process."""
    from efile.kernel import outbox
    from efile.kernel.actors import Actor
    from efile.kernel.clock import real_now
    from efile.kernel.ids import uuid7
    from efile.kernel.models import Tenant
    from workflows.envelope import Envelope
    from workflows.intake import accept
    from workflows.models import Decision, Service
    from workflows.offers import current_offer

    tenant = Tenant.objects.order_by("id")[0]
    may = frozenset({"submit"})
    by = Actor(tenant_id=tenant.pk, kind="portal", key="portal:bench", permissions=may)
    # Whoever was drawn for the sample waits for a person.
    Service.objects.filter(key=SERVICE).update(sample_percent=0)
    sent = current_offer(tenant.pk, SERVICE).definition.as_json()["example"]
    while outbox.drain():
        pass
    times = []
    began = time.perf_counter()
    for _ in range(cases):
        start = time.perf_counter()
        accept(Envelope(json.dumps(sent), sent), key=str(uuid7()), by=by, at=real_now())
        while outbox.drain():
            pass
        times.append((time.perf_counter() - start) * 1000)
    seconds = time.perf_counter() - began
    letters = Decision.objects.filter(is_automated=True, letter__isnull=False).count()
    assert letters >= cases, "every decision has its letter"
    cuts = quantiles(times, n=100, method="inclusive")
    return {"cases": cases, "per second": cases / seconds, "p50": cuts[49], "p95": cuts[94]}


def services() -> dict[str, float]:
    """Milliseconds from the example to everything that is owed for it, by service."""
    from efile.kernel import outbox
    from efile.kernel.actors import Actor
    from efile.kernel.clock import real_now
    from efile.kernel.ids import uuid7
    from efile.kernel.models import Tenant
    from workflows.envelope import Envelope
    from workflows.intake import accept
    from workflows.offers import current_offers

    tenant = Tenant.objects.order_by("id")[0]
    may = frozenset({"submit"})
    by = Actor(tenant_id=tenant.pk, kind="portal", key="portal:bench", permissions=may)
    found: dict[str, float] = {}
    for offer in current_offers(tenant.pk):
        example = offer.definition.as_json()["example"]

        def walked(_: int, example: dict[str, Any] = example) -> None:
            enclosed = [{**one, "upload": _uploaded(by)} for one in example["attachments"]]
            sent = {**example, "attachments": enclosed}
            accept(Envelope(json.dumps(sent), sent), key=str(uuid7()), by=by, at=real_now())
            while outbox.drain():
                pass

        found[offer.definition.key] = _median(walked)
    return found


def _uploaded(by: "Actor") -> str:
    """A proof of about 1 kB in the store, ready to be handed in."""
    from efile.filing import receive_upload
    from efile.kernel.clock import real_now
    from efile.kernel.ids import uuid7
    from efile.storage import default_store

    content = b"%PDF-1.7\n" + uuid7().bytes * 64 + b"\n%%EOF\n"
    stored = default_store().write([content], max_bytes=len(content), expected_sha256=None)
    upload = receive_upload(
        stored, media_type="application/pdf", filename="Nachweis.pdf", by=by, at=real_now()
    )
    return str(upload.id)


def _median(work: Callable[[int], Any]) -> float:
    work(0)  # whatever is compiled and kept is so from here on
    times = []
    for number in range(1, ROUNDS + 1):
        began = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


if __name__ == "__main__":
    django.setup()
    measured = {
        "decisions": decisions(int(sys.argv[1])),
        "services": services(),
        "definitions": definitions(),
    }
    sys.stdout.write(json.dumps(measured))
