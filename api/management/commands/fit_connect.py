"""manage.py fit_connect: our keys at the destination, a round by hand, how things stand."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.fit_connect.configuration import configured
from api.fit_connect.keys import add, public, read
from api.fit_connect.polling import destination_of, poll
from api.models import FitConnectNotice, FitConnectReply, FitConnectSubmission
from efile.kernel.clock import real_now


class Command(BaseCommand):
    help = "The way in and back over FIT-Connect"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        keys = actions.add_parser("keys", help="the public halves, to publish at the destination")
        keys.add_argument("--add", action="store_true", help="make a new pair, which signs at once")
        actions.add_parser("poll", help="one round now")
        actions.add_parser("status", help="how things stand, as JSON; exit 1 where something waits")

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        {"keys": self._keys, "poll": self._poll, "status": self._status}[action](options)

    def _keys(self, options: dict[str, Any]) -> None:
        if not settings.FITCONNECT_KEYS:
            raise CommandError("FITCONNECT_KEYS names no file.")
        path = Path(settings.FITCONNECT_KEYS)
        if options["add"]:
            add(path)
        self._say({"keys": [public(jwk) for jwk in read(path)]})

    def _poll(self, _options: dict[str, Any]) -> None:
        self._require_configured()
        tried = poll(at=real_now())
        self._say({"tried": tried})

    def _status(self, _options: dict[str, Any]) -> None:
        place = destination_of(self._require_configured())
        waiting = FitConnectSubmission.objects.filter(due_at__isnull=False).order_by("seen_at")
        oldest = waiting.values_list("seen_at", flat=True).first()
        stages = Counter(FitConnectSubmission.objects.values_list("stage", flat=True))
        told = {
            "destination": str(place.destination),
            "polled_at": place.polled_at.isoformat() if place.polled_at else None,
            "failure": place.failure,
            "submissions": dict(sorted(stages.items())),
            "oldest_waiting_since": oldest.isoformat() if oldest else None,
            "failures": sorted(set(waiting.exclude(failure="").values_list("failure", flat=True))),
            "replies_waiting": FitConnectReply.objects.filter(due_at__isnull=False).count(),
            "notices_waiting": FitConnectNotice.objects.filter(due_at__isnull=False).count(),
        }
        self._say(told)
        if place.failure or told["failures"]:
            raise SystemExit(1)

    def _require_configured(self) -> Any:
        configuration = configured()
        if configuration is None:
            raise CommandError("FIT-Connect is off: the settings FITCONNECT_… are empty.")
        return configuration

    def _say(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, indent=1, ensure_ascii=False))
