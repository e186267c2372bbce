"""What a refusal is called towards the people at the desks."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.place_refusals import OF_PLACES
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
    "not_yet_scanned": (
        _("Wird noch geprüft"),
        _(
            "Die Datei wird auf Schadprogramme geprüft. Sie lässt sich öffnen, sobald das Ergebnis "
            "da ist, meist nach wenigen Minuten."
        ),
    ),
    "infected": (
        _("Enthält ein Schadprogramm"),
        _("Die Datei bleibt gesperrt. Fordern Sie sie bei der antragstellenden Person neu an."),
    ),
    "act_is_held": (
        _("Wird gerade versandt"),
        _(
            "Zu diesem Vorgang geht gleich etwas hinaus. Holen Sie es zurück, oder warten Sie "
            "einen Augenblick."
        ),
    ),
    "nothing_is_held": (
        _("Nicht mehr zurückzuholen"),
        _("Es ist schon versandt, oder jemand hat es zurückgeholt."),
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
    "letters_are_waiting": (
        _("Es liegt noch Post bereit"),
        _(
            "Schreiben, die noch nicht zur Post gegeben sind: %(count)s. Danach lässt sich der "
            "Vorgang abschließen."
        ),
    ),
    "follow_ups_are_open": (
        _("Es ist noch eine Wiedervorlage offen"),
        _(
            "Der Vorgang hat noch offene Wiedervorlagen: %(count)s. Erst wenn jede erledigt ist, "
            "kann er abgeschlossen werden."
        ),
    ),
    "appointment_is_near": (
        _("Zu kurz vor dem Termin"),
        _("Bis zum %(until)s konnte die Person den Termin selbst verlegen."),
    ),
    "no_appointments": (_("Ohne Termine"), _("Diese Leistung hat keine Termine.")),
    "no_appointment_to_move": (
        _("Kein Termin"),
        _("Der Termin wurde versäumt, und ein neuer ist nicht angeboten."),
    ),
    "appointment_to_come": (
        _("Kein Termin, der schon begonnen hat"),
        _("Nichterscheinen lässt sich erst eintragen, wenn der Termin begonnen hat."),
    ),
    "appointments_unavailable": (
        _("Terminsystem nicht erreichbar"),
        _("Das Terminsystem antwortet nicht. Versuchen Sie es in einigen Minuten noch einmal."),
    ),
    "payment_is_missing": (
        _("Noch nicht bezahlt"),
        _(
            "Dieser Schritt wartet auf die Gebühr, zu zahlen bis %(due_on)s. Ist sie an der Kasse "
            "bezahlt, tragen Sie die Quittung ein."
        ),
    ),
    "payments_unavailable": (
        _("Bezahldienst nicht erreichbar"),
        _("Der Bezahldienst antwortet nicht. Es wird von selbst wieder versucht."),
    ),
    "nothing_to_pay": (_("Nichts zu bezahlen"), _("Hier ist nichts oder nichts mehr zu zahlen.")),
    "paid_already": (_("Schon bezahlt"), _("Die Gebühr ist schon bezahlt.")),
    "nothing_to_refund": (_("Nichts zu erstatten"), _("Hier ist nichts zu erstatten.")),
    "follow_up_is_done": (
        _("Schon erledigt"),
        _("Diese Wiedervorlage hat inzwischen jemand erledigt."),
    ),
    "period_is_statutory": (
        _("Gesetzliche Frist"),
        _(
            "Diese Frist hat das Gesetz bestimmt, sie lässt sich nicht verlängern. Wer sie ohne "
            "Verschulden versäumt hat, kann Wiedereinsetzung beantragen (%(reinstatement)s)."
        ),
    ),
    "deadline_is_over": (
        _("Frist abgelaufen"),
        _("Diese Frist endete am %(ends_on)s. Verlängern ließ sie sich nur bis dahin."),
    ),
    "extended_already": (
        _("Schon verlängert"),
        _("Diese Frist lässt sich einmal verlängern (%(paragraph)s), und das ist geschehen."),
    ),
    "not_notified_by_post": (
        _("Nicht per Post bekannt gegeben"),
        _(
            "Ein späterer Zugang zählt nur, wenn der Bescheid per Post kam und noch eine "
            "Rechtsbehelfsfrist läuft."
        ),
    ),
    "receipt_is_no_later": (
        _("Kein späterer Zugang"),
        _(
            "Der Bescheid gilt ohnehin erst am %(notified_on)s als bekannt gegeben. Ein früherer "
            "Zugang ändert daran nichts."
        ),
    ),
    "day_is_not_over": (
        _("Der Tag läuft noch"),
        _("Die Liste eines Tages wird gegengezeichnet, wenn der Tag vorbei ist."),
    ),
    "list_is_signed": (
        _("Schon gegengezeichnet"),
        _("Die Liste dieses Tages ist schon gegengezeichnet."),
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
    "matter_has_ended": (
        _("Gilt schon nicht mehr"),
        _("Was gemeint ist, gilt seit dem %(ended_on)s nicht mehr."),
    ),
    "matter_unknown": (
        _("Nummer passt nicht"),
        _(
            "Zu der Nummer gibt es bei dieser Leistung nichts, das der antragstellenden Person "
            "gehört. Berichtigen Sie die Nummer, fragen Sie nach, oder lehnen Sie ab."
        ),
    ),
    "nothing_is_owed": (
        _("Keine Erklärung offen"),
        _("Für keinen begonnenen Zeitraum fehlt eine Erklärung: Sie liegen alle schon vor."),
    ),
    "effect_unreachable": (
        _("Aus dem Formular nicht ableitbar"),
        _("Die Leistung sagt nicht, wie das Formular dafür auszufüllen ist."),
    ),
    "nothing_to_post": (
        _("Keine Post"),
        _("Für diese Stelle wartet kein Schreiben, oder jemand nimmt sie gerade alle."),
    ),
    "batch_is_posted": (
        _("Schon zur Post gegeben"),
        _("Der Stapel ist am %(posted_on)s zur Post gegeben worden."),
    ),
    "permit_holds_no_longer": (
        _("Ausweis gilt nicht mehr"),
        _(
            "Im Stapel liegt noch, was nicht mehr gilt: %(references)s. Nehmen Sie es heraus, und "
            "haken Sie an, dass es nicht abgesendet wurde."
        ),
    ),
    "letter_not_posted": (
        _("Nicht zur Post gegeben"),
        _("Das Schreiben war nicht in der Post, oder es ist schon als Rückläufer eingetragen."),
    ),
    "letter_not_returned": (
        _("Kein Rückläufer"),
        _("Das Schreiben ist nicht zurückgekommen, oder es wird schon neu geschrieben."),
    ),
    "check_is_passed": (
        _("Schon erfüllt"),
        _("Diese Prüfung ist inzwischen erfüllt. Von Hand ist nichts zu entscheiden."),
    ),
    "check_has_not_run": (
        _("Noch nicht geprüft"),
        _("Diese Prüfung läuft gerade erst. Laden Sie die Seite gleich noch einmal."),
    ),
    "check_ran_again": (
        _("Neu geprüft"),
        _(
            "Die Prüfung ist inzwischen neu gelaufen. Sehen Sie nach, ob Ihr Urteil noch passt, "
            "und senden Sie dann noch einmal."
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
    "automation_is_off": (
        _("Schon abgeschaltet"),
        _("Jemand hat die Automatik dieses Dienstes schon abgeschaltet."),
    ),
    "automation_is_on": (
        _("Nicht abgeschaltet"),
        _("Die Automatik dieses Dienstes ist eingeschaltet."),
    ),
    "discretion_is_missing": (
        _("Es fehlt, was Sie abgewogen haben"),
        _("Ermessensentscheidungen nennen die Gesichtspunkte (§ 39 Abs. 1 Satz 3 VwVfG NRW)."),
    ),
    "reasons_are_missing": (
        _("Begründung fehlt"),
        _("Wer nicht alles bewilligt, nennt die Gründe (§ 39 VwVfG NRW)."),
    ),
    "unsettled_checks": (
        _("Prüfung nicht erfüllt"),
        _("Wer trotz einer nicht erfüllten Prüfung bewilligt, nennt den Grund."),
    ),
    "form_was_sent": (
        _("Schon gesendet"),
        _(
            "Dieses Formular haben Sie inzwischen gesendet. Laden Sie die Seite neu, bevor Sie "
            "weiterschreiben."
        ),
    ),
    "draft_too_large": (
        _("Entwurf zu groß"),
        _("So viel nimmt kein Formular auf. Kürzen Sie den Text."),
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
        _("Zeit vergeben"),
        _("Diese Zeit ist inzwischen vergeben. Bitte wählen Sie eine andere."),
    ),
    "draft_exists": (
        _("Entwurf vorhanden"),
        _("An dieser Leistung wird schon gearbeitet. Öffnen Sie den Entwurf, der da ist."),
    ),
    "draft_changed": (
        _("Entwurf geändert"),
        _("Jemand hat den Entwurf geändert, seit er Ihnen angezeigt wurde. Sehen Sie ihn neu an."),
    ),
    "service_exists": (
        _("Leistung vorhanden"),
        _("Eine Leistung mit diesem Kurznamen gibt es schon."),
    ),
    "is_inherited": (
        _("Übernommene Leistung"),
        _("Diese Leistung ist von einer anderen Stadt übernommen. Ändern Sie, was Ihres ist."),
    ),
    "day_is_past": (
        _("Tag vorbei"),
        _("Eine Fassung gilt frühestens ab heute: Vorher konnte niemand davon wissen."),
    ),
    "already_in_force": (
        _("Schon in Kraft"),
        _("Der erste Tag der Fassung ist gekommen. Veröffentlichen Sie eine neue."),
    ),
    "move_not_possible": (
        _("Umstellung nicht möglich"),
        _("Der Vorgang kann nicht auf diese Fassung der Leistung umgestellt werden."),
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
    **OF_PLACES,
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
