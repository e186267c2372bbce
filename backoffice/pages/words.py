"""The words of the desk: codes and numbers as texts and tags in the reader's language."""

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from backoffice.pages.rows import Column, NavGroup, NavItem, Step, Tag, Tone
from workflows.desk import COUNTED

# From this many working days downwards a deadline asks for attention.
SOON = 4

_STATES: Mapping[str, tuple[Promise, Tone]] = {
    "received": (gettext_lazy("Eingegangen"), "info"),
    "in_examination": (gettext_lazy("In Prüfung"), "info"),
    "waiting_for_applicant": (gettext_lazy("Wartet auf Antwort"), "warning"),
    "decided": (gettext_lazy("Entschieden"), "success"),
    "notified": (gettext_lazy("Bekannt gegeben"), "success"),
    "closed": (gettext_lazy("Abgeschlossen"), "neutral"),
    "withdrawn": (gettext_lazy("Zurückgezogen"), "neutral"),
    "forwarded": (gettext_lazy("Weitergeleitet"), "neutral"),
    "reopened": (gettext_lazy("Wiederaufgenommen"), "info"),
}
_OUTCOMES: Mapping[str, tuple[Promise, Tone, str]] = {
    "passed": (gettext_lazy("Erfüllt"), "success", "success"),
    "failed": (gettext_lazy("Nicht erfüllt"), "danger", "danger"),
    "open": (gettext_lazy("Offen"), "warning", "warning"),
    "unavailable": (gettext_lazy("Nicht auswertbar"), "warning", "warning"),
}
# Which secrecy governs a record, how its life ends (xdomea), and what people are in a unit.
_ACCESS_CLASSES: Mapping[str, Promise] = {
    "general": gettext_lazy("allgemein"),
    "social": gettext_lazy("Sozialgeheimnis"),
    "tax": gettext_lazy("Steuergeheimnis"),
    "youth": gettext_lazy("Jugendhilfe"),
    "civil_status": gettext_lazy("Personenstand"),
    "foreigners": gettext_lazy("Ausländerwesen"),
    "personnel": gettext_lazy("Personal"),
}
_DISPOSALS: Mapping[str, Promise] = {
    "A": gettext_lazy("A archivieren"),
    "B": gettext_lazy("B bewerten"),
    "V": gettext_lazy("V vernichten"),
}
_ROLES: Mapping[str, Promise] = {
    "caseworker": gettext_lazy("Sachbearbeitung"),
    "head": gettext_lazy("Leitung"),
    "registrar": gettext_lazy("Registratur"),
    "administrator": gettext_lazy("Administration"),
    "auditor": gettext_lazy("Revision, Datenschutz"),
}
_COURSE = (
    gettext_lazy("Eingang"),
    gettext_lazy("Prüfung"),
    gettext_lazy("Entscheidung"),
    gettext_lazy("Bekanntgabe"),
    gettext_lazy("Abschluss"),
)
_REACHED = {
    "received": 0,
    "in_examination": 1,
    "waiting_for_applicant": 1,
    "reopened": 1,
    "decided": 2,
    "notified": 3,
}


# What leaves the house (workflows.acts), as a noun that stands alone.
_ACTS: Mapping[str, Promise] = {
    "grant": gettext_lazy("Bewilligung"),
    "grant_in_part": gettext_lazy("Teilbewilligung"),
    "refuse": gettext_lazy("Ablehnung"),
    "settle": gettext_lazy("Erledigung"),
    "request_proof": gettext_lazy("Nachforderung"),
    "message": gettext_lazy("Nachricht"),
    "forward": gettext_lazy("Abgabe"),
}


def act_text(action: str) -> str:
    """The name of an act; the code itself for one the desk has no word for."""
    return str(_ACTS.get(action, action))


def many(count: int) -> str:
    """How many there are, as far as it was counted: "über 1.000" beyond that."""
    if count > COUNTED:
        return gettext("über %(count)s") % {"count": number_format(COUNTED, force_grouping=True)}
    return number_format(count, force_grouping=True)


def due_tag(working_days: int | None, *, suspended: bool = False) -> Tag:
    """How far away a deadline is, in working days; negative: that many are past.

    None stands for a case without a deadline, ``suspended`` for one that does not run.
    """
    if suspended:
        return Tag(gettext("Frist ruht"), "info")
    if working_days is None:
        return Tag(gettext("ohne Frist"))
    if working_days < 0:
        days = -working_days
        text = ngettext(
            "%(days)d Arbeitstag überfällig", "%(days)d Arbeitstage überfällig", days
        ) % {"days": days}
        return Tag(text, "danger", "danger")
    if working_days == 0:
        return Tag(gettext("heute"), "danger", "danger")
    spoken = ngettext("in %(days)d Arbeitstag", "in %(days)d Arbeitstagen", working_days)
    return Tag(
        gettext("in %(days)d AT") % {"days": working_days},
        "warning" if working_days <= SOON else "neutral",
        "warning" if working_days <= SOON else "",
        spoken % {"days": working_days},
    )


