"""What senders are told: where a submission stands, and every event once and in order."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from efile.models import Document
from tests.crowd import together
from tests.factories import (
    AT,
    DAY,
    body,
    colleague,
    drained,
    machine,
    portal,
    renewed,
    submit,
    submitted,
)
from tests.workflows.conftest import Clock
from tests.workflows.working import (
    answered,
    decided,
    published,
    statements,
    with_partial_grants,
)
from workflows.correspondence import write_to_applicant
from workflows.decisions import decide
from workflows.endings import close, forward, reopen, withdraw
from workflows.feed import feed
from workflows.intake import assign_to_service
from workflows.machine import ANNOUNCED, Step, fire
from workflows.models import InboxItem, Process, PublicEvent, State
from workflows.notification import notify_by_post
from workflows.public import fetch_document, public_status
from workflows.public_words import PUBLIC_STATES
from workflows.questions import answer, ask_applicant

pytestmark = pytest.mark.django_db


def status(process: Process, by: Actor | None = None) -> dict[str, Any]:
    assert process.submission
    return public_status(process.submission, by=by or portal())


def head(process: Process) -> Actor:
    """Somebody who may take every step on the case."""
    return colleague("r.aydin" if process.service_key == "bulky-waste" else "t.oyelaran")


class TestTheStatus:
    def test_has_the_shape_that_portals_rely_on(self) -> None:
        process = submitted()
        document = Document.objects.get(case_id=process.case_id)
        found = status(process)
        events, documents = found.pop("events"), found.pop("documents")
        assert found == {
            "id": str(process.submission),
            "case_reference": process.case.reference,
            "service": "resident-parking",
            "state": "received",
            "decision": "none",
            "received_at": "2026-03-10T11:00:00+00:00",
            "next_step": "Ihr Antrag ist bei uns angekommen. Wir prüfen ihn jetzt.",
            "open_questions": [],
            "standing_matters": [],
        }
        assert [(event["type"], event["text"]) for event in events] == [
            (
                "received",
                "Ihr Antrag auf einen Bewohnerparkausweis für die Zone A4 ist eingegangen.",
            )
        ]
        (shown,) = documents
        assert shown.keys() == {"id", "title", "kind", "media_type", "size", "sha256", "issued_at"}
        assert (shown["id"], shown["kind"]) == (str(document.id), "proof")

    def test_names_open_questions_with_their_proofs(self) -> None:
        process = submitted(language="en")
        question = ask_applicant(
            process.case_id,
            text="Who uses the car?",
            proofs=["use-certificate"],
            days=14,
            by=colleague(),
            at=AT,
        )
        found = status(process)
        (asked,) = found["open_questions"]
        assert (asked["id"], asked["text"], asked["due_on"]) == (
            str(question.id),
            "Who uses the car?",
            "2026-03-24",
        )
        assert asked["proofs"] == [
            {"key": "use-certificate", "title": "Certificate that you use the car permanently"}
        ]
        assert found["next_step"].endswith("Please answer by 24 March 2026.")

    def test_names_the_appointment(self) -> None:
        found = status(submitted("bulky-waste"))["appointment"]
        assert found.keys() == {"date", "kind", "start", "end", "district", "state"}

    def test_names_the_permit_and_its_letter(self, clock: Clock) -> None:
        found = status(decided(Step.GRANT))
        (matter,) = found["standing_matters"]
        assert (matter["number"], matter["valid_to"]) == ("BPA-26-000001", "2027-03-09")
        assert [one["kind"] for one in found["documents"]] == ["proof", "decision", "permit"]
        assert (found["state"], found["decision"]) == ("decided", "granted")

    def test_does_not_announce_an_appointment_that_was_refused(self) -> None:
        process = submitted("bulky-waste")
        decide(process.case_id, Step.REFUSE, reasons="Bauschutt.", by=head(process), at=AT)
        found = status(process)
        assert "appointment" not in found
        assert found["next_step"].startswith("Wir können diese Gegenstände nicht abholen.")

    def test_of_what_is_in_clarification_says_so_in_their_language(self) -> None:
        for language, said in (("de", "eingegangen"), ("en-GB", "received"), ("tr", "eingegangen")):
            sent = body() | {"form": {}, "language": language, "on_invalid": "clarify"}
            found = public_status(UUID(submit(sent)["id"]), by=portal())
            assert (found["case_reference"], found["state"]) == (None, "received")
            assert said in found["next_step"]
            assert found["events"] == found["documents"] == found["open_questions"] == []

    def test_is_for_the_sender_alone(self) -> None:
        process = submitted()
        for by, submission in ((portal("other"), process.submission), (portal(), uuid7())):
            assert submission
            with pytest.raises(NotFound):
                public_status(submission, by=by)

    @pytest.mark.parametrize("service", ["resident-parking", "bulky-waste"])
    def test_takes_one_statement_however_much_there_is(self, service: str) -> None:
        process = submitted(service)
        for _ in range(3):
            ask_applicant(
                process.case_id, text="Warum?", proofs=[], days=9, by=head(process), at=AT
            )
        status(process)  # the definition is compiled by now
        by = portal()
        assert len(statements(lambda: status(process, by))) == 1


class TestFetching:
    def test_gives_what_is_needed_to_send_the_bytes(self) -> None:
        process = submitted()
        document = Document.objects.get(case_id=process.case_id)
        assert process.submission
        found = fetch_document(process.submission, document.id, by=portal(), at=AT)
        assert (found.id, found.media_type, found.filename) == (
            document.id,
            "application/pdf",
            "Nachweis.pdf",
        )
        assert re.fullmatch(r"[0-9a-f]{64}", found.sha256)

    def test_is_not_for_what_is_internal_foreign_or_absent(self) -> None:
        process, other = submitted(), submitted()
        document = Document.objects.get(case_id=process.case_id)
        assert process.submission
        assert other.submission
        for submission, wanted, by in (
            (process.submission, uuid7(), portal()),
            (other.submission, document.id, portal()),
            (process.submission, document.id, portal("other")),
        ):
            with pytest.raises(NotFound):
                fetch_document(submission, wanted, by=by, at=AT)
        Document.objects.filter(id=document.id).update(is_public=False)
        with pytest.raises(NotFound):
            fetch_document(process.submission, document.id, by=portal(), at=AT)


def life(service: str, language: str) -> Iterator[Process]:
    """Cases of ``service`` in everything that can happen to one, told in ``language``."""
    published(service, with_partial_grants)

    def case() -> Process:
        return submitted(service, language=language, consents={"electronic_delivery": True})

    asked = case()
    by = head(asked)
    yield asked
    question = ask_applicant(asked.case_id, text="?", proofs=[], days=9, by=by, at=AT)
    write_to_applicant(asked.case_id, "Nur zur Erinnerung.", by=by, at=AT)
    yield asked
    assert asked.submission
    said: dict[str, Any] = {"text": "!", "form": None, "attachments": [], "key": None}
    answer(asked.submission, question=question.id, by=portal(), at=AT, **said)
    yield asked

    for step, reasons in ((Step.GRANT, ""), (Step.GRANT_IN_PART, "a"), (Step.REFUSE, "b")):
        process = case()
        fire(process.case_id, Step.EXAMINE, by=by, at=AT)
        yield process
        decide(process.case_id, step, reasons=reasons, by=by, at=AT)
        drained()
        yield process
        if renewed(process).state == State.DECIDED:
            notify_by_post(process.case_id, local_date(AT), by=by, at=AT)
        yield process
        later = AT + 60 * DAY
        close(process.case_id, by=by, at=later)
        yield process
        reopen(process.case_id, reason="Irrtum", by=by, at=later)
        yield process
        decide(process.case_id, Step.REFUSE, reasons="Doch nicht.", by=by, at=later)
        yield process

    withdrawn, forwarded = case(), case()
    if service == "bulky-waste":  # which can be cancelled after it was confirmed
        decide(withdrawn.case_id, Step.GRANT, by=by, at=AT)
    withdraw(withdrawn.case_id, reason="", by=portal(), at=AT)
    forward(forwarded.case_id, to="Kreis", by=by, at=AT)
    yield from (withdrawn, forwarded)


# Something was to stand there: a brace, two spaces, or a space before the full stop.
HOLE = re.compile(r"[{}]|\s\s|\s[.,]|\(\)|: [.,]|^\s|\s$")
GERMAN = {"Ihr", "Ihre", "Wir", "Sie", "Jemand", "Es", "Eine", "Die", "Der", "Uns"}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("service", ["resident-parking", "bulky-waste"])
class TestTheTexts:
    def test_say_everything_they_are_meant_to(
        self, service: str, language: str, clock: Clock
    ) -> None:
        states: set[str] = set()
        kinds: set[str] = set()
        for process in life(service, language):
            found = status(process)
            texts = {f"state {found['state']}": found["next_step"]}
            texts |= {f"event {event['type']}": event["text"] for event in found["events"]}
            assert {name: text for name, text in texts.items() if not text} == {}
            assert {name: text for name, text in texts.items() if HOLE.search(text)} == {}
            is_german = {name: text.split()[0] in GERMAN for name, text in texts.items()}
            assert set(is_german.values()) == {language == "de"}, texts
            states.add(found["state"])
            kinds.update(event["type"] for event in found["events"])
        assert states == set(PUBLIC_STATES.values())
        # Neither service ends without a decision.
        told = {*ANNOUNCED.values()} - {"settled"}
        assert kinds == {*told, "received", "document_issued", "message_sent"}


class TestPublicStates:
    def test_has_a_word_for_every_state(self) -> None:
        assert PUBLIC_STATES.keys() == set(State)


class TestTheFeed:
    def test_tells_every_event_in_order_from_the_cursor_on(self) -> None:
        first, second = submitted(), submitted()
        page = feed(after=0, limit=10, by=portal())
        assert [event["submission"] for event in page.events] == [
            str(first.submission),
            str(second.submission),
        ]
        assert page.events[0].keys() == {
            "id",
            "cursor",
            "submission",
            "case_reference",
            "type",
            "at",
            "text",
        }
        assert page.next == 2
        fire(first.case_id, Step.EXAMINE, by=colleague(), at=AT)
        again = feed(after=page.next, limit=10, by=portal())
        assert [(event["type"], event["case_reference"]) for event in again.events] == [
            ("examination_started", first.case.reference)
        ]

    def test_is_read_in_pages_that_never_change(self) -> None:
        for _ in range(5):
            submitted()
        whole = feed(after=0, limit=100, by=portal())
        pages, cursor = [], 0
        while (page := feed(after=cursor, limit=2, by=portal())).events:
            pages.extend(page.events)
            cursor = page.next
        assert pages == whole.events
        assert cursor == whole.next == 5
        assert feed(after=0, limit=100, by=portal()) == whole

    def test_keeps_the_cursor_where_nothing_is_new(self) -> None:
        assert feed(after=7, limit=10, by=portal()).next == 7

    def test_is_numbered_for_each_sender_alone(self) -> None:
        submitted()
        other = portal("other")
        submit(body(by=other), by=other)
        for by in (portal(), other):
            page = feed(after=0, limit=10, by=by)
            assert (len(page.events), page.next) == (1, 1)

    def test_tells_nothing_of_what_is_in_clarification_until_it_is_a_case(self) -> None:
        submit(body() | {"form": {}, "on_invalid": "clarify"})
        assert feed(after=0, limit=10, by=portal()).events == []
        item = InboxItem.objects.get()
        assign_to_service(item.id, "resident-parking", by=colleague(), at=AT + DAY)
        (event,) = feed(after=0, limit=10, by=portal()).events
        assert (event["type"], event["at"]) == ("received", "2026-03-11T11:00:00+00:00")

    def test_keeps_the_order_in_which_one_transaction_wrote(self) -> None:
        """Keys of one millisecond sort by chance."""
        process = submitted()
        feed(after=0, limit=10, by=portal())
        made = uuid7().int
        kinds = ["granted", "document_issued", "decision_posted"]
        for number, kind in enumerate(kinds):
            announced = PublicEvent.objects.get(case_id=process.case_id, kind="received")
            announced.id, announced.kind = UUID(int=made - number), kind
            announced.position = None
            announced.save(force_insert=True)
        told = feed(after=1, limit=10, by=portal()).events
        assert [event["type"] for event in told] == kinds

    def test_takes_few_statements_however_many_events(self) -> None:
        for _ in range(4):
            submitted()
        by = portal()
        feed(after=0, limit=10, by=by)
        sent = statements(lambda: feed(after=0, limit=10, by=by))
        assert len([one for one in sent if "SAVEPOINT" not in one]) == 3


@pytest.mark.django_db(transaction=True)
class TestManyWritersAndReaders:
    def test_leave_no_gap_and_repeat_nothing(self) -> None:
        writers, readers, each = 8, 3, 6
        by, system = portal(), machine()
        cases = [[submitted() for _ in range(each)] for _ in range(writers)]
        written = writers * each * 2

        def one(number: int) -> list[tuple[str, str]]:
            if number < writers:
                for process in cases[number]:
                    fire(process.case_id, Step.EXAMINE, by=system, at=AT)
                return []
            seen: list[tuple[str, str]] = []
            cursor = 0
            while len(seen) < written:
                page = feed(after=cursor, limit=7, by=by)
                seen.extend((event["id"], event["type"]) for event in page.events)
                cursor = page.next
            assert cursor == written
            return seen

        first, *others = answered(together(writers + readers, one))[writers:]
        assert len(first) == len(set(first)) == written
        assert all(seen == first for seen in others)
        positions = PublicEvent.objects.order_by("position").values_list("position", "id")
        assert [position for position, _ in positions] == list(range(1, written + 1))
        assert [id_ for id_, _ in first] == [str(id_) for _, id_ in positions]

    def test_of_one_feed_see_the_same_order(self) -> None:
        for _ in range(10):
            submitted()
        by = portal()
        pages = answered(together(8, lambda _: feed(after=0, limit=100, by=by)))
        assert all(page == pages[0] for page in pages)
        assert pages[0].next == 10
