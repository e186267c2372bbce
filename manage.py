#!/usr/bin/env python
"""Django's command line: migrations run as the database's owner, the rest as the application."""

import os
import sys

OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations"}


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DJANGO_SETTINGS_MODULE"] = "backoffice.config.settings.owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
