"""The tables of the e-file: file plan → case file → case → document → version → content."""

from efile.models.case import Case, CaseDenial, CaseFile, CaseGrant
from efile.models.document import (
    Content,
    Document,
    DocumentVersion,
    PartialUpload,
    ScanState,
    Upload,
)
from efile.models.file_plan import AccessClass, DisposalCode, FilePlan, FilePlanPosition
from efile.models.message import Message, MessageAttachment, Note
from efile.models.numbers import NumberScope
from efile.models.party import Assurance, Party

__all__ = [
    "AccessClass",
    "Assurance",
    "Case",
    "CaseDenial",
    "CaseFile",
    "CaseGrant",
    "Content",
    "DisposalCode",
    "Document",
    "DocumentVersion",
    "FilePlan",
    "FilePlanPosition",
    "Message",
    "MessageAttachment",
    "Note",
    "NumberScope",
    "PartialUpload",
    "Party",
    "ScanState",
    "Upload",
]
