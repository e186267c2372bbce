"""What a broken rule is called towards people: one clear sentence per rule, German and English."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

_FALLBACK: Final = "invalid"

# rule -> (German, English). Placeholders are facts of the FieldError; see ``_shown``.
MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    # Presence and shape
    "required": ("Pflichtfeld fehlt.", "This field is required."),
    "type": ("Erwartet wird: {expected}.", "Expected: {expected}."),
    "enum": ("Erlaubt ist nur: {allowed}.", "Only these are allowed: {allowed}."),
    "const": ("Erlaubt ist nur: {allowed}.", "Only this is allowed: {allowed}."),
    "pattern": ("Die Schreibweise stimmt nicht.", "This is not written as it should be."),
    "format": ("Erwartet wird: {format}.", "Expected: {format}."),
    "additional_properties": ("Dieses Feld ist nicht vorgesehen.", "This field is not expected."),
    "unevaluated_properties": ("Dieses Feld ist nicht vorgesehen.", "This field is not expected."),
    "property_names": ("Der Name des Feldes ist unzulässig.", "The field's name is not allowed."),
    "min_properties": ("Mindestens {limit} Angaben nötig.", "At least {limit} entries needed."),
    "max_properties": ("Höchstens {limit} Angaben erlaubt.", "At most {limit} entries allowed."),
    # Lengths and amounts
    "min_length": ("Mindestens {limit} Zeichen nötig.", "At least {limit} characters needed."),
    "max_length": ("Höchstens {limit} Zeichen erlaubt.", "At most {limit} characters allowed."),
    "minimum": (
        "Der kleinste erlaubte Wert ist {limit}.",
        "The smallest allowed value is {limit}.",
    ),
    "maximum": ("Der größte erlaubte Wert ist {limit}.", "The largest allowed value is {limit}."),
    "exclusive_minimum": ("Der Wert muss größer sein als {limit}.", "Must be more than {limit}."),
    "exclusive_maximum": ("Der Wert muss kleiner sein als {limit}.", "Must be less than {limit}."),
    "multiple_of": ("Nur Vielfache von {limit} sind erlaubt.", "Only multiples of {limit}."),
    # Lists
    "min_items": ("Mindestens {limit} Einträge nötig.", "At least {limit} items needed."),
    "max_items": ("Höchstens {limit} Einträge erlaubt.", "At most {limit} items allowed."),
    "unique_items": ("Ein Eintrag kommt doppelt vor.", "An item appears twice."),
    "contains": ("Ein nötiger Eintrag fehlt.", "A necessary item is missing."),
    "additional_items": ("Zu viele Einträge.", "Too many items."),
    "unevaluated_items": ("Zu viele Einträge.", "Too many items."),
    # Combinations
    "any_of": ("Mindestens eine der Möglichkeiten ausfüllen.", "Complete one of the alternatives."),
    "one_of": ("Genau eine der Möglichkeiten ausfüllen.", "Complete exactly one alternative."),
    "not": ("Diese Kombination ist nicht erlaubt.", "This combination is not allowed."),
    "false_schema": ("Hier ist keine Angabe vorgesehen.", "Nothing is expected here."),
    # What could not even be read
    "characters": ("Enthält unzulässige Steuerzeichen.", "Contains forbidden control characters."),
    "not_finite": ("Erwartet wird eine endliche Zahl.", "A finite number is expected."),
    "too_deep": ("Die Angaben sind zu tief verschachtelt.", "The data are nested too deeply."),
    "content": ("Der Inhalt ist nicht lesbar.", "The content cannot be read."),
    _FALLBACK: ("Die Angabe ist ungültig.", "This is not valid."),
    # Parties and proofs of a submission
    "party_missing": ("Es fehlt eine Person: {role}.", "A party is missing: {role}."),
    "party_surplus": ("Zu viele Personen: {role}.", "Too many parties: {role}."),
    "assurance_too_low": (
        "Die Anmeldung braucht mindestens das Vertrauensniveau {minimum}.",
        "Signing in needs at least the assurance level {minimum}.",
    ),
    "proof_missing": ("Ein Nachweis fehlt: {proof}.", "A proof is missing: {proof}."),
    "proof_unknown": (
        "Diesen Nachweis kennt die Leistung nicht. Erlaubt ist: {allowed}.",
        "The service knows no such proof. Allowed: {allowed}.",
    ),
    # Files
    "malware": (
        "Die Datei enthält ein Schadprogramm und wird nicht angenommen.",
        "The file contains malware and is not accepted.",
    ),
    "encrypted_pdf": (
        "Das PDF ist mit einem Kennwort geschützt. Bitte ohne Kennwort senden.",
        "The PDF is protected by a password. Please send it without one.",
    ),
    "archive_bomb": (
        "Die Datei entpackt sich zu mehr, als ein Dokument enthält, oder enthält Archive.",
        "The file unpacks to more than a document has, or contains archives.",
    ),
    "image_too_large": (
        "Das Bild hat mehr als {limit} Bildpunkte.",
        "The picture has more than {limit} pixels.",
    ),
    "polyglot": (
        "Die Datei ist zweierlei zugleich. Bitte neu speichern und noch einmal senden.",
        "The file is two things at once. Please save it anew and send it again.",
    ),
    "broken_pdf": (
        "Das PDF lässt sich nicht öffnen. Bitte neu erzeugen und noch einmal senden.",
        "The PDF cannot be opened. Please make it anew and send it again.",
    ),
    "broken_archive": (
        "Die Datei ist unvollständig. Bitte neu speichern und noch einmal senden.",
        "The file is incomplete. Please save it anew and send it again.",
    ),
}

# The same for whoever writes a service definition.
PROBLEMS: Final[Mapping[str, tuple[str, str]]] = {
    "yaml_syntax": ("Kein lesbares YAML: {detail}.", "Not readable as YAML: {detail}."),
    "yaml_too_large": ("Größer als {limit} Zeichen.", "Larger than {limit} characters."),
    "yaml_alias": ("Anker und Verweise sind nicht erlaubt.", "Anchors and aliases are refused."),
    "yaml_tag": ("Typangaben wie !{tag} sind nicht erlaubt.", "Tags such as !{tag} are refused."),
    "yaml_key": ("Schlüssel müssen einfache Wörter sein.", "Keys must be plain words."),
    "yaml_duplicate_key": ("Der Schlüssel steht zweimal da.", "The key appears twice."),
    "yaml_number": ("Die Zahl ist größer als {limit}.", "The number is larger than {limit}."),
    "encoding": ("Die Datei ist nicht in UTF-8.", "The file is not UTF-8."),
    "duplicate": ("Den Namen gibt es schon.", "The name is taken already."),
    "language_missing": ("Es fehlt die Sprache {language}.", "Language {language} is missing."),
    "label_missing": ("Die Auswahl {value} ist unbenannt.", "Choice {value} has no label."),
    "field_unknown": ("Das Formular kennt {field} nicht.", "The form has no field {field}."),
    "form_schema": ("Kein gültiges JSON-Schema: {detail}.", "Not a valid JSON Schema: {detail}."),
    "default_invalid": ("Der Vorgabewert ist selbst ungültig.", "The default itself is not valid."),
    "example_invalid": ("Das Beispiel ist selbst ungültig.", "The example itself is not valid."),
    "shape": ("Das Beispiel ist keine Einreichung.", "The example is not a submission."),
    "pointer_unknown": ("{pointer} führt nirgendwohin.", "{pointer} leads nowhere."),
    "pointer_type": ("{pointer} führt nicht auf: {expected}.", "{pointer} is not: {expected}."),
    "placeholder_unknown": (
        "Den Platzhalter {placeholder} gibt es hier nicht. Es gibt: {allowed}.",
        "There is no placeholder {placeholder} here. There are: {allowed}.",
    ),
    "placeholder_empty": (
        "Für den Platzhalter {placeholder} gibt es nicht immer einen Wert.",
        "The placeholder {placeholder} does not always have a value.",
    ),
    "step_unknown": (
        "Den Schritt gibt es in diesem Verfahren nicht. Es gibt: {allowed}.",
        "This procedure has no such step. There are: {allowed}.",
    ),
    "decision_text_missing": (
        "Für den Schritt {step} fehlt der Text der Entscheidung.",
        "The words of the decision are missing for the step {step}.",
    ),
    "event_text_missing": (
        "Für den Schritt {step} fehlt, was der Bürgerin oder dem Bürger gesagt wird.",
        "What the citizen is told is missing for the step {step}.",
    ),
    "outcomes_differ_from_steps": (
        "Der Schritt {step} und die Liste der Ergebnisse gehören zusammen.",
        "The step {step} and the list of outcomes belong together.",
    ),
    "automation_with_discretion": (
        "Wo Ermessen besteht, entscheidet keine Maschine (§ 35a VwVfG).",
        "Where there is discretion, no machine decides (§ 35a VwVfG).",
    ),
    "duty_without_effect": (
        "Für diese Pflicht fehlt unter effects die Wirkung {effect}.",
        "The effect {effect} is missing under effects for this duty.",
    ),
    "offer_without_basis": (
        "Ohne Rechtsgrundlage geht ein Angebot nur mit Einwilligung.",
        "Without a legal basis an offer needs consent.",
    ),
    "offer_without_matter": (
        "Der Dienst hat nichts, was ablaufen könnte: standing_matter fehlt.",
        "The service has nothing that could end: standing_matter is missing.",
    ),
    "open311_without_options": (
        "Jede Auswahl dieses Feldes wird ein eigener Dienst: Das Feld braucht eine Auswahl.",
        "Each option of this field becomes a service of its own: the field needs options.",
    ),
    "open311_not_public": (
        "Öffentlich ist nur, was alle sehen dürfen: Die Zugriffsklasse muss {needed} sein.",
        "Only what everybody may see is public: the access class must be {needed}.",
    ),
    "open311_cannot_ask": (
        "Nach dem Pflichtfeld {field} kann über Open311 niemand gefragt werden.",
        "Nobody can be asked for the required field {field} over Open311.",
    ),
    "automation_without_step": (
        "Automatisch geht nur, wenn {role} den Schritt {step} tun darf.",
        "Automation needs {role} among the roles of the step {step}.",
    ),
    "automation_without_checks": (
        "Ohne Prüfung darf nichts automatisch entschieden werden.",
        "Nothing may be decided automatically without a check.",
    ),
    "processing_deadline_missing": (
        "Es fehlt die Frist {key}, in Arbeitstagen ab Eingang.",
        "The deadline {key} is missing, in working days from receipt.",
    ),
    "clock_cannot_stop": (
        "Die Frist {key} kann nicht ruhen: Das kann nur ein Ziel in Arbeitstagen ab Eingang oder "
        "Vollständigkeit, und die Genehmigungsfiktion ab Vollständigkeit.",
        "The deadline {key} cannot stand still: only a target in working days from receipt or "
        "completeness can, and an approval by fiction from completeness.",
    ),
    "fee_period_reversed": ("Ende liegt vor dem Anfang.", "The end is before the beginning."),
    "fee_periods_overlap": (
        "Überschneidet sich mit dem Zeitraum bis {before}.",
        "Overlaps the period until {before}.",
    ),
    "fee_periods_gap": (
        "Nach dem {before} gilt keine Gebühr: Lücke zum nächsten Zeitraum.",
        "No fee is in force after {before}: a gap before the next period.",
    ),
    "slots_without_address": (
        "Termine richten sich nach dem Bezirk: die Anschrift fehlt.",
        "Slots go by district: the address is missing.",
    ),
    "slot_kinds_differ": (
        "Das Formular bietet andere Terminarten an: {form}.",
        "The form offers other kinds of slot: {form}.",
    ),
    "rule_syntax": ("Kein gültiges CEL: {detail}.", "Not valid CEL: {detail}."),
    "rule_variable": ("Unbekannte Variable: {detail}.", "Unknown variable: {detail}."),
    "rule_type": ("Die Typen passen nicht: {detail}.", "The types do not fit: {detail}."),
    "rule_result": ("Falsches Ergebnis: {detail}.", "Wrong result: {detail}."),
    "rule_fails_on_example": (
        "Die Regel ergibt für das Beispiel nichts.",
        "The rule gives nothing for the example.",
    ),
    "evidence_missing": (
        "Eine Prüfung zu {about} muss auf {source} beruhen; diese kann ohne bestanden werden.",
        "A check on {about} must rest on {source}; this one can be passed without.",
    ),
    "register_not_asked": (
        "Die Prüfung liest das Register {register}, fragt es aber nicht.",
        "The check reads the register {register} but does not ask it.",
    ),
    "register_not_read": (
        "Die Prüfung fragt das Register {register}, liest es aber nicht oder fragt doppelt.",
        "The check asks the register {register} but does not read it, or asks twice.",
    ),
    # What a validation finds beyond the definition itself
    "step_unreachable": (
        "Den Schritt {step} kann niemand erreichen: Kein Schritt führt zu {states}.",
        "Nobody can come to the step {step}: no step leads to {states}.",
    ),
    "state_unreachable": (
        "Kein Schritt führt zum Stand {state}.",
        "No step leads to the state {state}.",
    ),
    "state_dead_end": (
        "Vom Stand {state} aus führt kein Weg zum Abschluss.",
        "No way leads from the state {state} to the end.",
    ),
    "step_for_nobody": (
        "Den Schritt {step} darf niemand von denen tun, die genannt sind. Möglich sind: {allowed}.",
        "None of those named may take the step {step}. Possible are: {allowed}.",
    ),
    "role_without_right": (
        "Diese Rolle darf den Schritt {step} nicht tun. Möglich sind: {allowed}.",
        "This role may not take the step {step}. Possible are: {allowed}.",
    ),
    "step_without_other": (
        "Zum Schritt {step} gehört der Schritt {needed}.",
        "The step {step} needs the step {needed}.",
    ),
    "decision_without_remedy": (
        "Der Schritt {step} entscheidet, aber ein Rechtsbehelf ist nicht genannt.",
        "The step {step} decides, but no remedy is named.",
    ),
    "unit_unknown": (
        "Die Einheit {unit} gibt es in dieser Stadt nicht.",
        "This city has no unit {unit}.",
    ),
    "position_unknown": (
        "Die Aktenplanposition {position} gibt es nicht, oder sie ist keine unterste.",
        "There is no file plan position {position}, or it has others below it.",
    ),
    "access_differs": (
        "Die Aktenplanposition {position} hat die Zugriffsklasse {access_class}.",
        "The file plan position {position} has the access class {access_class}.",
    ),
    "example_fails_check": (
        "Der Beispielantrag besteht die Prüfung {check} bei keiner Antwort der Register.",
        "The example does not pass the check {check}, whatever the registers answer.",
    ),
    "overlay_not_allowed": (
        "Hier darf eine übernommene Leistung nicht abweichen. Erlaubt ist: {allowed}.",
        "An inherited service may not differ here. Allowed: {allowed}.",
    ),
}

# Words for machine names inside facts: (German, English).
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "string": ("Text", "text"),
    "integer": ("eine ganze Zahl", "a whole number"),
    "number": ("eine Zahl", "a number"),
    "boolean": ("ja oder nein", "yes or no"),
    "array": ("eine Liste", "a list"),
    "object": ("eine Gruppe von Angaben", "a group of fields"),
    "null": ("keine Angabe", "nothing"),
    "date": ("ein Datum als JJJJ-MM-TT", "a date as YYYY-MM-DD"),
    "date-time": ("Datum und Uhrzeit mit Zeitzone", "date and time with a time zone"),
    "time": ("eine Uhrzeit als HH:MM:SS", "a time as HH:MM:SS"),
    "email": ("eine E-Mail-Adresse", "an e-mail address"),
    "idn-email": ("eine E-Mail-Adresse", "an e-mail address"),
    "uri": ("eine Internetadresse", "a web address"),
    "uuid": ("eine UUID", "a UUID"),
    "applicant": ("antragstellende Person", "applicant"),
    "representative": ("bevollmächtigte Person", "representative"),
    "basic": ("niedrig", "basic"),
    "substantial": ("substanziell", "substantial"),
    "high": ("hoch", "high"),
}

_EXAMPLE: Final = ("Zum Beispiel: {example}", "For example: {example}")


def message(rule: str, facts: Mapping[str, Any], language: str) -> str:
    """One sentence for a broken ``rule``, in German unless ``language`` is an English tag.

    An unknown rule is "not valid": an edge always has something to say.
    """
    column = 1 if language.lower().split("-")[0] == "en" else 0
    template = (MESSAGES.get(rule) or PROBLEMS.get(rule) or MESSAGES[_FALLBACK])[column]
    if "example" in facts:
        template = f"{template} {_EXAMPLE[column]}"
    shown = {key: _shown(value, column) for key, value in facts.items()}
    return template.format_map(defaultdict(lambda: "?", shown))


def _shown(value: Any, column: int) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item, column) for item in value)
    if isinstance(value, bool):
        return (("nein", "ja"), ("no", "yes"))[column][value]
    if isinstance(value, float):
        text = f"{value:g}"
        return text.replace(".", ",") if column == 0 else text
    return WORDS[value][column] if value in WORDS else str(value)
