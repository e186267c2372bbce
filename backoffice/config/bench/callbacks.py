"""What pushing costs: events told to a receiver on this machine, one worker's round.

Run as ``python -m backoffice.config.bench.callbacks [SUBMISSIONS] [EVENTS_EACH]`` in the
environment of the measured city, or call ``measure``. Prints JSON.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

import django

if TYPE_CHECKING:
    from efile.kernel.actors import Actor

SUBMISSIONS: Final = 2000
EVENTS_EACH: Final = 3
SERVICE: Final = "bulky-waste"

# Rows like those of one real submission: what is measured is the way out, not the way in.
_SUBMISSIONS: Final = """
INSERT INTO workflows_submission (id, tenant_id, source, service_key, language, channel, envelope,
                                  received_at, case_id)
SELECT gen_random_uuid(), tenant_id, source, service_key, language, channel, envelope, received_at,
       case_id
  FROM workflows_submission, generate_series(2, %s)
 WHERE source = %s
"""
_EVENTS: Final = """
INSERT INTO workflows_publicevent (id, tenant_id, case_id, submission, source, kind, at)
SELECT gen_random_uuid(), tenant_id, case_id, id, source, 'examination_started', received_at
  FROM workflows_submission, generate_series(1, %s)
 WHERE source = %s
"""


def measure(submissions: int = SUBMISSIONS, events_each: int = EVENTS_EACH) -> dict[str, float]:
    """Calls and events per second of one round, from collecting to the last note.

    Every submission is one call. To be run in a process of its own while no worker runs, which
    would take its share; leaves a client with its submissions behind.
    """
    from api.callbacks.pushing import push
    from api.callbacks.reaching import Caller
    from api.callbacks.targets import set_target
    from efile.kernel.clock import real_now

    by = _portal()
    with _receiver() as (url, heard):
        set_target(url, by=by, at=real_now())
        _happen(by, submissions, events_each)
        caller = Caller(timeout=10.0, allowed=[ip_network("127.0.0.0/8")])
        began = time.perf_counter()
        done = push(at=real_now(), post=caller.post, patience=600.0)
        seconds = time.perf_counter() - began
        caller.close()
    assert (done.calls, done.failures, len(heard)) == (submissions, 0, submissions)
    return {
        "callbacks per second": done.calls / seconds,
        "events per second": done.events / seconds,
    }


def _portal() -> "Actor":
    """A portal of its own with one real submission."""
    from api.clients import create_client
    from efile.kernel.actors import Actor
    from efile.kernel.clock import real_now
    from efile.kernel.ids import uuid7
    from efile.kernel.models import Tenant
    from workflows.envelope import Envelope
    from workflows.intake import accept
    from workflows.offers import current_offer

    tenant = Tenant.objects.order_by("id")[0]
    client_id, _ = create_client(tenant, "Benchmark of callbacks")
    by = Actor(
        tenant_id=tenant.pk,
        kind="portal",
        key=f"portal:{client_id}",
        permissions=frozenset({"submit", "read", "answer"}),
    )
    sent = current_offer(tenant.pk, SERVICE).definition.as_json()["example"]
    accept(Envelope(json.dumps(sent), sent), key=str(uuid7()), by=by, at=real_now())
    return by


def _happen(by: "Actor", submissions: int, events_each: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SUBMISSIONS, [submissions, by.key])
        cursor.execute(_EVENTS, [events_each, by.key])


@contextmanager
def _receiver() -> Iterator[tuple[str, list[int]]]:
    """The address of a receiver that answers at once, and how long each call was."""
    heard: list[int] = []

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            heard.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure(*map(int, sys.argv[1:3]))))
