"""The journal in words: what happened to the case, who did it, and what they said about it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.matter_pages import EFFECTS
from backoffice.pages.presenters.refusals import REFUSALS
from backoffice.pages.presenters.values import day_text, euros
from backoffice.pages.rows import HistoryRow
from backoffice.pages.words import act_text
from efile import facts as file_facts
from efile.kernel.erasure import ValuesErased
from efile.kernel.events import Event
from workflows import facts as work_facts
from workflows.dossier import Dossier, HistoryEntry
from workflows.machine import Step

KINDS: Final[Mapping[type[Event], Promise]] = {
    file_facts.CaseOpened: _("Vorgang angelegt"),
    file_facts.CaseClosed: _("Akte geschlossen"),
    file_facts.CaseReopened: _("Akte wieder geöffnet"),
    file_facts.CaseMoved: _("In eine andere Akte gelegt"),
    file_facts.PartyAmended: _("Beteiligte berichtigt"),
    file_facts.SubjectAmended: _("Betreff berichtigt"),
    file_facts.ReceiptAmended: _("Eingangstag berichtigt"),
    file_facts.DocumentsFiled: _("Dokumente zur Akte genommen"),
    file_facts.DocumentFetched: _("Dokument gelesen"),
    file_facts.DocumentsCleared: _("Dateien auf Schadprogramme geprüft und freigegeben"),
    file_facts.MalwareFound: _("Schadprogramm gefunden, Dateien gesperrt"),
    file_facts.MessageWritten: _("Nachricht geschrieben"),
    file_facts.NoteWritten: _("Notiz geschrieben"),
    file_facts.CaseShared: _("Vorgang für eine Person freigegeben"),
    file_facts.ShareEnded: _("Freigabe für eine Person beendet"),
    file_facts.ColleagueBarred: _("Vorgang für eine Person gesperrt"),
    file_facts.ColleagueReadmitted: _("Sperre für eine Person aufgehoben"),
    ValuesErased: _("Werte im Verlauf gelöscht"),
    work_facts.ProcessStarted: _("Bearbeitung eröffnet"),
    work_facts.StateChanged: _("Stand geändert"),
    work_facts.Assigned: _("Zuständigkeit geändert"),
    work_facts.ActHeld: _("Zum Versand gegeben"),
    work_facts.ActRecalled: _("Zurückgeholt, nicht versandt"),
    work_facts.ActFailed: _("Nicht versandt"),
    work_facts.FollowUpSet: _("Wiedervorlage gesetzt"),
    work_facts.FollowUpMoved: _("Wiedervorlage verschoben"),
    work_facts.FollowUpDone: _("Wiedervorlage erledigt"),
    work_facts.ChecksRun: _("Prüfungen ausgewertet"),
    work_facts.AutomationStopped: _("Automatik abgeschaltet"),
    work_facts.AutomationResumed: _("Automatik eingeschaltet"),
    work_facts.CallbackSet: _("Benachrichtigung eines Portals eingerichtet"),
    work_facts.CallbackRemoved: _("Benachrichtigung eines Portals abbestellt"),
    work_facts.CallbackPaused: _("Benachrichtigungen an ein Portal angehalten"),
    work_facts.CallbackResumed: _("Benachrichtigungen an ein Portal wieder aufgenommen"),
    work_facts.CallbackResent: _("Aufgegebene Benachrichtigungen erneut gesendet"),
    work_facts.DashboardSwitched: _("Vorgangsübersicht für Portale ein- oder ausgeschaltet"),
    work_facts.CaseSampled: _("Für die Stichprobe gezogen"),
    work_facts.SampleCompared: _("Stichprobe verglichen"),
    work_facts.ChecksAskedFor: _("Prüfungen erneut angestoßen"),
    work_facts.CheckJudged: _("Prüfung von Hand entschieden"),
    work_facts.Corrected: _("Angabe berichtigt"),
    work_facts.QuestionAsked: _("Frage gestellt"),
    work_facts.QuestionAnswered: _("Antwort eingegangen"),
    work_facts.Decided: _("Entscheidung festgehalten"),
    work_facts.Settled: _("Ergebnis festgehalten"),
    work_facts.LetterIssued: _("Bescheid erstellt"),
    work_facts.LetterOwed: _("Schreiben veranlasst"),
    work_facts.LetterWritten: _("Schreiben erstellt"),
    work_facts.LetterPosted: _("Zur Post gegeben"),
    work_facts.LetterReturned: _("Schreiben kam zurück"),
    work_facts.BatchMade: _("Poststapel gebildet"),
    work_facts.BatchPosted: _("Poststapel zur Post gegeben"),
    work_facts.Notified: _("Bekanntgabe festgehalten"),
    work_facts.ReceiptNoted: _("Späterer Zugang festgehalten"),
    work_facts.DeadlineMoved: _("Frist neu berechnet"),
    work_facts.DeadlineExtended: _("Frist verlängert"),
    work_facts.DeadlineWarned: _("Vor Fristablauf gewarnt"),
    work_facts.DeadlineEscalated: _("Leitung über versäumte Frist informiert"),
    work_facts.DeadlineListSigned: _("Fristenkontrollliste gegengezeichnet"),
    work_facts.MatterBegan: _("Dauerhafte Berechtigung begonnen"),
    work_facts.MatterEnded: _("Dauerhafte Berechtigung widerrufen"),
    work_facts.MatterTouched: _("Im Bestand geändert"),
    work_facts.DutiesLaid: _("Neue Zeiträume von Pflichten"),
    work_facts.DutyReminded: _("An eine Pflicht erinnert"),
    work_facts.OpenedByOffice: _("Von Amts wegen eröffnet"),
    work_facts.OccasionReported: _("Anlass gemeldet"),
    work_facts.OfferMade: _("Leistung angeboten"),
    work_facts.OfferSettled: _("Angebot erledigt"),
    work_facts.WaitingListed: _("Auf die Warteliste gesetzt"),
    work_facts.PointsReckoned: _("Punkte der Warteliste neu berechnet"),
    work_facts.WaitingEnded: _("Von der Warteliste genommen"),
    work_facts.PrecedenceGiven: _("Ausnahme auf der Warteliste gemacht"),
    work_facts.PrecedenceEnded: _("Ausnahme auf der Warteliste beendet"),
    work_facts.PlacesCounted: _("Platzzahl geändert"),
    work_facts.RoundDrawn: _("Vergaberunde gezogen"),
    work_facts.RoundCarriedOut: _("Vergaberunde ausgeführt"),
    work_facts.RoundGivenUp: _("Vergaberunde verworfen"),
    work_facts.PlaceOffered: _("Platz angeboten"),
    work_facts.PlaceAnswered: _("Platzangebot erledigt"),
    work_facts.SlotBooked: _("Termin gebucht"),
    work_facts.SlotReleased: _("Termin freigegeben"),
    work_facts.SlotMoved: _("Termin verlegt"),
    work_facts.SlotMissed: _("Nicht zum Termin erschienen"),
    work_facts.AppointmentOwed: _("Terminsystem benachrichtigt"),
    work_facts.AppointmentFailed: _("Termin nicht zustande gekommen"),
    work_facts.CalendarLaidOut: _("Sprechzeiten geändert"),
    work_facts.PaymentDemanded: _("Zahlung angefordert"),
    work_facts.PaymentOpened: _("Zahlung kann geleistet werden"),
    work_facts.PaymentAsked: _("Stand der Zahlung erfragt"),
    work_facts.PaymentBooked: _("Gebühr bezahlt"),
    work_facts.PaymentFailed: _("Zahlung nicht zustande gekommen oder überfällig"),
    work_facts.PaymentDropped: _("Zahlung nicht mehr verlangt"),
    work_facts.RefundOwed: _("Zahlung zu erstatten"),
    work_facts.Refunded: _("Zahlung erstattet"),
    work_facts.KeptForClarification: _("Post zur Klärung gelegt"),
    work_facts.Clarified: _("Eingang geklärt"),
    work_facts.Enquired: _("Auskunft über den Stand gegeben"),
    work_facts.ServicePublished: _("Leistung veröffentlicht"),
    work_facts.VersionInForce: _("Fassung der Leistung in Kraft getreten"),
    work_facts.VersionTakenBack: _("Fassung der Leistung zurückgenommen"),
    work_facts.ServiceWithdrawn: _("Leistung eingestellt"),
    work_facts.ServiceOfferedAgain: _("Leistung wieder angeboten"),
    work_facts.DefinitionDrafted: _("Entwurf der Leistung bearbeitet"),
    work_facts.DefinitionInherited: _("Übernommene Leistung bearbeitet"),
    work_facts.VersionMoved: _("Auf eine andere Fassung der Leistung umgestellt"),
    work_facts.AutomationChanged: _("Rechtsgrundlage der Automatik geändert"),
    work_facts.PortalAdmitted: _("Portal zugelassen"),
    work_facts.PortalChanged: _("Rechte oder Zugang des Portals geändert"),
    work_facts.PortalSecretRotated: _("Neues Geheimnis für das Portal"),
    work_facts.PortalSecretEnded: _("Früheres Geheimnis des Portals beendet"),
    work_facts.PortalDeactivated: _("Portal gesperrt"),
    work_facts.PortalReactivated: _("Portal wieder zugelassen"),
}
# The steps of the course, in the words of the desk.
STEPS: Final[Mapping[Step, Promise]] = {
    Step.EXAMINE: _("Prüfung begonnen"),
    Step.REQUEST_PROOF: _("Rückfrage gestellt, wartet auf Antwort"),
    Step.RECEIVE_ANSWER: _("Prüfung fortgesetzt"),
    Step.GRANT: _("Bewilligt"),
    Step.GRANT_IN_PART: _("Teilweise bewilligt"),
    Step.REFUSE: _("Abgelehnt"),
    Step.SETTLE: _("Erledigt"),
    Step.NOTIFY: _("Bekannt gegeben"),
    Step.FORWARD: _("An eine andere Stelle weitergeleitet"),
    Step.WITHDRAW: _("Zurückgezogen"),
    Step.CLOSE: _("Abgeschlossen (zdA)"),
    Step.REOPEN: _("Wiederaufgenommen"),
}
LETTERS: Final[Mapping[str, Promise]] = {
    "granted": _("Bewilligung"),
    "granted_in_part": _("teilweise Bewilligung"),
    "refused": _("Ablehnung"),
    "permit": _("Ausweis"),
    "revocation": _("Widerruf"),
    "duty_reminder": _("Erinnerung an eine Pflicht"),
    "duty_warning": _("Mahnung einer Erklärung"),
    "proof_request": _("Nachforderung"),
    "hearing": _("Anhörung"),
    "warning": _("Hinweis auf die Folgen fehlender Mitwirkung"),
    "forwarding": _("Abgabenachricht"),
    "withdrawal": _("Bestätigung der Rücknahme"),
    "message": _("Nachricht"),
    "place_offer": _("Platzangebot"),
}
CHANNELS: Final[Mapping[str, Promise]] = {"portal": _("über das Portal"), "post": _("per Post")}

_BY_NAME: Final = {kind.name: kind for kind in KINDS}


def history_rows(dossier: Dossier) -> tuple[HistoryRow, ...]:
    """The journal of the case, latest first."""
    return tuple(
        HistoryRow(
            at=entry.at,
            actor=actor_text(entry.actor, entry.actor_name),
            text=entry_text(entry),
            detail=entry_detail(entry),
            key_event=is_key_event(entry),
        )
        for entry in dossier.history
    )


def actor_text(key: str, name: str) -> str:
    """Who did it: a person's name, the portal, or the system itself."""
    if name:
        return name
    kind = key.partition(":")[0]
    names = {"portal": gettext("Portal"), "system": gettext("Laufmappe, automatisch")}
    return names.get(kind, gettext("nicht mehr bekannt"))


