"""What a template may know: frozen rows without a way back to the database.

Texts arrive in the reader's language, stamps as aware datetimes and days as dates; templates
write both as dd.mm.yyyy. Codes become words in ``backoffice.pages.words``.
"""

from backoffice.pages.rows.case import (
    CaseHeader,
    CasePage,
    CheckRow,
    DeadlineRow,
    DocumentRow,
    FieldGroup,
    FieldRow,
    HistoryRow,
    NoteRow,
    PartyRow,
    QuestionRow,
    Step,
)
from backoffice.pages.rows.dispatch import DispatchPage, DistrictRows, StopRow
from backoffice.pages.rows.forms import (
    ActionField,
    ActionRow,
    FieldProblem,
    Option,
)
from backoffice.pages.rows.frame import (
    EmptyState,
    ErrorPage,
    Link,
    LoginPage,
    NavGroup,
    NavItem,
    Shell,
    Tag,
    Theme,
    Tone,
)
from backoffice.pages.rows.inbox import (
    InboxItemPage,
    InboxPage,
    InboxRow,
    PayloadError,
    PayloadRow,
)
from backoffice.pages.rows.lists import (
    Column,
    FilterField,
    SearchPage,
    SearchRow,
    ViewTab,
    WorklistPage,
    WorklistRow,
)

__all__ = [
    "ActionField",
    "ActionRow",
    "CaseHeader",
    "CasePage",
    "CheckRow",
    "Column",
    "DeadlineRow",
    "DispatchPage",
    "DistrictRows",
    "DocumentRow",
    "EmptyState",
    "ErrorPage",
    "FieldGroup",
    "FieldProblem",
    "FieldRow",
    "FilterField",
    "HistoryRow",
    "InboxItemPage",
    "InboxPage",
    "InboxRow",
    "Link",
    "LoginPage",
    "NavGroup",
    "NavItem",
    "NoteRow",
    "Option",
    "PartyRow",
    "PayloadError",
    "PayloadRow",
    "QuestionRow",
    "SearchPage",
    "SearchRow",
    "Shell",
    "Step",
    "StopRow",
    "Tag",
    "Theme",
    "Tone",
    "ViewTab",
    "WorklistPage",
    "WorklistRow",
]
