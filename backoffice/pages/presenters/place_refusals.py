"""What refusals about waiting lists and offers are called; ``refusals`` has the rest."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OF_PLACES: Final[Mapping[str, tuple[Promise, Promise]]] = {
    # Waiting lists and places
    "not_waiting": (
        _("Nicht auf der Warteliste"),
        _("Der Vorgang steht auf keiner Warteliste, oder nicht mehr."),
    ),
    "place_not_offered": (
        _("Kein Platz angeboten"),
        _("Zu diesem Vorgang ist zurzeit kein Platz angeboten."),
    ),
    "place_offer_lapsed": (
        _("Angebot ist abgelaufen"),
        _("Der Platz war bis zum %(due_on)s freigehalten und geht an die nächste Person."),
    ),
    "places_are_taken": (
        _("Plätze sind vergeben"),
        _("So wenige Plätze können es nicht sein: Vergeben oder angeboten sind schon %(taken)s."),
    ),
    "round_is_drawn": (
        _("Es gibt schon eine Vorschau"),
        _("Für diesen Tag ist eine Runde gezogen. Führen Sie sie aus, oder verwerfen Sie sie."),
    ),
    "round_is_settled": (
        _("Runde ist abgeschlossen"),
        _("Die Runde ist schon ausgeführt oder verworfen."),
    ),
    "round_has_changed": (
        _("Die Warteliste hat sich geändert"),
        _(
            "Seit der Vorschau ist jemand dazugekommen, gegangen oder neu berechnet worden. Sehen "
            "Sie sich die neue Vorschau an, und führen Sie die Runde dann aus."
        ),
    ),
    "place_offers_are_open": (
        _("Es sind noch Angebote offen"),
        _(
            "Aus einer früheren Runde sind noch Angebote ohne Antwort: %(count)s. Sonst könnte "
            "jemand übergangen werden."
        ),
    ),
    # What a portal is not granted
    "scope_missing": (
        _("Dem Portal nicht erlaubt"),
        _("Das Portal darf diese Vorgänge lesen, aber nichts daran ändern."),
    ),
    "service_not_granted": (
        _("Dem Portal nicht erlaubt"),
        _("Für diese Leistung darf das Portal nicht einreichen."),
    ),
    # Offers made unasked
    "not_the_holder": (
        _("Angebot gilt einer anderen Person"),
        _("Das Angebot wurde nicht der Person gemacht, die angemeldet ist."),
    ),
    "offer_is_settled": (
        _("Angebot besteht nicht mehr"),
        _("Das Angebot ist beantwortet, abgelaufen oder zurückgezogen."),
    ),
    "offer_has_lapsed": (
        _("Angebot ist abgelaufen"),
        _("Das Angebot galt bis zum %(valid_until)s."),
    ),
    "offer_is_overtaken": (
        _("Angebot ist überholt"),
        _("Worum es geht, ist inzwischen beendet, geändert oder erneuert."),
    ),
}
