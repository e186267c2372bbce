"""What problems and broken rules are called towards the people behind a portal."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from api.problem_words import PROBLEMS
from workflows.catalogue.messages import message

# Rules that are not about forms; those are worded in workflows.catalogue.messages.
RULES: Final[Mapping[str, tuple[str, str]]] = {
    "json": ("Das ist kein JSON in UTF-8.", "This is not JSON in UTF-8."),
    "duplicate_member": ("Dieser Name steht zweimal da.", "This name appears twice."),
    "number_range": (
        "Ganze Zahlen dürfen höchstens {limit} betragen (RFC 7493).",
        "Whole numbers must not exceed {limit} (RFC 7493).",
    ),
    "not_canonicalizable": (
        "Die Angaben haben keine kanonische Form nach RFC 8785.",
        "The content has no canonical form under RFC 8785.",
    ),
    "unknown_scope": (
        "Das ist keine Berechtigung: Vorgang oder Vorgang:Leistung.",
        "This is no scope: operation or operation:service.",
    ),
    "jwks": (
        "Nötig ist ein JWK Set (RFC 7517) mit höchstens {limit} Schlüsseln.",
        "This needs to be a JWK set (RFC 7517) with {limit} keys at most.",
    ),
    "jwk": (
        "Kein geeigneter Schlüssel: Ed25519, P-256, oder RSA ab 3000 Bit für PS256.",
        "No suitable key: Ed25519, P-256, or RSA with 3000 bits or more for PS256.",
    ),
    "jwk_private": (
        "Das ist ein privater Schlüssel. Er gilt als bekannt geworden.",
        "This is a private key. It has to be considered as known to others.",
    ),
    "jwk_twice": ("Diese kid kommt zweimal vor.", "This kid appears twice."),
    "no_keys": (
        "Erst wird ein Schlüssel hinterlegt, dann gilt er allein.",
        "First a key is registered, then it alone counts.",
    ),
    "portal_closed": (
        "Das Portal ist gesperrt.",
        "The portal is shut out.",
    ),
    "callback_url": (
        "Nötig ist eine vollständige https-Adresse ohne Zugangsdaten, Port 443 oder 8443.",
        "This needs to be a complete https address without credentials, port 443 or 8443.",
    ),
    "callback_unknown_name": (
        "Diesen Namen kennt das Internet nicht.",
        "The internet knows no such name.",
    ),
    "callback_address": (
        "Diese Adresse führt nicht ins Internet, oder nicht über https und Port 443 oder 8443.",
        "This address does not lead to the internet, or not by https and port 443 or 8443.",
    ),
    "idempotency_key": (
        "Nötig sind 1 bis {limit} sichtbare ASCII-Zeichen.",
        "1 to {limit} visible ASCII characters are needed.",
    ),
    "content_digest": (
        "Die Bytes haben nicht diese Prüfsumme, oder sie ist nicht nach RFC 9530 geschrieben.",
        "The bytes do not have this digest, or it is not written as RFC 9530 says.",
    ),
    "content_length": (
        "Es kamen weniger Bytes an als angekündigt.",
        "Fewer bytes arrived than were announced.",
    ),
    "sha256": (
        "Die Datei hat nicht diesen SHA-256, oder er ist nicht hexadezimal geschrieben.",
        "The file does not have this SHA-256, or it is not written in hex.",
    ),
    "checksum": (
        "Das Stück hat nicht die Prüfsumme, mit der es gesendet wurde.",
        "The piece does not have the checksum it was sent with.",
    ),
    "base64": ("Erwartet wird Text in Base64.", "Text in Base64 is expected."),
    "whole_number": ("Erwartet wird eine ganze Zahl.", "A whole number is expected."),
    "filename": (
        "Der Dateiname ist nicht nach RFC 8187 geschrieben.",
        "The file name is not written as RFC 8187 says.",
    ),
    "date": ("Erwartet wird ein Tag als JJJJ-MM-TT.", "A day is expected, as YYYY-MM-DD."),
    "no_calendar": (
        "Diesen Kalender führt ein anderes System.",
        "Another system keeps this calendar.",
    ),
    "time_order": (
        "Die letzte Uhrzeit liegt vor der ersten.",
        "The last hour lies before the first one.",
    ),
    "too_many_slots": ("Höchstens {limit} Zeiten auf einmal.", "At most {limit} times at once."),
    "slot_unfit": (
        "Dieser Termin gehört nicht zu diesem Antrag: andere Leistung, Art oder anderer Bezirk.",
        "This slot does not fit the application: another service, kind or district.",
    ),
    "in_future": ("Der Tag liegt in der Zukunft.", "The day lies in the future."),
    "sight_not_here": (
        "Auf diesem Weg lässt sich das nicht feststellen.",
        "This cannot be established in this way.",
    ),
    "date_order": (
        "Der letzte Tag liegt vor dem ersten.",
        "The last day lies before the first one.",
    ),
    "date_span": ("Höchstens {limit} Tage auf einmal.", "At most {limit} days at a time."),
    "cursor": (
        "Erwartet wird der Wert next einer früheren Antwort.",
        "The value next of an earlier answer is expected.",
    ),
    "limit": ("Erlaubt ist 1 bis {limit}.", "1 to {limit} are allowed."),
    "empty_file": ("Die Datei ist leer.", "The file is empty."),
    "media_type": (
        "Diese Art von Datei wird nicht angenommen. Erlaubt: {allowed}.",
        "This kind of file is not accepted. Allowed: {allowed}.",
    ),
    "media_type_mismatch": (
        "Die Datei ist etwas anderes, als Content-Type sagt: {found}.",
        "The file is something else than Content-Type says: {found}.",
    ),
    "max_bytes": (
        "Die Datei ist größer als {limit} Byte.",
        "The file is larger than {limit} bytes.",
    ),
    "upload_not_available": (
        "Diese Datei gibt es nicht, nicht mehr, oder sie ist schon verwendet.",
        "There is no such upload, or no longer, or it has been used already.",
    ),
    "slot_taken": (
        "Diese Zeit ist vergeben oder nicht mehr gehalten.",
        "This time is taken, or no longer held.",
    ),
    "no_slot": ("Zurzeit ist kein Termin frei.", "No appointment is free at present."),
    "unknown_document": (
        "Ein Dokument gehört nicht zum Vorgang oder lässt sich nicht beifügen.",
        "A document is not of this case, or cannot go along.",
    ),
    "unknown_service": ("Diese Leistung gibt es nicht.", "There is no such service."),
    "unknown_question": ("Diese Frage wurde nicht gestellt.", "This question was not asked."),
    "unchanged": ("Das steht schon so da.", "This is what it says already."),
    "not_able": (
        "Diese Person kann den Vorgang nicht übernehmen.",
        "This person cannot take the case over.",
    ),
    "unsettled_checks": (
        "Eine Prüfung ist nicht erfüllt: Nennen Sie den Grund.",
        "A check is not fulfilled: give the reason.",
    ),
    "draft_too_large": (
        "Der Entwurf ist größer als {limit} Byte.",
        "The draft is larger than {limit} bytes.",
    ),
    "not_before": ("Das darf nicht vor {field} liegen.", "This must not lie before {field}."),
    "outside_holiday_calendar": (
        "So weit reicht der Feiertagskalender nicht.",
        "The calendar of holidays does not reach that far.",
    ),
    "no_places": (
        "Von diesem Tag an gibt es keine Plätze.",
        "There are no places from this day on.",
    ),
    "out_of_range": (
        "Erlaubt ist {minimum} bis {maximum}.",
        "{minimum} to {maximum} are allowed.",
    ),
}

# Machine names among the facts.
_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "received": ("eingegangen", "received"),
    "in_examination": ("in Bearbeitung", "in examination"),
    "waiting_for_applicant": ("wartet auf Antwort", "waiting for an answer"),
    "decided": ("entschieden", "decided"),
    "notified": ("entschieden und bekannt gegeben", "decided and notified"),
    "closed": ("abgeschlossen", "closed"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
    "forwarded": ("weitergeleitet", "forwarded"),
}


def problem_text(code: str, facts: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Title and detail of the problem ``code``."""
    words, column = PROBLEMS[code], _column(language)
    return words.title[column], _filled(words.detail[column], facts, column)


def rule_text(rule: str, facts: Mapping[str, Any], language: str) -> str:
    """One sentence for a broken ``rule``."""
    if rule not in RULES:
        return message(rule, facts, language)
    column = _column(language)
    return _filled(RULES[rule][column], facts, column)


def _column(language: str) -> int:
    return 1 if language == "en" else 0


def _filled(template: str, facts: Mapping[str, Any], column: int) -> str:
    shown = {name: _shown(value, column) for name, value in facts.items()}
    return template.format_map(defaultdict(lambda: "?", shown))


def _shown(value: Any, column: int) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return _STATES[value][column] if isinstance(value, str) and value in _STATES else str(value)
