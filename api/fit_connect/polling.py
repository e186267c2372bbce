"""A round: what waits at our destination is seen, taken, answered, and its senders are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from api.fit_connect import filing, hearing, telling
from api.fit_connect.client import DeliveryService, DeliveryServiceUnavailable, Waiting
from api.fit_connect.configuration import Configuration, configured
from api.fit_connect.keys import load
from api.fit_connect.pickup import Way, advance, claim
from api.fit_connect.receiving import Received, Reception
from api.models.fit_connect import FitConnectDestination, FitConnectReply, FitConnectSubmission

log = structlog.get_logger()

# Of each kind in one round: a worker has other work, too.
BATCH: Final = 100
# Without a call the delivery service is asked so often.
EVERY: Final = timedelta(seconds=60)


def poll_if_due(*, at: datetime) -> int:
    """A round, if the last one was a minute ago or somebody called since."""
    configuration = configured()
    if configuration is None:
        return 0
    place = destination_of(configuration)
    called = place.called_at and (place.polled_at is None or place.called_at > place.polled_at)
    if not called and place.polled_at and place.polled_at + EVERY > at:
        return 0
    return poll(at=at)


def poll(*, at: datetime) -> int:
    """One round at ``at`` (true time); returns how many pickups were tried.

    Nothing happens where FIT-Connect is off, or while the delivery service wants to be left alone.
    """
    configuration = configured()
    if configuration is None:
        return 0
    place = destination_of(configuration)
    if place.quiet_until and place.quiet_until > at:
        return 0
    reception = Reception(configuration, DeliveryService(configuration), load(configuration.keys))
    tried = 0
    with _noted(place, at):
        _see_submissions(reception, at)
        tried += _take_submissions(reception, at)
        hearing.see(reception, at=at)
        tried += _take_replies(reception, at)
        telling.look(reception, place, at=at)
        telling.send(reception, at=at)
    return tried


def call(*, at: datetime) -> None:
    """Somebody says that there is something: the next round does not wait for its turn."""
    if configuration := configured():
        place = destination_of(configuration)
        FitConnectDestination.objects.filter(pk=place.pk).update(called_at=at)


def destination_of(configuration: Configuration) -> FitConnectDestination:
    """What is known of our destination; made when it is first asked for."""
    place, _ = FitConnectDestination.objects.get_or_create(
        destination=configuration.destination, defaults={"tenant": configuration.tenant}
    )
    return place


@contextmanager
def _noted(place: FitConnectDestination, at: datetime) -> Iterator[None]:
    """How the round went, for whoever asks; a service that is away is no fault of ours."""
    told: dict[str, Any] = {"polled_at": at, "failure": "", "quiet_until": None}
    try:
        yield
    except DeliveryServiceUnavailable as refusal:
        log.warning("delivery_service_unavailable", failure=refusal.failure)
        told["failure"] = refusal.failure[:60]
        told["quiet_until"] = at + timedelta(seconds=refusal.wait) if refusal.wait else None
    FitConnectDestination.objects.filter(pk=place.pk).update(**told)


def _see_submissions(reception: Reception, at: datetime) -> None:
    """Note what waits; what was noted before stays as it is."""
    configuration = reception.configuration
    FitConnectSubmission.objects.bulk_create(
        [
            FitConnectSubmission(
                tenant=configuration.tenant,
                destination=configuration.destination,
                submission_id=one.id,
                case_id=one.case_id,
                seen_at=at,
                due_at=at,
            )
            for one in reception.service.waiting("submissions")
        ],
        ignore_conflicts=True,
    )


def _take_submissions(reception: Reception, at: datetime) -> int:
    for tried in range(BATCH):
        row = claim(FitConnectSubmission, reception.configuration.tenant.pk, at=at)
        if row is None:
            return tried
        file = partial(_file_submission, reception=reception, at=at)
        way = Way("submission", reception.submission, file)
        advance(row, Waiting(row.submission_id, row.case_id), way, reception)
    return BATCH


def _take_replies(reception: Reception, at: datetime) -> int:
    for tried in range(BATCH):
        row = claim(FitConnectReply, reception.configuration.tenant.pk, at=at)
        if row is None:
            return tried
        file = partial(hearing.put_on_file, row, by=reception.configuration.actor)
        way = Way("reply", reception.reply, file)
        advance(row, Waiting(row.reply_id, row.case_id), way, reception)
    return BATCH


def _file_submission(
    received: Received, waiting: Waiting, *, reception: Reception, at: datetime
) -> dict[str, Any]:
    """Put it on file; what is to be kept of it beside the case is how to answer its sender."""
    metadata = received.metadata
    ours = filing.put_on_file(
        received,
        waiting,
        by=reception.configuration.actor,
        reaches=telling.reaches(metadata.reply_channel),
    )
    return {
        "submission": ours,
        "reply_channel": metadata.reply_channel,
        "status_monitor": metadata.status_monitor,
        # What was announced with the case is news, wherever the feed has come to meanwhile.
        "news_at": at,
        "look_at": at,
    }
