"""The town hall of Musterstadt as data: settings, units, people, file plan, closing days."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from backoffice.demo.people import CITY, POSTCODE, Address

Role = Literal["caseworker", "head", "registrar", "administrator", "auditor"]
AccessClass = Literal[
    "general", "social", "tax", "youth", "civil_status", "foreigners", "personnel"
]
EVERY_CLASS: tuple[AccessClass, ...] = (
    "general",
    "social",
    "tax",
    "youth",
    "civil_status",
    "foreigners",
    "personnel",
)


@dataclass(frozen=True, slots=True)
class Court:
    """Where an action against a decision goes: name and seat (§ 37 (6) VwVfG NRW)."""

    name: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What the installation must know of the city itself."""

    key: str
    name: str
    regional_key: str
    letterhead: dict[str, str]
    court: Court


@dataclass(frozen=True, slots=True)
class Unit:
    """An office or team; ``parent`` is the key of the unit above, None at the root."""

    key: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is in one unit and which access classes that opens."""

    unit: str
    role: Role
    access_classes: tuple[AccessClass, ...]


@dataclass(frozen=True, slots=True)
class Employee:
    """An invented member of staff; the first post is the main one."""

    username: str
    name: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A file plan position; ``disposal_code``: A archive, B appraise, V destroy."""

    code: str
    title: str
    retention_years: int
    disposal_code: Literal["A", "B", "V"]
    access_class: AccessClass = "general"

    @property
    def parent(self) -> str | None:
        """The code above: "32.2" lies below "32", "32" below "3"; None for a main group."""
        if "." in self.code:
            return self.code.rpartition(".")[0]
        return self.code[:-1] or None


@dataclass(frozen=True, slots=True)
class ClosingDay:
    """A day on which the town hall is closed although it is no public holiday in NRW."""

    day: date
    reason: str


TOWN_HALL = Address("Marktplatz", "1", POSTCODE, CITY)

TENANT = TenantSettings(
    key="musterstadt",
    name="Stadt Musterstadt",
    # 05 is Nordrhein-Westfalen; the rest is given to nobody.
    regional_key="059999999999",
    letterhead={
        "authority": "Stadt Musterstadt",
        "head": "Die Bürgermeisterin",
        "street": TOWN_HALL.street,
        "number": TOWN_HALL.number,
        "postcode": TOWN_HALL.postcode,
        "city": TOWN_HALL.city,
        "phone": "02999 12-0",
        "email": "rathaus@musterstadt.invalid",
        "web": "www.musterstadt.invalid",
        "hours": "Mo–Fr 8–12 Uhr, Do auch 14–18 Uhr",
        # The banks' own example of an account number.
        "payee": "Stadtkasse Musterstadt",
        "iban": "DE02 1203 0000 0000 2020 51",
        "bic": "BYLADEM1001",
    },
    court=Court("Verwaltungsgericht Düsseldorf", "Bastionstraße 39", "40213", "Düsseldorf"),
)

# Parents come before their children.
UNITS: tuple[Unit, ...] = (
    Unit("stadtverwaltung", "Stadtverwaltung Musterstadt", None),
    Unit("rechnungspruefung", "Amt 14 Rechnungsprüfung und Datenschutz", "stadtverwaltung"),
    Unit("dezernat-1", "Dezernat I Zentrale Dienste und Finanzen", "stadtverwaltung"),
    Unit("hauptamt", "Amt 10 Hauptamt", "dezernat-1"),
    Unit("registratur", "Amt 10.3 Registratur und Stadtarchiv", "hauptamt"),
    Unit("steueramt", "Amt 22 Steueramt", "dezernat-1"),
    Unit("dezernat-2", "Dezernat II Recht, Sicherheit und Bürgerservice", "stadtverwaltung"),
    Unit("amt-32", "Amt 32 Ordnung", "dezernat-2"),
    Unit("buergerservice-parken", "Amt 32.2 Bürgerservice Parken", "amt-32"),
    Unit("strassenverkehr", "Amt 32.3 Straßenverkehrsbehörde", "amt-32"),
    Unit("auslaenderbehoerde", "Amt 32.5 Ausländerbehörde", "amt-32"),
    Unit("einwohnermeldeamt", "Amt 33 Einwohnermeldeamt", "dezernat-2"),
    Unit("standesamt", "Amt 34 Standesamt", "dezernat-2"),
    Unit("dezernat-3", "Dezernat III Jugend und Soziales", "stadtverwaltung"),
    Unit("sozialamt", "Amt 50 Soziales", "dezernat-3"),
    Unit("jugendamt", "Amt 51 Jugend", "dezernat-3"),
    Unit("elterngeldstelle", "Amt 51.2 Elterngeldstelle", "jugendamt"),
    Unit("kita-platzvergabe", "Amt 51.3 Kita-Platzvergabe", "jugendamt"),
    Unit("dezernat-4", "Dezernat IV Bauen und Umwelt", "stadtverwaltung"),
    Unit("tiefbau", "Amt 66 Tiefbau und Straßenunterhaltung", "dezernat-4"),
    Unit("umwelt", "Amt 70 Umwelt", "dezernat-4"),
    Unit("abfallwirtschaft", "Amt 70.1 Abfallwirtschaft", "umwelt"),
)


