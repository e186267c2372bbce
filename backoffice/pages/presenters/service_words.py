"""The words of a definition's codes, as administrators choose them."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

Named = tuple[tuple[str, Promise], ...]

LANGUAGES: Final = ("de", "en", "de-x-leicht", "tr", "ar", "uk", "ru", "pl", "ro", "bg", "fr", "fa")
ASSURANCE: Final[Named] = (
    ("none", _("keine Anmeldung nötig")),
    ("basic", _("niedrig: Benutzername und Passwort")),
    ("substantial", _("substanziell: etwa ELSTER")),
    ("high", _("hoch: Online-Ausweis")),
)
ACCESS: Final[Named] = (
    ("general", _("allgemein")),
    ("social", _("Sozialgeheimnis")),
    ("tax", _("Steuergeheimnis")),
    ("youth", _("Jugendhilfe")),
    ("civil_status", _("Personenstand")),
    ("foreigners", _("Ausländerwesen")),
    ("personnel", _("Personal")),
)
GROUPING: Final[Named] = (
    ("per_case", _("eine Akte je Vorgang")),
    ("per_applicant", _("eine Akte je antragstellender Person")),
    ("per_object", _("eine Akte je Gegenstand, etwa je Grundstück")),
)
DISPOSAL: Final[Named] = (
    ("V", _("V vernichten")),
    ("B", _("B bewerten: Archiv entscheidet")),
    ("A", _("A archivieren")),
)
REMEDY: Final[Named] = (
    ("action", _("Klage")),
    ("objection", _("Widerspruch oder Einspruch")),
    ("court_application", _("Antrag an das Amtsgericht (§ 49 PStG)")),
    ("none", _("keiner: es wird nichts entschieden")),
)
REGIMES: Final[Named] = (
    ("VwVfG", _("Verwaltungsverfahrensgesetz (VwVfG NRW)")),
    ("SGB_X", _("Sozialverwaltungsverfahren (SGB X)")),
    ("AO", _("Abgabenordnung (AO)")),
)
PARTY_ROLES: Final[Named] = (
    ("applicant", _("antragstellende Person")),
    ("representative", _("bevollmächtigte Person")),
)
PARTY_KINDS: Final[Named] = (
    ("person", _("Person")),
    ("organisation", _("Firma oder Organisation")),
)
PARTY_FIELDS: Final[Named] = (
    ("given_names", _("Vornamen")),
    ("family_name", _("Familienname")),
    ("birth_name", _("Geburtsname")),
    ("birth_date", _("Geburtsdatum")),
    ("organisation", _("Name der Firma oder Organisation")),
    ("address", _("Anschrift")),
    ("email", _("E-Mail")),
    ("phone", _("Telefon")),
)
NEEDED: Final[Named] = (
    ("never", _("freiwillig")),
    ("always", _("immer nötig")),
    ("when", _("nur nötig, wenn …")),
)
MEDIA_TYPES: Final[Named] = (
    ("application/pdf", _("PDF")),
    ("image/jpeg", _("JPEG-Bild")),
    ("image/png", _("PNG-Bild")),
)
ABOUT: Final[Named] = (
    ("form", _("Angaben im Formular")),
    ("address", _("Anschrift (Straßenverzeichnis)")),
    ("residence", _("Wohnsitz (Melderegister)")),
    ("keeper", _("Halter des Fahrzeugs (Fahrzeugregister)")),
    ("vehicle", _("Fahrzeug (Fahrzeugregister)")),
    ("benefits", _("Sozialleistungen (Register der Leistungsträger)")),
    ("business", _("Gewerbe (Gewerberegister)")),
    ("civil_status", _("Personenstand (Personenstandsregister)")),
    ("permits", _("Was wir schon erteilt haben (eigene Akten)")),
    ("matter", _("Die genannte Nummer (eigene Akten)")),
)
REGISTERS: Final[Named] = (
    ("population", _("Melderegister")),
    ("vehicle", _("Fahrzeugregister")),
    ("benefits", _("Register der Leistungsträger")),
    ("business", _("Gewerberegister")),
    ("civil_status", _("Personenstandsregister")),
)
ON_FAILURE: Final[Named] = (
    ("person", _("ein Mensch sieht es sich an")),
    ("refuse", _("ablehnen, mit diesem Grund")),
)
STEPS: Final[Named] = (
    ("examine", _("Prüfen")),
    ("request_proof", _("Unterlagen nachfordern")),
    ("receive_answer", _("Antwort entgegennehmen")),
    ("grant", _("Bewilligen")),
    ("grant_in_part", _("Zum Teil bewilligen")),
    ("refuse", _("Ablehnen")),
    ("settle", _("Ohne Entscheidung beenden")),
    ("withdraw", _("Antrag zurücknehmen")),
    ("forward", _("An andere Stelle abgeben")),
    ("notify", _("Bekannt geben")),
    ("close", _("Abschließen")),
    ("reopen", _("Wieder aufnehmen")),
)
ROLES: Final[Named] = (
    ("caseworker", _("Sachbearbeitung")),
    ("head", _("Leitung")),
    ("registrar", _("Registratur")),
    ("portal", _("Portal (die Person selbst)")),
    ("system", _("Software, ohne Mensch")),
)
DEADLINE_KINDS: Final[Named] = (
    ("processing", _("Ziel der Bearbeitung")),
    ("legal", _("gesetzliche Frist")),
)
EVENTS: Final[Named] = (
    ("received", _("Eingang des Antrags")),
    ("complete", _("Antrag vollständig")),
    ("question_asked", _("Rückfrage gestellt")),
    ("decided", _("Entscheidung")),
    ("posted", _("Aufgabe zur Post")),
    ("provided", _("Bereitstellung im Postfach")),
    ("notified", _("Bekanntgabe")),
    ("closed", _("Abschluss")),
    ("matter_ends", _("Ablauf dessen, was erteilt ist")),
    ("slot", _("Termin")),
)
LAW_RULES: Final[Named] = (
    ("delivery_fiction_post+objection_1_month", _("Bekanntgabe durch Post und ein Monat")),
    ("post_abroad_AO_1_month", _("Post ins Ausland (AO) und ein Monat")),
    ("mailbox_OZG_9", _("Bereitstellung im Postfach (§ 9 OZG)")),
    ("retrieval_VwVfG_41_2a", _("Abruf nach § 41 Abs. 2a VwVfG")),
    ("retrieval_SGBX_37_2a", _("Abruf nach § 37 Abs. 2a SGB X")),
    ("public_notice_two_weeks", _("öffentliche Bekanntgabe, zwei Wochen")),
    ("missing_instruction_1_year", _("fehlende Belehrung, ein Jahr")),
    ("authority_period_2_weeks", _("zwei Wochen")),
    ("fixed_day_with_notice", _("fester Tag")),
    ("approval_fiction_3_months", _("Genehmigungsfiktion nach drei Monaten")),
    ("inactivity_3_months", _("Untätigkeit nach drei Monaten")),
    ("gdpr_1_month", _("ein Monat (DSGVO)")),
)
BLOCKS: Final[Named] = (
    ("nothing", _("nichts: es geht auch ohne Zahlung weiter")),
    ("examine", _("die Prüfung")),
    ("decide", _("die Entscheidung")),
    ("notify", _("die Bekanntgabe")),
)
LEVELS: Final[Named] = (
    ("none", _("nie: immer entscheidet ein Mensch")),
    ("checks", _("bewilligen, wenn alle Prüfungen erfüllt sind")),
    ("full", _("bewilligen und ablehnen")),
)
MATTERS: Final[Named] = (
    ("permit", _("Erlaubnis, Ausweis")),
    ("pass", _("Pass für Vergünstigungen")),
    ("benefit", _("laufende Leistung")),
    ("dog", _("Hund (Steuer)")),
    ("accommodation_business", _("Beherbergungsbetrieb")),
    ("childcare_place", _("Betreuungsplatz")),
)
EFFECTS: Final[Named] = (
    ("begin", _("beginnt")),
    ("change", _("wird geändert")),
    ("end", _("endet")),
    ("return", _("Erklärung wird abgegeben")),
    ("review", _("wird überprüft")),
    ("recover", _("wird zurückgefordert")),
)
DUTIES: Final[Named] = (
    ("return", _("Die Person muss etwas abgeben")),
    ("review", _("Die Stelle muss nachsehen")),
)
OCCASIONS: Final[Named] = (
    ("matter_ends", _("etwas Erteiltes läuft ab")),
    ("moved_in", _("jemand ist zugezogen")),
    ("birth", _("ein Kind ist geboren")),
    ("business_registered", _("ein Gewerbe ist angemeldet")),
)
ASSESSMENTS: Final[Named] = (
    ("tax", _("Steuer")),
    ("contribution", _("Beitrag")),
    ("benefit", _("Leistung: die Stadt zahlt")),
)
INTERVALS: Final[Named] = (
    ("once", _("einmal")),
    ("month", _("je Monat")),
    ("quarter", _("je Vierteljahr")),
    ("year", _("je Jahr")),
)
BEGINS: Final[Named] = (
    ("day", _("mit dem Tag")),
    ("month", _("mit dem Monatsersten")),
    ("next_month", _("mit dem nächsten Monat")),
)
PROVIDERS: Final[Named] = (
    ("builtin", _("eigener Kalender der Stadt")),
    ("external", _("angeschlossenes Terminsystem")),
)
SLOT_PLACES: Final[Named] = (
    ("address", _("bei der Anschrift des Antrags, nach Bezirk")),
    ("office", _("im Amt")),
)
USES: Final[Named] = (
    ("grant", _("Gründe einer Bewilligung")),
    ("grant_in_part", _("Gründe einer Teilbewilligung")),
    ("refuse", _("Gründe einer Ablehnung")),
    ("clauses", _("Nebenbestimmungen")),
    ("discretion", _("Ermessen")),
    ("request_proof", _("Nachforderung")),
    ("message", _("Nachricht")),
)
STATES: Final[Named] = (
    ("received", _("Eingegangen")),
    ("in_examination", _("In Prüfung")),
    ("waiting_for_you", _("Wartet auf die Person")),
    ("decided", _("Entschieden")),
    ("closed", _("Abgeschlossen")),
    ("withdrawn", _("Zurückgenommen")),
    ("forwarded", _("Abgegeben")),
)
PUBLIC_EVENTS: Final[Named] = (
    ("received", _("Antrag eingegangen")),
    ("examination_started", _("Prüfung begonnen")),
    ("question_asked", _("Rückfrage gestellt")),
    ("answer_received", _("Antwort eingegangen")),
    ("message_sent", _("Nachricht geschrieben")),
    ("granted", _("Bewilligt")),
    ("granted_in_part", _("Zum Teil bewilligt")),
    ("refused", _("Abgelehnt")),
    ("settled", _("Ohne Entscheidung beendet")),
    ("document_issued", _("Schreiben liegt bereit")),
    ("payment_requested", _("Zahlung angefordert")),
    ("payment_received", _("Zahlung eingegangen")),
    ("slot_booked", _("Termin gebucht")),
    ("slot_moved", _("Termin verlegt")),
    ("slot_missed", _("Termin versäumt")),
    ("offer_made", _("Angebot gemacht")),
    ("waiting_listed", _("Auf der Warteliste")),
    ("place_offered", _("Platz angeboten")),
    ("duty_due", _("Erklärung fällig")),
    ("duty_overdue", _("Erklärung überfällig")),
    ("matter_changed", _("Erteiltes geändert")),
    ("matter_ended", _("Erteiltes beendet")),
    ("deadline_extended", _("Frist verlängert")),
    ("withdrawn", _("Zurückgenommen")),
    ("forwarded", _("Abgegeben")),
    ("closed", _("Abgeschlossen")),
    ("reopened", _("Wieder aufgenommen")),
)
LETTERS: Final[Named] = (
    ("granted", _("Bewilligung")),
    ("refused", _("Ablehnung")),
    ("granted_in_part", _("Teilbewilligung")),
    ("proof_request", _("Nachforderung")),
    ("hearing", _("Anhörung")),
    ("warning", _("Hinweis auf Mitwirkung")),
    ("message", _("Nachricht")),
    ("forwarding", _("Abgabenachricht")),
    ("withdrawal", _("Rücknahme")),
    ("changed", _("Änderung")),
    ("ended", _("Beendigung")),
    ("returned", _("Festsetzung")),
    ("reviewed", _("Überprüfung")),
    ("recovered", _("Erstattung")),
    ("revocation", _("Widerruf")),
)
PLACEHOLDERS: Final[dict[str, Promise]] = {
    "applicant": _("Name der Person"),
    "amount": _("Betrag"),
    "address": _("Sitz des Gerichts oder der Stelle"),
    "body": _("Gericht oder Stelle"),
    "case_reference": _("Aktenzeichen"),
    "city": _("Name der Stadt"),
    "cooperation_law": _("Vorschrift zur Mitwirkung"),
    "dated": _("Datum des Schreibens"),
    "deadline": _("Frist"),
    "decided_on": _("Tag der Entscheidung"),
    "district": _("Bezirk"),
    "ended_on": _("letzter Tag"),
    "facility": _("Einrichtung"),
    "fee": _("Gebühr"),
    "hearing_law": _("Vorschrift zur Anhörung"),
    "matter_number": _("Nummer des Erteilten"),
    "matter_title": _("Name des Erteilten"),
    "offer_until": _("Angebot gilt bis"),
    "outcome": _("Ergebnis"),
    "period": _("Zeitraum"),
    "reasons": _("Gründe"),
    "received_on": _("Tag des Eingangs"),
    "revocation_law": _("Vorschrift zum Widerruf"),
    "service": _("Name des Dienstes"),
    "slot_date": _("Tag des Termins"),
    "slot_window": _("Uhrzeit des Termins"),
    "text": _("was die Sachbearbeitung schreibt"),
    "to": _("die andere Stelle"),
    "unit": _("zuständige Stelle"),
    "valid_from": _("gültig ab"),
    "valid_until": _("gültig bis"),
}


def language_text(tag: str) -> str:
    """What a language is called: "Deutsch"; the tag itself for one nobody knows."""
    if tag == "de-x-leicht":
        return gettext("Leichte Sprache")
    try:
        info = get_language_info(tag)
    except KeyError:
        return tag
    return str(info["name_local"]).capitalize()
