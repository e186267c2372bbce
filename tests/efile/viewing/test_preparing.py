"""Tests of efile.viewing.preparing: what is ready before anybody looks."""

import pytest

from efile.filing import NewDocument, content_for, file_documents
from efile.kernel.ids import uuid7
from efile.models import Case
from efile.storage import default_store
from efile.viewing.cache import Cache
from efile.viewing.pages import THUMBNAIL, kept, known_text
from efile.viewing.preparing import prepare_views
from tests.efile.cases import opened
from tests.efile.viewing.files import letter, locked
from tests.factories import AT, drained, machine

pytestmark = pytest.mark.django_db


def filed(case: Case, content: bytes) -> str:
    """The hash of a PDF that came to ``case``."""
    stored, by = default_store().write([content], max_bytes=len(content)), machine()
    new = NewDocument(
        id=uuid7(),
        kind="proof",
        title="Nachweis",
        content_id=content_for(by.tenant_id, stored, "application/pdf", at=AT),
        sha256=stored.sha256,
        filename="Nachweis.pdf",
    )
    file_documents(case.id, [new], by=by, at=AT)
    return stored.sha256


class TestPrepareViews:
    def test_is_owed_when_documents_come(self, drawn: Cache) -> None:
        sha256 = filed(opened(), letter(2))
        drained()

        assert known_text(kept(sha256)) is not None
        assert drawn.get(sha256, f"1-{THUMBNAIL}-0") is not None

    def test_goes_on_after_what_cannot_be_shown_or_is_gone(self) -> None:
        case = opened()
        filed(case, locked("geheim"))
        gone = filed(case, letter(3))
        default_store().delete(gone)
        last = filed(case, letter(4))
        prepare_views(case.id)

        assert known_text(kept(gone)) is None
        assert known_text(kept(last)) is not None
