"""A verb: one change, one transaction, one entry in the journal for everything it did."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, transaction

from efile.kernel.errors import guarded_by
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
        with _told(), transaction.atomic():
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
            with _told(), transaction.atomic():
                yield
        except BaseException:
            unit.forget(mark)
            raise


@contextmanager
def _told() -> Iterator[None]:
    """A rule that the database guards refuses like any other: whoever lost a race is told.

    Around a transaction and never inside: what failed in one is past using, and a refusal may be
    caught where the work goes on.
    """
    try:
        yield
    except DatabaseError as error:
        refusal = guarded_by(getattr(error.__cause__, "sqlstate", None))
        if refusal is None:
            raise
        raise refusal from error


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Mark ``function`` as a verb: all of it happens and is recorded, or nothing."""

    @wraps(function)
    def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return function(*args, **kwargs)

    return in_one_transaction
