"""The invented residents of Musterstadt and their vehicles, the same for the same seed."""

import base64
import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from backoffice.demo.names import HARD_NAMES, ORIGINS
from backoffice.demo.streets import STREETS, Stretch

CITY = "Musterstadt"
POSTCODE = "40999"

# Every fifth resident has a hard name, class after class, so that a small sample has them all.
_HARD_EVERY = 5
_HARD_CLASSES = tuple(HARD_NAMES.values())


@dataclass(frozen=True, slots=True)
class Address:
    """A German postal address; ``number`` may carry a letter ("12a")."""

    street: str
    number: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person as an identity document shows them.

    Names are NFC and of DIN 91379's datatype A. Who has only one name has it as family name and
    no given names: ``given_names`` is then the empty string.
    """

    given_names: str
    family_name: str
    birth_date: date
    address: Address

    @property
    def full_name(self) -> str:
        """Given names, then family name, as in running text."""
        return f"{self.given_names} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company that keeps vehicles."""

    name: str
    address: Address


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle; ``vehicle_class`` is the EU class (M1, N1, L3e), ``mass`` in kg.

    ``admitted``: not taken out of service.
    """

    plate: str
    make: str
    model: str
    vehicle_class: str
    mass: int
    fuel: str
    first_registered_on: date
    vin: str
    admitted: bool
    keeper: Person | Organisation


@dataclass(frozen=True, slots=True)
class Resident(Person):
    """Somebody who says that they live in Musterstadt, and what the registers know of them.

    ``registered_at`` is the main residence in the population register: normally ``address``,
    elsewhere for those who moved away, None for those who never registered. ``blocked``: § 51
    BMG, the register answers nobody. ``vehicles`` are those the resident drives, whoever keeps
    them; ``zone`` and ``district`` belong to ``address``.
    """

    index: int
    email: str
    bpk2: str
    zone: str | None
    district: int
    moved_in: date
    registered_at: Address | None
    blocked: bool
    vehicles: tuple[Vehicle, ...]

    @property
    def plates(self) -> tuple[str, ...]:
        """The plates of the vehicles that the resident keeps in person."""
        return tuple(vehicle.plate for vehicle in self.vehicles if self.keeps(vehicle))

    def keeps(self, vehicle: Vehicle) -> bool:
        """Whether this resident is the registered keeper of ``vehicle``."""
        keeper = vehicle.keeper
        return isinstance(keeper, Person) and (
            (keeper.given_names, keeper.family_name, keeper.birth_date)
            == (self.given_names, self.family_name, self.birth_date)
        )


LANDLORD = Organisation(
    "Wohnungsbau Musterstadt eG", Address("Klosterstraße", "88", POSTCODE, CITY)
)


# Firms that write to the town hall themselves, by trade.
BUSINESSES: Mapping[str, tuple[Organisation, ...]] = {
    "craft": (
        Organisation("Çelik & Söhne OHG", Address("Handwerkergasse", "12", POSTCODE, CITY)),
        Organisation("Elektro Wójcik e. K.", Address("Güterstraße", "31", POSTCODE, CITY)),
        Organisation("Dachdeckerei Groß-Öztürk", Address("Industriestraße", "5", POSTCODE, CITY)),
        Organisation("Tischlerei Đặng & Sørensen", Address("Gewerbering", "8", POSTCODE, CITY)),
    ),
    "accommodation": (
        Organisation("Gästehaus Lindenhof e. K.", Address("Lindenstraße", "14", POSTCODE, CITY)),
        Organisation("Hotel Zum Förderturm GmbH", Address("Am Förderturm", "2", POSTCODE, CITY)),
        Organisation("Pension Ağırbaşlı", Address("Bahnhofstraße", "41", POSTCODE, CITY)),
        Organisation("Hostel Kornmarkt gUG", Address("Kornmarkt", "7", POSTCODE, CITY)),
    ),
}


@lru_cache(maxsize=4)
def residents(seed: int, count: int) -> tuple[Resident, ...]:
    """The first ``count`` residents of the city grown from ``seed``.

    A larger count adds residents and changes none: registers of 2,000 know the applicants that
    a portal drew from the first 500.
    """
    return tuple(_resident(seed, index) for index in range(count))


def _resident(seed: int, index: int) -> Resident:
    rng = Random(f"{seed}/resident/{index}")
    # One in a hundred shares name and birthday with a neighbour: the register calls it ambiguous.
    namesake = index > 0 and rng.random() < 0.01
    given, family, born = _identity(seed, index - 1 if namesake else index)
    stretch = rng.choice(STREETS)
    address = _address(rng, stretch)
    registered_at: Address | None = address
    blocked = False
    match rng.choices(("here", "blocked", "elsewhere", "nowhere"), (950, 15, 20, 15))[0]:
        case "blocked":
            blocked = True
        case "elsewhere":
            registered_at = _address_elsewhere(rng)
        case "nowhere":
            registered_at = None
    person = Person(given, family, born, address)
    return Resident(
        given_names=given,
        family_name=family,
        birth_date=born,
        address=address,
        index=index,
        email=_email(person, index, rng),
        bpk2=base64.b64encode(hashlib.sha256(f"{seed}/bpk2/{index}".encode()).digest()).decode(),
        zone=stretch.zone,
        district=stretch.district,
        moved_in=_day(rng, max(born, date(1975, 1, 1)), date(2025, 12, 31)),
        registered_at=registered_at,
        blocked=blocked,
        vehicles=tuple(
            _vehicle(rng, _plate(seed, 2 * index + slot), person)
            for slot in range(rng.choices((0, 1, 2), (18, 70, 12))[0])
        ),
    )


def _identity(seed: int, index: int) -> tuple[str, str, date]:
    """Given names, family name and birthday of the resident before anything else is known."""
    rng = Random(f"{seed}/identity/{index}")
    born = _day(rng, date(1934, 1, 1), date(2007, 12, 31))
    turn, easy = divmod(index, _HARD_EVERY)
    if easy:
        return *_everyday_name(rng), born
    turn, which = divmod(turn, len(_HARD_CLASSES))
    names = _HARD_CLASSES[which]
    return *names[turn % len(names)], born


def _everyday_name(rng: Random) -> tuple[str, str]:
    origins = tuple(ORIGINS.values())
    origin = rng.choices(origins, [each.share for each in origins])[0]
    given, family = rng.choice(origin.given), rng.choice(origin.family)
    if rng.random() < 0.25:
        given = " ".join(dict.fromkeys((given, rng.choice(origin.given))))
    if rng.random() < 0.08:
        family = f"{family}-{rng.choice(rng.choice(origins).family)}"
    return given, family


def _address(rng: Random, stretch: Stretch) -> Address:
    letter = rng.choices(("", "a", "b", "c"), (88, 7, 3, 2))[0]
    return Address(stretch.street, f"{rng.choice(stretch.numbers)}{letter}", POSTCODE, CITY)


def _address_elsewhere(rng: Random) -> Address:
    city, postcode = rng.choice((("Beispielhausen", "40998"), ("Nirgendwo an der Muster", "40997")))
    return Address(rng.choice(("Hauptstraße", "Parkweg")), str(rng.randint(1, 90)), postcode, city)


def _day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, (last - first).days))


_LATIN = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "þ": "th", "ß": "ss", "ə": "a"}
)


def _email(person: Person, index: int, rng: Random) -> str:
    """An address at a domain that RFC 2606 keeps free for ever."""
    folded = unicodedata.normalize("NFKD", person.full_name.lower().translate(_LATIN))
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in folded.split()]
    ends = dict.fromkeys(word for word in (words[0], words[-1]) if word)
    return f"{'.'.join(ends)[:40]}.{index}@{rng.choice(('example.org', 'musterpost.invalid'))}"


# MU is no German registration district; these letter pairs are issued nowhere.
_NOT_ISSUED = {"HJ", "KZ", "NS", "SA", "SS"}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = tuple(a + b for a in _LETTERS for b in _LETTERS if a + b not in _NOT_ISSUED)


def _plate(seed: int, number: int) -> str:
    """A plate of its own for each ``number`` below 670,329: the factor shares no divisor."""
    drawn = (number * 7919 + seed * 104_729) % (len(_PAIRS) * 999)
    return f"MU-{_PAIRS[drawn % len(_PAIRS)]} {drawn // len(_PAIRS) + 1}"


# make, model, EU class, permitted mass in kg, fuel; the makes are as invented as the city
_MODELS = (
    ("Adebar", "Flügel 1.2", "M1", 1620, "Benzin"),
    ("Adebar", "Stelze Kombi", "M1", 1990, "Diesel"),
    ("Kolibri", "e-Zwei", "M1", 1540, "Elektro"),
    ("Kolibri", "Nektar", "M1", 1480, "Hybr.Benzin/E"),
    ("Wanderer & Söhne", "Reisemobil 540", "M1", 3500, "Diesel"),
    ("Bremer Karren", "Kasten L2", "N1", 2800, "Diesel"),
    ("Zündfunke", "650 Twin", "L3e", 410, "Benzin"),
)
_SHARES = (34, 26, 17, 15, 3, 3, 2)
_COMPANIES = (
    "Musterbau GmbH & Co. KG",
    "Pflegedienst Sonnenhang gGmbH",
    "Çelik & Söhne OHG",
    "Łódź-Reisen Gołębiewska e. K.",
    "Autovermietung Storchennest AG",
    "Ingenieurbüro von Rüdigsheim PartG mbB",
)


def _vehicle(rng: Random, plate: str, driver: Person) -> Vehicle:
    make, model, vehicle_class, mass, fuel = rng.choices(_MODELS, _SHARES)[0]
    keeper: Person | Organisation = driver
    match rng.choices(("driver", "relative", "company"), (84, 8, 8))[0]:
        case "relative":
            given, family = _everyday_name(rng)
            shared = rng.random() < 0.5
            born = _day(rng, date(1940, 1, 1), date(2000, 12, 31))
            keeper = Person(
                given, driver.family_name if shared else family, born, _address_elsewhere(rng)
            )
        case "company":
            outskirts = [stretch for stretch in STREETS if stretch.district == 6]
            keeper = Organisation(rng.choice(_COMPANIES), _address(rng, rng.choice(outskirts)))
    return Vehicle(
        plate=plate + ("E" if fuel == "Elektro" else ""),
        make=make,
        model=model,
        vehicle_class=vehicle_class,
        mass=mass,
        fuel=fuel,
        first_registered_on=_day(rng, date(2006, 1, 1), date(2026, 6, 30)),
        vin="WMU" + "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=14)),
        admitted=rng.random() >= 0.02,
        keeper=keeper,
    )
