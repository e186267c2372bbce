"""A verb: one change, one transaction, one entry in the journal for everything it did."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from efile.kernel.journal import Unit, running_unit

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def unit_of_work() -> Iterator[Unit]:
    """The transaction around a verb; verbs called inside join it, and the outermost writes.

    Inside a transaction that someone else opened (a test, a bulk run) it becomes a savepoint,
    so that a refusal undoes this verb and nothing else.
    """
    running = running_unit.get()
    if running is not None:
        yield running
        return
    unit = Unit()
    token = running_unit.set(unit)
    try:
        with transaction.atomic():
            yield unit
            unit.write()
    finally:
        running_unit.reset(token)


@contextmanager
def part() -> Iterator[None]:
    """A part of the running unit that may fail alone.

    Whatever leaves it as an exception takes with it what the part did and noted; the rest of the
    unit goes on. Outside a unit it is one.
    """
    with unit_of_work() as unit:
        mark = unit.mark()
        try:
            with transaction.atomic():
                yield
        except BaseException:
            unit.forget(mark)
            raise


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Mark ``function`` as a verb: all of it happens and is recorded, or nothing."""

    @wraps(function)
    def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return function(*args, **kwargs)

    return in_one_transaction
