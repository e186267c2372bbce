"""Refusals: the five ways in which a request can be turned down below the edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in what was handed in.

    ``pointer`` is a JSON pointer (RFC 6901) into the input, ``rule`` the machine name of the
    broken rule; ``facts`` hold limits and allowed values, never what the sender wrote.
    """

    pointer: str
    rule: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """A rule said no. ``code`` names the rule, ``facts`` explain it without personal data.

    ``sqlstate`` is what the database raises where it guards the same rule by itself.
    """

    code: ClassVar[str] = "refused"
    sqlstate: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "sqlstate" in vars(cls):
            _GUARDED[cls.sqlstate] = cls

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return self.code


class NotFound(Refusal):
    """It is not there, or the actor may not know that it is: both look the same."""

    code = "not_found"


class NotAllowed(Refusal):
    """The actor sees it but may not do this to it."""

    code = "not_allowed"


class Conflict(Refusal):
    """The present state forbids it."""

    code = "conflict"


class Unavailable(Refusal):
    """Something we depend on does not answer; trying again later may help."""

    code = "unavailable"


class Invalid(Refusal):
    """What was handed in breaks at least one rule; ``errors`` names every one."""

    code = "invalid"

    def __init__(self, errors: Sequence[FieldError] = (), **facts: Any) -> None:
        super().__init__(**facts)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        listed = "; ".join(f"{error.pointer or '/'}: {error.rule}" for error in self.errors)
        return f"{self.code}: {listed}" if listed else self.code


# Whoever guards a rule in the database says so on its refusal; nothing down here knows which.
_GUARDED: Final[dict[str, type[Refusal]]] = {}


def guarded_by(sqlstate: str | None) -> type[Refusal] | None:
    """The refusal for which the database raises ``sqlstate``; None for what is no rule of ours."""
    return _GUARDED.get(sqlstate or "")
