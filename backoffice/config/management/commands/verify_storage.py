"""``manage.py verify_storage``: read every stored byte back and name what is wrong."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from efile.verify import verify_storage


class Command(BaseCommand):
    help = "Check that every content is stored and unaltered. Exit 1 for missing or altered bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *_args: Any, **options: Any) -> None:
        checked, faults = verify_storage()
        if options["json"]:
            listed = [asdict(fault) for fault in faults]
            self.stdout.write(json.dumps({"checked": checked, "faults": listed}))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.kind}  {fault.case}  {fault.sha256}  {fault.detail}")
            self.stdout.write(f"{checked} contents checked, {len(faults)} faults")
        if any(fault.kind != "unreferenced" for fault in faults):
            raise SystemExit(1)
