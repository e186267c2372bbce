"""Tests of efile.kernel.preferences: how one person wants the pages."""

import pytest

from efile.kernel.models import User
from efile.kernel.preferences import prefer_keys, prefer_language

pytestmark = pytest.mark.django_db


class TestPreferences:
    def test_are_kept_with_the_person_alone(self) -> None:
        person = User.objects.get(username="a.lopes")
        prefer_language(person.pk, "en")
        prefer_keys(person.pk, enabled=False)

        person.refresh_from_db()
        other = User.objects.get(username="d.yilmaz")
        assert (person.language, person.keys_enabled) == ("en", False)
        assert (other.language, other.keys_enabled) == ("de", True)
