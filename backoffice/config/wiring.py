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
    file_facts.DocumentsCleared: ("views.prepare",),
    file_facts.MalwareFound: ("malware.have_seen",),
    file_facts.CaseMoved: ("search.refresh",),
    file_facts.CaseClosed: ("search.refresh",),
    file_facts.CaseReopened: ("search.refresh",),
    file_facts.PartyAmended: ("search.refresh",),
    file_facts.SubjectAmended: ("search.refresh",),
    file_facts.ReceiptAmended: ("search.refresh",),
    work_facts.ActHeld: ("acts.carry_out",),
    work_facts.ProcessStarted: ("checks.run",),
    work_facts.QuestionAnswered: ("checks.run",),
    work_facts.Corrected: ("checks.run",),
    work_facts.ChecksAskedFor: ("checks.run",),
    work_facts.VersionMoved: ("checks.run",),
    work_facts.Decided: ("letters.issue", "automation.explain", "search.refresh"),
    work_facts.MatterBegan: ("search.refresh", "deadlines.follow"),
    work_facts.MatterTouched: ("search.refresh", "deadlines.follow"),
    work_facts.MatterEnded: ("letters.issue", "search.refresh", "deadlines.follow"),
    work_facts.LetterOwed: ("letters.issue",),
    work_facts.LetterPosted: ("post.notify",),
    work_facts.PlaceOffered: ("letters.issue",),
    work_facts.AppointmentOwed: ("appointments.settle",),
    work_facts.SlotBooked: ("deadlines.follow",),
    work_facts.SlotMoved: ("deadlines.follow",),
    work_facts.SlotReleased: ("deadlines.follow",),
    work_facts.PaymentDemanded: ("payments.settle",),
    work_facts.PaymentAsked: ("payments.settle",),
}

# Seconds between two runs of each job; every worker offers, one takes it.
PERIODIC: Final[Mapping[str, float]] = {
    "kernel.seal": 60.0,
    "workflows.upkeep": 60.0,
    "workflows.services": 60.0,
    "workflows.figures": 600.0,
    "workflows.deadlines": 60.0,
    "workflows.duties": 300.0,
    "workflows.offers": 3600.0,
    "workflows.places": 600.0,
    "workflows.appointments": 30.0,
    "workflows.payments": 30.0,
    "efile.scan": 30.0,
    "efile.collect": 900.0,
    "api.push": 1.0,
    "api.watch_callbacks": 60.0,
    "api.clear_tokens": 3600.0,
    # Asks the delivery service every minute; in between it looks whether somebody called.
    "api.fit_connect": 5.0,
    "pages.clear_sessions": 3600.0,
}


def reactions() -> Mapping[str, Reaction]:
    """The reactions by name. Imported when first owed: rendering stays out of the web workers."""
    from efile.viewing import preparing
    from search import index
    from workflows import checks, following, holding, letters, malware, posting
    from workflows.appointments import settling
    from workflows.automation import explaining
    from workflows.payments import asking

    return {
        "acts.carry_out": Reaction(apply=holding.carry_out),
        "search.refresh": Reaction(apply=lambda case, _: index.refresh(case)),
        "checks.run": Reaction(prepare=checks.ask_registers, apply=checks.run),
        "letters.issue": Reaction(prepare=letters.render_letters, apply=letters.issue_letters),
        "automation.explain": Reaction(
            apply=explaining.file_explanation, prepare=explaining.render_explanations
        ),
        "views.prepare": Reaction(apply=preparing.prepared, prepare=preparing.prepare_views),
        "appointments.settle": Reaction(prepare=settling.call, apply=settling.note),
        "payments.settle": Reaction(prepare=asking.call, apply=asking.note),
        "deadlines.follow": Reaction(apply=lambda case, _: following.follow(case)),
        "malware.have_seen": Reaction(apply=lambda case, _: malware.have_seen(case)),
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
        "workflows.services": work_jobs.put_in_force,
        "workflows.figures": work_jobs.reckon_figures,
        "workflows.deadlines": work_jobs.watch_deadlines,
        "workflows.duties": work_jobs.see_to_duties,
        "workflows.offers": work_jobs.keep_offers,
        "workflows.places": work_jobs.keep_places,
        "workflows.appointments": work_jobs.tell_appointments,
        "workflows.payments": work_jobs.ask_payments,
        "efile.scan": file_jobs.scan,
        "efile.collect": file_jobs.collect,
        "api.push": api_jobs.push,
        "api.watch_callbacks": api_jobs.watch_callbacks,
        "api.clear_tokens": api_jobs.clear_tokens,
        "api.fit_connect": api_jobs.poll_fit_connect,
        "pages.clear_sessions": page_jobs.clear_sessions,
    }
