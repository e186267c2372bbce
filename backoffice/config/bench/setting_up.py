"""Founds the measured city: Musterstadt, a service with twelve fields, a portal. Prints JSON."""

import json
import sys

import django


def set_up() -> dict[str, str]:
    """The city with the benchmark's service; returns the portal's client id and secret."""
    from api.clients import create_client
    from backoffice.config.bench.portal import FIELDS, SERVICE
    from backoffice.demo.founding import found_city
    from efile.kernel.actors import system
    from efile.kernel.clock import real_now
    from workflows.catalogue.definition import Definition
    from workflows.offers import current_offer, publish

    at = real_now()
    tenant = found_city(at=at)
    told = current_offer(tenant.pk, "resident-parking").definition.as_json()
    for number in range(FIELDS - 2):
        told["form"]["properties"][f"field_{number}"] = {
            "type": "string",
            "maxLength": 200,
            "x-labels": {"de": f"Angabe {number}", "en": f"Field {number}"},
        }
    told |= {"key": SERVICE, "leika_key": None}
    publish(Definition.from_json(told), by=system(tenant.pk, "bench"), at=at)
    client_id, client_secret = create_client(tenant, "Benchmark", ["submit", "read", "answer"])
    return {"id": client_id, "secret": client_secret}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(set_up()))
