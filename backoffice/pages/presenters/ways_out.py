"""What helps where a page was refused: who may do it, and where to go instead."""

from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from backoffice.pages.rows import Link
from backoffice.pages.staff import local_path
from backoffice.pages.words import role_text
from efile.kernel.errors import Refusal
from efile.kernel.models import Role
from efile.policy import MATRIX, Action, ActionNotGranted

# Refusals of a step on a case that the reader sees; of an unseen one nothing may be told.
_ABOUT_A_STEP: Final = (403, 409, 422)
# These pass by themselves, or with a second try.
_PASSING: Final = (500, 503)


def who_may(refusal: Refusal) -> str:
    """Which roles may do what was refused; "" where the refusal is about something else."""
    action = refusal.facts.get("action") if isinstance(refusal, ActionNotGranted) else None
    if action not in list(Action):
        return ""
    allowed = MATRIX[Action(action)]
    roles = ", ".join(role_text(role) for role in Role if role in allowed)
    if not roles:
        return ""
    text = gettext(
        "Das darf in der zuständigen Stelle: %(roles)s. Wer das ist, weiß Ihre Leitung; Rollen "
        "vergibt die Administration."
    )
    return text % {"roles": roles}


def ways_out(request: HttpRequest, status: int) -> tuple[Link, ...]:
    """Where to go from a page of this status, the likeliest first; asks no database."""
    if status == 404:
        return (Link(gettext("Zur Suche"), reverse("search")),)
    if status in _PASSING and request.method == "GET":
        return (Link(gettext("Noch einmal versuchen"), request.get_full_path()),)
    if status not in _ABOUT_A_STEP:
        return ()
    match = request.resolver_match
    if match and (case := match.kwargs.get("case_id")):
        return (Link(gettext("Zum Vorgang"), reverse("case", args=[case])),)
    before = local_path(request, request.headers.get("Referer", ""))
    if not before or before == request.get_full_path():
        return ()
    return (Link(gettext("Zurück"), before),)
