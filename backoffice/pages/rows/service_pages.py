"""Rows of service definitions: their list, what they are edited with, what was found in them."""

from dataclasses import dataclass
from typing import Literal

from backoffice.pages.rows.counter import SchemaField
from backoffice.pages.rows.decide import PreviewPage
from backoffice.pages.rows.forms import ActionField, FieldProblem, Option
from backoffice.pages.rows.frame import EmptyState, Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """A service in the administration: what counts today, what will, what is worked on."""

    key: str
    url: str
    title: str
    states: tuple[Tag, ...]
    version: str = ""
    scheduled: str = ""
    draft: Link | None = None
    draft_note: str = ""
    automation: str = ""
    running: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """All services of the city."""

    services: tuple[CatalogueRow, ...]
    summary: str
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class NewServicePage:
    """What a new service begins with, or what is taken over from a file."""

    fields: tuple[ActionField, ...]
    problems: tuple[FieldProblem, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class ImportPage:
    """A definition as YAML that is taken over as a draft."""

    text: str = ""
    problems: tuple[FieldProblem, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version: since when or from when it counts, who published it."""

    number: int
    day: str
    state: Tag
    published: str
    export_url: str
    take_back_url: str = ""
    edit_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage:
    """One service: its versions, its draft, what can be done with it."""

    key: str
    title: str
    states: tuple[Tag, ...]
    facts: tuple[tuple[str, str], ...]
    versions: tuple[VersionLine, ...]
    draft_url: str = ""
    draft_note: str = ""
    start_url: str = ""
    withdraw_url: str = ""
    offer_url: str = ""
    overlay_url: str = ""
    upstream_note: str = ""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One condition of a rule in words: what is looked at, how, and against what."""

    left: tuple[Option, ...]
    compare: tuple[Option, ...]
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorField:
    """One part of a definition as it is edited.

    ``name`` is its JSON pointer, ``id`` that of its element. ``words`` holds one field per
    language, ``rows`` one group per item with its place as ``mark``; an ``absent`` group can be
    begun. ``clauses`` show a ``rule`` in words, empty where it has none.
    """

    name: str
    id: str
    label: str
    kind: Literal[
        "line", "area", "number", "date", "select", "tick", "ticks",
        "words", "group", "rows", "absent", "rule", "map",
    ]  # fmt: skip
    value: str = ""
    hint: str = ""
    error: str = ""
    lang: str = ""
    unit: str = ""
    height: int = 2
    checked: bool = False
    options: tuple[Option, ...] = ()
    fields: tuple["EditorField", ...] = ()
    mark: str = ""
    title: str = ""
    note: str = ""
    open: bool = False
    add: str = ""
    remove: str = ""
    is_first: bool = False
    is_last: bool = False
    clauses: tuple[ClauseRow, ...] = ()
    raw: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLink:
    """A part of the editor with how far it is."""

    label: str
    url: str
    current: bool = False
    faults: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorFrame:
    """What stands around every page of a draft."""

    key: str
    title: str
    heading: str
    url: str
    revision: int
    parts: tuple[PartLink, ...]
    saved: str
    sound: bool
    left: int
    service_url: str
    check_url: str
    compare_url: str
    publish_url: str
    lead: str = ""
    following: Link | None = None
    next_key: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What a text may name in braces, and what stands there."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One difference in words: where, what stood there, what stands there now."""

    path: str
    before: str
    after: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved meanwhile: who, and what is not the same now."""

    saved_by: str
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class AmountRow:
    """An amount computed for the sample application: for which day, how much, made up of what."""

    day: str
    amount: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormPreview:
    """The form as the citizen sees it, or why it cannot be shown."""

    fields: tuple[SchemaField, ...] = ()
    denied: str = ""
    languages: tuple[Option, ...] = ()
    language: str = "de"


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """The pages of a letter with invented values, or why there are none.

    ``gaps`` name placeholders without a value; ``changes`` is what differs from the version in
    force.
    """

    pages: tuple[PreviewPage, ...] = ()
    denied: str = ""
    gaps: tuple[str, ...] = ()
    changes: tuple[ChangeRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFieldRow:
    """A field in the list of a form's fields."""

    pointer: str
    label: str
    name: str
    type: str
    notes: tuple[str, ...]
    url: str
    depth: int
    faults: int = 0
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorPage:
    """One part of a draft on its page."""

    frame: EditorFrame
    fields: tuple[EditorField, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    said: str = ""
    conflict: Conflict | None = None
    placeholders: tuple[Placeholder, ...] = ()
    amounts: tuple[AmountRow, ...] = ()
    tables: tuple[Option, ...] = ()
    tabs: tuple[PartLink, ...] = ()
    letter: LetterPreview | None = None
    preview_url: str = ""
    form: FormPreview | None = None
    list: tuple[FormFieldRow, ...] = ()
    adding: tuple[ActionField, ...] = ()
    editing: str = ""
    back_url: str = ""
    sample: tuple[SchemaField, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that was found, and where it is mended."""

    path: str
    text: str
    url: str
    is_hint: bool = False


@dataclass(frozen=True, slots=True)
class ExaminedSection:
    """A part of the examination: passed or not, what was found, what was looked at."""

    title: str
    state: Tag
    findings: tuple[FindingRow, ...]
    looked_at: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """The whole examination of a draft."""

    frame: EditorFrame
    sections: tuple[ExaminedSection, ...]
    is_sound: bool


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A past case that the draft would treat otherwise."""

    reference: str
    url: str
    state: str
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """What the draft would have done with past cases; nothing happened to them."""

    frame: EditorFrame
    started: bool = False
    summary: str = ""
    unseen: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    cases: tuple[TriedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """The draft against the version in force."""

    frame: EditorFrame
    against: str
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPage:
    """The last look before a version is published."""

    frame: EditorFrame
    fields: tuple[ActionField, ...]
    changes: tuple[ChangeRow, ...]
    against: str
    blocked: str = ""
    problems: tuple[FieldProblem, ...] = ()
    said: str = ""
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class UpstreamLine:
    """A change at the origin, whether it meets something of our own."""

    change: ChangeRow
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPage:
    """An inherited service: what is our own, and what changed at its origin."""

    key: str
    title: str
    origin: str
    revision: int
    fields: tuple[EditorField, ...]
    upstream: tuple[UpstreamLine, ...] = ()
    upstream_number: int = 0
    upstream_note: str = ""
    problems: tuple[FieldProblem, ...] = ()
    said: str = ""
    today: str = ""


@dataclass(frozen=True, slots=True)
class InheritableRow:
    """What another city has in force and may be taken over."""

    tenant: str
    city: str
    key: str
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class MovePage:
    """A case before it goes over to a newer version of its service; ``denied`` says why not."""

    reference: str
    case_url: str
    from_number: int
    to_number: int
    revision: str
    denied: str
    effects: tuple[ChangeRow, ...]
    changes: tuple[ChangeRow, ...]
    said: str = ""
