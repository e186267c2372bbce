"""Keys that are made before the row exists, and sort by the time they were made."""

import os
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efile.kernel.ids import uuid7

# RFC 9562, appendix A.6: 22 February 2022, 19:22:22 UTC.
MOMENT = 0x017F22E279B0


def made_at(milliseconds: int) -> UUID:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time_ns", lambda: milliseconds * 1_000_000)
        return uuid7()


class TestUuid7:
    def test_says_that_it_is_version_7(self) -> None:
        made = uuid7()
        assert (made.version, made.variant) == (7, RFC_4122)

    def test_is_laid_out_as_in_the_example_of_the_rfc(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        random = 0xCC3 << 68 | 0x18C4DC0C0C07398F
        monkeypatch.setattr(os, "urandom", lambda size: random.to_bytes(size, "big"))
        assert made_at(MOMENT) == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")

    @given(st.lists(st.integers(min_value=0, max_value=(1 << 48) - 1), unique=True))
    def test_sorts_by_the_millisecond_it_was_made_in(self, moments: list[int]) -> None:
        made = sorted(made_at(moment) for moment in moments)
        assert [one.int >> 80 for one in made] == sorted(moments)

    def test_is_never_the_same_twice_within_a_millisecond(self) -> None:
        assert len({made_at(MOMENT) for _ in range(1000)}) == 1000
