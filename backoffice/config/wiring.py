"""What else happens: which facts owe which reactions, what runs by the clock, what is verified.

The one place that may name everyone. Facts are recorded below; whoever wants to act on one is
written down here, so that nothing below ever imports what is above it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from efile import facts as file_facts
from efile.kernel.events import Event, Reaction
from workflows import facts as work_facts

OWED: Final[Mapping[type[Event], tuple[str, ...]]] = {
    file_facts.CaseOpened: ("search.refresh", "views.prepare"),
    file_facts.DocumentsFiled: ("search.refresh", "views.prepare"),
    file_facts.CaseMoved: ("search.refresh",),
    file_facts.CaseClosed: ("search.refresh",),
    file_facts.CaseReopened: ("search.refresh",),
    file_facts.PartyAmended: ("search.refresh",),
    file_facts.SubjectAmended: ("search.refresh",),
    work_facts.ActHeld: ("acts.carry_out",),
    work_facts.ProcessStarted: ("checks.run",),
    work_facts.QuestionAnswered: ("checks.run",),
    work_facts.Corrected: ("checks.run",),
    work_facts.ChecksAskedFor: ("checks.run",),
    work_facts.Decided: ("letters.issue", "search.refresh"),
    work_facts.MatterBegan: ("search.refresh",),
    work_facts.MatterEnded: ("letters.issue", "search.refresh"),
    work_facts.LetterOwed: ("letters.issue",),
    work_facts.LetterPosted: ("post.notify",),
}

# Seconds between two runs of each job; every worker offers, one takes it.
PERIODIC: Final[Mapping[str, float]] = {
    "kernel.seal": 60.0,
    "workflows.upkeep": 60.0,
    "efile.collect": 900.0,
    "api.clear_tokens": 3600.0,
    "pages.clear_sessions": 3600.0,
}


def reactions() -> Mapping[str, Reaction]:
    """The reactions by name. Imported when first owed: rendering stays out of the web workers."""
    from efile.viewing import preparing
    from search import index
    from workflows import checks, holding, letters, posting

    return {
        "acts.carry_out": Reaction(apply=holding.carry_out),
        "search.refresh": Reaction(apply=lambda case, _: index.refresh(case)),
        "checks.run": Reaction(prepare=checks.ask_registers, apply=checks.run),
        "letters.issue": Reaction(prepare=letters.render_letters, apply=letters.issue_letters),
        "views.prepare": Reaction(apply=preparing.prepared, prepare=preparing.prepare_views),
        "post.notify": Reaction(apply=lambda case, _: posting.notify_posted(case)),
    }


def jobs() -> Mapping[str, Callable[[], None]]:
    """The periodic jobs by name."""
    from api import jobs as api_jobs
    from backoffice.pages import jobs as page_jobs
    from efile import jobs as file_jobs
    from efile.kernel import jobs as kernel_jobs
    from workflows import jobs as work_jobs

    return {
        "kernel.seal": kernel_jobs.seal,
        "workflows.upkeep": work_jobs.keep_up,
        "efile.collect": file_jobs.collect,
        "api.clear_tokens": api_jobs.clear_tokens,
        "pages.clear_sessions": page_jobs.clear_sessions,
    }
