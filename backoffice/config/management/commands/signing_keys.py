"""``manage.py signing_keys``: the keys that sign receipts, made, listed and rotated."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from efile.kernel import signing


class Command(BaseCommand):
    help = "The keys that sign receipts (setting SIGNING_KEYS)"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("create", help="make the file with a first key, unless it is there")
        actions.add_parser("list", help="every key and since when it signs")
        rotate = actions.add_parser("rotate", help="publish a new key, which signs a while later")
        rotate.add_argument(
            "--after",
            type=int,
            default=int(signing.PUBLISHED_FOR.total_seconds()),
            help="seconds until it signs; others may keep the published set for an hour",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        match options["action"]:
            case "create":
                signing.create()
            case "rotate":
                signing.rotate(after=timedelta(seconds=options["after"]))
        for key in signing.every_key():
            state = "retired" if key.is_retired else f"signs from {key.signs_from.isoformat()}"
            self.stdout.write(f"{key.kid}  {state}")
