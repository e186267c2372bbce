"""The cases of the person who is signed in at a portal."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.language import language_for
from api.operations import JSON_FAULTS, answer, json_body, operation
from api.schemas import CASE_QUERY
from api.view import PortalView
from efile.kernel.clock import now
from efile.kernel.errors import Invalid
from workflows.persons_cases import DashboardNotOffered, cases_of_person

_USUAL = 20


class CaseQuery(PortalView):
    """What one person has applied for, whichever way."""

    required_scope = "cases"

    @operation(
        "queryCases",
        "The cases of whoever is signed in",
        scope="cases",
        answers={200: answer("At most limit cases, the latest first", "PersonsCases")},
        refuses=[*JSON_FAULTS, DashboardNotOffered, Invalid],
        body=json_body("CaseQuery"),
        description="Over all channels, where the city offers it; what ended two years ago or "
        "earlier is left out. A person nobody knows has no cases. The pseudonym travels in the "
        "body only and is not kept.",
        tag="Cases",
    )
    def post(self, request: Request) -> Response:
        asked = CASE_QUERY.read(request).value
        page = cases_of_person(
            asked["identity"],
            by=self.actor,
            at=now(),
            language=language_for(request._request),
            before=UUID(asked["cursor"]) if "cursor" in asked else None,
            limit=asked.get("limit", _USUAL),
        )
        return Response({"cases": page.cases, "next": str(page.next) if page.next else None})
