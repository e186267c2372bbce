"""Duties come round by themselves: laid out, reminded of, warned about, reviewed, estimated."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from efile.models import Document, Message
from tests.factories import AT, colleague, drained
from tests.workflows.conftest import Clock
from tests.workflows.standing import applied, granted, lived, matter_of
from tests.workflows.test_letters import read
from tests.workflows.working import copies, published, statements, told
from workflows import duty_rounds, yearly
from workflows.corrections import correct
from workflows.models import (
    Assessment,
    Letter,
    MatterDuty,
    Process,
    StandingMatter,
    Submission,
    Task,
)
from workflows.offers import current_offer
from workflows.office_cases import form_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)


def quarters(matter: StandingMatter) -> list[tuple[str, str]]:
    duties = MatterDuty.objects.filter(matter=matter, kind="return").order_by("period_from")
    return [(str(one.period_from), str(one.due_on)) for one in duties]


def opened_for(kind: str) -> Process:
    """The case that the office opened for the duty of ``kind``."""
    duty = MatterDuty.objects.get(kind=kind, office_case__isnull=False)
    assert duty.office_case_id
    return Process.objects.get(case_id=duty.office_case_id)


def written(kind: str) -> tuple[Letter, str]:
    """The letter of ``kind``, and what it says."""
    letter = Letter.objects.get(kind=kind)
    assert letter.document
    return letter, read(Document.objects.get(id=letter.document))


@pytest.fixture
def matter() -> StandingMatter:
    """A matter whose returns are charged, begun by somebody with a portal."""
    lived(interval="once")
    return matter_of(granted(applied(), drain=True))


class TestLayingOut:
    def test_begins_with_the_period_of_the_first_day(self, matter: StandingMatter) -> None:
        assert quarters(matter) == [("2026-01-01", "2026-04-15")]
        matter.refresh_from_db()
        assert matter.duties_from == date(2026, 4, 1)

    def test_goes_on_when_the_next_begins_and_happens_once(self, matter: StandingMatter) -> None:
        for day in ("2026-03-31", "2026-07-01", "2026-07-01"):
            duty_rounds.lay_out_due(at=on(day))
        # 15 October 2026 is a Thursday, 15 July a Wednesday.
        assert quarters(matter) == [
            ("2026-01-01", "2026-04-15"),
            ("2026-04-01", "2026-07-15"),
            ("2026-07-01", "2026-10-15"),
        ]

    def test_stops_with_the_matter(self, matter: StandingMatter) -> None:
        granted(applied("end", matter.number, on="2026-05-31"))
        duty_rounds.lay_out_due(at=on("2027-02-01"))
        assert [first for first, _ in quarters(matter)] == ["2026-01-01", "2026-04-01"]
        matter.refresh_from_db()
        assert matter.duties_from is None

    def test_takes_the_same_statements_for_many(self, matter: StandingMatter) -> None:
        few = len(statements(lambda: duty_rounds.lay_out_due(at=on("2026-04-01"))))
        process = Process.objects.get(case_id=matter.case_id)
        for number, other in enumerate(copies(process, 20)):
            StandingMatter.objects.create(
                tenant_id=matter.tenant_id,
                case_id=other.case_id,
                kind="permit",
                number=f"BPA-26-9{number:05d}",
                service_key=matter.service_key,
                valid_from=date(2026, 4, 1),
                duties_from=date(2026, 4, 1),
            )
        duty_rounds.lay_out_due(at=on("2026-07-01"))
        many = len(statements(lambda: duty_rounds.lay_out_due(at=on("2026-10-01"))))
        assert MatterDuty.objects.filter(period_from=date(2026, 10, 1), kind="return").count() == 21
        assert many == few


class TestReminding:
    def test_goes_through_the_portal_as_event_and_message(self, matter: StandingMatter) -> None:
        assert duty_rounds.remind(at=on("2026-04-04")) == 0
        assert duty_rounds.remind(at=on("2026-04-05")) == 1
        assert duty_rounds.remind(at=on("2026-04-06")) == 0
        assert {"duty_due", "message_sent"} <= {*told(matter.case_id)}
        message = Message.objects.get(case_id=matter.case_id)
        for said in ("Quartalserklärung", "1. Quartal 2026", matter.number, "15.04.2026"):
            assert said in message.text

    def test_goes_by_post_to_whoever_has_no_portal(self) -> None:
        lived(interval="once")
        process = granted(applied(electronic=False), drain=True)
        duty_rounds.remind(at=on("2026-04-05"))
        drained()
        letter, text = written("duty_reminder")
        assert (letter.case_id, letter.channel) == (process.case_id, "post")
        assert "15.04.2026" in text


class TestBeingLate:
    def test_opens_a_case_with_a_warning_for_a_person(
        self, matter: StandingMatter, clock: Clock
    ) -> None:
        clock(on("2026-04-21"))
        assert duty_rounds.act(at=on("2026-04-19")) == 0
        assert duty_rounds.act(at=on("2026-04-20")) == 1
        assert duty_rounds.act(at=on("2026-04-21")) == 0
        drained()
        case_id = opened_for("return").case_id
        assert Submission.objects.get(case_id=case_id).channel == "office"
        assert "duty_overdue" in told(matter.case_id)
        task = Task.objects.get(case_id=case_id, done_at=None)
        assert task.facts["reason"] == "opened_by_office"
        letter, text = written("duty_warning")
        assert letter.case_id == case_id
        assert "1. Quartal 2026" in text

    def test_ends_in_an_estimate_that_says_so(self, matter: StandingMatter, clock: Clock) -> None:
        at = on("2026-04-21")
        clock(at)
        duty_rounds.act(at=at)
        drained()
        process, by = opened_for("return"), colleague()
        duty = MatterDuty.objects.get(matter=matter, kind="return")
        correct(process.case_id, "/form/nights", 40, "Schätzung", by=by, at=at)
        granted(process, at=at, drain=True)
        found = Assessment.objects.get(case_id=process.case_id)
        # 7.5 % of 400 €.
        assert (found.total_cents, found.is_estimated, found.duty_id) == (3000, True, duty.id)
        letter = Document.objects.get(case_id=process.case_id, kind="decision")
        assert "nach den uns bekannten Tatsachen entschieden" in " ".join(read(letter).split())
        duty.refresh_from_db()
        assert duty.done_by_case_id == process.case_id

    def test_is_over_with_the_return_itself(self, matter: StandingMatter) -> None:
        granted(applied("return", matter.number, nights=3))
        assert duty_rounds.act(at=on("2026-04-21")) == 0


class TestAReview:
    def test_opens_by_itself_when_its_period_is_over(
        self, matter: StandingMatter, clock: Clock
    ) -> None:
        clock(on("2027-01-01"))
        MatterDuty.objects.filter(kind="return").delete()
        assert duty_rounds.act(at=on("2026-12-31")) == 0
        assert duty_rounds.act(at=on("2027-01-01")) == 1
        drained()
        process = granted(opened_for("review"), at=on("2027-01-04"))
        duty = MatterDuty.objects.get(done_by_case=process.case_id)
        assert duty.done_at == on("2027-01-04")
        matter.refresh_from_db()
        assert matter.runs_on(date(2027, 1, 4))


class TestAFormOfTheOffice:
    def test_says_what_leads_to_the_effect(self, matter: StandingMatter) -> None:
        definition = current_offer(matter.tenant_id, "resident-parking").definition
        for effect in ("return", "review", "recover", "end"):
            form = form_for(definition, {"plate": "D-LM 1", "zone": "A4"}, "BPA-26-1", effect)
            assert definition.effect_of(form) == effect
            assert definition.matter_number_in(form) == "BPA-26-1"
            assert definition.validator.errors(form) == []


class TestAYearThatIsOver:
    """Amounts fixed until further notice."""

    def begun(self) -> Assessment:
        lived(duties=False)
        granted(applied(on="2026-01-01"), drain=True)
        return Assessment.objects.get()

    def test_goes_on_without_a_decision_where_nothing_changes(self) -> None:
        found = self.begun()
        assert yearly.go_on(at=on("2026-12-31")) == 0
        assert yearly.go_on(at=on("2027-01-01")) == 1
        assert yearly.go_on(at=on("2027-01-02")) == 0
        found.refresh_from_db()
        assert (found.total_cents, found.planned_to) == (2 * 9600, date(2027, 12, 31))
        assert [day for day, _, year in found.instalments if year == 2027] == [
            "2027-02-15",
            "2027-05-18",
            "2027-08-16",
            "2027-11-15",
        ]
        assert sum(cents for _, cents, _ in found.instalments) == found.total_cents

    def test_is_for_a_person_where_the_table_changes(self) -> None:
        found = self.begun()

        def dearer(document: dict[str, Any]) -> None:
            (period,) = document["assessment"]["periods"]
            later = json.loads(json.dumps(period)) | {"valid_from": "2027-01-01"}
            later["positions"][0]["cents"] = 12000
            document["assessment"]["periods"] = [period | {"valid_until": "2026-12-31"}, later]

        published("resident-parking", dearer)
        at = on("2027-01-04")
        assert yearly.go_on(at=at) == 1
        process = Process.objects.exclude(case_id=found.case_id).get()
        granted(process, at=at)
        found.refresh_from_db()
        latest = Assessment.objects.get(case_id=process.case_id)
        assert (found.to_on, latest.total_cents) == (date(2026, 12, 31), 12000)

    def test_ends_with_its_matter(self) -> None:
        found = self.begun()
        StandingMatter.objects.update(valid_to=date(2026, 12, 31))
        yearly.go_on(at=on("2027-01-01"))
        found.refresh_from_db()
        assert (found.to_on, found.total_cents) == (date(2026, 12, 31), 9600)


def test_what_is_refused_waits_until_tomorrow(matter: StandingMatter) -> None:
    StandingMatter.objects.update(service_key="gone")
    assert duty_rounds.act(at=on("2026-04-20")) == 0
    duty = MatterDuty.objects.get(matter=matter, kind="return")
    assert duty.warn_on == date(2026, 4, 20) + timedelta(days=1)
    assert (duty.office_case_id, AT.year) == (None, 2026)
