"""The feed: everything that happens to a portal's submissions, in one order."""

from typing import Final

from rest_framework.request import Request
from rest_framework.response import Response

from api.operations import answer, operation, query
from api.problems import Malformed
from api.view import PortalView
from efile.kernel.errors import FieldError
from workflows.feed import feed

_MOST: Final = 500
_USUAL: Final = 100


class Events(PortalView):
    """The events after a cursor."""

    required_scope = "read"

    @operation(
        "listEvents",
        "What happened since",
        scope="read",
        answers={200: answer("At most limit events", "Events")},
        refuses=[Malformed],
        parameters=[
            query(
                "after",
                {"type": "string", "pattern": "^[0-9]{1,18}$"},
                "next of the last answer; without it, all events.",
            ),
            query(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _USUAL},
                "At most so many.",
            ),
        ],
        description="Never skips and never repeats an event. Read until events is empty, keep "
        "next, and go on from there the next time.",
        tag="Events",
    )
    def get(self, request: Request) -> Response:
        after = _number(request, "after", "cursor", default=0, most=10**18)
        limit = _number(request, "limit", "limit", default=_USUAL, most=_MOST, least=1)
        page = feed(after=after, limit=limit, by=self.actor)
        return Response({"events": page.events, "next": str(page.next)})


def _number(
    request: Request, parameter: str, rule: str, *, default: int, most: int, least: int = 0
) -> int:
    """A number from the query. Refuses: Malformed."""
    text = request.query_params.get(parameter, str(default))
    if text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most:
        return int(text)
    raise Malformed([FieldError("", rule, {"parameter": parameter, "limit": most})])
