"""Every shipped service, walked from its example to every end its definition promises."""

from pathlib import Path
from typing import Any, Final

import pytest

from efile.kernel.errors import Invalid
from tests.efile.letters.verapdf import Profile, complaints
from tests.factories import DAY, body, city, submit
from tests.workflows.walking import Left, Walk
from tests.workflows.working import published
from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import SHIPPED
from workflows.catalogue.money import FeeUndetermined
from workflows.models import State
from workflows.offers import current_offer, definition_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FILES = [file.name for file in SHIPPED.iterdir() if file.name.endswith(".yaml")]
SERVICES = sorted(name.removesuffix(".yaml") for name in FILES)

_LEFT: dict[str, Left] = {}


def walked(service: str) -> Left:
    """What the walk of the service left, walked once for all tests of this process."""
    if service not in _LEFT:
        _LEFT[service] = Walk(current_offer(city().pk, service).definition).go()
    return _LEFT[service]


# What the applicant brings about, or the law; the others come with time.
EVENTS: Final = {
    "received",
    "question_asked",
    "decided",
    "posted",
    "provided",
    "notified",
    "closed",
}
LEADS_TO: Final = {
    "examine": State.IN_EXAMINATION,
    "request_proof": State.WAITING,
    "receive_answer": State.IN_EXAMINATION,
    "grant": State.DECIDED,
    "grant_in_part": State.DECIDED,
    "refuse": State.DECIDED,
    "settle": State.NOTIFIED,
    "withdraw": State.WITHDRAWN,
    "forward": State.FORWARDED,
    "notify": State.NOTIFIED,
    "close": State.CLOSED,
    "reopen": State.IN_EXAMINATION,
}


def expected_letters(definition: Definition) -> set[str]:
    """The kinds of letters that steps alone lead to."""
    steps, matter = {step.key for step in definition.steps}, definition.standing_matter
    kinds = {
        "grant": ["granted"],
        "grant_in_part": ["granted_in_part"],
        "refuse": ["refused"],
        "request_proof": ["proof_request", "hearing", "message"],
        "withdraw": ["withdrawal"],
        "forward": ["forwarding"],
    }
    found = {kind for step, some in kinds.items() if step in steps for kind in some}
    found |= {"warning"} if definition.remedy.regime == "SGB_X" else set()
    found |= {"revocation"} if matter else set()
    return found | ({"permit"} if matter and matter.permit else set())


@pytest.mark.parametrize("service", SERVICES)
class TestEveryService:
    def test_keeps_what_its_definition_promises(self, service: str) -> None:
        left = walked(service)
        definition = left.definition

        promised = {step.key for step in definition.steps}
        assert left.taken == promised
        assert left.states == {State.RECEIVED, *(LEADS_TO[step] for step in promised)}
        assert left.letters >= expected_letters(definition)
        # Whatever is announced is told in the service's own words.
        assert left.announced <= definition.public_texts.events.keys()
        ruled = {one.key for one in definition.deadlines if one.rule and one.event in EVENTS}
        assert left.deadlines >= ruled

    def test_takes_nothing_that_its_form_does_not_know(self, service: str) -> None:
        sent = body(service)
        forms: list[dict[str, Any]] = [{}, sent["form"] | {"unknown": 1}]
        for form in forms:
            with pytest.raises(Invalid):
                submit(sent | {"form": form})

    def test_knows_no_amount_for_a_day_before_its_tables(self, service: str) -> None:
        definition = current_offer(city().pk, service).definition
        for table, amount in (
            (definition.fee, definition.fee_for),
            (definition.assessment, definition.assessed),
        ):
            if table:
                with pytest.raises(FeeUndetermined):
                    amount(definition.example["form"], table.periods[0].valid_from - DAY)


def test_a_step_that_nothing_leads_to_is_noticed() -> None:
    """Without the question nobody ever answers, although the definition says so."""

    def without_questions(document: dict[str, Any]) -> None:
        document["steps"] = [one for one in document["steps"] if one["key"] != "request_proof"]
        del document["guidance"]["steps"]["request_proof"]

    definition = definition_of(published("no-stopping", without_questions))
    left = Walk(definition).go()
    assert {step.key for step in definition.steps} - left.taken == {"receive_answer"}


@pytest.mark.requires("verapdf")
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_every_letter_of_every_service_passes_verapdf(profile: Profile, tmp_path: Path) -> None:
    pdfs = {name: pdf for service in SERVICES for name, pdf in walked(service).pdfs.items()}
    assert complaints(pdfs, profile, tmp_path) == ""
