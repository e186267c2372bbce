"""The list somebody came from: kept in the session, so that "next" follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

_KEY = "trail"
# Whoever has loaded more than this has scrolled, not worked.
LONGEST = 300
# What a list shows without being asked for more.
_ONE_PAGE = 50


@dataclass(frozen=True, slots=True)
class Trail:
    """A list as it was shown: what it is called, where it is, its cases in order."""

    label: str
    address: str
    cases: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where the list is, as far down as it was shown: who comes back finds the row again."""
        shown = len(self.cases)
        if shown <= _ONE_PAGE:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}rows={shown}"

    def around(self, case_id: UUID) -> tuple[int, str, str] | None:
        """The case's place (from 1) and its neighbours, "" where there is none."""
        if str(case_id) not in self.cases:
            return None
        at = self.cases.index(str(case_id))
        before = self.cases[at - 1] if at else ""
        after = self.cases[at + 1] if at + 1 < len(self.cases) else ""
        return at + 1, before, after


def remember(
    session: SessionBase, label: str, url: str, cases: Sequence[UUID], *, goes_on: bool
) -> None:
    """Keep a page of a list; one that ``goes_on`` from an earlier page is added to it.

    An unchanged list is not written again: looking at it costs no statement.
    """
    known = last(session) if goes_on else None
    earlier = known.cases if known and known.address == url else ()
    shown = [str(case) for case in cases]
    whole = [*(case for case in earlier if case not in shown), *shown][-LONGEST:]
    kept = [label, url, whole]
    if session.get(_KEY) != kept:
        session[_KEY] = kept


def last(session: SessionBase) -> Trail | None:
    """The list that was shown last."""
    kept = session.get(_KEY)
    return Trail(kept[0], kept[1], tuple(kept[2])) if kept else None
