"""Tests of backoffice.pages.errors and middleware: what people read when something is refused."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from backoffice.pages.errors import server_error, status_of
from backoffice.pages.middleware import RefusalMiddleware
from efile.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable
from efile.policy import ActionNotGranted
from workflows.machine import TasksAreOpen

FAMILIES = [(NotAllowed, 403), (NotFound, 404), (Conflict, 409), (Invalid, 422), (Unavailable, 503)]


def told(error: Exception) -> HttpResponse | None:
    """What the middleware makes of ``error``."""
    request = RequestFactory().get("/")
    request.correlation = "0123456789abcdef"  # type: ignore[attr-defined]
    return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, error)


class TestARefusal:
    @pytest.mark.parametrize(("family", "status"), FAMILIES)
    def test_of_each_family_has_its_status_and_its_page(
        self, family: type[Refusal], status: int
    ) -> None:
        response = told(family())

        assert response is not None
        assert response.status_code == status
        assert "<h1>" in response.content.decode()

    def test_takes_the_status_of_its_family(self) -> None:
        assert (status_of(ActionNotGranted), status_of(TasksAreOpen)) == (403, 409)

    def test_says_what_the_matter_is_and_under_which_number_the_log_knows_it(self) -> None:
        response = told(TasksAreOpen(count=2))

        assert response is not None
        text = response.content.decode()
        assert "Der Vorgang hat noch offene Aufgaben: 2." in text
        assert "0123456789abcdef" in text

    def test_is_what_an_absent_database_looks_like(self) -> None:
        response = told(OperationalError("the pool is empty"))

        assert response is not None
        assert response.status_code == 503

    def test_is_nothing_else(self) -> None:
        assert told(ValueError("a bug")) is None


class TestABug:
    def test_has_a_page_that_asks_no_database(self) -> None:
        request = RequestFactory().get("/")
        response = server_error(request)

        assert response.status_code == 500
        assert "Da ist etwas schiefgegangen" in response.content.decode()
        assert "Noch einmal versuchen" in response.content.decode()


@pytest.mark.django_db
class TestAFormThatIsTooOld:
    def test_is_told_so(self) -> None:
        client = Client(enforce_csrf_checks=True)
        response = client.post("/language", {"language": "en"})

        assert response.status_code == 403
        assert "Diese Seite ist nicht mehr gültig" in response.content.decode()


@pytest.mark.django_db
class TestAnAddressNobodyServes:
    def test_looks_like_a_case_that_is_none(self, desk: Client) -> None:
        response = desk.get("/nowhere")

        assert response.status_code == 404
        assert "Nicht gefunden" in response.content.decode()


@pytest.mark.django_db
class TestAHostThatIsNotOurs:
    def test_is_told_so_in_german(self, desk: Client) -> None:
        response = desk.get("/login", headers={"Host": "elsewhere.example"})

        assert response.status_code == 400
        assert "Diese Anfrage verstehen wir nicht" in response.content.decode()
