"""Rows of taking an application down: fields made from a schema, the form around them, its list."""

from dataclasses import dataclass
from typing import Literal

from backoffice.pages.rows.forms import ActionField, FieldProblem, Option
from backoffice.pages.rows.frame import EmptyState, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaField:
    """A field, a group (``fields``) or a list (``rows``) of a form made from a schema.

    ``name`` is the JSON pointer of its value, ``id`` that of its element. ``when`` says under
    which condition it is needed. ``add`` labels the button for another row, empty: no more fit;
    ``remove`` that for taking this row away. ``mark`` stands for a tick that was left out.
    """

    name: str
    id: str
    label: str
    kind: Literal[
        "text", "textarea", "email", "url", "date", "select", "radios", "tick", "group", "list"
    ]
    value: str = ""
    hint: str = ""
    when: str = ""
    required: bool = False
    error: str = ""
    inputmode: str = ""
    mark: str = ""
    checked: bool = False
    autofocus: bool = False
    options: tuple[Option, ...] = ()
    fields: tuple["SchemaField", ...] = ()
    rows: tuple["SchemaField", ...] = ()
    add: str = ""
    remove: str = ""


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A file that lies in the store already and comes along with the next sending."""

    id: str
    filename: str
    size: int
    media_type: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofField:
    """What can be enclosed as one proof: ``name`` of the file input, ``kept`` of the ids.

    ``accept`` and ``hint`` say which files are taken.
    """

    name: str
    kept: str
    id: str
    label: str
    accept: str
    hint: str
    required: bool = False
    error: str = ""
    scans: tuple[KeptScan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterForm:
    """The form of one service as staff fill it in for somebody.

    ``key`` makes two sendings one case. ``problems`` name the ids of what is wrong, in the order
    of the page; ``said`` is what stands against it as a whole. ``origin`` is the case that the
    applicant was copied from.
    """

    title: str
    url: str
    key: str
    guidance: tuple[str, ...] = ()
    fee: str = ""
    arrival: tuple[ActionField, ...] = ()
    parties: tuple[SchemaField, ...] = ()
    identity: ActionField
    fields: tuple[SchemaField, ...] = ()
    proofs: tuple[ProofField, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    said: str = ""
    clarify: bool = False
    origin: Link | None = None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service that the reader may take an application down for."""

    key: str
    url: str
    title: str
    summary: str
    unit: str


@dataclass(frozen=True, slots=True)
class CounterPage:
    """The services to choose from; ``origin`` names the case whose applicant comes along."""

    services: tuple[ServiceRow, ...] = ()
    origin: Link | None = None
    empty: EmptyState | None = None