def entry_text(entry: HistoryEntry) -> str:
    """What happened: the step of the course, or the kind of the entry."""
    step = entry.facts.get("step")
    return str(STEPS[Step(step)]) if step else kind_text(entry.kind)


def kind_text(name: str) -> str:
    """The words for a kind of entry; its machine name where there are none."""
    kind = _BY_NAME.get(name)
    return str(KINDS[kind]) if kind else name


def is_key_event(entry: HistoryEntry) -> bool:
    """Whether the entry changed the case's course."""
    return entry.kind == work_facts.StateChanged.name


def entry_detail(entry: HistoryEntry) -> str:
    """What the entry says beyond its kind; nothing once its values were lawfully erased."""
    kind = _BY_NAME.get(entry.kind)
    tell = _DETAILS.get(kind) if kind else None
    return tell(entry.facts, entry.changes) if tell else ""


Facts = Mapping[str, Any]


def _state_changed(facts: Facts, _changes: Facts) -> str:
    return str(facts.get("to") or facts.get("reason") or "")


def _assigned(_facts: Facts, changes: Facts) -> str:
    _before, after = changes.get("process.assignee", (None, None))
    return gettext("einer Person zugewiesen") if after else gettext("niemand zuständig")


def _act(facts: Facts, _changes: Facts) -> str:
    return act_text(facts["action"]) if "action" in facts else ""