def _employee(username: str, name: str, unit: str, role: Role, *classes: AccessClass) -> Employee:
    return Employee(username, name, (Post(unit, role, ("general", *classes)),))


EMPLOYEES: tuple[Employee, ...] = (
    _employee("a.lopes", "Ana Lopes", "buergerservice-parken", "caseworker"),
    _employee("d.yilmaz", "Deniz Yılmaz", "buergerservice-parken", "caseworker"),
    _employee("k.brinkmann", "Käthe Brinkmann", "buergerservice-parken", "caseworker"),
    _employee("t.oyelaran", "Tünde Oyelaran", "buergerservice-parken", "head"),
    _employee("j.kessler", "Jörg Keßler", "abfallwirtschaft", "caseworker"),
    _employee("m.wisniewska", "Małgorzata Wiśniewska", "abfallwirtschaft", "caseworker"),
    _employee("r.aydin", "Rüya Aydın", "abfallwirtschaft", "head"),
    _employee("b.voss", "Bernd Voß", "amt-32", "head", "foreigners"),
    _employee("s.nguyen", "Sơn Nguyễn", "strassenverkehr", "caseworker"),
    _employee("a.grabowski", "Agnieszka Grabowski", "strassenverkehr", "head"),
    _employee("i.haddad", "Ibtisām Haddad", "auslaenderbehoerde", "caseworker", "foreigners"),
    _employee("z.kovacevic", "Zoran Kovačević", "auslaenderbehoerde", "head", "foreigners"),
    _employee("p.schaefer", "Petra Schäfer", "einwohnermeldeamt", "caseworker"),
    _employee("m.linnemann", "Mechthild Linnemann", "einwohnermeldeamt", "head"),
    _employee("l.stefanescu", "Lucia Ștefănescu", "standesamt", "caseworker", "civil_status"),
    _employee("t.brandes", "Theda Brandes", "standesamt", "head", "civil_status"),
    _employee("h.quast", "Hinnerk Quast", "steueramt", "caseworker", "tax"),
    _employee("e.jansen", "Elke Jansen", "steueramt", "head", "tax"),
    _employee("f.okonkwo", "Folake Okonkwo", "sozialamt", "caseworker", "social"),
    _employee("d.engel", "Dorothea Engel", "sozialamt", "head", "social"),
    _employee("y.demir", "Yasemin Demir", "jugendamt", "caseworker", "youth", "social"),
    _employee("g.mertens", "Gerd Mertens", "elterngeldstelle", "caseworker", "social"),
    _employee("n.petrovic", "Nikola Petrović", "kita-platzvergabe", "caseworker", "youth"),
    _employee("s.lindqvist", "Signe Lindqvist", "jugendamt", "head", "youth", "social"),
    _employee("c.overbeck", "Charlotte Overbeck", "dezernat-3", "head", "social", "youth"),
    _employee("u.thalmann", "Uwe Thalmann", "tiefbau", "caseworker"),
    _employee("k.adeyemi", "Kehinde Adéyẹmí", "tiefbau", "head"),
    _employee("w.feldkamp", "Wiebke Feldkamp", "umwelt", "head"),
    Employee(
        "r.sandmann",
        "Ruth Sandmann",
        (
            # The registry keeps everybody's files; it needs the classes, not the cases' units.
            Post("stadtverwaltung", "registrar", EVERY_CLASS),
            Post("registratur", "head", ("general",)),
        ),
    ),
    _employee("o.kruse", "Ole Kruse", "hauptamt", "administrator"),
    Employee(
        "v.nightingale",
        "Vera Nightingale",
        (Post("stadtverwaltung", "auditor", EVERY_CLASS),),
    ),
)

