"""The proofs that Musterstadt's applicants send: generated PDFs, the same bytes for the same facts.

Certificates and companies are invented and say so. Each takes a few milliseconds, has one to
three pages and 20 to 120 KB, with a picture, vector ornament and searchable text.
"""

from collections.abc import Mapping
from datetime import date

from backoffice.demo.people import (
    LANDLORD,
    Address,
    Organisation,
    Person,
    Resident,
    Vehicle,
)
from backoffice.demo.sheets import Sheet


def registration_certificate(vehicle: Vehicle) -> bytes:
    """The registration certificate part I of ``vehicle``, front and back."""
    sheet = Sheet(f"Zulassungsbescheinigung Teil I {vehicle.plate}")
    sheet.ornament()
    sheet.line("Europäische Gemeinschaft · Bundesrepublik Deutschland", 8)
    sheet.line("Zulassungsbescheinigung Teil I", 17, bold=True, space=4)
    sheet.line("(Fahrzeugschein) – Muster ohne Gültigkeit", 9, space=18)
    keeper = vehicle.keeper
    is_company = isinstance(keeper, Organisation)
    sheet.fields(
        ("A", "Amtliches Kennzeichen", vehicle.plate),
        ("B", "Tag der Erstzulassung", _german(vehicle.first_registered_on)),
    )
    name = keeper.name if isinstance(keeper, Organisation) else keeper.family_name
    sheet.field("C.1.1", "Firmenname" if is_company else "Name", name, bold=True)
    sheet.field(
        "C.1.2", "Vorname(n)", "" if isinstance(keeper, Organisation) else keeper.given_names
    )
    sheet.field("C.1.3", "Anschrift", _one_line(keeper.address))
    sheet.fields(("D.1", "Marke", vehicle.make), ("D.3", "Handelsbezeichnung", vehicle.model))
    sheet.fields(
        ("E", "Fahrzeug-Identifizierungsnummer", vehicle.vin),
        ("J", "Klasse", vehicle.vehicle_class),
    )
    sheet.fields(
        ("F.2", "Zulässige Gesamtmasse (kg)", str(vehicle.mass)),
        ("P.3", "Kraftstoff", vehicle.fuel),
    )
    sheet.field(
        "C.4c",
        "",
        "Der Inhaber der Zulassungsbescheinigung wird nicht als Eigentümer"
        " des Fahrzeugs ausgewiesen.",
    )
    sheet.signature("Kreis Musterland, Straßenverkehrsamt", seed=1)
    sheet.next_page()
    sheet.line("Rückseite", 11, bold=True, space=12)
    sheet.paragraphs(_CERTIFICATE_NOTES)
    return sheet.finish()


def tenancy_confirmation(resident: Resident, *, on: date) -> bytes:
    """The housing provider's confirmation of moving in (§ 19 (3) BMG), one page."""
    sheet = Sheet("Wohnungsgeberbestätigung")
    sheet.letterhead(LANDLORD.name, _one_line(LANDLORD.address), seed=2)
    sheet.line(
        "Wohnungsgeberbestätigung nach § 19 Absatz 3 Bundesmeldegesetz", 13, bold=True, space=14
    )
    sheet.line("Hiermit wird der Einzug in die folgende Wohnung bestätigt:", 10, space=14)
    sheet.field("", "Anschrift der Wohnung", _one_line(resident.address), bold=True)
    sheet.field("", "Familienname", resident.family_name)
    sheet.field("", "Vorname(n)", resident.given_names)
    sheet.fields(
        ("", "Geburtsdatum", _german(resident.birth_date)),
        ("", "Tag des Einzugs", _german(resident.moved_in)),
    )
    sheet.paragraphs(_TENANCY_NOTES)
    sheet.line(f"Musterstadt, den {_german(on)}", 10, space=10)
    sheet.signature(f"{LANDLORD.name}, Vermietung", seed=2)
    return sheet.finish()


