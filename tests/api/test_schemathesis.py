"""The API does what its description says, whatever is generated from it: calls and journeys."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests.structures import CaseInsensitiveDict
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)

from api.clients import create_client
from api.openapi import document
from api.scopes import OPERATIONS as SCOPES
from efile.kernel.ids import uuid7
from tests import factories
from tests.api.calling import PDF, token_for

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# Of a single call it can be known that it had to be refused.
OF_ONE_CALL = [*CHECKS, negative_data_rejection, ignored_auth, missing_required_header]
OF_A_JOURNEY = [*CHECKS, use_after_free]

OPERATIONS = [
    pytest.param(path, method, id=told["operationId"])
    for path, methods in document()["paths"].items()
    for method, told in methods.items()
]
BEHIND_A_RECEIPT = {
    *document()["paths"]["/api/v1/submissions"]["post"]["responses"]["201"]["links"]
}
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


# What a request can be refused with beside what is refused for its values (tus: 412, 460).
CONFIG = schemathesis.Config.from_dict(
    {
        "checks": {
            name: {"expected-statuses": ["4xx"]}
            for name in ("negative_data_rejection", "missing_required_header")
        }
    }
)
schemathesis.serializer.alias(
    ["application/offset+octet-stream", "application/pdf"], "application/octet-stream"
)


@pytest.fixture
def api() -> Iterator[Any]:
    """The API as its document describes it, called through WSGI with a token for everything."""
    for signal in (request_started, request_finished):  # they would end the test's transaction
        signal.disconnect(close_old_connections)
    client_id, _ = create_client(factories.city(), "Ein Portal", SCOPES)
    schema: Any = schemathesis.openapi.from_dict(document(), config=CONFIG)
    schema.app = get_wsgi_application()
    schema.token = token_for(client_id, " ".join(SCOPES))
    schema.actor = replace(factories.portal(), key=f"portal:{client_id}")
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_journeys_along_the_links_keep_to_it_too(api: Any) -> None:
    """From services to a receipt and on: what one answer names, the next call takes."""
    seen: Counter[tuple[str, int]] = Counter()

    class Journey(api.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            # Every journey begins in the same city, so that it can be made once more.
            self.services = cycle(["resident-parking", "dog-tax", "registration-certificate"])
            self.city = transaction.atomic()
            self.city.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.city.__exit__(None, None, None)

        def get_call_kwargs(self, _case: Case[Any]) -> dict[str, Any]:
            return {"headers": headers(api)}

        def before_call(self, case: Case[Any]) -> None:
            match called(case):
                case "getService":
                    case.path_parameters = {"key": next(self.services)}
                case "createUpload":
                    case.headers = CaseInsensitiveDict({"Content-Type": "application/pdf"})
                    case.media_type, case.body = "application/pdf", PDF + uuid7().bytes
                case "submit" | "validate":
                    # What is drawn at random is no application; single calls try that.
                    case.body = factories.body(next(self.services), api.actor)

        def after_call(self, response: Any, case: Case[Any]) -> None:
            seen[called(case), response.status_code] += 1

        def validate_response(self, response: Any, case: Case[Any], **_: Any) -> None:
            case.validate_response(response, checks=OF_A_JOURNEY, headers=headers(api))

    Journey.run(settings=settings(BOUNDED, max_examples=30, stateful_step_count=12))
    reached = {name for name, status in seen if status < 300}
    assert "submit" in reached
    # Which ways are taken on is drawn anew whenever the description changes.
    assert len(reached & BEHIND_A_RECEIPT) >= 3, seen


def called(case: Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])


def headers(api: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.token}"}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_keeps_to_its_description(api: Any, path: str, method: str) -> None:
    operation = api[path][method]

    def keeps(case: Case[Any]) -> None:
        case.call_and_validate(checks=OF_ONE_CALL, headers=headers(api))

    BOUNDED(given(case=operation.as_strategy())(keeps))()
    # Some operations take nothing that could be wrong.
    with suppress(Unsatisfiable):
        BOUNDED(given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))(keeps))()