def _act_failed(facts: Facts, _changes: Facts) -> str:
    title = REFUSALS.get(facts.get("because", ""), ("", ""))[0]
    return ": ".join(str(said) for said in (_act(facts, _changes), title) if said)


def _checks_run(facts: Facts, _changes: Facts) -> str:
    passed = sum(outcome == "passed" for outcome in facts.values())
    return gettext("%(passed)d von %(total)d erfüllt") % {"passed": passed, "total": len(facts)}


def _follow_up(facts: Facts, _changes: Facts) -> str:
    told = [day_text(facts["due_on"]) if facts.get("due_on") else "", facts.get("text", "")]
    return ", ".join(part for part in [*told, facts.get("reason", "")] if part)


def _documents_filed(_facts: Facts, changes: Facts) -> str:
    count = len(changes)
    return ngettext("%(count)d Dokument", "%(count)d Dokumente", count) % {"count": count}


def _message_written(facts: Facts, _changes: Facts) -> str:
    directions = {"in": gettext("eingegangen"), "out": gettext("gesendet")}
    return directions.get(facts.get("direction", ""), "")


def _question_asked(facts: Facts, _changes: Facts) -> str:
    due_on = facts.get("due_on")
    return gettext("Antwort bis %(day)s") % {"day": day_text(due_on)} if due_on else ""


