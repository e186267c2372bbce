"""How offers made unasked are taken up, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.rows import EmptyState
from backoffice.pages.rows.waiting import OffersPage, TakenRow
from workflows.proactive.figures import Taken

OCCASIONS: Final[Mapping[str, Promise]] = {
    "matter_ends": _("läuft ab"),
    "moved_in": _("Zuzug"),
    "birth": _("Geburt"),
    "business_registered": _("Gewerbe angemeldet"),
}


def offers_page(figures: Sequence[Taken], *, since: date, titles: Mapping[str, str]) -> OffersPage:
    """The figures of what was offered since a day."""
    return OffersPage(
        since=since,
        rows=tuple(_row(one, titles) for one in figures),
        empty=EmptyState(
            gettext("In Ihren Einheiten wurde noch nichts von selbst angeboten."),
            gettext("Was sich anbietet und wann, steht in der Leistung."),
        ),
    )


def _row(one: Taken, titles: Mapping[str, str]) -> TakenRow:
    answered = one.accepted + one.declined + one.lapsed
    share = f"{round(100 * one.accepted / answered)} %" if answered else "–"
    return TakenRow(
        service=titles.get(one.service_key, one.service_key),
        occasion=str(OCCASIONS[one.occasion]),
        made=one.made,
        waiting=one.waiting,
        accepted=one.accepted,
        declined=one.declined,
        lapsed=one.lapsed,
        withdrawn=one.withdrawn,
        share=share,
    )
