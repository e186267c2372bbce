"""What the parts of a definition are called by people: the path to a pointer, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from workflows.catalogue.parts import Text
from workflows.catalogue.pointers import split

# Member of a definition -> (German, English), wherever it stands.
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    # The service itself
    "key": ("Kurzname", "key"),
    "title": ("Titel", "title"),
    "summary": ("Kurzbeschreibung", "summary"),
    "leika_key": ("LeiKa-Schlüssel", "LeiKa key"),
    "legal_bases": ("Rechtsgrundlagen", "legal bases"),
    "legal_basis": ("Rechtsgrundlage", "legal basis"),
    "unit": ("Zuständige Einheit", "competent unit"),
    "languages": ("Sprachen", "languages"),
    "assurance_level": ("Vertrauensniveau", "assurance level"),
    "access_class": ("Zugriffsklasse", "access class"),
    "file": ("Ablage", "filing"),
    "position": ("Aktenplanposition", "file plan position"),
    "grouping": ("Akte je", "one file per"),
    "object": ("Gegenstand", "object"),
    "subject": ("Betreff", "subject"),
    "address": ("Anschrift", "address"),
    "parties": ("Beteiligte", "parties"),
    "role": ("Rolle", "role"),
    "kinds": ("Arten", "kinds"),
    "kind": ("Art", "kind"),
    "fields": ("Angaben", "fields"),
    "most": ("Höchstzahl", "at most"),
    # The form
    "form": ("Formular", "form"),
    "properties": ("Felder", "fields"),
    "items": ("Eintrag", "item"),
    "required": ("Pflicht", "required"),
    "x-labels": ("Beschriftung", "label"),
    "x-help": ("Hilfe", "help"),
    "x-options": ("Auswahl", "options"),
    "x-order": ("Reihenfolge", "order"),
    "x-free-text": ("Freitext", "free text"),
    "type": ("Typ", "type"),
    "format": ("Format", "format"),
    "default": ("Vorbelegung", "default"),
    "enum": ("Werte", "values"),
    "const": ("Fester Wert", "fixed value"),
    "examples": ("Beispiele", "examples"),
    "pattern": ("Muster", "pattern"),
    "minLength": ("Mindestlänge", "least length"),
    "maxLength": ("Höchstlänge", "greatest length"),
    "minimum": ("Kleinster Wert", "smallest value"),
    "maximum": ("Größter Wert", "largest value"),
    "minItems": ("Mindestzahl", "least number"),
    "maxItems": ("Höchstzahl", "greatest number"),
    "allOf": ("Bedingungen", "conditions"),
    "if": ("wenn", "if"),
    "then": ("dann", "then"),
    "else": ("sonst", "else"),
    # Proofs and checks
    "proofs": ("Nachweise", "proofs"),
    "proof": ("Nachweis", "proof"),
    "media_types": ("Dateiarten", "media types"),
    "max_bytes": ("Größte Datei", "largest file"),
    "checks": ("Prüfungen", "checks"),
    "about": ("Worüber", "about"),
    "expression": ("Regel", "rule"),
    "paragraph": ("Paragraf", "paragraph"),
    "on_failure": ("Wenn nicht erfüllt", "on failure"),
    "reason": ("Ablehnungsgrund", "reason"),
    "registers": ("Registerabfragen", "register queries"),
    "register": ("Register", "register"),
    "purpose": ("Zweck", "purpose"),
    "input": ("Was abgefragt wird", "what is asked"),
    # The procedure
    "steps": ("Schritte", "steps"),
    "roles": ("Rollen", "roles"),
    "outcomes": ("Ergebnisse", "outcomes"),
    "discretion": ("Ermessen", "discretion"),
    "considerations": ("Was abzuwägen ist", "considerations"),
    "deadlines": ("Fristen", "deadlines"),
    "event": ("Beginnt mit", "starts with"),
    "rule": ("Fristregel", "rule of law"),
    "working_days": ("Arbeitstage", "working days"),
    "calendar_days": ("Kalendertage", "calendar days"),
    "months": ("Monate", "months"),
    "suspended_while_waiting": ("Ruht während der Nachfrage", "suspended while waiting"),
    "warn_days": ("Vorwarnung in Tagen", "warning in days"),
    "escalate_days": ("Meldung an die Leitung nach Tagen", "told to the head after days"),
    "automation": ("Automatik", "automation"),
    "level": ("Stufe", "level"),
    "note": ("Hinweis", "note"),
    "sample_percent": ("Stichprobe in Prozent", "sample in percent"),
    # Amounts
    "fee": ("Gebühr", "fee"),
    "assessment": ("Festsetzung", "assessment"),
    "interval": ("Je", "per"),
    "instalments": ("Fälligkeiten", "instalments"),
    "begins": ("Beginnt", "begins"),
    "from": ("Ab", "from"),
    "due_days": ("Fällig nach Tagen", "due after days"),
    "currency": ("Währung", "currency"),
    "periods": ("Zeiträume", "periods"),
    "valid_from": ("Gültig ab", "valid from"),
    "valid_until": ("Gültig bis", "valid until"),
    "positions": ("Positionen", "positions"),
    "cents": ("Betrag in Cent", "amount in cents"),
    "amount": ("Betrag (Regel)", "amount (rule)"),
    "percent": ("Prozent", "percent"),
    "of": ("Wovon", "of"),
    "when": ("Nur wenn", "only when"),
    "quantity": ("Anzahl", "quantity"),
    "payment": ("Bezahlung", "payment"),
    "blocks": ("Hält auf", "blocks"),
    "days": ("Tage", "days"),
    # What follows
    "remedy": ("Rechtsbehelf", "remedy"),
    "regime": ("Verfahrensrecht", "procedure law"),
    "body": ("Stelle", "body"),
    "period_months": ("Frist in Monaten", "period in months"),
    "instruction": ("Belehrung", "instruction"),
    "retention": ("Aufbewahrung", "retention"),
    "years": ("Jahre", "years"),
    "disposal_code": ("Aussonderung", "disposal"),
    "standing_matter": ("Dauersache", "standing matter"),
    "number_prefix": ("Nummernkreis", "number prefix"),
    "data": ("Daten", "data"),
    "number": ("Nummer", "number"),
    "effects": ("Wirkungen", "effects"),
    "effect": ("Wirkung", "effect"),
    "ends_on": ("Endet am", "ends on"),
    "duties": ("Pflichten", "duties"),
    "every_months": ("Alle wie viele Monate", "every so many months"),
    "remind_days": ("Erinnerung in Tagen", "reminder in days"),
    "overdue_days": ("Überfällig nach Tagen", "overdue after days"),
    "renewal_days": ("Verlängerung anbieten, Tage vorher", "renewal offered, days before"),
    "permit": ("Ausweis", "permit"),
    "rows": ("Zeilen", "rows"),
    "label": ("Beschriftung", "label"),
    "value": ("Wert", "value"),
    "notes": ("Hinweise", "notes"),
    "slots": ("Termine", "appointments"),
    "calendar": ("Kalender", "calendar"),
    "provider": ("Terminsystem", "provider"),
    "place": ("Ort", "place"),
    "hold_minutes": ("Reserviert für Minuten", "held for minutes"),
    "move_until_days": ("Verlegbar bis Tage vorher", "may be moved until days before"),
    "slot": ("Termin", "slot"),
    "wish_date": ("Wunschtag", "day wished for"),
    "strict": ("Nur am Wunschtag", "on that day only"),
    "proactive": ("Angebote von selbst", "offers unasked"),
    "occasion": ("Anlass", "occasion"),
    "needs_consent": ("Braucht Einwilligung", "needs consent"),
    "valid_days": ("Gilt Tage", "valid for days"),
    "prefill": ("Vorausgefüllt", "filled in beforehand"),
    "waiting_list": ("Warteliste", "waiting list"),
    "list": ("Liste", "list"),
    "facilities": ("Einrichtungen", "facilities"),
    "wish_from": ("Gewünscht ab", "wanted from"),
    "group": ("Gruppe", "group"),
    "criteria": ("Kriterien", "criteria"),
    "points": ("Punkte", "points"),
    "offer_days": ("Angebot gilt Tage", "offer kept for days"),
    "open311": ("Meldungen über Open311", "reports over Open311"),
    "category": ("Art der Meldung", "category"),
    "street": ("Straße", "street"),
    "detail": ("Genauere Lage", "exact place"),
    "description": ("Beschreibung", "description"),
    "latitude": ("Geografische Breite", "latitude"),
    "longitude": ("Geografische Länge", "longitude"),
    "media_url": ("Adresse eines Bildes", "address of a picture"),
    "publish_description": ("Beschreibung veröffentlichen", "publish the description"),
    # Words
    "public_texts": ("Texte für Antragstellende", "texts for applicants"),
    "states": ("Stände", "states"),
    "events": ("Ereignisse", "events"),
    "decisions": ("Entscheidungstexte", "words of decisions"),
    "letters": ("Schreiben", "letters"),
    "paragraphs": ("Absätze", "paragraphs"),
    "further": ("Weitere Absätze", "further paragraphs"),
    "closing": ("Schluss", "closing"),
    "deadline": ("Frist", "deadline"),
    "text_blocks": ("Textbausteine", "text blocks"),
    "uses": ("Verwendung", "uses"),
    "text": ("Text", "text"),
    "guidance": ("Hinweise für die Bearbeitung", "guidance"),
    "conditions": ("Voraussetzungen", "conditions"),
    "typical_errors": ("Häufige Fehler", "typical errors"),
    "example": ("Beispielantrag", "example"),
    "attachments": ("Anlagen", "attachments"),
    "consents": ("Einwilligungen", "consents"),
    # Languages
    "de": ("Deutsch", "German"),
    "en": ("Englisch", "English"),
    "de-x-leicht": ("Leichte Sprache", "plain language"),
    # Steps
    "examine": ("Prüfen", "examine"),
    "request_proof": ("Nachfordern", "request proof"),
    "receive_answer": ("Antwort entgegennehmen", "receive the answer"),
    "grant": ("Bewilligen", "grant"),
    "grant_in_part": ("Zum Teil bewilligen", "grant in part"),
    "refuse": ("Ablehnen", "refuse"),
    "settle": ("Ohne Entscheidung beenden", "settle"),
    "withdraw": ("Zurücknehmen", "withdraw"),
    "forward": ("Abgeben", "forward"),
    "notify": ("Bekannt geben", "notify"),
    "close": ("Abschließen", "close"),
    "reopen": ("Wieder aufnehmen", "reopen"),
    # Letters
    "granted": ("Bewilligung", "grant"),
    "granted_in_part": ("Teilbewilligung", "grant in part"),
    "refused": ("Ablehnung", "refusal"),
    "revocation": ("Widerruf", "revocation"),
    "proof_request": ("Nachforderung", "request for proofs"),
    "hearing": ("Anhörung", "hearing"),
    "warning": ("Hinweis auf Mitwirkung", "warning"),
    "forwarding": ("Abgabenachricht", "forwarding"),
    "withdrawal": ("Rücknahme", "withdrawal"),
    "message": ("Nachricht", "message"),
}

# What tells one item of a list from the others, the first that it has.
IDENTITY: Final = ("key", "role", "register", "effect", "valid_from")


def identity_of(item: Any) -> str | None:
    """What an item of a list is known by; None where its place alone tells."""
    if not isinstance(item, Mapping):
        return None
    return next((str(item[name]) for name in IDENTITY if isinstance(item.get(name), str)), None)


def path_in(document: Any, pointer: str, language: str = "de") -> tuple[str, ...]:
    """Where ``pointer`` leads in ``document``, in words from the top: ("Gebühr", …, "Titel").

    Items are called by their title, key or place; what is not there by its name.
    """
    column = 1 if language.lower().startswith("en") else 0
    found, words, here = document, list[str](), list[str]()
    for name in split(pointer):
        holder, found = found, _at(found, name)
        # "Formular › Kennzeichen" says it: the list of fields in between is nobody's word.
        if name != "properties" or here[-1:] not in (["form"], ["items"], _field_of(here)):
            words.append(_word(holder, found, name, here, column, language))
        here.append(name)
    return tuple(words)


def _field_of(here: list[str]) -> list[str] | None:
    """The field that the path has come to, if it has."""
    return here[-1:] if here[-2:-1] == ["properties"] else None


def _word(holder: Any, found: Any, token: str, here: list[str], column: int, language: str) -> str:
    if isinstance(holder, list):
        return _item(found, token, column, language)
    if here and here[-1] == "properties" and isinstance(found, Mapping):
        return _text(found.get("x-labels"), language) or token
    return NAMES[token][column] if token in NAMES else token


def _item(item: Any, token: str, column: int, language: str) -> str:
    if not isinstance(item, Mapping):
        return f"{int(token) + 1}." if token.isdecimal() else token
    if name := _text(item.get("title") or item.get("label"), language):
        return name
    if isinstance(item.get("valid_from"), str):
        return f"{('ab', 'from')[column]} {_day(item['valid_from'], column)}"
    known = identity_of(item)
    if known is None:
        return f"{int(token) + 1}." if token.isdecimal() else token
    return NAMES[known][column] if known in NAMES else known


def _text(value: Any, language: str) -> str:
    if not isinstance(value, Mapping) or not isinstance(value.get("de"), str):
        return ""
    return Text({name: text for name, text in value.items() if isinstance(text, str)}).in_(language)


def _day(iso: str, column: int) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return iso if column else f"{day:%d.%m.%Y}"


def _at(found: Any, token: str) -> Any:
    if isinstance(found, Mapping):
        return found.get(token)
    if isinstance(found, list) and token.isdecimal() and int(token) < len(found):
        return found[int(token)]
    return None
