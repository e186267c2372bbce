"""What the residents of Musterstadt apply for: a stream of submissions, ordered by time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, groupby
from random import Random
from typing import Final

from backoffice.demo import everyday_cases, further_cases
from backoffice.demo.envelopes import BERLIN, Application, Draw
from backoffice.demo.everyday_cases import BULKY_WASTE, PARKING
from backoffice.demo.names import HARD_NAMES
from backoffice.demo.people import Resident, residents

_WEEKS = 12
_HARD = {pair for pairs in HARD_NAMES.values() for pair in pairs}

# How often something happens, Monday to Sunday and from midnight to midnight: people apply in
# the breaks of the working day and in the evening, a few at night.
_WEEKDAYS = (20, 18, 16, 16, 13, 9, 8)
_HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 8, 10, 10, 9, 10, 7, 6, 6, 6, 5, 5, 6, 7, 6, 4, 2)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How often a service is asked for, with what traits, by whom, and how its case is made."""

    share: int
    traits: Mapping[str, int]
    suits: Callable[[str, Resident], bool]
    make: Callable[[Draw], Application]


_KINDS: Final[Mapping[str, _Kind]] = {
    PARKING: _Kind(
        34,
        everyday_cases.PARKING_TRAITS,
        everyday_cases.suits_parking,
        everyday_cases.parking,
    ),
    BULKY_WASTE: _Kind(
        22, everyday_cases.WASTE_TRAITS, everyday_cases.suits_waste, everyday_cases.bulky_waste
    ),
} | {
    key: _Kind(kind.share, kind.traits, kind.suits, kind.make)
    for key, kind in further_cases.KINDS.items()
}


def applications(
    seed: int,
    count: int,
    *,
    until: datetime,
    people: int = 2000,
    services: Iterable[str] | None = None,
) -> Iterator[Application]:
    """``count`` applications of the twelve weeks before ``until`` (aware), oldest first.

    The same arguments give the same applications. ``people`` and ``seed`` are those of the
    registers; nobody applies for the same service twice before everybody suitable has.
    ``services`` are those the city offers, all without. Below 150 people there may be nobody for
    the rarer cases: ValueError.
    """
    rng = Random(f"{seed}/applications")
    drawn = _Applicants(residents(seed, people), rng)
    offered = set(_KINDS if services is None else services)
    kinds = {key: kind for key, kind in _KINDS.items() if key in offered}
    shares = [kind.share for kind in kinds.values()]
    for number, sent_at in enumerate(_times(rng, count, until)):
        service = rng.choices(tuple(kinds), shares)[0]
        traits = kinds[service].traits
        trait = rng.choices(tuple(traits), tuple(traits.values()))[0]
        applicant = drawn.one(service, trait, hard=number % 3 == 0)
        yield kinds[service].make(Draw(rng, sent_at, trait, applicant))


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
        moment = time(hour, rng.randrange(60), rng.randrange(60), tzinfo=BERLIN)
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
        self._ever: set[int] = set()

    def one(self, service: str, trait: str, *, hard: bool) -> Resident:
        """Somebody with such a case; nobody again for a service before all have been drawn."""
        suitable = self._suitable.get((service, trait, hard))
        if suitable is None:
            groups = (self._hard, self._everyday) if hard else (self._everyday, self._hard)
            suits = _KINDS[service].suits
            suitable = [one for one in chain(*groups) if suits(trait, one)]
            self._suitable[service, trait, hard] = suitable
        if not suitable:
            raise ValueError(f"too few people for an application: {service}, {trait}")
        drawn = self._drawn[service]
        if drawn.issuperset(one.index for one in suitable):
            drawn.difference_update(one.index for one in suitable)
        left = [one for one in suitable if one.index not in drawn]
        # Who has written for nothing else goes first, so that many names are seen.
        applicant = next((one for one in left if one.index not in self._ever), left[0])
        drawn.add(applicant.index)
        self._ever.add(applicant.index)
        return applicant


def _local_date(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()
