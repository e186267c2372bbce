"""``manage.py docs``: write the generated pages of docs/, or check that they are fresh."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from api import problems
from backoffice.config.published import permissions
from workflows.definitions.described import services_page

PAGES: Mapping[str, Callable[[], str]] = {
    "permissions.md": permissions,
    "problems.md": problems.as_markdown,
    "services.md": services_page,
}


class Command(BaseCommand):
    help = "Write the generated pages of docs/; --check fails when one is stale."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = settings.BASE_DIR / "docs"
        stale = []
        for name, write in PAGES.items():
            page, text = folder / name, write()
            if options["check"]:
                if not page.exists() or page.read_text(encoding="utf-8") != text:
                    stale.append(name)
            else:
                page.write_text(text, encoding="utf-8")
        if stale:
            raise CommandError(f"stale: {', '.join(stale)}; run `manage.py docs`")