# Main groups as the municipal plan of departments has them; years and codes are the defaults a
# records office confirms. Parents come before their children.
FILE_PLAN: tuple[Position, ...] = (
    Position("0", "Rat und Verfassung", 30, "A"),
    Position("1", "Allgemeine Verwaltung", 10, "B"),
    Position("10", "Organisation und zentrale Dienste", 10, "B"),
    Position("10.3", "Registratur und Aussonderung", 30, "A"),
    Position("11", "Personal", 10, "V", "personnel"),
    Position("14", "Prüfung und Datenschutz", 10, "B"),
    Position("2", "Finanzen", 10, "V", "tax"),
    Position("22", "Steuern und Abgaben", 10, "V", "tax"),
    Position("22.1", "Hundesteuer", 10, "V", "tax"),
    Position("22.2", "Beherbergungsabgabe", 10, "V", "tax"),
    Position("3", "Recht, Sicherheit und Ordnung", 10, "B"),
    Position("32", "Öffentliche Ordnung", 5, "V"),
    Position("32.1", "Allgemeine Ordnungsangelegenheiten", 5, "B"),
    Position("32.2", "Bewohnerparken", 3, "V"),
    Position("32.3", "Handwerkerparken", 5, "V"),
    Position("32.4", "Haltverbotszonen und Verkehrsanordnungen", 5, "V"),
    Position("32.5", "Sondernutzungen", 5, "V"),
    Position("33", "Einwohner- und Ausländerwesen", 10, "V"),
    Position("33.1", "Meldebescheinigungen", 2, "V"),
    Position("33.2", "Pass- und Ausweiswesen", 5, "V"),
    Position("33.3", "Verpflichtungserklärungen", 10, "V", "foreigners"),
    Position("34", "Personenstandswesen", 5, "V", "civil_status"),
    Position("34.1", "Personenstandsurkunden", 5, "V", "civil_status"),
    Position("4", "Schule und Kultur", 10, "B"),
    Position("5", "Soziales, Jugend und Gesundheit", 10, "V", "social"),
    Position("50", "Soziale Leistungen", 10, "V", "social"),
    Position("50.1", "Sozialpass", 5, "V", "social"),
    Position("51", "Jugend und Familie", 10, "V", "youth"),
    Position("51.1", "Unterhaltsvorschuss", 10, "V", "social"),
    Position("51.2", "Elterngeld", 10, "V", "social"),
    Position("51.3", "Kindertagesbetreuung", 5, "V", "youth"),
    Position("6", "Bauwesen", 10, "B"),
    Position("66", "Straßen und Brücken", 5, "B"),
    Position("66.1", "Mängelmeldungen", 3, "V"),
    Position("7", "Öffentliche Einrichtungen", 5, "V"),
    Position("70", "Abfallwirtschaft", 5, "V"),
    Position("70.1", "Sperrmüll", 2, "V"),
    Position("70.2", "Behälter und Gebühren", 10, "V", "tax"),
    Position("8", "Wirtschaft und Verkehr", 10, "B"),
    Position("9", "Beteiligungen und Stiftungen", 30, "A"),
)

# The mayor announces them per year. Rosenmontag and the last days of the year are no public
# holidays in NRW; the outing is the first Friday of September.
CLOSING_DAYS: tuple[ClosingDay, ...] = (
    ClosingDay(date(2025, 3, 3), "Rosenmontag"),
    ClosingDay(date(2025, 9, 5), "Betriebsausflug"),
    ClosingDay(date(2025, 12, 24), "Heiligabend"),
    ClosingDay(date(2025, 12, 31), "Silvester"),
    ClosingDay(date(2026, 2, 16), "Rosenmontag"),
    ClosingDay(date(2026, 9, 4), "Betriebsausflug"),
    ClosingDay(date(2026, 12, 24), "Heiligabend"),
    ClosingDay(date(2026, 12, 31), "Silvester"),
    ClosingDay(date(2027, 2, 8), "Rosenmontag"),
    ClosingDay(date(2027, 9, 3), "Betriebsausflug"),
    ClosingDay(date(2027, 12, 24), "Heiligabend"),
    ClosingDay(date(2027, 12, 31), "Silvester"),
    ClosingDay(date(2028, 2, 28), "Rosenmontag"),
    ClosingDay(date(2028, 9, 1), "Betriebsausflug"),
    ClosingDay(date(2028, 12, 24), "Heiligabend"),
    ClosingDay(date(2028, 12, 31), "Silvester"),
)
