"""The dispatch list of a day, on the page and as a table for the crew."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, override

from backoffice.pages.presenters.application import item_text
from backoffice.pages.presenters.tables import table_text
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import DispatchPage, DistrictRows, EmptyState, Option, StopRow
from efile.letters.lists import Column, ListFacts
from workflows.catalogue.parts import only
from workflows.dispatch import Stop
from workflows.offers import Offer
from workflows.office import Office

_A_DAY: Final = timedelta(days=1)
# Shares of a landscape page.
_SHEET: Final = (
    Column("Bezirk", 20),
    Column("Nr.", 12, "right"),
    Column("Anschrift", 42),
    Column("Name, Telefon", 40),
    Column("Was", 64),
    Column("Art und Zeit", 26),
    Column("Vorgang", 40),
    Column("Bemerkung", 32),
    Column("Erledigt", 20),
)
# To be ticked by hand.
_BOX: Final = "☐"


def dispatch_page(
    offer: Offer, day: date, stops: Sequence[Stop], *, offers: Sequence[Offer]
) -> DispatchPage:
    """The places of a day by district."""
    count = len(stops)
    total = ngettext("%(count)d Abholung am %(day)s", "%(count)d Abholungen am %(day)s", count)
    key = offer.definition.key
    return DispatchPage(
        title=offer.definition.title.in_(language()),
        summary=total % {"count": count, "day": day_text(day)},
        day=day,
        previous_url=address("dispatch", key, day - _A_DAY),
        next_url=address("dispatch", key, day + _A_DAY),
        csv_url=address("dispatch_csv", key, day) if stops else "",
        pdf_url=address("dispatch_pdf", key, day) if stops else "",
        service=key,
        services=_services(key, offers),
        districts=tuple(
            DistrictRows(
                gettext("Bezirk %(district)s") % {"district": district},
                tuple(_row(stop) for stop in group),
            )
            for district, group in groupby(stops, lambda stop: stop.district)
        ),
        empty=EmptyState(gettext("An diesem Tag ist nichts gebucht.")),
    )


def address(name: str, service: str, day: date) -> str:
    """Where the list of a day is: ``dispatch``, ``dispatch_csv`` or ``dispatch_pdf``."""
    return f"{reverse(name)}?{urlencode({'service': service, 'day': day.isoformat()})}"


def dispatch_table(stops: Sequence[Stop]) -> str:
    """The list as CSV for a German spreadsheet."""
    head = [
        gettext("Bezirk"),
        gettext("Art"),
        gettext("Zeit"),
        gettext("Straße"),
        gettext("Ort"),
        gettext("Name"),
        gettext("Telefon"),
        gettext("Was"),
        gettext("Vorgang"),
    ]
    return table_text(head, (_cells(stop) for stop in stops))


def dispatch_sheet(
    offer: Offer, day: date, stops: Sequence[Stop], *, office: Office, dated: date
) -> ListFacts:
    """The list as the crew takes it along: in German, with room for remarks and a box to tick."""
    with override("de"):
        page = dispatch_page(offer, day, stops, offers=())
        return ListFacts(
            letterhead=office.letterhead,
            city=office.name,
            dated=dated,
            title=f"Tagesliste {page.title}",
            subtitle=_told_of(day, stops, page.districts),
            columns=_SHEET,
            rows=[
                _on_paper(district.label, number, stop)
                for district in page.districts
                for number, stop in enumerate(district.stops, 1)
            ],
            closing=["Bemerkungen bitte nach der Tour in den Vorgang eintragen."],
            signature_lines=["Datum, Unterschrift der Kolonne"],
            empty="An diesem Tag ist nichts gebucht.",
            landscape=True,
        )


def _told_of(day: date, stops: Sequence[Stop], districts: Sequence[DistrictRows]) -> str:
    """The day of a list with how much there is to do."""
    places = ngettext("%(count)d Anschrift", "%(count)d Anschriften", len(stops))
    parts = ngettext("%(count)d Bezirk", "%(count)d Bezirke", len(districts))
    told = [places % {"count": len(stops)}, parts % {"count": len(districts)}]
    return ", ".join([date_format(day, "l"), day_text(day), *(told if stops else ())])


def _on_paper(district: str, number: int, stop: StopRow) -> list[str]:
    """One line of the crew's list; a cell is one line, however much stands in it."""
    return [
        district,
        str(number),
        _listed(stop.street, stop.city),
        _listed(stop.name, stop.phone),
        "; ".join(stop.load),
        _listed(stop.kind, stop.window),
        stop.reference,
        "",
        _BOX,
    ]


def _listed(*texts: str) -> str:
    return ", ".join(text for text in texts if text)


def _cells(stop: Stop) -> list[str]:
    row = _row(stop)
    cells = [stop.district, row.kind, row.window, row.street, row.city, row.name, row.phone]
    return [*cells, "; ".join(row.load), row.reference]


def _services(current: str, offers: Sequence[Offer]) -> tuple[Option, ...]:
    if len(offers) < 2:
        return ()
    return tuple(
        Option(
            one.definition.key,
            one.definition.title.in_(language()),
            one.definition.key == current,
        )
        for one in offers
    )


def _row(stop: Stop) -> StopRow:
    place = stop.address
    slots = stop.application.definition.slots
    kind = only(slots.kinds, stop.kind) if slots else None
    return StopRow(
        key=str(stop.case_id),
        url=reverse("case", args=[stop.case_id]),
        reference=stop.reference,
        name=stop.applicant,
        phone=str(stop.application.applicant.get("phone") or ""),
        street=f"{place.get('street', '')} {place.get('number', '')}".strip(),
        city=f"{place.get('postcode', '')} {place.get('city', '')}".strip(),
        kind=kind.title.in_(language()) if kind else stop.kind,
        window=f"{stop.starts:%H:%M}–{stop.ends:%H:%M}",
        load=tuple(_load(stop)),
    )


def _load(stop: Stop) -> Iterator[str]:
    """Whatever the form lists: the pieces to be taken."""
    for name, schema in stop.application.definition.form.get("properties", {}).items():
        listed = stop.application.form.get(name)
        if schema.get("type") == "array" and isinstance(listed, list):
            for item in listed:
                yield item_text(schema.get("items", {}), item)
