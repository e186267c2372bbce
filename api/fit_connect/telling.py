"""Who has something to be told, and telling it: each thing once, in the order it happened.

Level-triggered: what a submission's sender may know is compared with what was told so far. A
decision's letter is written a moment after the decision, so after each piece of news is looked
again, ever less often, for a day.

Over a reply channel nothing counts as notified: that the sender's system took a decision does not
show that the applicant has it. Unless the applicant retrieves it where we can see it, it goes by
post after ten days as from any portal (§ 41 (2a) VwVfG NRW).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import connection, transaction

from api.fit_connect import bundid
from api.fit_connect.client import DeliveryServiceUnavailable, Unheard
from api.fit_connect.keys import OPENS, as_public_key
from api.fit_connect.notices import Outgoing, Standing, notice, notice_schema_uri
from api.fit_connect.pickup import LEASE, put_off
from api.fit_connect.receiving import Reception
from api.fit_connect.sending import deliver
from api.models.fit_connect import FitConnectDestination, FitConnectNotice, FitConnectSubmission
from efile.kernel.errors import NotFound
from workflows.feed import news

log = structlog.get_logger()

BATCH: Final = 200
EVENTS: Final = 1000
_SOON: Final = timedelta(minutes=1)
_WATCHED: Final = timedelta(days=1)


def reaches(channel: Mapping[str, Any]) -> bool:
    """Whether what is decided can be delivered over this reply channel.

    E-mail, De-Mail, ELSTER and FINK carry nothing of ours: content does not go by mail, and to the
    others there is no line. What was wished for is kept with the application, and the answer goes
    by post. Never a reason to reject.
    """
    kind = channel.get("kind")
    return kind == "fitConnect" or (kind == "idBundDeMailbox" and bundid.is_configured())


def look(reception: Reception, destination: FitConnectDestination, *, at: datetime) -> None:
    """Make a notice of what every sender may know and was not told."""
    _hear(reception, destination, at)
    due = FitConnectSubmission.objects.filter(
        tenant=reception.configuration.tenant, look_at__lte=at, submission__isnull=False
    )
    for row in due.order_by("look_at")[:BATCH]:
        _look_at(row, reception, at)


@transaction.atomic
def _hear(reception: Reception, destination: FitConnectDestination, at: datetime) -> None:
    """Of whom there is news since the last round: the feed forgets nobody, and nor do we."""
    place = FitConnectDestination.objects.select_for_update().get(id=destination.id)
    found, last = news(after=place.heard, limit=EVENTS, by=reception.configuration.actor)
    told = FitConnectSubmission.objects.filter(submission__in=[one.submission for one in found])
    told.update(news_at=at, look_at=at)
    place.heard = last
    place.save(update_fields=["heard"])


@transaction.atomic
def _look_at(row: FitConnectSubmission, reception: Reception, at: datetime) -> None:
    row = FitConnectSubmission.objects.select_for_update().get(id=row.id)
    assert row.submission
    kinds = _kinds(row)
    row.look_at = _next_look(row, at) if kinds else None
    row.save(update_fields=["look_at"])
    try:
        standing = Standing.of(row.submission, by=reception.configuration.actor) if kinds else None
    except NotFound:
        return
    if standing is None:
        return
    known = FitConnectNotice.objects.filter(submission=row).values_list("kind", "items")
    for kind in kinds:
        items = bundid.ITEMS[kind](standing) if kind in bundid.ITEMS else list(standing.items)
        told = {item for one, names in known if one == kind for item in names}
        if fresh := [item for item in items if item not in told]:
            FitConnectNotice.objects.create(
                tenant_id=row.tenant_id,
                submission=row,
                kind=kind,
                items=fresh,
                made_at=at,
                due_at=at,
            )


def _kinds(row: FitConnectSubmission) -> list[str]:
    """How the sender of ``row`` is told: over the reply channel, or in the federal account."""
    kinds = []
    if row.reply_channel.get("kind") == "fitConnect":
        kinds.append("reply")
    if row.reply_channel.get("kind") == "idBundDeMailbox" and bundid.is_configured():
        kinds.append("message")
    if row.status_monitor and bundid.is_configured():
        kinds.append("status")
    return kinds


def _next_look(row: FitConnectSubmission, at: datetime) -> datetime | None:
    since = at - (row.news_at or at)
    return at + max(since, _SOON) if since < _WATCHED else None


# One at a time for each submission, so that the order stays.
_CLAIM: Final = """
UPDATE api_fitconnectnotice SET attempts = attempts + 1, due_at = %(until)s
 WHERE id = (SELECT n.id FROM api_fitconnectnotice n
              WHERE n.due_at <= %(at)s AND n.tenant_id = %(tenant)s AND NOT EXISTS (
                    SELECT FROM api_fitconnectnotice e
                     WHERE e.submission_id = n.submission_id AND e.kind = n.kind
                       AND e.id < n.id AND e.due_at IS NOT NULL)
              ORDER BY n.due_at, n.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def send(reception: Reception, *, at: datetime) -> int:
    """Send what is due; returns how many were tried. Refuses: DeliveryServiceUnavailable."""
    for tried in range(BATCH):
        row = _claim(reception, at)
        if row is None:
            return tried
        _send(row, reception, at)
    return BATCH


def _claim(reception: Reception, at: datetime) -> FitConnectNotice | None:
    tenant = reception.configuration.tenant.pk
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"until": at + LEASE, "at": at, "tenant": tenant})
        row = cursor.fetchone()
    notices = FitConnectNotice.objects.select_related("submission")
    return notices.get(id=row[0]) if row else None


def _send(row: FitConnectNotice, reception: Reception, at: datetime) -> None:
    try:
        deliver(row, _outgoing(row, reception), reception, at=at)
    except DeliveryServiceUnavailable as refusal:
        put_off(row, refusal.failure)
        raise
    except Unheard as refusal:
        # The sender's system will not have it. What it tells stays to be read by whoever asks;
        # a decision goes by post.
        log.warning("fit_connect_notice_refused", notice=row.pk, status=refusal.status)
        put_off(row, f"unheard_{refusal.status}")
    except Exception as error:
        # What is wrong with one may not stop the others.
        log.exception("fit_connect_notice_failed", notice=row.pk)
        put_off(row, type(error).__name__)


def _outgoing(row: FitConnectNotice, reception: Reception) -> Outgoing:
    ours = row.submission.submission
    assert ours
    standing = Standing.of(ours, by=reception.configuration.actor)
    if row.kind in bundid.ITEMS:
        return bundid.outgoing(row, standing, reception)
    jwk = row.submission.reply_channel["key"]
    return Outgoing(
        what="reply",
        announcement={"caseId": str(row.submission.case_id)},
        key=as_public_key(jwk, OPENS),
        kid=str(jwk["kid"]),
        schema_uri=notice_schema_uri(),
        data=notice(standing, row.items),
        enclosed=standing.enclosed(row.items),
        reference=standing.status["case_reference"] or "",
    )
