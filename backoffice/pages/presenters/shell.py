"""The frame of every page: whose it is, where one can go, how the reader wants it."""

from backoffice.pages.presenters.values import language
from backoffice.pages.rows import Shell
from backoffice.pages.session import THEMES
from backoffice.pages.staff import StaffRequest, user_of
from backoffice.pages.words import navigation
from efile.policy import Action, may_anywhere
from workflows.office import Office

# Addresses that not everybody's work needs, and what makes them worth showing.
_NEEDS = {
    "inbox": Action.CLARIFY,
    "deadlines": Action.VIEW,
    "dispatch": Action.DISPATCH,
    "follow_ups": Action.FOLLOW_UP,
    "overview": Action.OVERSEE,
    "automation": Action.CONTROL_AUTOMATION,
    "offers": Action.OVERSEE,
    "waiting_lists": Action.ANSWER_PLACE,
    "appointments": Action.APPOINT,
    "cash": Action.CASH,
    "post": Action.POST,
    "counter": Action.TAKE_DOWN,
    "enquiry": Action.ENQUIRE,
    "file_plan": Action.VIEW,
    "services": Action.ADMINISTER,
    "portals": Action.ADMINISTER,
    "matters": Action.VIEW,
}


def shell(
    request: StaffRequest, office: Office, current: str, *, path: str = "", query: str = ""
) -> Shell:
    """The frame around the page ``current``; no statement beyond the actor's own.

    ``path`` is where settings return to, for a page that was the answer to a form.
    """
    theme = request.COOKIES.get("theme")
    return Shell(
        tenant=office.name,
        user=request.actor.label,
        nav=navigation(current, hidden=_not_needed(request)),
        path=path or request.get_full_path(),
        language=language(),
        theme=next((known for known in THEMES if known == theme), "system"),
        keys_enabled=user_of(request).keys_enabled,
        query=query,
    )


def _not_needed(request: StaffRequest) -> list[str]:
    return [name for name, needed in _NEEDS.items() if not may_anywhere(needed, by=request.actor)]
