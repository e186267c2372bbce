"""What the residents of Musterstadt apply for: a stream of submissions, ordered by time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import chain, groupby
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backoffice.demo import proofs
from backoffice.demo.names import HARD_NAMES
from backoffice.demo.people import LANDLORD, Organisation, Resident, Vehicle, residents
from backoffice.demo.streets import STREETS

PARKING = "resident-parking"
BULKY_WASTE = "bulky-waste"

_BERLIN = ZoneInfo("Europe/Berlin")
_WEEKS = 12
_HARD = {pair for pairs in HARD_NAMES.values() for pair in pairs}
_ZONES = sorted({stretch.zone for stretch in STREETS if stretch.zone})

# How often something happens, Monday to Sunday and from midnight to midnight: people apply in
# the breaks of the working day and in the evening, a few at night.
_WEEKDAYS = (20, 18, 16, 16, 13, 9, 8)
_HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 8, 10, 10, 9, 10, 7, 6, 6, 6, 5, 5, 6, 7, 6, 4, 2)

# category of bulky waste → cubic metres of one piece
_WASTE = {
    "furniture": 0.5,
    "mattress": 0.3,
    "carpet": 0.2,
    "large_appliance": 0.4,
    "metal": 0.2,
    "garden": 0.3,
    "other": 0.25,
}


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A file an applicant can enclose; ``render`` makes its bytes when they are needed."""

    proof: str
    filename: str
    media_type: str
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Application:
    """One submission as the portal will send it.

    ``body`` is the submission without ``attachments``; those follow from ``enclosed`` once it is
    uploaded. ``at_hand`` can be sent later, when asked for. ``trait`` names what is special
    about it, ``expected`` the HTTP statuses with which the door may answer.
    """

    key: str
    sent_at: datetime
    body: dict[str, Any]
    enclosed: tuple[ProofFile, ...]
    at_hand: tuple[ProofFile, ...]
    trait: str
    expected: frozenset[int]


# service → trait → how often per hundred of its applications
_TRAITS = {
    PARKING: {
        "plain": 62,
        "company_car": 7,
        "relatives_car": 5,
        "undeclared_keeper": 3,
        "wrong_zone": 5,
        "outside_zones": 3,
        "not_registered": 5,
        "proof_missing": 2,
        "proof_missing_clarify": 2,
        "form_invalid": 2,
        "form_invalid_clarify": 2,
        "service_unknown_clarify": 2,
    },
    BULKY_WASTE: {
        "plain": 67,
        "express": 10,
        "strict": 5,
        "landlord": 4,
        "hazardous": 3,
        "too_much": 3,
        "form_invalid": 3,
        "form_invalid_clarify": 3,
        "service_unknown_clarify": 2,
    },
}


def applications(
    seed: int, count: int, *, until: datetime, people: int = 2000
) -> Iterator[Application]:
    """``count`` applications of the twelve weeks before ``until`` (aware), oldest first.

    The same arguments give the same applications. ``people`` and ``seed`` are those of the
    registers; nobody applies for the same service twice before everybody suitable has. Below 150
    people there may be nobody for the rarer cases: ValueError.
    """
    rng = Random(f"{seed}/applications")
    drawn = _Applicants(residents(seed, people), rng)
    for number, sent_at in enumerate(_times(rng, count, until)):
        service = PARKING if rng.random() < 0.65 else BULKY_WASTE
        traits = _TRAITS[service]
        trait = rng.choices(tuple(traits), tuple(traits.values()))[0]
        applicant = drawn.one(service, trait, hard=number % 3 == 0)
        make = _parking if service == PARKING else _bulky_waste
        yield make(rng, sent_at, trait, applicant)


def by_day(stream: Iterable[Application]) -> Iterator[tuple[date, list[Application]]]:
    """The applications in parcels of one local day, for a clock that moves day by day."""
    for day, parcel in groupby(stream, lambda each: _local_date(each.sent_at)):
        yield day, list(parcel)


def _times(rng: Random, count: int, until: datetime) -> list[datetime]:
    first = _local_date(until) - timedelta(weeks=_WEEKS)
    days = [first + timedelta(days=offset) for offset in range(7 * _WEEKS + 1)]
    weights = [_WEEKDAYS[day.weekday()] for day in days]
    times: list[datetime] = []
    while len(times) < count:
        day = rng.choices(days, weights)[0]
        hour = rng.choices(range(24), _HOURS)[0]
        moment = time(hour, rng.randrange(60), rng.randrange(60), tzinfo=_BERLIN)
        at = datetime.combine(day, moment).astimezone(UTC)
        if until - timedelta(weeks=_WEEKS) <= at < until:
            times.append(at)
    return sorted(times)


