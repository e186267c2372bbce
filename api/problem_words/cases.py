"""Words for what the present state of a case forbids."""

from collections.abc import Mapping
from typing import Final

from api.problem_words.shape import Words

CASES: Final[Mapping[str, Words]] = {
    # What the present state forbids
    "conflict": Words(
        ("Nicht möglich", "Conflict"),
        ("Der jetzige Stand lässt das nicht zu.", "The present state does not allow this."),
    ),
    "idempotency_key_reused": Words(
        ("Schlüssel schon benutzt", "Idempotency key reused"),
        (
            "Unter diesem Idempotency-Key wurde bereits etwas anderes gesendet.",
            "Something else was sent under this Idempotency-Key before.",
        ),
    ),
    "idempotency_key_taken": Words(
        ("Schlüssel in Arbeit", "Idempotency key in use"),
        (
            "Ein Aufruf mit diesem Idempotency-Key läuft noch. Bitte gleich noch einmal senden.",
            "A call with this Idempotency-Key is still running. Please send it again shortly.",
        ),
    ),
    "upload_locked": Words(
        ("Wird gerade geschrieben", "Being written to"),
        (
            "Ein anderer Aufruf schreibt noch an dieser Datei. Bitte gleich noch einmal senden.",
            "Another call is still writing to this upload. Please send it again shortly.",
        ),
    ),
    "wrong_offset": Words(
        ("Falsche Stelle", "Wrong offset"),
        (
            "Die Datei geht bei Byte {offset} weiter.",
            "The upload goes on at byte {offset}.",
        ),
    ),
    "upload_is_used": Words(
        ("Datei ist verwendet", "Upload is used"),
        (
            "Die Datei gehört schon zu einem Vorgang.",
            "The file belongs to a case already.",
        ),
    ),
    "not_yet_scanned": Words(
        ("Wird noch geprüft", "Not scanned yet"),
        (
            "Die Datei wird auf Schadprogramme geprüft; bis dahin lässt sie sich nicht öffnen.",
            "The file is being scanned for malware; until then it cannot be opened.",
        ),
    ),
    "infected": Words(
        ("Enthält ein Schadprogramm", "Contains malware"),
        (
            "Die Datei enthält ein Schadprogramm und bleibt gesperrt.",
            "The file contains malware and stays locked.",
        ),
    ),
    "step_not_possible": Words(
        ("Schritt nicht möglich", "Step not possible"),
        (
            "In diesem Stand geht das nicht: {state}.",
            "The state does not allow this: {state}.",
        ),
    ),
    "question_not_open": Words(
        ("Frage nicht offen", "Question not open"),
        (
            "Die Frage ist schon beantwortet oder hat sich erledigt.",
            "The question has been answered or is no longer asked.",
        ),
    ),
    "in_clarification": Words(
        ("Noch kein Vorgang", "Not yet a case"),
        (
            "Die Sendung wird noch einer Stelle zugeordnet; bis dahin geht das nicht.",
            "The submission is still being assigned to an office; until then this is impossible.",
        ),
    ),
    "appointment_is_near": Words(
        ("Zu kurz vor dem Termin", "Too close to the appointment"),
        (
            "Bis {until} ließ sich der Termin verlegen oder absagen. Danach hilft nur ein Anruf.",
            "The appointment could be moved or given up until {until}. After that, please call.",
        ),
    ),
    "case_is_closed": Words(
        ("Vorgang abgeschlossen", "Case is closed"),
        ("Der Vorgang ist abgeschlossen.", "The case is closed."),
    ),
    "case_is_open": Words(
        ("Vorgang offen", "Case is open"),
        ("Der Vorgang ist nicht abgeschlossen.", "The case is not closed."),
    ),
    "case_changed": Words(
        ("Vorgang geändert", "Case has changed"),
        (
            "Inzwischen hat jemand einen Schritt getan. Bitte neu laden.",
            "Somebody took a step in the meantime. Please load it again.",
        ),
    ),
    "check_ran_again": Words(
        ("Prüfung lief neu", "Check ran again"),
        (
            "Die Prüfung ist inzwischen neu gelaufen; beurteilt wird, was zu sehen war.",
            "The check has run again meanwhile; a verdict is on what was seen.",
        ),
    ),
    "form_was_sent": Words(
        ("Schon abgesandt", "Already sent"),
        (
            "Das Formular ist inzwischen abgesandt; ein Entwurf bleibt nicht zurück.",
            "The form has been sent meanwhile; no draft is left behind.",
        ),
    ),
    "act_is_held": Words(
        ("Wird gerade versandt", "About to be sent"),
        (
            "Zu diesem Vorgang geht gleich etwas hinaus. Bitte danach noch einmal versuchen.",
            "Something is about to leave the house for this case. Please try again afterwards.",
        ),
    ),
    "nothing_is_held": Words(
        ("Schon versandt", "Already sent"),
        ("Es gibt nichts mehr zurückzuholen.", "There is nothing left to take back."),
    ),
    "file_appeared": Words(
        ("Gleichzeitig angelegt", "File appeared"),
        (
            "Die Akte wurde im selben Augenblick angelegt. Bitte noch einmal senden.",
            "The file was opened at the same moment. Please send it again.",
        ),
    ),
    "tasks_are_open": Words(
        ("Aufgaben offen", "Tasks are open"),
        ("Es ist noch etwas zu erledigen: {count}.", "Something is still to be done: {count}."),
    ),
    "follow_ups_are_open": Words(
        ("Wiedervorlagen offen", "Follow-ups open"),
        (
            "Der Vorgang hat noch offene Wiedervorlagen: {count}.",
            "The case still has open follow-ups: {count}.",
        ),
    ),
    "follow_up_is_done": Words(
        ("Wiedervorlage erledigt", "Follow-up done"),
        (
            "Diese Wiedervorlage ist schon erledigt.",
            "This follow-up has been seen to already.",
        ),
    ),
    "remedy_period_runs": Words(
        ("Rechtsbehelfsfrist läuft", "Remedy period runs"),
        (
            "Die Entscheidung kann bis zum {ends_on} angefochten werden.",
            "The decision can be appealed until {ends_on}.",
        ),
    ),
    "text_is_empty": Words(
        ("Text fehlt", "Text is empty"),
        ("Der Text ist leer.", "The text is empty."),
    ),
    "no_portal": Words(
        ("Kein Portal", "No portal"),
        (
            "Der Antrag kam nicht über ein Portal: Eine Nachricht käme dort nie an.",
            "The application did not come through a portal: a message would never arrive.",
        ),
    ),
    "inbox_item_is_settled": Words(
        ("Schon geklärt", "Already settled"),
        ("Diesen Eingang hat schon jemand geklärt.", "Somebody has settled this item already."),
    ),
    "form_is_faulty": Words(
        ("Formular fehlerhaft", "Form is faulty"),
        (
            "Über ein fehlerhaftes Formular kann nicht entschieden werden.",
            "A faulty form cannot be decided on.",
        ),
    ),
    "letter_part_missing": Words(
        ("Bescheid unvollständig", "Letter incomplete"),
        ("Dem Bescheid fehlt ein Teil: {part}.", "The letter lacks a part: {part}."),
    ),
    "placeholder_missing": Words(
        ("Bescheid unvollständig", "Letter incomplete"),
        (
            "Eine Lücke im Text bleibt leer: {placeholder}.",
            "A gap in the text is not filled: {placeholder}.",
        ),
    ),
    "fee_does_not_add_up": Words(
        ("Gebühr unstimmig", "Fee does not add up"),
        (
            "Die Gebühr ist nicht die Summe ihrer Positionen.",
            "The fee is not the sum of its positions.",
        ),
    ),
    "letters_are_waiting": Words(
        ("Post liegt bereit", "Letters are waiting"),
        (
            "Noch nicht zur Post gegeben: {count}.",
            "Not posted yet: {count}.",
        ),
    ),
    "nothing_to_post": Words(
        ("Keine Post", "Nothing to post"),
        ("Kein Schreiben wartet auf die Post.", "No letter waits for the post."),
    ),
    "batch_is_posted": Words(
        ("Stapel zur Post gegeben", "Batch posted"),
        (
            "Der Stapel ist am {posted_on} zur Post gegeben worden.",
            "The batch was posted on {posted_on}.",
        ),
    ),
    "permit_holds_no_longer": Words(
        ("Ausweis gilt nicht mehr", "Permit holds no longer"),
        (
            "Im Stapel liegt noch, was nicht mehr gilt: {references}.",
            "The batch still has what holds no longer: {references}.",
        ),
    ),
    "letter_not_posted": Words(
        ("Nicht in der Post", "Not in the post"),
        ("Das Schreiben ist nicht in der Post.", "The letter is not in the post."),
    ),
    "letter_not_returned": Words(
        ("Kein Rückläufer", "Not returned"),
        ("Das Schreiben ist nicht zurückgekommen.", "The letter did not come back."),
    ),
    "check_is_passed": Words(
        ("Prüfung erfüllt", "Check passed"),
        (
            "Diese Prüfung ist erfüllt; von Hand ist nichts zu entscheiden.",
            "This check is passed; there is nothing to settle by hand.",
        ),
    ),
    "check_has_not_run": Words(
        ("Prüfung steht aus", "Check has not run"),
        ("Diese Prüfung ist noch nicht gelaufen.", "This check has not run yet."),
    ),
    "letter_is_missing": Words(
        ("Bescheid fehlt", "Letter is missing"),
        ("Der Bescheid liegt noch nicht vor.", "The letter is not there yet."),
    ),
    "fee_undetermined": Words(
        ("Gebühr unbestimmt", "Fee undetermined"),
        ("Für diesen Tag gilt keine Gebühr.", "No fee is in force on that day."),
    ),
}
