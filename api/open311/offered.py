"""The services of the city as GeoReport lists them: each category one of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.open311.faults import Fault
from workflows.catalogue.open311 import Attribute, attributes, options
from workflows.catalogue.parts import Text
from workflows.offers import Offer, current_offers

LANGUAGE: Final = "de"


@dataclass(frozen=True, slots=True)
class Reportable:
    """A category of a service that can be reported; ``code`` names both."""

    offer: Offer
    category: str
    title: Text

    @property
    def code(self) -> str:
        return code_of(self.offer.definition.key, self.category)


def code_of(service_key: str, category: str) -> str:
    """The service_code: "defect-report.pothole"."""
    return f"{service_key}.{category}"


def reportable(tenant_id: int) -> dict[str, Reportable]:
    """Everything that can be reported, by code. One statement."""
    found = (
        Reportable(offer, category, title)
        for offer in current_offers(tenant_id)
        for category, title in options(offer.definition).items()
    )
    return {one.code: one for one in found}


def find_reportable(tenant_id: int, code: str) -> Reportable:
    """The category with that ``code``. Refuses with Fault: 400 without one, 404."""
    if not code:
        raise Fault(400, "service_code: not given.")
    found = reportable(tenant_id).get(code)
    if found is None:
        raise Fault(404, "There is no such service_code.")
    return found


def service(one: Reportable) -> dict[str, Any]:
    """An item of GET services."""
    definition = one.offer.definition
    return {
        "service_code": one.code,
        "service_name": one.title.in_(LANGUAGE),
        "description": definition.summary.in_(LANGUAGE),
        "metadata": bool(attributes(definition)),
        "type": "realtime",
        "keywords": ",".join(_keywords(one)),
        "group": definition.key,
    }


def service_definition(one: Reportable) -> dict[str, Any]:
    """GET services/{code}: what is asked beside category, place and description."""
    asked = attributes(one.offer.definition)
    return {
        "service_code": one.code,
        "attributes": [_attribute(each, order) for order, each in enumerate(asked, start=1)],
    }


def _attribute(one: Attribute, order: int) -> dict[str, Any]:
    return {
        "variable": True,
        "code": one.code,
        "datatype": one.datatype,
        "required": one.required,
        "datatype_description": one.hint.in_(LANGUAGE) if one.hint else None,
        "order": order,
        "description": one.label.in_(LANGUAGE),
        "values": [{"key": key, "name": title.in_(LANGUAGE)} for key, title in one.values.items()],
    }


def _keywords(one: Reportable) -> Iterable[str]:
    """What people may look for: the category in every language the service speaks."""
    said = (one.title.in_(language) for language in one.offer.definition.languages)
    return dict.fromkeys(text.replace(",", "") for text in said)


def services(tenant_id: int) -> Sequence[dict[str, Any]]:
    """GET services."""
    return [service(one) for one in reportable(tenant_id).values()]
