"""Rows of a case file: file, case, document, version."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.pages.rows.case import FieldRow
from backoffice.pages.rows.frame import Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One state of a document; size in bytes, ``sha256`` in hex."""

    label: str
    filename: str
    media: str
    size: int
    sha256: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeDocumentRow:
    """A document with its versions, the latest first."""

    key: str
    title: str
    url: str
    kind: str
    direction: str
    filed_at: datetime
    versions: tuple[VersionRow, ...]
    tag: Tag | None = None
    can_be_opened: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCaseRow:
    """A case in its file; ``is_open`` unfolds it on the page."""

    key: str
    url: str
    journal_url: str
    reference: str
    title: str
    state: Tag | None
    facts: tuple[FieldRow, ...]
    documents: tuple[TreeDocumentRow, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilePage:
    """``audience`` are sentences about who else sees what the page shows."""

    reference: str
    title: str
    summary: str
    above: tuple[Link, ...]
    facts: tuple[FieldRow, ...]
    audience: tuple[str, ...]
    cases: tuple[FiledCaseRow, ...]
    more_url: str = ""
