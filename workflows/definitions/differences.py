"""What differs between two definitions, part by part, and where that stands in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, Literal

from workflows.catalogue.pointers import join
from workflows.definitions.naming import identity_of, path_in

Kind = Literal["added", "removed", "changed", "moved"]


class _Absent:
    """What stands on the side where there is nothing: null is something."""


_ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is not the same; ``before`` or ``after`` is None where it was not there.

    ``pointer`` leads into the later document, of what was removed into the earlier one. ``path``
    are the words for it, in German. "moved": the order alone differs, both sides name the keys.
    """

    pointer: str
    before: Any
    after: Any
    kind: Kind
    path: tuple[str, ...] = ()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every smallest part in which ``after`` is not what ``before`` was, from top to bottom.

    Items of lists are compared by their key (role, register, effect, first day), so that one more
    check does not change all that follow. Numbers that JSON holds equal are equal.
    """
    return tuple(
        Difference(
            one.pointer,
            one.before,
            one.after,
            one.kind,
            path_in(before if one.kind == "removed" else after, one.pointer),
        )
        for one in _compared(before, after, "", "")
    )


def _compared(before: Any, after: Any, was_at: str, here: str) -> Iterator[Difference]:
    if isinstance(before, _Absent):
        yield Difference(here, None, after, "added")
    elif isinstance(after, _Absent):
        yield Difference(was_at, before, None, "removed")
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _members(before, after, was_at, here)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _items(before, after, was_at, here)
    elif type(before) is bool or type(after) is bool:
        if before is not after:
            yield Difference(here, before, after, "changed")
    elif before != after:
        yield Difference(here, before, after, "changed")


def _members(
    before: Mapping[str, Any], after: Mapping[str, Any], was_at: str, here: str
) -> Iterator[Difference]:
    for name in (*after, *(name for name in before if name not in after)):
        yield from _compared(
            before.get(name, _ABSENT),
            after.get(name, _ABSENT),
            join(was_at, name),
            join(here, name),
        )
    # The order of members says something in one place: these are the fields as people see them.
    if here.endswith("/properties"):
        yield from _moved([*before], [*after], here)


def _items(
    before: Sequence[Any], after: Sequence[Any], was_at: str, here: str
) -> Iterator[Difference]:
    then, now = [[identity_of(item) for item in side] for side in (before, after)]
    if not _are_keys(then) or not _are_keys(now) or not (then or now):
        if all(not isinstance(item, (Mapping, list)) for item in (*before, *after)):
            if [*before] != [*after]:
                yield Difference(here, [*before], [*after], "changed")
            return
        for index, (old, new) in enumerate(zip_longest(before, after, fillvalue=_ABSENT)):
            yield from _compared(old, new, join(was_at, index), join(here, index))
        return
    for index, known in enumerate(now):
        place = then.index(known) if known in then else None
        old = _ABSENT if place is None else before[place]
        yield from _compared(old, after[index], join(was_at, place or 0), join(here, index))
    for index, known in enumerate(then):
        if known not in now:
            yield Difference(join(was_at, index), before[index], None, "removed")
    yield from _moved(then, now, here)


def _are_keys(names: Sequence[str | None]) -> bool:
    return None not in names and len({*names}) == len(names)


def _moved(then: Sequence[Any], now: Sequence[Any], here: str) -> Iterator[Difference]:
    both = {*then} & {*now}
    old, new = [[name for name in side if name in both] for side in (then, now)]
    if old != new:
        yield Difference(here, old, new, "moved")
