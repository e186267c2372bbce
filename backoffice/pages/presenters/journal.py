"""The journal of a case in words: entries with their values, what verifying gave, as a table."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.case_file import DECISIONS
from backoffice.pages.presenters.history import (
    actor_text,
    entry_detail,
    entry_text,
    is_key_event,
    kind_text,
)
from backoffice.pages.presenters.tables import table_text
from backoffice.pages.presenters.values import NOTHING, day_text, plain_text
from backoffice.pages.rows import (
    ChangeRow,
    EmptyState,
    JournalPage,
    JournalRow,
    Option,
    ProofRow,
)
from backoffice.pages.words import access_class_text, check_tag, state_text
from efile.facts import DocumentFetched
from efile.kernel.clock import BERLIN
from efile.kernel.verify import Fault, Report
from workflows.journal_view import JournalView, Line

# The watched fields of the case, and of the rows around it (``party.<key>``).
FIELDS: Final[Mapping[str, Promise]] = {
    "case.reference": _("Zeichen des Vorgangs"),
    "case.subject": _("Betreff"),
    "case.applicant": _("Antragstellende Person"),
    "case.lead_unit": _("Federführung"),
    "case.access_class": _("Zugang"),
    "case.received_at": _("Eingang"),
    "case.closed_at": _("Abgeschlossen"),
    "case.retained_until": _("Aufzubewahren bis"),
    "case.file": _("Akte"),
    "process.state": _("Stand"),
    "process.decision": _("Entscheidung"),
    "process.outcome": _("Ergebnis"),
    "process.assignee": _("Zuständig"),
    "submission.envelope": _("Antrag, wie er gesendet wurde"),
}
TABLES: Final[Mapping[str, Promise]] = {
    "party": _("Beteiligte"),
    "document": _("Dokument"),
    "message": _("Nachricht"),
    "note": _("Notiz"),
    "question": _("Rückfrage"),
    "decision": _("Entscheidung"),
    "matter": _("Dauerhafte Berechtigung"),
    "correction": _("Berichtigte Angabe"),
    "verdict": _("Eigene Feststellung zu einer Prüfung"),
    "grant": _("Freigabe"),
    "denial": _("Sperre"),
}
FAULTS: Final[Mapping[str, Promise]] = {
    "altered_entry": _("Der Eintrag wurde nachträglich verändert."),
    "recomputed_chain": _("Die ganze Kette wurde ohne den Schlüssel neu berechnet."),
    "altered_values": _("Die Werte sind nicht die, die aufgezeichnet wurden."),
    "missing_values": _("Die Werte fehlen, ohne dass eine Löschung verzeichnet ist."),
    "broken_link": _("Der Eintrag folgt nicht auf den vor ihm."),
    "missing_entry": _("Der Eintrag fehlt."),
    "cut_tail": _("Das Ende der Kette fehlt von hier an."),
    "altered_head": _("Der Stand der Kette wurde nicht von der Anwendung geschrieben."),
    "missing_chain": _("Zu diesem Vorgang gibt es kein Protokoll."),
    "missing_case": _("Zu diesem Protokoll gibt es keinen Vorgang."),
    "altered_row": _("In der Akte steht etwas anderes, als das Protokoll sagt."),
    "altered_seal": _("Ein Siegel passt nicht zu dem, was es versiegelt hat."),
    "missing_seal": _("Ein Siegel fehlt."),
}
_ORDER: Final = {field: number for number, field in enumerate(FIELDS)}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def journal_page(journal: JournalView, *, report: Report | None = None) -> JournalPage:
    """A page of the journal; ``report`` is what verifying it has just given."""
    wanted = journal.wanted
    total = sum(journal.kinds.values())
    count = ngettext("%(count)d Eintrag", "%(count)d Einträge", total) % {"count": total}
    return JournalPage(
        reference=journal.reference,
        url=_address("journal", journal),
        case_url=reverse("case", args=[journal.case_id]),
        verify_url=reverse("journal_verify", args=[journal.case_id]),
        csv_url=_address("journal_csv", journal, kind=wanted.kind),
        summary=count,
        reading=_reading(journal),
        kinds=_kinds(journal),
        orders=(
            Option("", gettext("neueste zuerst"), not wanted.oldest_first),
            Option("oldest", gettext("älteste zuerst"), wanted.oldest_first),
        ),
        reset_url=_address("journal", journal, order=_order(journal)) if wanted.kind else "",
        rows=tuple(_row(line, journal) for line in journal.lines),
        proof=_proof(report) if report else None,
        more_url=_more(journal),
        empty=EmptyState(gettext("Dazu steht nichts im Protokoll.")),
    )


def journal_table(journal: JournalView) -> str:
    """The entries as CSV, one a line, for the file of a complaint or an audit."""
    head = [
        gettext("Nr."),
        gettext("Zeitpunkt"),
        gettext("Wer"),
        gettext("Kennung"),
        gettext("Was"),
        gettext("Einzelheiten"),
        gettext("Werte"),
    ]
    return table_text(head, (_cells(line, journal) for line in journal.lines))


def _cells(line: Line, journal: JournalView) -> list[str]:
    row = _row(line, journal)
    changes = [f"{one.label}: {one.before or NOTHING} → {one.after}" for one in row.changes]
    return [
        str(row.seq),
        f"{row.at.astimezone(BERLIN):%d.%m.%Y %H:%M:%S}",
        row.actor,
        line.entry.actor,
        row.text,
        row.detail,
        gettext("gelöscht") if row.is_erased else "; ".join(changes),
    ]


def _row(line: Line, journal: JournalView) -> JournalRow:
    entry = line.entry
    return JournalRow(
        seq=line.seq,
        at=entry.at,
        actor=actor_text(entry.actor, entry.actor_name),
        text=entry_text(entry),
        detail=_read_document(line, journal) or entry_detail(entry),
        changes=tuple(_changes(line, journal)),
        is_erased=line.is_erased,
        is_key_event=is_key_event(entry),
    )


def _read_document(line: Line, journal: JournalView) -> str:
    """Which document somebody read; what was never on file is named by the entry itself."""
    told = line.entry.facts
    return journal.documents.get(str(told.get("document", ""))) or str(told.get("title", ""))


def _changes(line: Line, journal: JournalView) -> Iterator[ChangeRow]:
    """What changed, in the order of ``FIELDS``; what was not there before has no "before"."""
    for field, (before, after) in sorted(line.entry.changes.items(), key=_in_order):
        known = _value(field, before, journal)
        yield ChangeRow(
            label=_label(field, journal),
            before="" if known == NOTHING else known,
            after=_value(field, after, journal),
        )


def _in_order(change: tuple[str, Any]) -> int:
    return _ORDER.get(change[0], len(_ORDER))


def _label(field: str, journal: JournalView) -> str:
    if field in FIELDS:
        return str(FIELDS[field])
    table, _dot, key = field.partition(".")
    label = str(TABLES.get(table, table))
    name = _named(table, key, journal)
    return f"{label} „{name}“" if name else label


def _named(table: str, key: str, journal: JournalView) -> str:
    if table in ("grant", "denial"):
        return journal.people.get(int(key), "") if key.isdecimal() else ""
    if table == "document":
        return journal.documents.get(key, "")
    return key if table == "correction" else ""


def _value(field: str, value: Any, journal: JournalView) -> str:
    """A value as people read it; what is none of ours stands as it is."""
    known = _known(field, value, journal)
    if known:
        return known
    match value:
        case str() if _DIGEST.fullmatch(value):
            return gettext("Prüfsumme %(digest)s…") % {"digest": value[:12]}
        case str():
            return _moment(value) or NOTHING
        case list():
            return ", ".join(_moment(str(one)) for one in value if one is not None) or NOTHING
        case _:
            return plain_text(value)


def _known(field: str, value: Any, journal: JournalView) -> str:
    """The words for a value of a field that holds codes or keys; "" where it has none."""
    try:
        match field.partition("."):
            case "process", _, "state":
                return state_text(value)
            case "process", _, "assignee":
                return journal.people[value]
            case ("process", _, "decision") | ("decision", _, _):
                return str(DECISIONS[value])
            case "case", _, "lead_unit":
                return journal.units[value]
            case "case", _, "access_class":
                return access_class_text(value)
            case "verdict", _, _:
                return check_tag(value).text
    except (KeyError, TypeError):
        return ""
    return ""


def _moment(text: str) -> str:
    """A stamp or a day in German, anything else as it is."""
    if len(text) > len("2026-03-10") and text[4:5] == "-":
        try:
            return f"{datetime.fromisoformat(text).astimezone(BERLIN):%d.%m.%Y %H:%M}"
        except ValueError:
            return text
    return day_text(text)


def _reading(journal: JournalView) -> str:
    if journal.access_class == "general":
        return gettext(
            "Wer Dokumente nur liest, steht hier nicht: Das wird bei Vorgängen mit "
            "Sozial-, Steuer- oder anderem besonderem Geheimnis festgehalten."
        )
    return gettext("Auch wer ein Dokument gelesen hat, steht hier: „Dokument gelesen“.")


def _kinds(journal: JournalView) -> tuple[Option, ...]:
    """The kinds of entries that occur, with their number; reading first, as it is asked for."""
    wanted = journal.wanted.kind
    named = sorted(
        journal.kinds.items(),
        key=lambda one: (one[0] != DocumentFetched.name, kind_text(one[0]).casefold()),
    )
    return (
        Option("", gettext("alle"), not wanted),
        *(Option(kind, f"{kind_text(kind)} ({count})", kind == wanted) for kind, count in named),
    )


def _proof(report: Report) -> ProofRow:
    faults = tuple(_fault(fault) for fault in report.faults)
    if faults:
        text = ngettext(
            "Kette geprüft: %(count)d Fehler. Sagen Sie dem Betrieb und der Datenschutzstelle "
            "Bescheid, und ändern Sie an dem Vorgang bis dahin nichts.",
            "Kette geprüft: %(count)d Fehler. Sagen Sie dem Betrieb und der Datenschutzstelle "
            "Bescheid, und ändern Sie an dem Vorgang bis dahin nichts.",
            len(faults),
        )
        return ProofRow(is_sound=False, text=text % {"count": len(faults)}, faults=faults)
    text = ngettext(
        "Kette geprüft: vollständig. %(count)d Eintrag, nichts fehlt, nichts ist verändert.",
        "Kette geprüft: vollständig. %(count)d Einträge, nichts fehlt, nichts ist verändert.",
        report.checked,
    )
    return ProofRow(is_sound=True, text=text % {"count": report.checked})


def _fault(fault: Fault) -> str:
    """The fault in words, where it is, and the names of columns and numbers it was found by."""
    text = str(FAULTS[fault.kind])
    if fault.seq is not None:
        text = gettext("Eintrag %(seq)d: %(text)s") % {"seq": fault.seq, "text": text}
    return f"{text} ({fault.detail})" if fault.detail else text


def _order(journal: JournalView) -> str:
    return "oldest" if journal.wanted.oldest_first else ""


def _more(journal: JournalView) -> str:
    if journal.after is None:
        return ""
    return _address(
        "journal",
        journal,
        kind=journal.wanted.kind,
        order=_order(journal),
        after=str(journal.after),
    )


def _address(name: str, journal: JournalView, **query: str) -> str:
    said = {key: value for key, value in query.items() if value}
    address = reverse(name, args=[journal.case_id])
    return f"{address}?{urlencode(said)}" if said else address
