"""``manage.py verify_journal``: read every chain, seal and row, and name what is wrong."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from efile.kernel.models import Tenant
from efile.kernel.verify import verify
from efile.models import Case
from efile.verify import cases_without_chain, project_cases
from workflows.verify import project_work


class Command(BaseCommand):
    help = "Check that the journal still proves what happened. Exit 1 when it does not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", metavar="REFERENCE", help="only this case")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *_args: Any, **options: Any) -> None:
        only = _case_id(options["case"]) if options["case"] else None
        report = verify([project_cases, project_work], cases_without_chain, only=only)
        tenants = dict(Tenant.objects.values_list("id", "key"))
        chains = [fault.chain for fault in report.faults if fault.chain]
        references = dict(Case.objects.filter(id__in=chains).values_list("id", "reference"))
        faults = [
            {
                "kind": fault.kind,
                "tenant": tenants.get(fault.tenant),
                "case": references.get(fault.chain, str(fault.chain)) if fault.chain else None,
                "seq": fault.seq,
                "detail": fault.detail,
            }
            for fault in report.faults
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"checked": report.checked, "faults": faults}))
        else:
            for fault in faults:
                self.stdout.write("  ".join(str(value) for value in fault.values()))
            self.stdout.write(f"{report.checked} entries checked, {len(faults)} faults")
        if faults:
            raise SystemExit(1)


def _case_id(reference: str) -> UUID:
    found = Case.objects.filter(reference=reference).values_list("id", flat=True)
    if len(found) != 1:
        problem = "is not unique" if found else "is no case"
        raise CommandError(f"{reference!r} {problem}")
    return found[0]
