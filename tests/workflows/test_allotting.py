"""Who gets which place: hypothesis against the promises of the algorithm."""

import random
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.waiting.allotting import Applicant, Came, Outcome, allot, digest, lot

SEED = "5a" * 32
HOUSES = ["a", "b", "c", "d"]
FIRST = date(2026, 1, 1)


# Every order of wishes, of any length, also for a house without places.
WISHES = [order for length in range(4) for order in permutations([*HOUSES, "none"], length)]
ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 2),
        st.sampled_from(WISHES),
        st.sampled_from(["", *HOUSES]),
    ),
    max_size=12,
)


def people(rows: list[tuple[int, int, tuple[str, ...], str]]) -> list[Applicant]:
    return [
        Applicant(
            key=f"51.3-{number:06d}/26-01",
            points=points,
            applied_on=FIRST + timedelta(days=days),
            wishes=wishes,
            first_at=frozenset({exception} - {""}),
        )
        for number, (points, days, wishes, exception) in enumerate(rows)
    ]


APPLICANTS = ROWS.map(people)
PLACES = st.fixed_dictionaries({house: st.integers(0, 3) for house in HOUSES})


def claim(one: Outcome, house: str) -> tuple[bool, int]:
    """The smaller comes first at ``house``."""
    return house not in one.applicant.first_at, one.position


def wants_more(one: Outcome, house: str) -> bool:
    """Whether ``one`` wants ``house`` more than what they got."""
    wishes = one.applicant.wishes
    return house in wishes and (one.place is None or wishes.index(house) < wishes.index(one.place))


@settings(max_examples=50)
@given(APPLICANTS, PLACES)
def test_never_gives_more_places_than_there_are(
    waiting: list[Applicant], places: dict[str, int]
) -> None:
    got = [one.place for one in allot(waiting, places, seed=SEED)]
    assert all(got.count(house) <= count for house, count in places.items())
    assert {place for place in got if place} <= places.keys()


@settings(max_examples=50)
@given(APPLICANTS, PLACES)
def test_passes_nobody_and_leaves_no_wanted_place_empty(
    waiting: list[Applicant], places: dict[str, int]
) -> None:
    outcomes = allot(waiting, places, seed=SEED)
    for one in outcomes:
        for house in filter(lambda house: wants_more(one, house), places):
            there = [other for other in outcomes if other.place == house]
            assert len(there) == places[house]
            assert all(claim(other, house) < claim(one, house) for other in there)


@settings(max_examples=50)
@given(APPLICANTS, PLACES, st.randoms())
def test_gives_the_same_for_the_same_seed_in_whatever_order_they_come(
    waiting: list[Applicant], places: dict[str, int], chance: random.Random
) -> None:
    shuffled = random.Random(chance.random()).sample(waiting, len(waiting))
    assert allot(waiting, places, seed=SEED) == allot(shuffled, places, seed=SEED)
    assert digest(waiting, places, SEED) == digest(shuffled, places, SEED)


@settings(max_examples=50)
@given(APPLICANTS, PLACES, st.data())
def test_makes_nobody_worse_off_when_somebody_leaves(
    waiting: list[Applicant], places: dict[str, int], data: st.DataObject
) -> None:
    before = {one.applicant.key: one for one in allot(waiting, places, seed=SEED)}
    if not waiting:
        return
    gone = data.draw(st.sampled_from(waiting))
    rest = [
        Applicant(
            one.key,
            one.points,
            one.applied_on,
            one.wishes,
            one.first_at,
            before[one.key].place,
        )
        for one in waiting
        if one != gone
    ]
    for one in allot(rest, places, seed=SEED):
        held = before[one.applicant.key].place
        if held:
            assert one.place
            assert one.applicant.wishes.index(one.place) <= one.applicant.wishes.index(held)


def test_orders_by_points_then_day_then_lot() -> None:
    later = FIRST + timedelta(days=1)
    rows = [("d", 1, FIRST), ("c", 2, later), ("b", 2, FIRST), ("a", 2, FIRST)]
    outcomes = allot([Applicant(*row, ("a",)) for row in rows], {"a": 1}, seed=SEED)
    drawn = sorted(["a", "b"], key=lambda key: lot(SEED, key))
    assert [one.applicant.key for one in outcomes] == [*drawn, "c", "d"]


def test_puts_an_exception_first_at_its_house_alone_and_says_so() -> None:
    strong = Applicant("strong", 9, FIRST, ("a", "b"))
    hardship = Applicant("hardship", 0, FIRST, ("b", "a"), frozenset({"a"}))
    first, second = allot([strong, hardship], {"a": 1, "b": 0}, seed=SEED)
    assert (first.place, second.place) == (None, "a")
    told = {wish.place: wish for wish in second.wishes}
    assert (told["a"].position, told["a"].applicants, told["a"].exception) == (1, 2, True)
    assert (told["b"].came, first.wishes[0].came) == (Came.NO_PLACES, Came.FULL)


def test_keeps_what_is_offered_already_even_against_an_exception() -> None:
    holder = Applicant("holder", 0, FIRST, ("b", "a"), holds="a")
    hardship = Applicant("hardship", 9, FIRST, ("a",), frozenset({"a"}))
    outcomes = {
        one.applicant.key: one.place
        for one in allot([holder, hardship], {"a": 1, "b": 1}, seed=SEED)
    }
    assert outcomes == {"holder": "b", "hardship": "a"}
    outcomes = {
        one.applicant.key: one.place
        for one in allot([holder, hardship], {"a": 1, "b": 0}, seed=SEED)
    }
    assert outcomes == {"holder": "a", "hardship": None}


def test_draws_a_lot_that_anybody_can_compute_again() -> None:
    # printf %s 51.3-000001/26-01 | openssl dgst -sha256 -mac hmac -macopt hexkey:5a5a…
    known = "3dec6c226fe14307b78914b48edb5bd3767c8c4bcca672f53d2cf59a0b909488"
    assert lot(SEED, "51.3-000001/26-01") == known
