"""What somebody has ticked on a list: kept in the session, view by view, until it is let go."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from workflows.selection import MOST

_KEY = "ticked"


def ticked(session: SessionBase, view: str) -> tuple[UUID, ...]:
    """The cases that are ticked in this view, in the order of ticking."""
    return tuple(UUID(case) for case in session.get(_KEY, {}).get(view, ()))


def tick(session: SessionBase, view: str, *, shown: Iterable[UUID], chosen: Sequence[UUID]) -> bool:
    """Of the cases ``shown`` exactly those ``chosen`` are ticked; others stay as they are.

    False: more are not kept than can be done at once (``MOST``).
    """
    seen = {*shown, *chosen}
    kept = [case for case in ticked(session, view) if case not in seen or case in chosen]
    whole = list(dict.fromkeys([*kept, *chosen]))
    _keep(session, view, whole[:MOST])
    return len(whole) <= MOST


def untick(session: SessionBase, view: str, cases: Iterable[UUID] | None = None) -> None:
    """Let go of these cases, or of all."""
    gone = None if cases is None else set(cases)
    left = [case for case in ticked(session, view) if gone is not None and case not in gone]
    _keep(session, view, left)


def _keep(session: SessionBase, view: str, cases: Sequence[UUID]) -> None:
    """An unchanged choice is not written again."""
    if tuple(cases) == ticked(session, view):
        return
    views = dict(session.get(_KEY, {}))
    views[view] = [str(case) for case in cases]
    session[_KEY] = {name: kept for name, kept in views.items() if kept}