def _decided(facts: Facts, _changes: Facts) -> str:
    cents = facts.get("fee_cents")
    said = [gettext("automatisch")] if facts.get("automated") else []
    said += [str(facts["legal_basis"])] if facts.get("legal_basis") else []
    said += [gettext("Gebühr %(amount)s") % {"amount": euros(cents)}] if cents else []
    return ", ".join(said)


def _by_channel(facts: Facts, _changes: Facts) -> str:
    channel = str(CHANNELS.get(facts.get("channel", ""), ""))
    day = facts.get("notified_on")
    return f"{day_text(day)}, {channel}" if day and channel else channel


def _letter(facts: Facts, _changes: Facts) -> str:
    kind = str(LETTERS.get(facts.get("kind", ""), ""))
    channel = str(CHANNELS.get(facts.get("channel", ""), ""))
    return ", ".join(part for part in (kind, channel) if part)


def _letter_posted(facts: Facts, _changes: Facts) -> str:
    day = facts.get("posted_on")
    told = {"day": day_text(day) if day else "", "batch": facts.get("batch", "")}
    return gettext("am %(day)s, Stapel %(batch)s") % told if day else ""


def _letter_returned(facts: Facts, _changes: Facts) -> str:
    day = facts.get("returned_on")
    return f"{day_text(day)}: {facts.get('reason', '')}" if day else ""


def _matter_ended(facts: Facts, changes: Facts) -> str:
    numbers = _numbers(changes)
    return ": ".join([*numbers, str(facts.get("reason", ""))])


def _matter_began(_facts: Facts, changes: Facts) -> str:
    return ", ".join(_numbers(changes))


