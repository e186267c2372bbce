"""Founds the sample city in the template database, so that every test begins in Musterstadt."""

from datetime import UTC, datetime

import django
from django.conf import settings

# A Monday without anything special, before which nothing happened.
FOUNDED_AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def found() -> None:
    """Found the city with passwords hashed as the tests read them."""
    django.setup()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from backoffice.demo.founding import found_city

    found_city(at=FOUNDED_AT)
    _nothing_by_chance()


def _nothing_by_chance() -> None:
    """No case of a test goes to a person because it was drawn."""
    from workflows.models import Service

    Service.objects.update(sample_percent=0)


if __name__ == "__main__":
    found()
