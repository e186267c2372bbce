"""The API describes itself completely."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from api.openapi import document
from api.schemas import COMPONENTS, resolved
from workflows.catalogue.forms import FormValidator

Operation = dict[str, Any]


def operations() -> Iterator[tuple[str, str, Operation]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_valid_openapi_3_1() -> None:
    validate_schema(document())  # type: ignore[no-untyped-call]
    assert document()["openapi"].startswith("3.1")


def test_it_has_the_operations_of_the_contract() -> None:
    assert {(method, path.removeprefix("/api/v1/")) for path, method, _ in operations()} == {
        ("post", "oauth/token"),
        ("get", "services"),
        ("get", "services/{key}"),
        ("get", "services/{key}/slots"),
        ("post", "services/{key}/slots/{slot}/hold"),
        ("post", "uploads"),
        ("get", "uploads/{upload}"),
        ("options", "uploads/resumable"),
        ("post", "uploads/resumable"),
        ("head", "uploads/resumable/{upload}"),
        ("patch", "uploads/resumable/{upload}"),
        ("delete", "uploads/resumable/{upload}"),
        ("post", "submissions"),
        ("get", "submissions/{submission}"),
        ("get", "submissions/{submission}/receipt"),
        ("get", "submissions/{submission}/documents/{document}"),
        ("post", "submissions/{submission}/answers"),
        ("get", "submissions/{submission}/messages"),
        ("post", "submissions/{submission}/messages"),
        ("put", "submissions/{submission}/messages/{message}/read"),
        ("post", "submissions/{submission}/appointment"),
        ("post", "submissions/{submission}/payment"),
        ("post", "submissions/{submission}/withdrawal"),
        ("post", "submissions/{submission}/place-offer"),
        ("post", "validations"),
        ("post", "cases/query"),
        ("post", "occasions"),
        ("get", "offers"),
        ("post", "offers/search"),
        ("post", "offers/{offer}/acceptance"),
        ("post", "offers/{offer}/rejection"),
        ("get", "events"),
        ("get", "callback"),
        ("put", "callback"),
        ("delete", "callback"),
    }


def test_every_operation_names_itself_its_token_and_its_path_parameters() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    for path, _, operation in operations():
        needed = set(re.findall(r"{(\w+)}", path))
        named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert named == needed, path
        assert "401" in operation["responses"], path


def test_every_reference_leads_somewhere() -> None:
    found = re.findall(r"'#/components/schemas/(\w+)'", str(document()))
    assert set(found) <= COMPONENTS.keys()
    assert COMPONENTS.keys() <= {*found}, "a schema that nothing uses"


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_every_example_is_what_its_schema_says(name: str) -> None:
    schema = resolved(COMPONENTS[name])
    validator = FormValidator(schema)
    for example in schema.get("examples", []):
        assert validator.errors(example, "") == []


@pytest.mark.django_db
class TestTheDescription:
    def test_is_open_to_everybody(self) -> None:
        assert Client().get("/api/v1/openapi.json").json() == document()

    def test_is_a_page_without_anything_from_elsewhere(self) -> None:
        response = Client().get("/api/v1/docs")
        page = response.content.decode()
        assert response.status_code == 200
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
        assert "<script" not in page
        assert not re.search(r"\sstyle=", page)

    def test_leads_from_each_link_to_a_place_on_the_page(self) -> None:
        page = Client().get("/api/v1/docs").content.decode()
        targets = set(re.findall(r' id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= targets

    def test_explains_the_type_of_a_problem(self) -> None:
        kind = Client().get("/api/v1/services").json()["type"]
        address, _, anchor = kind.partition("#")
        assert f'id="{anchor}"' in Client().get(address).content.decode()