class _Applicants:
    """Draws applicants at random, every third with a hard name, class after class."""

    def __init__(self, people: Sequence[Resident], rng: Random) -> None:
        self._hard = [one for one in people if (one.given_names, one.family_name) in _HARD]
        self._everyday = [one for one in people if (one.given_names, one.family_name) not in _HARD]
        rng.shuffle(self._everyday)
        self._suitable: dict[tuple[str, str, bool], list[Resident]] = {}
        self._drawn: dict[str, set[int]] = defaultdict(set)

    def one(self, service: str, trait: str, *, hard: bool) -> Resident:
        """Somebody with such a case; nobody again for a service before all have been drawn."""
        suitable = self._suitable.get((service, trait, hard))
        if suitable is None:
            groups = (self._hard, self._everyday) if hard else (self._everyday, self._hard)
            suitable = [one for one in chain(*groups) if _suits(service, trait, one)]
            self._suitable[service, trait, hard] = suitable
        if not suitable:
            raise ValueError(f"too few people for an application: {service}, {trait}")
        drawn = self._drawn[service]
        if drawn.issuperset(one.index for one in suitable):
            drawn.difference_update(one.index for one in suitable)
        applicant = next(one for one in suitable if one.index not in drawn)
        drawn.add(applicant.index)
        return applicant


def _suits(service: str, trait: str, one: Resident) -> bool:
    """Whether ``one`` can make an application with this trait."""
    registered = one.registered_at == one.address and not one.blocked
    if service == BULKY_WASTE:
        return registered
    if _car(trait, one) is None or (one.zone is None) != (trait == "outside_zones"):
        return False
    return registered != (trait == "not_registered")


def _car(trait: str, one: Resident) -> Vehicle | None:
    """The vehicle such an application is about."""
    own = [car for car in one.vehicles if one.keeps(car)]
    company = [car for car in one.vehicles if isinstance(car.keeper, Organisation)]
    family = [car for car in one.vehicles if car not in own and car not in company]
    match trait:
        case "company_car" | "proof_missing" | "proof_missing_clarify":
            cars = company
        case "relatives_car" | "undeclared_keeper":
            cars = family
        case _:
            cars = own
    return cars[0] if cars else None


def _parking(rng: Random, sent_at: datetime, trait: str, one: Resident) -> Application:
    car = _car(trait, one)
    assert car is not None  # _suits saw to it
    on = _local_date(sent_at)
    form: dict[str, Any] = {
        "plate": car.plate,
        "zone": one.zone,
        "duration_years": rng.choice((1, 1, 2)),
        "make": car.make,
        "issue": rng.choice(("digital", "digital", "paper")),
        "declaration": {"complete_and_true": True, "privacy_notice": "2026-1"},
    }
    if rng.random() < 0.6:
        form["valid_from"] = (on + timedelta(days=rng.randint(1, 28))).isoformat()
    if one.keeps(car) or trait == "undeclared_keeper":
        form["keeper"] = "self"
    elif isinstance(car.keeper, Organisation):
        form |= {"keeper": "employer", "keeper_name": car.keeper.name}
    else:
        form |= {"keeper": "family", "keeper_name": car.keeper.full_name}
    if trait in ("wrong_zone", "outside_zones"):
        form["zone"] = rng.choice([zone for zone in _ZONES if zone != one.zone])
    if trait.startswith("form_invalid"):
        form["plate"] = "keins"
        del form["zone"]
    certificate = _pdf(
        "registration-certificate",
        f"Fahrzeugschein {car.plate}.pdf",
        partial(proofs.registration_certificate, car),
    )
    use = _pdf(
        "use-certificate",
        f"Nutzungsbescheinigung {one.family_name}.pdf",
        partial(proofs.use_certificate, one, car, on=on),
    )
    lent = () if one.keeps(car) else (use,)
    proves_use = form["keeper"] != "self" and not trait.startswith("proof_missing")
    return _application(
        rng,
        sent_at,
        trait,
        body={"service": PARKING, "form": form, "parties": [_person(rng, one, login=True)]},
        enclosed=(certificate, *lent) if proves_use else (certificate,),
        at_hand=(certificate, *lent, _tenancy(one, on)),
    )


