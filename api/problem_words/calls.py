"""Words for calls that are not as they should be, or that nobody can answer now."""

from collections.abc import Mapping
from typing import Final

from api.problem_words.shape import Words

CALLS: Final[Mapping[str, Words]] = {
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
    "service_not_granted": Words(
        ("Leistung nicht freigegeben", "Service not granted"),
        (
            "Für diese Leistung darf der Absender keine Anträge einreichen. Die Stadt kann sie "
            "ihm freigeben.",
            "The sender may not hand in applications for this service. The city can grant it.",
        ),
    ),
    "dashboard_not_offered": Words(
        ("Vorgangsübersicht nicht angeboten", "Overview of cases not offered"),
        (
            "Die Stadt gibt Portalen keine Übersicht über die Vorgänge einer Person.",
            "The city gives portals no overview of a person's cases.",
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
    "tus_version": Words(
        ("Protokollversion nicht vorgesehen", "Protocol version not spoken"),
        (
            "Der Kopf Tus-Resumable muss {version} nennen.",
            "The Tus-Resumable header must say {version}.",
        ),
    ),
    "not_a_piece": Words(
        ("Medientyp nicht vorgesehen", "Unsupported media type"),
        (
            "Die Bytes einer Datei werden hier als {expected} gesendet.",
            "The bytes of a file are sent here as {expected}.",
        ),
    ),
    "checksum_mismatch": Words(
        ("Prüfsumme stimmt nicht", "Checksum mismatch"),
        (
            "Das Stück kam anders an, als es gesendet wurde; nichts davon zählt.",
            "The piece arrived other than it was sent; nothing of it counts.",
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
    "automation_is_off": Words(
        ("Automatik ist aus", "Automation is off"),
        (
            "Die Automatik dieses Dienstes ist schon abgeschaltet.",
            "The automation of this service is switched off already.",
        ),
    ),
    "automation_is_on": Words(
        ("Automatik ist an", "Automation is on"),
        (
            "Die Automatik dieses Dienstes ist eingeschaltet.",
            "The automation of this service is switched on.",
        ),
    ),
    "discretion_is_missing": Words(
        ("Abwägung fehlt", "Considerations missing"),
        (
            "Ermessensentscheidungen nennen die Gesichtspunkte (§ 39 Abs. 1 Satz 3 VwVfG NRW).",
            "Discretionary decisions state the considerations (section 39 (1) VwVfG NRW).",
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
