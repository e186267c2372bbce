"""Whatever a client sends, the worst that comes back is a problem with a status of 4xx."""

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.clients import create_client
from api.openapi import document
from api.schemas import COMPONENTS, resolved
from api.scopes import OPERATIONS as SCOPES
from tests import factories
from tests.api.calling import PDF, Portal, token_for
from tests.api.leavings import files, rows
from tests.api.mutations import Sent, valid, wrong_in_one_place
from workflows.models import Submission

pytestmark = pytest.mark.django_db

UNKNOWN = "01890000-0000-7000-8000-000000000001"
FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


def nearly(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Objects with the right names and mostly the wrong values."""
    members = schema.get("properties", {})
    known = {name: ANYTHING | nearly(inner) for name, inner in members.items()}
    if known:
        return st.fixed_dictionaries({}, optional=known)
    if schema.get("type") == "array":
        return st.lists(nearly(schema["items"]), max_size=3)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.text(max_size=40) | ANYTHING


def written(value: Any) -> bytes:
    """JSON as a careless client writes it: NaN, halves of surrogates and all."""
    return json.dumps(value).encode()


def refused(portal: Portal, method: str, path: str, content: bytes, **more: Any) -> None:
    answer = portal.call(method, path, content, **more)
    assert 400 <= answer.status < 500
    assert answer.headers["Content-Type"] == "application/problem+json"


@FUZZ
@given(body=ANYTHING | nearly(resolved(COMPONENTS["Submission"])))
def test_a_submission(portal: Portal, body: Any) -> None:
    if isinstance(body, dict):
        body.pop("on_invalid", None)
    refused(portal, "POST", "submissions", written(body), headers={"Idempotency-Key": "k"})
    assert not Submission.objects.exists()


@FUZZ
@given(content=st.binary(max_size=60))
def test_a_submission_that_is_no_text(portal: Portal, content: bytes) -> None:
    refused(portal, "POST", "submissions", content, headers={"Idempotency-Key": "k"})


@FUZZ
@given(body=ANYTHING | nearly(resolved(COMPONENTS["Answer"])))
def test_an_answer(portal: Portal, body: Any) -> None:
    refused(portal, "POST", f"submissions/{UNKNOWN}/answers", written(body))


@FUZZ
@given(body=ANYTHING | nearly(resolved(COMPONENTS["NewMessage"])))
def test_a_message(portal: Portal, body: Any) -> None:
    refused(portal, "POST", f"submissions/{UNKNOWN}/messages", written(body))


@FUZZ
@given(
    content=st.binary(max_size=40),
    media_type=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    disposition=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    digest=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)
def test_a_file(
    portal: Portal, content: bytes, media_type: str, disposition: str, digest: str
) -> None:
    headers = {
        "Content-Disposition": f"attachment; {disposition}",
        "Content-Digest": f"sha-256={digest}",
    }
    refused(portal, "POST", "uploads", content, media_type=media_type, headers=headers)


@FUZZ
@given(query=st.dictionaries(st.sampled_from(["after", "limit"]), st.text(min_size=1), min_size=1))
def test_a_question_to_the_feed(portal: Portal, query: dict[str, str]) -> None:
    answer = portal.call("GET", "events", query=query)
    assert answer.status in {200, 400}


@FUZZ
@given(query=st.dictionaries(st.sampled_from(["from", "to", "district"]), st.text()))
def test_a_question_for_slots(portal: Portal, query: dict[str, str]) -> None:
    answer = portal.call("GET", "services/bulky-waste/slots", query=query)
    assert answer.status in {200, 400}


@FUZZ
@given(path=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40))
def test_an_address(portal: Portal, path: str) -> None:
    path = path.replace("?", "").replace("#", "").replace(".", "").lstrip("/")
    refused(portal, "GET", f"submissions/{path}", b"")


HOW_MANY = 10_000


def valid_requests(submission: str) -> Iterator[Sent]:
    """A request for each operation that changes something; new operations join by themselves."""
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            if method in ("post", "put", "patch"):
                yield _valid_request(path, method, told, submission)


def _valid_request(path: str, method: str, told: dict[str, Any], submission: str) -> Sent:
    body: dict[str, Any] = told.get("requestBody", {})
    media_type, content = next(iter(body.get("content", {"": {}}).items()))
    is_json = media_type == "application/json"
    # Without a body that could be wrong the address is.
    here = submission if is_json else UNKNOWN
    path = re.sub(r"{submission}", here, path)
    path = re.sub(r"{key}", "bulky-waste", path)
    path = re.sub(r"{\w+}", UNKNOWN, path)
    keyed = any(
        one["name"] == "Idempotency-Key" for one in told.get("parameters", []) if "name" in one
    )
    headers = {"HTTP_IDEMPOTENCY_KEY": "key"} if keyed else {}
    if is_json:
        schema = resolved(content["schema"])
        sent = json.dumps(valid(schema)).encode()
        optional = not body.get("required")
        return Sent(method, path, sent, headers=headers, schema=schema, optional=optional)
    return Sent(
        method, path, PDF, "application/pdf" if media_type == "*/*" else media_type, headers
    )


def test_ten_thousand_requests_with_one_fault_each_leave_nothing(portal: Portal) -> None:
    """Truncated, doubled, endless, of another type, to nowhere: refused, and nothing is written."""
    client_id, _ = create_client(factories.city(), "Ein Portal", SCOPES)
    client = Client(headers={"Authorization": f"Bearer {token_for(client_id, ' '.join(SCOPES))}"})
    requests = list(valid_requests(portal.submitted()["id"]))
    chance = random.Random(20260310)
    before, there = rows(), files()
    wrong = []
    for valid_one in requests:
        for done, sent in wrong_in_one_place(valid_one, chance, HOW_MANY // len(requests) + 1):
            answer = client.generic(
                sent.method.upper(), sent.path, sent.content, sent.media_type, **sent.headers
            )
            kind = answer["Content-Type"].partition(";")[0]
            refused_well = kind == "application/problem+json" or "oauth" in sent.path
            if not (400 <= answer.status_code < 500 and refused_well):
                wrong.append((sent.method, sent.path, done, sent.content[:80], answer.status_code))
    assert not wrong, (len(wrong), wrong[:10])
    after = rows()
    assert {name: count for name, count in after.items() if count != before[name]} == {}
    assert files() == there
