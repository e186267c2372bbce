"""Whatever a client sends, the worst that comes back is a problem with a status of 4xx."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas import COMPONENTS, resolved
from tests.api.calling import Portal
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
