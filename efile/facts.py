"""What can happen to a case file, as the journal records it."""

from dataclasses import dataclass
from typing import ClassVar

from efile.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    """A case with its parties and documents came into being."""

    name: ClassVar[str] = "case.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """The case accepts nothing but reopening; retention runs."""

    name: ClassVar[str] = "case.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Event):
    """The case is open again; retention starts anew with the next closing."""

    name: ClassVar[str] = "case.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(Event):
    """The case lies in another file; its reference stays."""

    name: ClassVar[str] = "case.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAmended(Event):
    """What the file knows of a party was put right."""

    name: ClassVar[str] = "party.amended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAmended(Event):
    """The case is about something else than was stated first."""

    name: ClassVar[str] = "case.subject_amended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAmended(Event):
    """The case was received on another day than its stamp said."""

    name: ClassVar[str] = "case.receipt_amended"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsFiled(Event):
    """Documents came to the case."""

    name: ClassVar[str] = "documents.filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWritten(Event):
    """Something was said to or by the applicant."""

    name: ClassVar[str] = "message.written"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event):
    """A colleague left a note."""

    name: ClassVar[str] = "note.written"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShared(Event):
    """One person may see this case beside the rule, for a time."""

    name: ClassVar[str] = "case.shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEnded(Event):
    """A share was taken back before its time."""

    name: ClassVar[str] = "case.share_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueBarred(Event):
    """One named person no longer sees this case."""

    name: ClassVar[str] = "case.colleague_barred"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueReadmitted(Event):
    """A bar was lifted: for this person the rule counts again."""

    name: ClassVar[str] = "case.colleague_readmitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFetched(Event):
    """Someone read a document of a protected access class."""

    name: ClassVar[str] = "document.fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsCleared(Event):
    """Documents that were held until they had been scanned can be opened."""

    name: ClassVar[str] = "documents.cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class MalwareFound(Event):
    """Documents of the case contain malware; they stay held for good."""

    name: ClassVar[str] = "documents.malware_found"
