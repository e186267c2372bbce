"""Every service from the portal's call to its decision, over the API and through the pages."""

from typing import Any, Final

import pytest
from django.test import Client

from backoffice.demo.city import EMPLOYEES
from backoffice.pages.rows import ActionField, ActionRow, CasePage
from efile.kernel.models import Delivery, User
from tests.api.calling import Portal
from tests.factories import city, drained
from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import SHIPPED
from workflows.models import Process
from workflows.offers import current_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SERVICES: Final = sorted(
    file.name.removesuffix(".yaml") for file in SHIPPED.iterdir() if file.name.endswith(".yaml")
)


def caseworker_of(definition: Definition) -> Client:
    """A browser in which somebody works who may decide the service's cases."""
    username = next(
        employee.username
        for employee in EMPLOYEES
        for post in employee.posts
        if post.role == "caseworker"
        and post.unit == definition.unit
        and definition.access_class in post.access_classes
    )
    browser = Client()
    browser.force_login(
        User.objects.get(username=username),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return browser


def actions_on(browser: Client, address: str) -> dict[str, ActionRow]:
    """What the case's page offers, by key."""
    response = browser.get(address)
    assert response.status_code == 200
    page: CasePage = response.context["page"]
    return {action.key: action for action in page.actions}


def send(browser: Client, action: ActionRow) -> None:
    """Fill in the form of ``action`` as far as it has to be, and send it."""
    said: dict[str, Any] = {field.name: filled_in(field) for field in action.fields}
    response = browser.post(action.url, said | {"version": action.version})
    assert response.status_code == 302, response.context and response.context["page"]


def filled_in(field: ActionField) -> str:
    if field.options:
        return next((one.value for one in field.options if one.selected), field.options[0].value)
    return field.value or ("Geprüft und abgewogen." if field.required else "")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_applied_for_decided_and_told(service: str, portal: Portal) -> None:
    definition = current_offer(city().pk, service).definition
    receipt = portal.submitted(service)
    drained()

    process = Process.objects.get(submission=receipt["id"])
    browser, address = caseworker_of(definition), f"/cases/{process.case_id}"
    if "payment_paid" in (offered := actions_on(browser, address)):
        send(browser, offered["payment_paid"])
        drained()
    offered = actions_on(browser, address)
    for step in ("grant", "settle"):
        if step in offered:
            send(browser, offered[step])
            drained()
    assert not Delivery.objects.exclude(last_failure="").exists()

    told = portal.get(f"submissions/{receipt['id']}").json
    reports = "settle" in {step.key for step in definition.steps}
    assert told["state"] in ("decided", "closed")
    assert told["decision"] == ("none" if reports else "granted")
    # What the citizen reads are the service's own words, in the language they chose.
    language, events = definition.example["language"], definition.public_texts.events
    own = {text.in_(language).split("{")[0] for text in events.values()}
    last = next(one for one in told["events"] if one["type"] in ("granted", "settled"))
    assert any(last["text"].startswith(words) for words in own if words)
    if not reports:
        letter = next(one for one in told["documents"] if one["kind"] == "decision")
        answer = portal.get(f"submissions/{receipt['id']}/documents/{letter['id']}")
        assert answer.bytes.startswith(b"%PDF-")
