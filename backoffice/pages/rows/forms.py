"""Rows of everything that is posted: actions, their fields and what was wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a select, a tick or a radio button."""

    value: str
    label: str
    selected: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """``field`` is the name of an ``ActionField``, empty for a problem of the whole form."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A text block that fits a field, its placeholders filled."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Countdown:
    """Something happens at ``at``, ``seconds`` after the page was made."""

    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """Where a form is kept while it is written, and where what was kept is thrown away.

    ``at`` is when it was last saved, None when nothing is; ``is_stale`` says that the case has
    moved on since. ``shown_at`` is when the form was made; ``denied`` says why nothing is kept.
    """

    save_url: str
    discard_url: str = ""
    at: datetime | None = None
    is_stale: bool = False
    shown_at: datetime | None = None
    denied: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionField:
    """One input. ``minimum``, ``maximum`` and ``value`` are written as HTML writes them.

    ``blocks`` are what can be put into it; of a file ``value`` names the media types it takes.
    """

    name: str
    label: str
    kind: Literal[
        "text", "textarea", "number", "date", "select", "radios", "checkboxes", "checkbox", "file"
    ]
    value: str = ""
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    error: str = ""
    minimum: str = ""
    maximum: str = ""
    lang: str = ""
    blocks: tuple[BlockRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """Something the reader may do here, as a form that posts to ``url``.

    ``summary`` says what will happen. Without fields and summary it is a plain button. ``denied``
    gives the reason why it cannot be done now and turns the form into that sentence. ``open``
    shows the form at once (after a refusal). ``version`` lets the verb notice that somebody else
    was faster. ``leads`` makes it a link to ``url``, where the form is.

    ``draft`` lets the form be kept while it is written; ``page_url`` leads to the same form with
    its letter beside it. With ``countdown`` it is no offer but an act on its way, that ``url``
    takes back; empty for whoever may not.
    """

    key: str
    label: str
    url: str
    shortcut: str = ""
    style: Literal["primary", "default", "quiet", "danger"] = "default"
    submit_label: str = ""
    summary: str = ""
    fields: tuple[ActionField, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    denied: str = ""
    version: str = ""
    open: bool = False
    leads: bool = False
    draft: DraftRow | None = None
    page_url: str = ""
    countdown: Countdown | None = None

    @property
    def takes_files(self) -> bool:
        """Whether its form has to be sent in parts."""
        return any(one.kind == "file" for one in self.fields)