def state_text(state: str) -> str:
    """The name of a machine's state; raises KeyError for a state the desk has no word for."""
    return str(_STATES[state][0])


def state_tag(state: str) -> Tag:
    """The same as a tag."""
    text, tone = _STATES[state]
    return Tag(str(text), tone)


def access_class_text(access_class: str) -> str:
    """The name of an access class; raises KeyError for one the desk has no word for."""
    return str(_ACCESS_CLASSES[access_class])


def retention_text(years: int, disposal_code: str) -> str:
    """How long a closed case is kept and what becomes of it then: "5 Jahre, dann V vernichten"."""
    disposal = {"disposal": _DISPOSALS[disposal_code], "years": years}
    if not years:
        return gettext("bis Jahresende, dann %(disposal)s") % disposal
    return (
        ngettext("%(years)d Jahr, dann %(disposal)s", "%(years)d Jahre, dann %(disposal)s", years)
        % disposal
    )


def role_text(role: str) -> str:
    """What somebody is in a unit; raises KeyError for a role the desk has no word for."""
    return str(_ROLES[role])


def check_tag(outcome: str) -> Tag:
    """The outcome of a check: passed, failed, open or unavailable (a register did not answer)."""
    text, tone, icon = _OUTCOMES[outcome]
    return Tag(str(text), tone, icon)


def course_of(state: str) -> tuple[Step, ...]:
    """The stations of a case up to and beyond ``state``.

    A case that left the course (withdrawn, forwarded) ends at the station that says so.
    """
    if state == "closed":
        return tuple(Step(str(label), "done") for label in _COURSE)
    if state not in _REACHED:
        return (Step(str(_COURSE[0]), "done"), Step(state_text(state), "current"))
    reached = _REACHED[state]
    return tuple(
        Step(str(label), "done" if at < reached else "current" if at == reached else "ahead")
        for at, label in enumerate(_COURSE)
    )


def navigation(current: str, *, hidden: Collection[str] = ()) -> tuple[NavGroup, ...]:
    """The side navigation; ``current`` and ``hidden`` are names of addresses."""

    def group(label: str, *items: tuple[str, str, str, str]) -> NavGroup:
        return NavGroup(
            label,
            tuple(
                NavItem(label=text, url=reverse(name), icon=icon, key=key, current=name == current)
                for name, text, icon, key in items
                if name not in hidden
            ),
        )

    groups = (
        group(
            gettext("Arbeit"),
            ("worklist", gettext("Arbeitsliste"), "checklist", "a"),
            ("follow_ups", gettext("Wiedervorlagen"), "autorenew", "w"),
            ("deadlines", gettext("Fristen"), "calendar-today", "f"),
            ("inbox", gettext("Eingang klären"), "mail", "e"),
            ("dispatch", gettext("Tagesliste"), "calendar-today", "t"),
            ("appointments", gettext("Termine"), "calendar-today", "m"),
            ("post", gettext("Postausgang"), "draft", "p"),
            ("cash", gettext("Zahlungen"), "checklist", "z"),
            ("counter", gettext("Antrag aufnehmen"), "add", "h"),
            ("enquiry", gettext("Auskunft"), "info", "o"),
        ),
        group(
            gettext("Akten"),
            ("search", gettext("Suche"), "search", "s"),
            ("matters", gettext("Bestand"), "content-copy", "b"),
            ("file_plan", gettext("Aktenplan"), "drive-folder-upload", "k"),
            ("waiting_lists", gettext("Wartelisten"), "checklist", "v"),
        ),
        group(
            pgettext("navigation", "Leitung"),
            ("overview", gettext("Auslastung"), "visibility", "l"),
            ("automation", gettext("Automatik"), "autorenew", "u"),
            ("offers", gettext("Angebote"), "add", "n"),
        ),
        group(
            pgettext("navigation", "Verwaltung"),
            ("services", gettext("Dienste"), "edit", "d"),
            ("portals", gettext("Portale"), "language", "r"),
        ),
    )
    return tuple(one for one in groups if one.items)


def worklist_columns(sort: str, urls: Mapping[str, str]) -> tuple[Column, ...]:
    """The head of the work list.

    ``sort`` is a column's key, with a minus in front for descending; ``urls`` leads from the keys
    that can be sorted by to the address that does it.
    """
    key = sort.removeprefix("-")
    labels = {
        "due": gettext("Frist"),
        "reference": gettext("Vorgang"),
        "name": gettext("Person und Leistung"),
        "next": gettext("Nächster Schritt"),
        "received": gettext("Eingang"),
    }
    return tuple(
        Column(
            name,
            label,
            urls.get(name, ""),
            "" if name != key else "descending" if sort.startswith("-") else "ascending",
        )
        for name, label in labels.items()
    )