def _numbers(changes: Facts) -> list[str]:
    """The numbers of the matters among ``changes``."""
    return [str(after[0]) for name, (_, after) in changes.items() if name.startswith("matter.")]


def _matter_touched(facts: Facts, _changes: Facts) -> str:
    effect = str(EFFECTS.get(facts.get("effect", ""), ""))
    said = gettext("%(effect)s, aufgehoben") if facts.get("undone") else "%(effect)s"
    parts = [facts.get("number", ""), said % {"effect": effect}, facts.get("by_case", "")]
    return ", ".join(str(part) for part in parts if part)


def _duties_laid(_facts: Facts, changes: Facts) -> str:
    days = [after[1] for _, after in changes.values()]
    return gettext("ab %(day)s") % {"day": day_text(min(days))} if days else ""


def _duty_reminded(facts: Facts, _changes: Facts) -> str:
    parts = [facts.get("duty", ""), facts.get("period", ""), facts.get("matter_number", "")]
    return ", ".join(str(part) for part in parts if part)


def _slot_booked(facts: Facts, _changes: Facts) -> str:
    if "day" not in facts:
        return ""
    place = {"day": day_text(facts["day"]), "district": facts["district"]}
    return gettext("%(day)s, Bezirk %(district)s") % place


def _deadline(facts: Facts, _changes: Facts) -> str:
    """From which day to which, and why."""
    days = [facts[one]["ends_on"] for one in ("before", "now") if one in facts]
    days = days or [facts[one] for one in ("ends_on", "day") if one in facts]
    if "before" in facts and "now" not in facts:
        days.append("")
    told = " → ".join(day_text(day) if day else gettext("läuft nicht mehr") for day in days)
    return ", ".join(part for part in (told, str(facts.get("reason", ""))) if part)


def _values_erased(facts: Facts, _changes: Facts) -> str:
    return str(facts.get("basis", ""))


def _reason(facts: Facts, _changes: Facts) -> str:
    return str(facts.get("reason", ""))


def _case_moved(_facts: Facts, changes: Facts) -> str:
    before, after = changes.get("case.file", ("", ""))
    return f"{before} → {after}" if after else ""


_DETAILS: Final[Mapping[type[Event], Callable[[Facts, Facts], str]]] = {
    work_facts.StateChanged: _state_changed,
    work_facts.Assigned: _assigned,
    work_facts.ActHeld: _act,
    work_facts.ActRecalled: _act,
    work_facts.ActFailed: _act_failed,
    work_facts.FollowUpSet: _follow_up,
    work_facts.FollowUpMoved: _follow_up,
    work_facts.ChecksRun: _checks_run,
    work_facts.QuestionAsked: _question_asked,
    work_facts.ReceiptNoted: _deadline,
    work_facts.DeadlineMoved: _deadline,
    work_facts.DeadlineExtended: _deadline,
    work_facts.DeadlineWarned: _deadline,
    work_facts.DeadlineEscalated: _deadline,
    work_facts.DeadlineListSigned: _deadline,
    file_facts.ReceiptAmended: _reason,
    work_facts.Decided: _decided,
    work_facts.LetterIssued: _by_channel,
    work_facts.Notified: _by_channel,
    work_facts.MatterBegan: _matter_began,
    work_facts.MatterEnded: _matter_ended,
    work_facts.MatterTouched: _matter_touched,
    work_facts.DutiesLaid: _duties_laid,
    work_facts.DutyReminded: _duty_reminded,
    work_facts.OpenedByOffice: _matter_touched,
    work_facts.LetterOwed: _letter,
    work_facts.LetterWritten: _letter,
    work_facts.LetterPosted: _letter_posted,
    work_facts.LetterReturned: _letter_returned,
    work_facts.SlotBooked: _slot_booked,
    file_facts.DocumentsFiled: _documents_filed,
    file_facts.MessageWritten: _message_written,
    file_facts.CaseMoved: _case_moved,
    file_facts.CaseReopened: _reason,
    work_facts.CheckJudged: _reason,
    work_facts.Corrected: _reason,
    file_facts.CaseShared: _reason,
    file_facts.ColleagueBarred: _reason,
    ValuesErased: _values_erased,
}
