"""What a search found."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from backoffice.pages.rows import EmptyState, SearchPage, SearchRow
from backoffice.pages.words import many, state_tag
from efile.kernel.clock import local_date
from search.queries import Hit, Hits


def search_page(query: str, found: Hits, *, key: str, offset: int) -> SearchPage:
    """A page of hits, newest first; ``key`` is the opaque address of the stored query."""
    shown = offset + len(found.hits)
    url = reverse("search_result", args=[key])
    total = ngettext("%(count)s Treffer", "%(count)s Treffer", found.total)
    return SearchPage(
        query=query,
        summary=total % {"count": many(found.total)},
        rows=tuple(_row(hit) for hit in found.hits),
        empty=EmptyState(
            gettext("Nichts gefunden."),
            gettext("Versuchen Sie weniger Wörter, einen Teil des Namens oder das Aktenzeichen."),
        ),
        more_url=f"{url}?first={shown}" if shown < found.total else "",
    )


def start_page() -> SearchPage:
    """Before anything was searched for."""
    hint = gettext(
        "Gesucht wird nach Aktenzeichen, Namen und Betreff, in allem, was Sie sehen dürfen."
    )
    return SearchPage(query="", summary="", empty=EmptyState(gettext("Was suchen Sie?"), hint))


def _row(hit: Hit) -> SearchRow:
    return SearchRow(
        key=str(hit.case_id),
        url=reverse("case", args=[hit.case_id]),
        reference=hit.reference,
        name=hit.applicant or gettext("ohne Namen"),
        service=hit.subject,
        state=state_tag(hit.state),
        received_on=local_date(hit.received_at),
    )
