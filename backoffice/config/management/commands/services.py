"""``manage.py services``: definitions of services checked, exported, imported and published."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date, now
from efile.kernel.errors import FieldError, Invalid, NotFound, Refusal
from efile.kernel.models import Tenant
from workflows.catalogue.loading import SHIPPED, parse, problems, shared_faults
from workflows.catalogue.messages import message
from workflows.definitions import drafts, publishing
from workflows.definitions.documents import document_of
from workflows.definitions.validation import validate
from workflows.offers import current_offers

JOB = "console"


class Command(BaseCommand):
    help = "Service definitions: check, export, import, publish. Exit 1: refused, nothing changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="name everything that is wrong with definitions")
        check.add_argument("files", nargs="*", type=Path, help="files or folders; shipped ones")
        check.add_argument("--tenant", help="validate for this city: places, letters, fee, dates")
        check.add_argument("--json", action="store_true", help="{checked, faults} as JSON")
        export = acts.add_parser("export", help="definitions as YAML")
        export.add_argument("services", nargs="*", help="keys; all that are offered")
        export.add_argument("--tenant", help="key of the city; may be left out where there is one")
        export.add_argument("--number", type=int, help="this version; the one in force")
        export.add_argument("--to", type=Path, help="folder for <key>.yaml; standard output")
        taking = acts.add_parser("import", help="take YAML over as drafts")
        taking.add_argument("files", nargs="+", type=Path)
        taking.add_argument("--tenant", help="key of the city; may be left out where there is one")
        taking.add_argument("--replace", action="store_true", help="in place of drafts there are")
        publish = acts.add_parser("publish", help="publish drafts by key, or YAML files")
        publish.add_argument("what", nargs="+", help="keys of drafts, or files *.yaml")
        publish.add_argument("--tenant", help="key of the city; may be left out where there is one")
        publish.add_argument("--from", dest="from_on", type=_day, help="first day; today")

    def handle(self, *_args: Any, **options: Any) -> None:
        acts = {
            "check": self._check,
            "export": self._export,
            "import": self._import,
            "publish": self._publish,
        }
        acts[options["act"]](options)

    def _check(self, options: dict[str, Any]) -> None:
        files = list(_yaml_files(options["files"] or [Path(str(SHIPPED))]))
        faults = [] if options["files"] else _located(shared_faults(), "shared/letters.yaml")
        for file in files:
            faults += _problems(file, options["tenant"])
        if options["json"]:
            told = [_as_json(fault) for fault in faults]
            self.stdout.write(json.dumps({"checked": len(files), "faults": told}, indent=2))
        else:
            for fault in faults:
                self.stderr.write(_line(fault))
            self.stdout.write(f"{len(files)} checked, {len(faults)} faults")
        if faults:
            sys.exit(1)

    def _export(self, options: dict[str, Any]) -> None:
        by, folder = _console(options["tenant"]), options["to"]
        keys = options["services"] or [one.definition.key for one in current_offers(by.tenant_id)]
        for key in keys:
            with _refusing(key):
                text = drafts.export_version(key, options["number"], by=by, at=now())
            if folder is None:
                self.stdout.write(text, ending="")
            else:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{key}.yaml").write_text(text, encoding="utf-8")
        if folder is not None:
            self.stdout.write(f"{len(keys)} written to {folder}")

    def _import(self, options: dict[str, Any]) -> None:
        by = _console(options["tenant"])
        for file in _yaml_files(options["files"]):
            with _refusing(str(file)):
                draft = _imported(file, by, replace=options["replace"])
            self.stdout.write(f"{draft.service}: draft, revision {draft.revision}")

    def _publish(self, options: dict[str, Any]) -> None:
        by, at = _console(options["tenant"]), now()
        from_on = options["from_on"] or local_date(at)
        for what in options["what"]:
            with _refusing(what):
                if what.endswith((".yaml", ".yml")):
                    definition = parse(_text(Path(what)), source=what)
                    publishing.require_sound(document_of(definition), by=by, at=at)
                    done = publishing.publish_definition(definition, from_on, by=by, at=at)
                else:
                    revision = drafts.get_draft(what, by=by).revision
                    done = publishing.publish_draft(what, from_on, revision=revision, by=by, at=at)
            note = "" if done.is_new else " (was published before)"
            said = f"{done.service}: version {done.number} from {done.from_on.isoformat()}{note}"
            self.stdout.write(said)


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Refusals as messages on the command line; ``what`` says about what."""
    try:
        yield
    except NotFound:
        raise CommandError(f"{what}: there is no such service, draft or version") from None
    except Refusal as refusal:
        faults = refusal.errors if isinstance(refusal, Invalid) else ()
        if faults:
            raise CommandError("\n".join(_line(fault, what) for fault in faults)) from None
        facts = ", ".join(f"{name}: {value}" for name, value in refusal.facts.items())
        raise CommandError(f"{what}: {refusal.code}{f' ({facts})' if facts else ''}") from None


def _console(tenant: str | None) -> Actor:
    """Whoever has the console acts as the system, for the city named, or the only one."""
    cities = {one.key: one for one in Tenant.objects.order_by("key")}
    if tenant is None and len(cities) == 1:
        [tenant] = cities
    if tenant is None or tenant not in cities:
        known = ", ".join(cities) or "none"
        raise CommandError(f"--tenant: one of the cities is needed; there are: {known}")
    return system(cities[tenant].pk, JOB)


def _yaml_files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.yaml"))
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"{path}: no such file")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Invalid([_encoding(file)]) from None
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None


def _encoding(file: Path) -> FieldError:
    return FieldError("", "encoding", {"file": str(file), "line": 1})


def _imported(file: Path, by: Actor, *, replace: bool) -> drafts.Draft:
    text, source = _text(file), str(file)
    try:
        return drafts.import_draft(text, source=source, by=by, at=now())
    except drafts.DraftExists as there:
        if not replace:
            raise
        seen = drafts.get_draft(there.facts["service"], by=by).revision
        return drafts.import_draft(text, source=source, by=by, at=now(), revision=seen)


def _problems(file: Path, tenant: str | None) -> list[FieldError]:
    """What is wrong with ``file``; for a city also what keeps it from being published there."""
    try:
        text = _text(file)
    except Invalid as refusal:
        return list(refusal.errors)
    found = problems(text, source=str(file))
    if found or tenant is None:
        return found
    by = _console(tenant)
    document = document_of(parse(text, source=str(file)))
    return _located(validate(document, tenant_id=by.tenant_id, at=now()).errors, str(file))


def _located(faults: Sequence[FieldError], file: str) -> list[FieldError]:
    return [
        FieldError(one.pointer, one.rule, {"file": file, "line": 1, **one.facts}) for one in faults
    ]


def _line(fault: FieldError, what: str = "") -> str:
    """``file:line: /pointer: what is wrong (rule)``."""
    place = fault.facts.get("file", what)
    line = f":{fault.facts['line']}" if "line" in fault.facts else ""
    words = message(fault.rule, fault.facts, "en")
    return f"{place}{line}: {fault.pointer or '/'}: {words} ({fault.rule})"


def _as_json(fault: FieldError) -> dict[str, Any]:
    return {
        "file": fault.facts.get("file", ""),
        "line": fault.facts.get("line", 1),
        "pointer": fault.pointer,
        "rule": fault.rule,
        "detail": message(fault.rule, fault.facts, "en"),
    }


def _day(text: str) -> date:
    return date.fromisoformat(text)
