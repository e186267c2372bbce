"""What a definition is edited with: parts that say what they are called and what they hold.

A part's place is the JSON pointer of its value, so that a fault of the definition is a fault of
the input, and members that no part names stay as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.service_rules import Vocabulary
from workflows.catalogue.rules import RuleError, Rules, Scope

Words = Promise | str
Choices = Sequence[tuple[Any, Words]]
Kind = Literal[
    "line", "lines", "area", "words", "integer", "decimal", "cents", "megabytes", "day", "flag",
    "choice", "ticks", "rule", "needed", "group", "rows", "map", "steps",
]  # fmt: skip


class _Absent:
    """Nothing at all: not even null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing to edit, at the member ``at`` of what it stands in.

    ``source`` names choices that depend on draft and city (``Ground.choices``). ``none`` is what
    is stored for nothing. A ``group`` with ``new`` can be begun and taken away; so can each of the
    ``rows``, which hold ``parts`` or, where those are none, a single text in every language.
    """

    at: str
    kind: Kind
    label: Words
    hint: Words = ""
    choices: Choices = ()
    source: str = ""
    parts: tuple["Part", ...] = ()
    new: Any = ABSENT
    none: Any = ABSENT
    item: Words = ""
    height: int = 2
    unit: Words = ""
    scope: Scope = "form"
    returns: Literal["BOOL", "INT"] = "BOOL"
    keyed: bool = False
    folded: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the editor. ``holds`` are the pointers whose faults belong to it."""

    key: str
    title: Promise
    lead: Promise
    holds: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    placeholders: str = ""


@dataclass(frozen=True)
class Ground:
    """What parts are shown and read on: the draft, the city's lists, what is wrong."""

    document: Mapping[str, Any]
    choices: Mapping[str, Choices] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    opened: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of every text; German and English where the draft does not say."""
        said = self.document.get("languages")
        known = [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
        return tuple(dict.fromkeys(["de", "en", *known]))

    @cached_property
    def words(self) -> Vocabulary:
        return Vocabulary.of(self._form)

    @cached_property
    def _form(self) -> Mapping[str, Any]:
        form = self.document.get("form")
        return form if isinstance(form, Mapping) else {}

    @cached_property
    def _rules(self) -> Rules | None:
        try:
            return Rules(self._form)
        except (AttributeError, KeyError, TypeError, RuntimeError):
            return None  # a draft's form may be anything

    def fault_of(self, expression: str, part: Part) -> RuleError | None:
        """What is wrong with a rule, whatever else is wrong with the draft."""
        if self._rules is None or not expression:
            return None
        try:
            self._rules.compile(expression, part.scope, part.returns)
        except RuleError as error:
            return error
        return None

    def choices_of(self, part: Part) -> Choices:
        return self.choices.get(part.source, ()) if part.source else part.choices


def mapping(value: Any) -> Mapping[str, Any]:
    """``value`` where it is a group; an empty one for whatever else a draft may hold."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> Sequence[Any]:
    """``value`` where it is a list."""
    return value if isinstance(value, list) else ()


def line(at: str, label: Words, hint: Words = "", **more: Any) -> Part:
    """A part that is one line of text."""
    return Part(at=at, kind="line", label=label, hint=hint, **more)


def said(at: str, label: Words, hint: Words = "", height: int = 2, **more: Any) -> Part:
    """A part that is said in every language."""
    return Part(at=at, kind="words", label=label, hint=hint, height=height, **more)


KEY: Final = line(
    "key",
    _("Kennung"),
    _("Technischer Name; entsteht aus dem Titel, wenn Sie nichts eintragen."),
)
