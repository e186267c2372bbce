"""Every minute, per city: one root over all chains that moved since the last seal."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import transaction

from efile.filing import write_note
from efile.kernel import seals
from efile.kernel.journal import NO_PREVIOUS, seal_root
from efile.kernel.models import JournalChain, JournalSeal, JournalSealMember
from efile.kernel.seals import seal_all, seal_tenant
from tests.crowd import together
from tests.efile.cases import neighbour, opened
from tests.factories import AT, city, machine

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_left_to_seal(db: None) -> None:
    """Whatever happened when the city was founded is sealed."""
    seal_all(at=AT - MINUTE)


def of_our_city() -> list[JournalSeal]:
    return list(JournalSeal.objects.filter(tenant=city()).order_by("number"))


def members(seal: JournalSeal) -> list[tuple[UUID, int, bytes]]:
    found = JournalSealMember.objects.filter(seal=seal).order_by("chain")
    return [(one.chain, one.seq, bytes(one.head)) for one in found]


class TestSealAll:
    def test_remembers_how_long_each_moved_chain_is_and_how_it_ends(self) -> None:
        case = opened()
        assert seal_all(at=AT) == 1
        chain = JournalChain.objects.get(id=case.id)
        assert members(of_our_city()[-1]) == [(case.id, 1, bytes(chain.head))]

    def test_has_nothing_to_say_of_what_stands_still(self) -> None:
        opened()
        seal_all(at=AT)
        before = len(of_our_city())
        assert seal_all(at=AT + MINUTE) == 0
        assert len(of_our_city()) == before

    def test_covers_only_what_moved_since(self) -> None:
        moving, _resting = opened(), opened()
        seal_all(at=AT)
        write_note(moving.id, "Rückruf erbeten.", by=machine(), at=AT)
        assert seal_all(at=AT + MINUTE) == 1
        assert [chain for chain, *_ in members(of_our_city()[-1])] == [moving.id]

    def test_roots_follow_from_their_members_and_from_the_root_before(self) -> None:
        for minute in range(3):
            opened()
            seal_all(at=AT + minute * MINUTE)
        sealed = of_our_city()
        assert bytes(sealed[0].previous) == NO_PREVIOUS
        assert all(bytes(b.previous) == bytes(a.root) for a, b in pairwise(sealed))
        for one in sealed:
            said = members(one)
            assert one.members == len(said)
            root = seal_root(city().pk, one.number, one.at, bytes(one.previous), said)
            assert bytes(one.root) == root

    def test_numbers_the_seals_of_each_city_on_their_own(self) -> None:
        opened(by=neighbour())
        opened()
        assert seal_all(at=AT) == 2
        theirs = JournalSeal.objects.exclude(tenant=city())
        assert list(theirs.values_list("number", "members")) == [(1, 1)]
        assert [one.number for one in of_our_city()] == list(range(1, len(of_our_city()) + 1))

    def test_divides_a_great_many_chains_among_several_seals(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(seals, "MEMBERS", 2)
        before = len(of_our_city())
        cases = {opened().id for _ in range(5)}
        assert seal_all(at=AT) == 5
        made = of_our_city()[before:]
        assert [one.members for one in made] == [2, 2, 1]
        assert {chain for one in made for chain, *_ in members(one)} == cases


@pytest.mark.django_db(transaction=True)
class TestSealing:
    def test_leaves_a_chain_that_is_being_written_to_for_the_next_seal(self) -> None:
        held, free = opened(), opened()
        with transaction.atomic():
            JournalChain.objects.select_for_update().get(id=held.id)
            (sealed,) = together(1, lambda _: seal_tenant(city().pk, at=AT))
        assert sealed == 1
        assert [chain for chain, *_ in members(of_our_city()[-1])] == [free.id]
        assert seal_all(at=AT + MINUTE) == 1

    def test_by_several_at_once_leaves_no_gap_and_seals_nothing_twice(self) -> None:
        cases = {opened().id for _ in range(4)}
        before = len(of_our_city())
        together(4, lambda _: seal_tenant(city().pk, at=AT))
        made = of_our_city()[before:]
        assert [one.number for one in made] == [before + 1 + i for i in range(len(made))]
        said = [chain for one in made for chain, *_ in members(one)]
        assert sorted(said) == sorted(cases)
