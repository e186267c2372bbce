"""Who sits before which case: what everything on the page that can be done depends on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.refusals import REFUSALS
from backoffice.pages.words import act_text
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Refusal
from efile.policy import Action, may
from workflows.colleagues import Colleague
from workflows.counter import Scan
from workflows.dossier import Dossier
from workflows.drafts import Saved
from workflows.machine import Step

LONGEST_TEXT: Final = 4000

# Why a person is needed (workflows.checks, workflows.upkeep).
REASONS: Final[Mapping[str, Promise]] = {
    "form_is_faulty": _("Ein Mensch prüft, weil Angaben fehlen oder nicht passen."),
    "no_legal_basis": _(
        "Ein Mensch prüft, weil keine Rechtsgrundlage für eine automatische Entscheidung genannt "
        "ist."
    ),
    "checks_not_passed": _("Ein Mensch prüft, weil nicht alle Prüfungen erfüllt sind."),
    "person_at_work": _(
        "Ein Mensch entscheidet, weil Angaben berichtigt oder Prüfungen von Hand entschieden "
        "wurden."
    ),
    "free_text": _(
        "Ein Mensch entscheidet, weil der Antrag eigene Worte enthält, die wichtig sein können."
    ),
    "automation_is_off": _(
        "Ein Mensch entscheidet: Die Automatik ist für den Dienst abgeschaltet."
    ),
    "sample": _("Ein Mensch entscheidet: Der Vorgang gehört zur Stichprobe."),
    "opened_by_office": _("Ein Mensch entscheidet: Der Vorgang wurde von Amts wegen eröffnet."),
    "reopened": _("Ein Mensch prüft, weil der Vorgang wiederaufgenommen wurde."),
    "appointment_missed": _("Ein Mensch entscheidet: Zum Termin kam niemand."),
    "appointment_failed": _("Ein Mensch entscheidet: Der gewünschte Termin war nicht zu haben."),
    "payment_overdue": _("Ein Mensch entscheidet: Die Gebühr ist überfällig."),
    "payment_refused": _("Ein Mensch sieht nach: Der Bezahldienst hat die Forderung abgelehnt."),
    "not_retrieved": _("Der Bescheid wurde im Portal nicht abgerufen und muss zur Post."),
}
TASKS: Final[Mapping[str, Promise]] = {
    "examine": _("Der Vorgang ist zu prüfen."),
    "await_answer": _("Wir warten auf eine Antwort."),
    "review_answer": _("Eine Antwort oder Nachricht ist anzusehen."),
    "serve_by_post": _("Der Bescheid muss zur Post."),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits before which case, and when; ``colleagues`` are known where they were asked for.

    ``drafts`` are what this person has typed on the case and not sent, by action; ``obstacle`` is
    what speaks against closing it. ``scans`` are files handed in for a message not sent yet.
    """

    dossier: Dossier
    by: Actor
    at: datetime
    colleagues: Sequence[Colleague] | None = None
    drafts: Mapping[str, Saved] = field(default_factory=dict)
    obstacle: Refusal | None = None
    scans: Sequence[Scan] = ()

    @property
    def today(self) -> date:
        return local_date(self.at)

    def can(self, step: Step) -> bool:
        return step in self.dossier.steps

    def may(self, action: Action) -> bool:
        process = self.dossier.process
        return may(action, process.case_id, process.scope, by=self.by)

    def url(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.dossier.process.case_id, *more])

    def may_drop_questions(self) -> bool:
        """Whether the case may go on without the answer it waits for."""
        process = self.dossier.process
        roles = self.dossier.definition.roles_for(Step.RECEIVE_ANSWER.value)
        return self.may(Action.RECEIVE_ANSWER) and bool(self.by.roles_in(process.scope) & roles)

    @property
    def version(self) -> str:
        return str(self.dossier.process.revision)


def hint(dossier: Dossier) -> str:
    """What is open on the case, and why a person is asked."""
    said = [
        _failure(task.facts)
        if task.facts.get("reason") == "act_failed"
        else str(REASONS.get(task.facts.get("reason", ""), TASKS[task.kind]))
        for task in dossier.tasks
        if task.done_at is None
    ]
    return " ".join(dict.fromkeys(said))


def has_failure(dossier: Dossier) -> bool:
    """Whether an act was not carried out and nobody has seen that yet."""
    return any(
        task.done_at is None and task.facts.get("reason") == "act_failed" for task in dossier.tasks
    )


def _failure(facts: Mapping[str, str]) -> str:
    """What did not leave the house, and why."""
    title = REFUSALS.get(facts.get("because", ""), (gettext("Das ging nicht mehr"), ""))[0]
    said = {"act": act_text(facts.get("action", "")), "why": title}
    return gettext("Nicht ausgeführt: %(act)s. Grund: %(why)s.") % said