def use_certificate(driver: Person, vehicle: Vehicle, *, on: date) -> bytes:
    """The keeper's statement that ``driver`` has ``vehicle`` for permanent private use.

    From a company on letterhead with its rules of use, three pages; from a relative one page.
    """
    keeper = vehicle.keeper
    sheet = Sheet(f"Nutzungsbescheinigung {vehicle.plate}")
    owner = keeper.name if isinstance(keeper, Organisation) else keeper.full_name
    sheet.letterhead(owner, _one_line(keeper.address), seed=3)
    sheet.line("Bescheinigung über die dauerhafte Nutzung eines Fahrzeugs", 13, bold=True, space=14)
    sheet.line(
        "Wir überlassen das Fahrzeug dauerhaft, auch zur privaten Nutzung:"
        if isinstance(keeper, Organisation)
        else "Ich überlasse mein Fahrzeug dauerhaft:",
        10,
        space=14,
    )
    sheet.field("", "Familienname", driver.family_name, bold=True)
    sheet.field("", "Vorname(n)", driver.given_names)
    sheet.field("", "Anschrift", _one_line(driver.address))
    sheet.fields(
        ("", "Amtliches Kennzeichen", vehicle.plate),
        ("", "Fahrzeug", f"{vehicle.make} {vehicle.model}"),
    )
    sheet.line(f"{keeper.address.city}, den {_german(on)}", 10, space=10)
    sheet.signature(owner, seed=3)
    if isinstance(keeper, Organisation):
        for title, paragraphs in _RULES_OF_USE:
            sheet.next_page()
            sheet.line(title, 12, bold=True, space=12)
            sheet.paragraphs(paragraphs)
    return sheet.finish()


def certificate(title: str, issuer: str, facts: Mapping[str, str], *, on: date) -> bytes:
    """Any other certificate, notice or contract: letterhead, ``facts`` by label, signature."""
    sheet = Sheet(title)
    sheet.letterhead(issuer, "Musterstadt", seed=_seed(issuer))
    sheet.line(title, 13, bold=True, space=14)
    for label, value in facts.items():
        sheet.field("", label, value)
    sheet.paragraphs(_INVENTED)
    sheet.line(f"Musterstadt, den {_german(on)}", 10, space=10)
    sheet.signature(issuer, seed=_seed(issuer))
    return sheet.finish()


def _seed(issuer: str) -> int:
    """The same logo and signature for the same issuer, from as few as are kept drawn."""
    return 4 + sum(issuer.encode()) % 4


def _german(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _one_line(address: Address) -> str:
    return f"{address.street} {address.number}, {address.postcode} {address.city}"


_CERTIFICATE_NOTES = (
    "Diese Bescheinigung ist beim Betrieb des Fahrzeugs mitzuführen und zuständigen Personen auf"
    " Verlangen zur Prüfung auszuhändigen.",
    "Änderungen der Anschrift oder des Namens sind der Zulassungsbehörde unverzüglich mitzuteilen."
    " Wird das Fahrzeug veräußert, so ist der Erwerber zu melden.",
    "Diese Bescheinigung wurde für die erfundene Stadt Musterstadt erzeugt. Sie ist kein Ausweis"
    " und berechtigt zu nichts.",
)
_TENANCY_NOTES = (
    "Der Wohnungsgeber ist Eigentümer der Wohnung.",
    "Es ist verboten, eine Wohnanschrift für eine Anmeldung anzubieten, obwohl ein tatsächlicher"
    " Bezug der Wohnung weder stattfindet noch beabsichtigt ist (§ 19 Absatz 6 BMG).",
    "Dieses Schreiben wurde für die erfundene Stadt Musterstadt erzeugt.",
)
_RULES_OF_USE = (
    (
        "Anlage 1: Überlassung von Fahrzeugen (Auszug)",
        (
            "1. Das Fahrzeug wird der Mitarbeiterin oder dem Mitarbeiter für dienstliche Fahrten"
            " und für private Fahrten im Inland überlassen. Die Überlassung an Dritte außerhalb"
            " des Haushalts ist nicht gestattet.",
            "2. Das Fahrzeug ist am Wohnort abzustellen, wenn es nicht dienstlich gebraucht wird."
            " Kosten eines Bewohnerparkausweises trägt die nutzende Person.",
            "3. Schäden sind unverzüglich zu melden, auch wenn sie gering erscheinen.",
            "4. Die Überlassung endet mit dem Arbeitsverhältnis, ohne dass es eines Widerrufs"
            " bedarf.",
        ),
    ),
    (
        "Anlage 2: Halterpflichten (Auszug)",
        (
            "1. Führerscheinkontrollen finden zweimal im Jahr statt.",
            "2. Termine der Hauptuntersuchung überwacht die Fuhrparkverwaltung.",
            "3. Verwarnungs- und Bußgelder trägt, wer gefahren ist.",
            "Dieses Schreiben wurde für die erfundene Stadt Musterstadt erzeugt.",
        ),
    ),
)
_INVENTED = ("Dieses Schreiben wurde für die erfundene Stadt Musterstadt erzeugt.",)
