"""The dispatch list of a day, on the page and as a table for the crew."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from backoffice.pages.presenters.application import item_text
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import DispatchPage, DistrictRows, EmptyState, Option, StopRow
from workflows.catalogue.parts import only
from workflows.dispatch import Stop
from workflows.offers import Offer

_A_DAY: Final = timedelta(days=1)
# A cell that begins like this is a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


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
    """Where the list of a day is: as a page (``dispatch``) or as a table (``dispatch_csv``)."""
    return f"{reverse(name)}?{urlencode({'service': service, 'day': day.isoformat()})}"


def dispatch_table(stops: Sequence[Stop]) -> str:
    """The list as CSV for a German spreadsheet: semicolons, with a byte order mark."""
    table = io.StringIO()
    table.write("\ufeff")
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
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
    )
    for stop in stops:
        row = _row(stop)
        cells = [stop.district, row.kind, row.window, row.street, row.city, row.name, row.phone]
        writer.writerow(_harmless(cell) for cell in [*cells, "; ".join(row.load), row.reference])
    return table.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


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
