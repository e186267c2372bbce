"""The words for each problem, German and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """A problem's title and what it means, each in German and English; ``{facts}`` are filled."""

    title: tuple[str, str]
    detail: tuple[str, str]


# code -> words. Every refusal has its entry: tests/api/test_words.py.
PROBLEMS: Final[Mapping[str, Words]] = {
    # Who asks, and how
    "not_authenticated": Words(
        ("Zugangstoken fehlt", "Access token missing"),
        (
            "Der Aufruf braucht ein Bearer-Token von POST /api/v1/oauth/token.",
            "The call needs a bearer token from POST /api/v1/oauth/token.",
        ),
    ),
    "token_invalid": Words(
        ("Zugangstoken ungültig", "Access token invalid"),
        (
            "Das Token ist unbekannt, abgelaufen oder falsch geschrieben. Bitte ein neues holen.",
            "The token is unknown, expired or miswritten. Please fetch a new one.",
        ),
    ),
    "scope_missing": Words(
        ("Berechtigung fehlt", "Scope missing"),
        (
            "Das Token enthält den Scope nicht, den dieser Aufruf braucht.",
            "The token lacks the scope that this call needs.",
        ),
    ),
    "not_allowed": Words(
        ("Nicht erlaubt", "Not allowed"),
        ("Das darf der Absender hier nicht.", "The sender may not do this here."),
    ),
    "action_not_granted": Words(
        ("Nicht erlaubt", "Not allowed"),
        (
            "Dieser Schritt steht dem Absender bei dieser Leistung nicht zu.",
            "This service does not let the sender take this step.",
        ),
    ),
    "not_found": Words(
        ("Nicht gefunden", "Not found"),
        (
            "Das gibt es nicht, oder es gehört einem anderen Absender.",
            "It does not exist, or it belongs to another sender.",
        ),
    ),
    "method_not_allowed": Words(
        ("Methode nicht vorgesehen", "Method not allowed"),
        (
            "Diese Adresse kennt die HTTP-Methode nicht; der Kopf Allow nennt die möglichen.",
            "This address does not know the HTTP method; the Allow header names those it knows.",
        ),
    ),
    "not_acceptable": Words(
        ("Format nicht verfügbar", "Not acceptable"),
        (
            "Die Antwort gibt es nur als application/json.",
            "The answer is available as application/json only.",
        ),
    ),
    "throttled": Words(
        ("Zu viele Aufrufe", "Too many requests"),
        (
            "Bitte die Zeit abwarten, die der Kopf Retry-After nennt.",
            "Please wait for the time that the Retry-After header names.",
        ),
    ),
    # What was sent
    "malformed": Words(
        ("Aufruf fehlerhaft", "Malformed request"),
        (
            "Der Aufruf hat nicht die vorgeschriebene Form. Nichts wurde angenommen.",
            "The request does not have the prescribed shape. Nothing was accepted.",
        ),
    ),
    "unsupported_media_type": Words(
        ("Medientyp nicht vorgesehen", "Unsupported media type"),
        (
            "Der Inhalt muss als application/json gesendet werden.",
            "The body must be sent as application/json.",
        ),
    ),
    "length_required": Words(
        ("Länge fehlt", "Length required"),
        (
            "Der Aufruf muss seine Länge mit Content-Length angeben.",
            "The request must state its length with Content-Length.",
        ),
    ),
    "too_large": Words(
        ("Zu groß", "Too large"),
        (
            "Der Inhalt ist größer als {limit} Byte.",
            "The body is larger than {limit} bytes.",
        ),
    ),
    "range_not_satisfiable": Words(
        ("Bereich gibt es nicht", "Range not satisfiable"),
        (
            "Der Bereich liegt hinter dem Ende; das Dokument hat {size} Byte.",
            "The range begins behind the end; the document has {size} bytes.",
        ),
    ),
    "invalid": Words(
        ("Angaben unvollständig oder falsch", "Invalid content"),
        (
            "Die Angaben erfüllen nicht alle Regeln; errors nennt jede. Nichts wurde angenommen.",
            "The content breaks at least one rule; errors names each. Nothing was accepted.",
        ),
    ),
    "reasons_are_missing": Words(
        ("Begründung fehlt", "Reasons missing"),
        ("Eine Ablehnung braucht Gründe.", "A refusal needs reasons."),
    ),
    "unsettled_checks": Words(
        ("Prüfung nicht erfüllt", "Check not fulfilled"),
        (
            "Wer trotz einer nicht erfüllten Prüfung bewilligt, nennt den Grund.",
            "Granting although a check is not fulfilled needs a reason.",
        ),
    ),
    "draft_too_large": Words(
        ("Entwurf zu groß", "Draft too large"),
        ("So viel nimmt kein Formular auf.", "No form takes that much."),
    ),
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
    "slot_taken": Words(
        ("Termin vergeben", "Slot taken"),
        (
            "Der gewünschte Tag ist ausgebucht, und ein anderer ist nicht gewünscht.",
            "The desired day is booked up, and no other one is wanted.",
        ),
    ),
    "no_slot": Words(
        ("Kein Termin frei", "No slot free"),
        ("So weit der Kalender reicht, ist nichts frei.", "Nothing is free in the whole calendar."),
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
    "place_unknown": Words(
        ("Stelle unbekannt", "Place unknown"),
        (
            "Die Organisationseinheit oder das Aktenzeichen der Leistung gibt es hier nicht.",
            "This tenant does not have the service's unit or file plan position.",
        ),
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
    "matter_has_ended": Words(
        ("Gilt nicht mehr", "Holds no longer"),
        ("Es gilt seit dem {ended_on} nicht mehr.", "It holds no longer since {ended_on}."),
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
    "definition_altered": Words(
        ("Leistung verändert", "Definition altered"),
        (
            "Die Leistung ist nicht mehr so, wie sie veröffentlicht wurde.",
            "The service is no longer what was published.",
        ),
    ),
    # What we depend on
    "unavailable": Words(
        ("Zurzeit nicht verfügbar", "Unavailable"),
        (
            "Bitte später mit demselben Idempotency-Key noch einmal senden.",
            "Please send it again later, with the same Idempotency-Key.",
        ),
    ),
    "storage_unavailable": Words(
        ("Speicher nicht verfügbar", "Storage unavailable"),
        ("Der Dateispeicher antwortet nicht.", "The file storage does not answer."),
    ),
    "content_missing": Words(
        ("Inhalt fehlt", "Content missing"),
        (
            "Das Dokument liegt zurzeit nicht vor. Der Betrieb ist gefragt.",
            "The document's content is not there. This is for the operators to repair.",
        ),
    ),
    "content_altered": Words(
        ("Inhalt beschädigt", "Content altered"),
        (
            "Das Dokument ist beschädigt und wird nicht ausgeliefert. Der Betrieb ist gefragt.",
            "The document is damaged and not handed out. This is for the operators to repair.",
        ),
    ),
    "internal_error": Words(
        ("Fehler bei uns", "Internal error"),
        (
            "Das ist unser Fehler. Der Kopf X-Request-ID hilft, ihn zu finden.",
            "This is our mistake. The X-Request-ID header helps us to find it.",
        ),
    ),
}
