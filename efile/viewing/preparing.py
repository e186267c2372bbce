"""What is done before anybody looks: the pages of new documents are read and drawn."""

from contextlib import suppress
from time import monotonic
from typing import Any, Final
from uuid import UUID

from efile.kernel.errors import Unavailable
from efile.models import DocumentVersion
from efile.scanning import hold_on
from efile.viewing.pages import kept, warm
from efile.viewing.pool import Unviewable

# Well within a worker's lease. What is left over is drawn when somebody looks.
_SECONDS: Final = 12.0


def prepare_views(case_id: UUID) -> None:
    """Warm the cache for the documents of a case; those it has already cost next to nothing.

    Pages are a convenience: what cannot be drawn or read now says so when somebody looks. What
    is held is not opened; once it is cleared, this is owed again.
    """
    end = monotonic() + _SECONDS
    hashes = (
        DocumentVersion.objects.filter(document__case_id=case_id)
        .order_by("document__filed_at", "document_id", "-number")
        .values_list("content__sha256", "content__scan", "document__direction")
    )
    cleared = (sha256 for sha256, *state in hashes if hold_on(*state) is None)
    for sha256 in dict.fromkeys(cleared):
        if monotonic() > end:
            return
        with suppress(Unviewable, Unavailable):
            warm(kept(sha256))


def prepared(_case_id: UUID, _nothing: Any) -> None:
    """The debt is settled: all there was to do was done outside of any transaction."""
