"""What a search found, by the place it was found at, with facets to narrow it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import language
from backoffice.pages.rows import (
    EmptyState,
    FilterField,
    Link,
    Option,
    SearchGroup,
    SearchPage,
    SearchRow,
)
from backoffice.pages.words import many, state_tag, state_text
from efile.kernel.clock import local_date
from search.queries import COUNTED, FACETED, Hit, Hits, Narrowed, Place
from workflows.offers import Offer

_PLACES: Final[Mapping[Place, Promise]] = {
    Place.CASE: _("Vorgänge"),
    Place.PERMIT: _("Ausweise und Nummern"),
    Place.PERSON: _("Personen"),
    Place.DOCUMENT: _("Dokumente"),
}


def search_page(
    query: str,
    found: Hits,
    *,
    key: str,
    narrowed: Narrowed,
    offers: Sequence[Offer],
    offset: int,
    size: int,
) -> SearchPage:
    """A page of ``size`` hits from ``offset`` on; ``key`` is the address of the stored query."""
    url = reverse("search_result", args=[key])
    titles = {one.definition.key: one.definition.title.in_(language()) for one in offers}
    is_narrowed = narrowed != Narrowed()
    goes_on = len(found.hits) == size and (found.total > COUNTED or offset + size < found.total)
    return SearchPage(
        query=query,
        summary=_summary(found, offset) if found.hits else _total(0),
        url=url,
        filters=_filters(found, narrowed, titles) if found.unnarrowed else (),
        reset_url=url if is_narrowed else "",
        capped=_capped() if found.is_capped else "",
        groups=_groups(found.hits, titles),
        empty=None if found.hits else _empty(found, url),
        hints=() if found.unnarrowed else _hints(),
        previous_url=_address(url, narrowed, max(0, offset - size)) if offset else "",
        next_url=_address(url, narrowed, offset + size) if goes_on else "",
    )


def start_page() -> SearchPage:
    """Before anything was searched for."""
    hint = gettext(
        "Gesucht wird nach Aktenzeichen, Namen, Betreff, Ausweisnummern und Dokumenten, in allem, "
        "was Sie sehen dürfen."
    )
    return SearchPage(
        query="", summary="", empty=EmptyState(gettext("Was suchen Sie?"), hint), hints=_hints()
    )


def _total(count: int) -> str:
    return ngettext("%(count)s Treffer", "%(count)s Treffer", count) % {"count": many(count)}


def _summary(found: Hits, offset: int) -> str:
    """Which of how many are shown, or only how many where all are."""
    if not offset and len(found.hits) == found.total:
        return _total(found.total)
    span = {
        "first": number_format(offset + 1, force_grouping=True),
        "last": number_format(offset + len(found.hits), force_grouping=True),
        "total": _total(found.total),
    }
    return gettext("%(first)s–%(last)s, insgesamt %(total)s, neueste zuerst") % span


def _capped() -> str:
    limit = number_format(FACETED, force_grouping=True)
    return gettext("Die Filter nennen, was unter den neuesten %(limit)s Treffern vorkommt.") % {
        "limit": limit
    }


def _empty(found: Hits, url: str) -> EmptyState:
    if found.unnarrowed:
        return EmptyState(
            gettext("Mit diesen Filtern ist nichts dabei."),
            gettext("Ohne Filter: %(total)s.") % {"total": _total(found.unnarrowed)},
            Link(gettext("Filter entfernen"), url),
        )
    return EmptyState(
        gettext("Nichts gefunden."),
        gettext("Versuchen Sie weniger Wörter, einen Teil des Namens oder das Aktenzeichen."),
    )


def _hints() -> tuple[str, ...]:
    return (
        gettext("Umlaute, Akzente und Großschreibung sind gleichgültig: mueller findet Müller."),
        gettext("Der Anfang eines Wortes genügt: Yıl findet Yılmaz, 123/26 das Aktenzeichen."),
        gettext("Mehrere Wörter müssen alle vorkommen: Müller Sperrmüll."),
        gettext("Gefunden wird nur, was Sie sehen dürfen. Anderes kann es trotzdem geben."),
    )


def _filters(found: Hits, narrowed: Narrowed, titles: Mapping[str, str]) -> tuple[FilterField, ...]:
    facets = found.facets
    services = sorted(facets.services.items(), key=lambda one: titles.get(one[0], one[0]))
    states = sorted(facets.states.items(), key=lambda one: state_text(one[0]))
    years = sorted(facets.years.items(), reverse=True)
    return (
        _filter(
            "service",
            gettext("Leistung"),
            [(key, titles.get(key, key), count) for key, count in services],
            narrowed.service,
            titles.get(narrowed.service, narrowed.service),
        ),
        _filter(
            "state",
            gettext("Stand"),
            [(key, state_text(key), count) for key, count in states],
            narrowed.state,
            _state(narrowed.state),
        ),
        _filter(
            "year",
            gettext("Eingang"),
            [(str(year), str(year), count) for year, count in years],
            str(narrowed.year or ""),
            str(narrowed.year),
        ),
    )


def _filter(
    name: str, label: str, known: Sequence[tuple[str, str, int]], chosen: str, chosen_label: str
) -> FilterField:
    """A facet with its counts; what is chosen stays to be seen where nothing is left of it."""
    if chosen and chosen not in [key for key, *_rest in known]:
        known = [*known, (chosen, chosen_label, 0)]
    options = [
        Option(key, f"{text} ({many(count)})", selected=key == chosen) for key, text, count in known
    ]
    anything = Option("", gettext("alle"), selected=not chosen)
    return FilterField(name, label, (anything, *options), active=bool(chosen))


def _state(state: str) -> str:
    try:
        return state_text(state)
    except KeyError:
        return state


def _address(url: str, narrowed: Narrowed, first: int) -> str:
    """The same search from another hit on; nothing in it is personal."""
    said: dict[str, Any] = {
        "service": narrowed.service,
        "state": narrowed.state,
        "year": narrowed.year,
        "first": first,
    }
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{url}?{query}" if query else url


def _groups(hits: Sequence[Hit], titles: Mapping[str, str]) -> tuple[SearchGroup, ...]:
    """The hits by place, each place newest first."""
    return tuple(
        SearchGroup(place.value, str(label), tuple(_row(hit, titles) for hit in here))
        for place, label in _PLACES.items()
        if (here := [hit for hit in hits if hit.place is place])
    )


def _row(hit: Hit, titles: Mapping[str, str]) -> SearchRow:
    # The name stands there anyway, the subject often begins with the service.
    found = hit.found if hit.place in (Place.PERMIT, Place.DOCUMENT) else _other(hit)
    return SearchRow(
        key=str(hit.case_id),
        url=reverse("case", args=[hit.case_id]),
        reference=hit.reference,
        name=hit.applicant or gettext("ohne Namen"),
        service=hit.subject or titles.get(hit.service_key, ""),
        unit=hit.unit,
        state=state_tag(hit.state),
        received_on=local_date(hit.received_at),
        found=found,
    )


def _other(hit: Hit) -> str:
    """The name it was found by, where it is not the one that the case goes by."""
    return hit.found if hit.place is Place.PERSON and hit.found != hit.applicant else ""