def _bulky_waste(rng: Random, sent_at: datetime, trait: str, one: Resident) -> Application:
    on = _local_date(sent_at)
    form: dict[str, Any] = {
        "pickup": {"street": one.address.street, "number": one.address.number},
        "items": [
            _item(rng, category) for category in rng.sample(tuple(_WASTE), rng.randint(1, 4))
        ],
        "collection": "express" if trait == "express" else "standard",
    }
    if trait == "strict" or rng.random() < 0.7:
        form["wish_date"] = _working_day(on + timedelta(days=rng.randint(9, 40))).isoformat()
        form["strict"] = trait == "strict"
    match trait:
        case "hazardous":
            form["items"].append({"category": "tyres", "count": 4, "volume_m3": 0.3})
        case "too_much":
            form["items"].append({"category": "furniture", "count": 14, "volume_m3": 8.5})
        case "form_invalid" | "form_invalid_clarify":
            form["items"] = []
    # Bulky waste is also asked for without a login; a permit never is.
    party = _person(rng, one, login=rng.random() < 0.6)
    if trait == "landlord":
        party = {
            "role": "applicant",
            "kind": "organisation",
            "organisation": LANDLORD.name,
            "address": asdict(LANDLORD.address),
            "email": "hausmeister@wohnungsbau-musterstadt.invalid",
        }
    return _application(
        rng,
        sent_at,
        trait,
        body={"service": BULKY_WASTE, "form": form, "parties": [party]},
        at_hand=(_tenancy(one, on),),
    )


def _item(rng: Random, category: str) -> dict[str, Any]:
    count = rng.choice((1, 1, 1, 2, 3))
    return {"category": category, "count": count, "volume_m3": round(count * _WASTE[category], 2)}


def _working_day(day: date) -> date:
    """``day``, or the Monday after it."""
    weekday = day.isoweekday()
    return day if weekday <= 5 else day + timedelta(days=8 - weekday)


def _local_date(moment: datetime) -> date:
    return moment.astimezone(_BERLIN).date()


def _application(
    rng: Random,
    sent_at: datetime,
    trait: str,
    *,
    body: dict[str, Any],
    enclosed: tuple[ProofFile, ...] = (),
    at_hand: tuple[ProofFile, ...] = (),
) -> Application:
    """Put the envelope around ``body`` and say what the door must answer."""
    clarify = trait.endswith("_clarify")
    if trait.startswith("service_unknown"):
        # as a portal writes that was not told of a new name
        body["service"] += "-2024"
    if clarify:
        expected = {202}
    elif trait in ("form_invalid", "proof_missing"):
        expected = {422}
    else:
        # 409: the only day wished for is full or no collection day
        expected = {201, 409} if trait == "strict" else {201}
    return Application(
        key=str(UUID(bytes=rng.randbytes(16), version=4)),
        sent_at=sent_at,
        body=body
        | {
            "language": "en" if rng.random() < 0.05 else "de",
            "consents": {"electronic_delivery": rng.random() < 0.9},
            "reply_channel": {"kind": "portal"},
            "on_invalid": "clarify" if clarify else "reject",
        },
        enclosed=enclosed,
        at_hand=at_hand,
        trait=trait,
        expected=frozenset(expected),
    )


def _person(rng: Random, one: Resident, *, login: bool) -> dict[str, Any]:
    """The applicant; who logged in is vouched for, who did not is only typed."""
    party: dict[str, Any] = {
        "role": "applicant",
        "kind": "person",
        "given_names": one.given_names,
        "family_name": one.family_name,
        "birth_date": one.birth_date.isoformat(),
        "address": asdict(one.address),
        "email": one.email,
    }
    if not one.given_names:
        del party["given_names"]
    if login:
        assurance = rng.choice(("substantial", "substantial", "high"))
        party["identity"] = {"source": "bundid", "assurance": assurance, "bpk2": one.bpk2}
    return party


def _tenancy(one: Resident, on: date) -> ProofFile:
    return _pdf(
        "tenancy-confirmation",
        f"Wohnungsgeberbestätigung {one.full_name}.pdf",
        partial(proofs.tenancy_confirmation, one, on=on),
    )


def _pdf(proof: str, filename: str, render: Callable[[], bytes]) -> ProofFile:
    return ProofFile(proof, filename, "application/pdf", render)
