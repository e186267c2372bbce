"""Sending a form: its shape is read, one verb is called, a refusal keeps what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.forms import Form
from django.http import HttpRequest

from backoffice.pages.errors import status_of
from backoffice.pages.presenters.attempts import Attempt
from backoffice.pages.presenters.problems import shape_faults
from backoffice.pages.presenters.refusals import told
from efile.kernel.errors import Conflict, Invalid

T = TypeVar("T")
Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that comes back to be looked at again, and the status that tells so."""

    attempt: Attempt
    status: int


def read(form: Form) -> Said:
    """What a form says, in Python's types. Refuses: Invalid naming each field out of shape."""
    if not form.is_valid():
        raise Invalid(shape_faults(form))
    return form.cleaned_data


def tried(
    request: HttpRequest, action: str, shape: type[Form], act: Callable[[Said], T]
) -> T | Refused:
    """What ``act`` returns for the posted form, or the refused form of ``action``.

    Whatever a person cannot mend in the form (not found, not allowed) passes through.
    """
    try:
        return act(read(shape(request.POST)))
    except (Conflict, Invalid) as refusal:
        errors = refusal.errors if isinstance(refusal, Invalid) else ()
        said = "" if errors else told(refusal)[1]
        attempt = Attempt(action, dict(request.POST.lists()), errors, said, refusal.code)
        return Refused(attempt, status_of(type(refusal)))
