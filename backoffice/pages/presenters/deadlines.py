"""Deadlines with the sentences of their calculation."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import DeadlineRow, Tag
from backoffice.pages.words import due_tag
from workflows.calendar import Reason
from workflows.catalogue.parts import only
from workflows.deadlines import Event, Stands, StepKind
from workflows.deadlines.defined import APPLICANTS
from workflows.dossier import Dossier
from workflows.office import Office

LABELS: Final[Mapping[str, Promise]] = {
    "processing": _("Bearbeitungsziel"),
    "answer": _("Antwort"),
    "reply": _("Rückmeldung an die Person"),
    "remedy": _("Rechtsbehelf"),
    "revocation": _("Rechtsbehelf gegen den Widerruf"),
}

# How a deadline came to its end.
OVER: Final[Mapping[str, Promise]] = {
    "met": _("läuft nicht mehr"),
    "overtaken": _("überholt"),
}

# What set the period off, as a whole sentence.
EVENTS: Final[Mapping[Event, Promise]] = {
    Event.ACT_POSTED: _("Am %(on)s wurde der Bescheid zur Post gegeben."),
    Event.ACT_PROVIDED: _("Am %(on)s wurde der Bescheid im Postfach bereitgestellt."),
    Event.ACT_RETRIEVED: _("Am %(on)s wurde der Bescheid abgerufen."),
    Event.NOTICE_SENT: _("Am %(on)s ging die Nachricht hinaus, dass der Bescheid bereitliegt."),
    Event.ACT_PUBLISHED: _("Am %(on)s wurde der Bescheid ortsüblich bekannt gemacht."),
    Event.ACT_NOTIFIED: _("Am %(on)s wurde der Bescheid bekannt gegeben."),
    Event.PERIOD_NOTIFIED: _("Am %(on)s wurde die Frist mitgeteilt."),
    Event.LAST_DAY_NAMED: _("Als letzter Tag wurde der %(on)s genannt."),
    Event.DOCUMENTS_COMPLETE: _("Am %(on)s waren die Unterlagen vollständig."),
    Event.APPLICATION_FILED: _("Am %(on)s wurde der Antrag gestellt."),
    Event.APPLICATION_RECEIVED: _("Am %(on)s ging der Antrag ein."),
    Event.REQUEST_RECEIVED: _("Am %(on)s ging das Ersuchen ein."),
    Event.CASE_CLOSED: _("Am %(on)s wurde der Vorgang abgeschlossen."),
    Event.BORN: _("Geburt am %(on)s."),
    Event.SIGNS_SET_UP: _("Am %(on)s wurden die Schilder aufgestellt."),
    Event.SUBMITTED: _("Am %(on)s wurde eingereicht."),
    Event.MESSAGE_RECEIVED: _("Am %(on)s schrieb die antragstellende Person."),
    Event.QUESTION_ASKED: _("Am %(on)s wurde nachgefragt."),
    Event.DECIDED: _("Am %(on)s wurde entschieden."),
    Event.MATTER_ENDS: _("Am %(on)s endet, was bewilligt wurde."),
    Event.APPOINTMENT: _("Am %(on)s ist der Termin."),
}
STEPS: Final[Mapping[StepKind, Promise]] = {
    StepKind.PERIOD: _("%(period)s danach, der Tag selbst zählt nicht mit: %(on)s."),
    StepKind.FICTION: _("Er gilt %(period)s danach als bekannt gegeben: am %(on)s."),
    StepKind.LAST_OF_MONTH: _(
        "Einen %(missing_day)s. hat dieser Monat nicht, es zählt sein letzter Tag: %(on)s."
    ),
    StepKind.SHIFTED: _("%(days_off)s. Die Frist endet am nächsten Werktag: %(on)s."),
    StepKind.NOT_SHIFTED: _("%(days_off)s. Es bleibt beim %(on)s: %(because)s."),
    StepKind.NOT_NOTIFIED: _(
        "Niemand hat ihn rechtzeitig abgerufen: Die Bereitstellung endet am %(on)s ohne "
        "Bekanntgabe."
    ),
    StepKind.YEAR_END: _("Sie läuft bis zum Ende des Jahres: %(on)s."),
    StepKind.FREE_FROM: _("Vorbei ist sie ab dem %(on)s."),
    StepKind.AGE_REACHED: _("%(period)s sind vollendet mit Beginn des %(on)s."),
    StepKind.LIFE_MONTH: _("Der %(number)s. Lebensmonat beginnt am %(on)s."),
    StepKind.MONTH_OF_RECEIPT: _("Der Monat des Eingangs beginnt am %(on)s."),
    StepKind.PAYABLE_FROM: _("Gezahlt wird höchstens für %(period)s zurück: ab %(on)s."),
    StepKind.FULL_DAY: _("%(number)s. voller Tag: %(on)s."),
    StepKind.TIMER: _("%(timer)s nach %(period)s: %(on)s."),
    StepKind.WORKING_DAYS: _(
        "%(working_days)s danach, ohne Feiertage und Schließtage der Verwaltung: %(on)s."
    ),
    StepKind.BEFORE: _("%(period)s davor: %(on)s."),
    StepKind.PAUSED: _(
        "Sie ruht seit dem %(since)s, weil wir auf eine Antwort warten. Übrig waren "
        "%(working_days)s."
    ),
    StepKind.RESUMED: _("Seit dem %(until)s läuft sie weiter, noch %(working_days)s: %(on)s."),
    StepKind.EXTENDED: _("Am %(decided_on)s bis zum %(on)s verlängert. Grund: %(reason)s"),
}
STANDS: Final[Mapping[Stands, Promise]] = {
    Stands.FICTION_IS_NO_PERIOD: _("Die Bekanntgabe ist ein Tag und keine Frist"),
    Stands.LAST_DAY_NAMED: _("Der Tag wurde ausdrücklich als letzter genannt"),
    Stands.WAITING_PERIOD: _("Es ist eine Wartezeit, in der niemand handeln muss"),
    Stands.READING_OF_THE_LAW: _("So wird die Vorschrift hier gelesen"),
}
REASONS: Final[Mapping[Reason, Promise]] = {
    Reason.SATURDAY: _("ein Samstag"),
    Reason.SUNDAY: _("ein Sonntag"),
    Reason.PUBLIC_HOLIDAY: _("ein Feiertag (%(holiday)s)"),
}
TIMERS: Final[Mapping[str, Promise]] = {
    "reminder": _("Erinnerung"),
    "auto_reject": _("Zurückweisung"),
    "deletion": _("Löschung"),
}


def deadline_rows(dossier: Dossier, office: Office, today: date) -> tuple[DeadlineRow, ...]:
    """The deadlines of the case, those that run before those that are over.

    What only gave way to another end is not shown: the derivation of that one tells of it.
    """
    shown = [one for one in dossier.deadlines if one.over_because != "moved"]
    rows = sorted(shown, key=lambda one: (not one.is_running, one.ends_on))
    return tuple(
        DeadlineRow(
            label=label_of(dossier, one),
            due_on=one.ends_on,
            tag=_tag(one, office, today),
            basis=_basis(one.derivation),
            derivation=tuple(sentence(step) for step in one.derivation),
        )
        for one in rows
    )


def label_of(dossier: Dossier, one: Any) -> str:
    """What the definition calls it, else what the desk calls it."""
    rule = only(dossier.definition.deadlines, one.key)
    # The period for a remedy has one name, however the service counts it.
    if rule and (rule.event == one.event or one.key == "remedy"):
        return rule.title.in_(language())
    return str(LABELS.get(one.key, one.key))


def _tag(one: Any, office: Office, today: date) -> Tag:
    """How far away it is; time of the applicant's that is over is no delay of ours."""
    if not one.is_running:
        return Tag(str(OVER.get(one.over_because, OVER["met"])))
    if one.is_paused:
        return due_tag(None, suspended=True)
    if one.ends_on < today and (one.kind == "legal" or one.event in APPLICANTS):
        return Tag(gettext("abgelaufen"))
    return due_tag(office.working_days_left(one.ends_on, today=today))


