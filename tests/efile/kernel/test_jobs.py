"""The kernel's jobs: deliver what is owed, seal what moved."""

from uuid import UUID

import pytest

from efile.kernel.jobs import deliver, seal
from efile.kernel.models import JournalChain, JournalSeal
from tests.efile.cases import opened
from tests.efile.kernel.stage import notes, owed, raise_curtain
from tests.factories import AT, machine

pytestmark = pytest.mark.django_db


def test_have_names_that_outlive_their_modules() -> None:
    assert (deliver.name, seal.name) == ("kernel.deliver", "kernel.seal")


class TestDeliver:
    def test_goes_on_until_nothing_is_due(self, staged: UUID) -> None:
        for _ in range(15):
            raise_curtain(staged, by=machine(), at=AT)
        deliver()
        assert len(notes()) == 15
        assert owed() == []


class TestSeal:
    def test_seals_every_chain_that_moved(self) -> None:
        case = opened()
        seal()
        chain = JournalChain.objects.get(id=case.id)
        assert chain.sealed_seq == chain.seq == 1
        assert JournalSeal.objects.exists()
