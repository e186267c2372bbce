"""How a person wants the pages: nothing about the work, so nothing for the journal."""

from efile.kernel.models import User


def prefer_language(user_id: int, language: str) -> None:
    """Remember the language of the pages for ``user_id``."""
    User.objects.filter(id=user_id).update(language=language)


def prefer_keys(user_id: int, *, enabled: bool) -> None:
    """Remember whether single keys work as shortcuts for ``user_id``."""
    User.objects.filter(id=user_id).update(keys_enabled=enabled)