def sentence(step: Mapping[str, Any]) -> str:
    """One stored step of a derivation as a sentence, with the paragraph it rests on."""
    kind, facts = StepKind(step["kind"]), step["facts"]
    pattern = EVENTS[Event(facts["event"])] if kind is StepKind.EVENT else STEPS[kind]
    said = str(pattern) % {"on": day_text(step["on"]), **_words(facts)}
    return f"{said} ({step['paragraph']})" if step["paragraph"] else said


def _words(facts: Mapping[str, Any]) -> dict[str, str]:
    """The facts of a step, each under the name that the patterns use."""
    words = {name: str(facts[name]) for name in ("missing_day", "number") if name in facts}
    if "unit" in facts:
        words["period"] = _period(facts["count"], facts["unit"])
    elif "count" in facts:
        words["working_days"] = _period(facts["count"], "working_days")
    if "days_off" in facts:
        words["days_off"] = ", ".join(_day_off(off) for off in facts["days_off"])
    if "because" in facts:
        words["because"] = str(STANDS[Stands(facts["because"])])
    for name in ("since", "until", "decided_on"):
        if name in facts:
            words[name] = day_text(facts[name])
    if "reason" in facts:
        words["reason"] = facts["reason"]
    if "timer" in facts:
        words["timer"] = str(TIMERS[facts["timer"]])
    return words


def _period(count: int, unit: str) -> str:
    patterns = {
        "days": ngettext("%(count)d Tag", "%(count)d Tage", count),
        "weeks": ngettext("%(count)d Woche", "%(count)d Wochen", count),
        "months": ngettext("%(count)d Monat", "%(count)d Monate", count),
        "years": ngettext("%(count)d Jahr", "%(count)d Jahre", count),
        "life_months": ngettext("%(count)d Lebensmonat", "%(count)d Lebensmonate", count),
        "working_days": ngettext("%(count)d Arbeitstag", "%(count)d Arbeitstage", count),
    }
    return patterns[unit] % {"count": count}


def _day_off(off: Mapping[str, str]) -> str:
    reason = str(REASONS[Reason(off["reason"])]) % {"holiday": off["holiday"]}
    return gettext("Der %(on)s ist %(reason)s") % {"on": day_text(off["on"]), "reason": reason}


def _basis(derivation: Iterable[Mapping[str, Any]]) -> str:
    """The paragraphs of the calculation, each once."""
    return ", ".join(dict.fromkeys(step["paragraph"] for step in derivation if step["paragraph"]))
