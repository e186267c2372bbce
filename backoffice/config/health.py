"""Is it alive, is it ready? For load balancers and alarms; names nobody."""

from ipaddress import ip_address
from typing import Any

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django_prometheus.exports import ExportToDjangoView

from api.callbacks.lateness import backlog
from efile.clearing import not_scanned
from efile.kernel import outbox
from efile.kernel.clock import real_now
from efile.kernel.errors import Unavailable
from efile.storage import default_store


def live(_request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "alive"})


def ready(_request: HttpRequest) -> JsonResponse:
    """200 when database and storage answer, else 503; with the age of the oldest debt."""
    report: dict[str, Any] = {"database": _database(), "storage": _storage()}
    is_ready = all(value == "ok" for value in report.values())
    if report["database"] == "ok":
        report["oldest_undelivered_seconds"] = round(outbox.oldest_undelivered_seconds(), 1)
        report["dead_deliveries"] = outbox.dead_deliveries()
        report["files_not_scanned"] = not_scanned()
        callbacks = backlog(at=real_now())
        report["oldest_undelivered_callback_seconds"] = round(callbacks.oldest_seconds, 1)
        report["given_up_callbacks"] = callbacks.given_up
    report["status"] = "ready" if is_ready else "not_ready"
    return JsonResponse(report, status=200 if is_ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures, for machines of the same host or network only.

    A proxy passes nothing under this address on; a caller from elsewhere finds nothing here.
    """
    if not ip_address(request.META["REMOTE_ADDR"] or "127.0.0.1").is_private:
        raise Http404
    figures: HttpResponse = ExportToDjangoView(request)
    return figures


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _storage() -> str:
    try:
        default_store().probe()
    except (Unavailable, OSError) as error:
        return type(error).__name__
    return "ok"
