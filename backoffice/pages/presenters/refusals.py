"""What a refusal is called towards the people at the desks."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import day_text
from backoffice.pages.words import state_text
from efile.kernel.errors import Refusal

# code → (title, text); ``%(facts)s`` are filled. What is missing here says what its status says:
# templates/403.html and so on, the words of the five families.
REFUSALS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    # What the state of a case forbids
    "case_changed": (
        _("Jemand war schneller"),
        _(
            "Seit Sie den Vorgang geöffnet haben, hat jemand einen Schritt getan. Sehen Sie nach, "
            "ob Ihrer noch passt, und senden Sie dann noch einmal."
        ),
    ),
    "step_not_possible": (
        _("Schritt nicht möglich"),
        _("Im Stand „%(state)s“ geht dieser Schritt nicht."),
    ),
    "tasks_are_open": (
        _("Es ist noch etwas offen"),
        _(
            "Der Vorgang hat noch offene Aufgaben: %(count)s. Erst wenn keine mehr offen ist, "
            "kann er abgeschlossen werden."
        ),
    ),
    "remedy_period_runs": (
        _("Die Rechtsbehelfsfrist läuft"),
        _(
            "Bis zum %(ends_on)s kann die Entscheidung angefochten werden. Danach lässt sich der "
            "Vorgang abschließen."
        ),
    ),
    "case_is_closed": (
        _("Vorgang abgeschlossen"),
        _(
            "Ein abgeschlossener Vorgang nimmt nichts mehr auf. Die Registratur kann ihn "
            "wiederaufnehmen."
        ),
    ),
    "case_is_open": (_("Vorgang offen"), _("Der Vorgang ist nicht abgeschlossen.")),
    "question_not_open": (
        _("Frage nicht mehr offen"),
        _("Die Frage ist schon beantwortet oder zurückgenommen."),
    ),
    "form_is_faulty": (
        _("Angaben fehlerhaft"),
        _(
            "Solange Angaben fehlen oder nicht passen, kann nicht bewilligt werden. Fragen Sie "
            "nach, oder lehnen Sie ab."
        ),
    ),
    "letter_is_missing": (
        _("Bescheid noch nicht fertig"),
        _("Der Bescheid wird gerade geschrieben. Versuchen Sie es in einer Minute noch einmal."),
    ),
    "no_portal": (
        _("Kein Portal"),
        _("Der Antrag kam nicht über ein Portal. Eine Nachricht würde dort niemand lesen."),
    ),
    "text_is_empty": (_("Text fehlt"), _("Bitte schreiben Sie etwas.")),
    # Deciding
    "reasons_are_missing": (
        _("Begründung fehlt"),
        _("Wer nicht alles bewilligt, nennt die Gründe (§ 39 VwVfG NRW)."),
    ),
    "fee_undetermined": (
        _("Gebühr nicht bestimmbar"),
        _("Für diesen Tag ist keine Gebühr festgelegt. Die Leistung muss ergänzt werden."),
    ),
    "letter_part_missing": (
        _("Bescheid unvollständig"),
        _(
            "Dem Bescheid fehlt ein Teil, den das Gesetz verlangt. Die Leistung muss ergänzt "
            "werden."
        ),
    ),
    "fee_does_not_add_up": (
        _("Gebühr stimmt nicht"),
        _("Die Posten der Gebühr ergeben eine andere Summe. Die Leistung muss berichtigt werden."),
    ),
    "placeholder_missing": (
        _("Bescheid unvollständig"),
        _(
            "Ein Platzhalter im Bescheid lässt sich nicht füllen. Die Leistung muss berichtigt "
            "werden."
        ),
    ),
    # The inbox, appointments, what is offered
    "inbox_item_is_settled": (
        _("Schon geklärt"),
        _("Diesen Eingang hat inzwischen jemand geklärt."),
    ),
    "in_clarification": (
        _("Noch kein Vorgang"),
        _("Dieser Eingang ist noch keiner Leistung zugeordnet."),
    ),
    "no_slot": (
        _("Kein Termin frei"),
        _(
            "So weit der Kalender reicht, ist kein Termin frei. Erst wenn wieder Plätze da sind, "
            "kann zugeordnet werden."
        ),
    ),
    "slot_taken": (
        _("Wunschtermin vergeben"),
        _("Der gewünschte Tag ist ausgebucht, und ein anderer ist nicht gewünscht."),
    ),
    "place_unknown": (
        _("Stelle unbekannt"),
        _("Die Organisationseinheit oder das Aktenzeichen dieser Leistung gibt es hier nicht."),
    ),
    "definition_altered": (
        _("Leistung verändert"),
        _("Die Leistung ist nicht mehr so, wie sie veröffentlicht wurde. Der Betrieb ist gefragt."),
    ),
    # Two at once
    "file_appeared": (
        _("Gleichzeitig angelegt"),
        _("Die Akte wurde im selben Augenblick angelegt. Bitte senden Sie noch einmal."),
    ),
    "idempotency_key_reused": (
        _("Schon gesendet"),
        _("Unter derselben Kennung wurde bereits etwas anderes gesendet."),
    ),
    "idempotency_key_taken": (
        _("Wird gerade bearbeitet"),
        _("Dasselbe wird gerade schon bearbeitet. Bitte sehen Sie gleich noch einmal nach."),
    ),
    # Documents
    "storage_unavailable": (
        _("Dateien nicht erreichbar"),
        _("Der Dateispeicher antwortet nicht. Bitte versuchen Sie es später noch einmal."),
    ),
    "content_missing": (
        _("Dokument nicht da"),
        _("Der Inhalt dieses Dokuments liegt nicht im Speicher. Der Betrieb ist gefragt."),
    ),
    "content_altered": (
        _("Dokument beschädigt"),
        _(
            "Der Inhalt stimmt nicht mehr mit seiner Prüfsumme überein und wird nicht gezeigt. "
            "Der Betrieb ist gefragt."
        ),
    ),
}


def told(refusal: Refusal) -> tuple[str, str]:
    """Title and text of ``refusal``; ("", "") where its family says enough."""
    if refusal.code not in REFUSALS:
        return "", ""
    title, text = REFUSALS[refusal.code]
    shown = {name: _shown(name, value) for name, value in refusal.facts.items()}
    return str(title), str(text) % defaultdict(lambda: "?", shown)


def _shown(name: str, value: Any) -> str:
    if name == "state":
        return state_text(value)
    return day_text(value) if name.endswith("_on") else str(value)
