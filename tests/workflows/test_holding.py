"""A minute's recall: held back, taken back, carried out once, or said not to have worked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db.models.functions import Now

from efile import grants
from efile.kernel import outbox
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.models import Delivery, JournalEntry, User
from efile.models import Document, Note
from efile.policy import ActionNotGranted
from tests.crowd import together
from tests.efile.cases import user_id
from tests.factories import AT, DAY, colleague, drained, machine, portal, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import (
    last_values,
    notified,
    published,
    recorded,
    refused,
    statements,
    told,
    with_every_step,
)
from workflows import drafts
from workflows.acts import ACTS
from workflows.assignment import assign
from workflows.correspondence import note_reading, write_to_office
from workflows.decisions import ReasonsAreMissing
from workflows.dossier import open_dossier
from workflows.drafts import drafts_of
from workflows.endings import close, withdraw_submission
from workflows.holding import NothingIsHeld, carry_out, hold, leaves_at, note_failure, recall
from workflows.machine import ActIsHeld, CaseChanged, Step, fire
from workflows.models import (
    Decision,
    HeldAct,
    Process,
    PublicEvent,
    Question,
    StandingMatter,
    State,
    Task,
)
from workflows.notes import leave_note

pytestmark = pytest.mark.django_db

# One of each, as its form says it.
SAID: dict[str, dict[str, Any]] = {
    "grant": {"reasons": "Kollege hat nachgesehen.", "clauses": "Nur werktags."},
    "grant_in_part": {"reasons": "Nur ein Jahr.", "clauses": ""},
    "refuse": {"reasons": "Falsche Zone."},
    "settle": {"outcome": "done", "text": "Danke."},
    "request_proof": {"proofs": ["use-certificate"], "text": "", "days": 14},
    "message": {"text": "Wir melden uns morgen."},
    "forward": {"to": "Stadt Nebenan"},
}


@pytest.fixture(autouse=True)
def a_minute(settings: Any) -> None:
    settings.RECALL_SECONDS = 60


def refuse(process: Process, by: Actor | None = None) -> None:
    hold(process.case_id, "refuse", SAID["refuse"], by=by or colleague(), at=AT)


def the_minute_is_over() -> None:
    Delivery.objects.update(due_at=Now())
    drained()


def everything() -> list[list[Any]]:
    """Every row that an act may write."""
    rows = (Process, Decision, Question, StandingMatter, Task, PublicEvent, Document, Note)
    return [list(model.objects.order_by("pk").values()) for model in (*rows, JournalEntry)]


class TestHolding:
    @pytest.mark.parametrize("action", SAID)
    def test_leaves_everything_as_it_was(self, action: str) -> None:
        published("resident-parking", with_every_step)
        process, before = submitted(), None
        with_numbers = Process.objects.count()
        before = everything()[:-1]
        held = hold(process.case_id, action, SAID[action], by=colleague(), at=AT, revision=0)

        assert everything()[:-1] == before
        assert Process.objects.count() == with_numbers
        assert recorded(process.case_id)[-1] == "act.held"
        assert "act.held" not in recorded(process.case_id)[:-1]
        assert held is not None
        assert (held.action, held.due_at.second, held.due_at - AT) == (action, 0, DAY / 1440)

    def test_knows_every_act(self) -> None:
        assert SAID.keys() == ACTS.keys()

    def test_keeps_what_was_said_out_of_the_journal(self) -> None:
        process = submitted()
        refuse(process)
        assert "Zone" not in last_values(process.case_id)
        assert '"action":"refuse"' in last_values(process.case_id)

    def test_draws_no_number_before_its_time(self, clock: Clock) -> None:
        """Numbers are drawn without gaps: a permit that is recalled leaves none behind."""
        first, second = submitted(), submitted()
        hold(first.case_id, "grant", SAID["grant"], by=colleague(), at=AT)
        recall(first.case_id, by=colleague(), at=AT)
        hold(second.case_id, "grant", SAID["grant"], by=colleague(), at=AT)
        the_minute_is_over()
        assert StandingMatter.objects.get().number.endswith("-000001")

    def test_refuses_at_once_what_the_act_refuses(self) -> None:
        process = submitted()
        with pytest.raises(ReasonsAreMissing):
            hold(process.case_id, "refuse", {"reasons": " "}, by=colleague(), at=AT)
        with pytest.raises(CaseChanged):
            hold(process.case_id, "refuse", SAID["refuse"], by=colleague(), at=AT, revision=7)
        with pytest.raises(ActionNotGranted):
            refuse(process, by=colleague("r.sandmann"))
        assert not HeldAct.objects.exists()
        assert recorded(process.case_id)[-1] != "act.held"

    def test_is_over_at_once_where_no_time_is_given(self, settings: Any) -> None:
        settings.RECALL_SECONDS = 0
        process = submitted()
        assert hold(process.case_id, "refuse", SAID["refuse"], by=colleague(), at=AT) is None
        assert renewed(process).state == State.DECIDED
        assert "act.held" not in recorded(process.case_id)

    def test_takes_the_place_of_the_draft(self) -> None:
        process, by = submitted(), colleague()
        drafts.save_draft(process.case_id, "refuse", {"reasons": ["Fal"]}, revision=0, by=by, at=AT)
        refuse(process)
        assert drafts_of(process.case_id, by=by).get("refuse") is None

    def test_is_shown_to_whoever_sees_the_case(self) -> None:
        process = submitted()
        refuse(process)
        held = open_dossier(process.case_id, by=colleague("d.yilmaz")).held
        assert held is not None
        assert (held.action, held.user) == ("refuse", "Ana Lopes")
        assert leaves_at(held.at) == AT + DAY / 1440

    def test_costs_the_same_for_a_case_with_much_on_it(self) -> None:
        little, much = submitted(), submitted()
        for number in range(5):
            leave_note(much.case_id, f"{number}", by=colleague(), at=AT)
        refuse(submitted())
        costs = [len(statements(lambda one=one: refuse(one))) for one in (little, much)]  # type: ignore[misc]
        assert costs[0] == costs[1] <= 45


class TestWhileAnActIsHeld:
    ACTS_OF_OTHERS: tuple[Callable[[UUID, Actor], object], ...] = (
        lambda case, by: fire(case, Step.EXAMINE, by=by, at=AT),
        lambda case, by: assign(case, by.user_id, by=by, at=AT),
        lambda case, by: note_reading(case, by=by, at=AT),
        lambda case, by: hold(case, "message", SAID["message"], by=by, at=AT),
    )

    @pytest.mark.parametrize("act", ACTS_OF_OTHERS)
    @pytest.mark.parametrize("who", ["a.lopes", "d.yilmaz", "t.oyelaran"])
    def test_people_leave_the_case_alone(
        self, act: Callable[[UUID, Actor], object], who: str
    ) -> None:
        process = submitted()
        refuse(process)
        with pytest.raises(ActIsHeld):
            act(process.case_id, colleague(who))

    def test_a_note_may_still_be_left(self) -> None:
        process = submitted()
        refuse(process)
        leave_note(process.case_id, "Rückruf.", by=colleague("d.yilmaz"), at=AT)
        assert Note.objects.get().text == "Rückruf."

    def test_the_system_does_not_close_the_case_over_it(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        hold(process.case_id, "message", SAID["message"], by=colleague(), at=AT)
        with pytest.raises(ActIsHeld):
            close(process.case_id, by=machine(), at=AT)

    def test_the_applicant_may_write_and_the_act_still_goes_out(self, clock: Clock) -> None:
        process = submitted()
        refuse(process)
        assert process.submission
        write_to_office(process.submission, "Eine Frage.", key=None, by=portal(), at=AT)
        the_minute_is_over()
        assert renewed(process).decision == "refused"


class TestWhenTheMinuteIsOver:
    @pytest.mark.parametrize(
        ("action", "state"),
        [
            ("grant", State.DECIDED),
            ("grant_in_part", State.DECIDED),
            ("refuse", State.DECIDED),
            ("request_proof", State.WAITING),
            ("message", State.RECEIVED),
            ("forward", State.FORWARDED),
        ],
    )
    def test_it_is_carried_out_as_the_person_who_did_it(
        self, clock: Clock, action: str, state: State
    ) -> None:
        published("resident-parking", with_every_step)
        process, by = submitted(), colleague()
        hold(process.case_id, action, SAID[action], by=by, at=AT)
        drained()
        # The checks have called a person; nothing has left the house.
        assert renewed(process).state == State.RECEIVED
        the_minute_is_over()

        assert renewed(process).state == state
        assert not HeldAct.objects.exists()
        done = JournalEntry.objects.filter(chain_id=process.case_id, actor=by.key)
        assert done.count() >= 2
        assert "act.failed" not in recorded(process.case_id)

    def test_it_happened_then(self, clock: Clock) -> None:
        process = submitted()
        refuse(process)
        later = AT + DAY / 1440
        clock(later)
        the_minute_is_over()
        decision = Decision.objects.get()
        assert (decision.decided_at, decision.decided_by) == (later, colleague().key)

    def test_it_happened_once_however_often_it_is_delivered(self, clock: Clock) -> None:
        process = submitted()
        hold(process.case_id, "message", SAID["message"], by=colleague(), at=AT)
        Delivery.objects.update(due_at=Now())
        # A worker dies with the debt in its hands.
        assert "acts.carry_out" in {debt.reaction for debt in outbox.claim(limit=20)}
        assert HeldAct.objects.exists()
        the_minute_is_over()
        Delivery.objects.create(
            tenant_id=process.tenant_id, reaction="acts.carry_out", subject=process.case_id
        )
        drained()
        assert told(process.case_id).count("message_sent") == 1

    def test_a_later_act_keeps_its_own_minute(self, clock: Clock) -> None:
        """The first was taken back: its debt must not send the second one early."""
        process = submitted()
        refuse(process)
        recall(process.case_id, by=colleague(), at=AT)
        drained()
        hold(process.case_id, "message", SAID["message"], by=colleague(), at=AT)
        first = Delivery.objects.filter(reaction="acts.carry_out").earliest("id")
        Delivery.objects.filter(id=first.id).update(due_at=Now())
        drained()
        assert HeldAct.objects.get().action == "message"
        the_minute_is_over()
        assert told(process.case_id)[-1] == "message_sent"


class TestAFailure:
    def failed(self, process: Process, because: str) -> None:
        the_minute_is_over()
        assert not HeldAct.objects.exists()
        assert not Decision.objects.exists()
        assert recorded(process.case_id)[-1] == "act.failed"
        task = Task.objects.get(case_id=process.case_id, facts__reason="act_failed")
        assert (task.kind, task.done_at) == ("examine", None)
        assert (task.facts["action"], task.facts["because"]) == ("refuse", because)

    def test_follows_when_the_applicant_withdrew_meanwhile(self, clock: Clock) -> None:
        process = submitted()
        drained()
        refuse(process)
        assert process.submission
        withdraw_submission(process.submission, reason="", key=None, by=portal(), at=AT)
        self.failed(process, "case_changed")
        assert renewed(process).state == State.WITHDRAWN

    def test_follows_when_the_person_may_no_longer_do_it(self, clock: Clock) -> None:
        process = submitted()
        drained()
        refuse(process)
        head = colleague("t.oyelaran")
        grants.bar_colleague(
            process.case_id, user_id("a.lopes"), reason="Befangenheit", by=head, at=AT
        )
        self.failed(process, NotFound.code)

    def test_follows_when_the_person_has_left(self, clock: Clock) -> None:
        process = submitted()
        drained()
        refuse(process)
        User.objects.filter(username="a.lopes").update(is_active=False)
        self.failed(process, ActionNotGranted.code)

    def test_leaves_what_was_typed_as_a_draft(self, clock: Clock) -> None:
        process, by = submitted(), colleague()
        drained()
        refuse(process)
        Process.objects.filter(case_id=process.case_id).update(revision=5)
        self.failed(process, "case_changed")
        draft = drafts_of(process.case_id, by=by).get("refuse")
        assert draft is not None
        assert (draft.typed, draft.revision) == ({"reasons": ["Falsche Zone."]}, 5)

    def test_is_over_once_somebody_has_seen_it(self, clock: Clock) -> None:
        process = submitted()
        drained()
        refuse(process)
        Process.objects.filter(case_id=process.case_id).update(revision=5)
        self.failed(process, "case_changed")
        note_failure(process.case_id, by=colleague("d.yilmaz"), at=AT)
        task = Task.objects.get(facts__reason="act_failed")
        assert (task.done_at, task.done_by) == (AT, colleague("d.yilmaz").key)


class TestRecalling:
    def test_lets_nothing_go_out(self, clock: Clock) -> None:
        process = submitted()
        refuse(process)
        recalled = recall(process.case_id, by=colleague(), at=AT)
        assert (recalled.action, recalled.user_id) == ("refuse", colleague().user_id)
        the_minute_is_over()
        assert renewed(process).state == State.RECEIVED
        assert "act.recalled" in recorded(process.case_id)
        assert "act.failed" not in recorded(process.case_id)

    def test_makes_a_draft_of_what_was_typed(self) -> None:
        process, by = submitted(), colleague()
        hold(process.case_id, "request_proof", SAID["request_proof"], by=by, at=AT)
        recall(process.case_id, by=by, at=AT)
        draft = drafts_of(process.case_id, by=by).get("request_proof")
        assert draft is not None
        assert draft.typed == {"proofs": ["use-certificate"], "text": [""], "days": ["14"]}

    def test_is_for_the_person_and_the_head(self) -> None:
        process = submitted()
        refuse(process)
        with pytest.raises(ActionNotGranted):
            recall(process.case_id, by=colleague("d.yilmaz"), at=AT)
        recall(process.case_id, by=colleague("t.oyelaran"), at=AT)
        # What was typed goes back to who typed it.
        assert drafts_of(process.case_id, by=colleague()).get("refuse") is not None
        assert drafts_of(process.case_id, by=colleague("t.oyelaran")).get("refuse") is None

    def test_comes_too_late_once_it_has_gone_out(self, clock: Clock) -> None:
        process = submitted()
        refuse(process)
        the_minute_is_over()
        with pytest.raises(NothingIsHeld):
            recall(process.case_id, by=colleague(), at=AT)

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("attempt", range(4))
    def test_and_carrying_out_at_the_same_moment_has_one_winner(
        self, clock: Clock, attempt: int
    ) -> None:
        process, by = submitted(), colleague()
        drained()
        refuse(process)
        Delivery.objects.update(due_at=Now())

        def race(number: int) -> object:
            return recall(process.case_id, by=by, at=AT) if number else outbox.drain()

        late = refused(together(2, race))
        went_out = Decision.objects.filter(case_id=process.case_id).exists()
        recalled = "act.recalled" in recorded(process.case_id)
        assert went_out != recalled
        assert bool(late) == went_out
        assert not HeldAct.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_of_two_people_who_act_at_once_one_is_told(self) -> None:
        process = submitted()
        people = [colleague(), colleague("d.yilmaz")]
        answers = together(
            2,
            lambda number: hold(
                process.case_id, "refuse", SAID["refuse"], by=people[number], at=AT, revision=0
            ),
        )
        (late,) = refused(answers)
        assert isinstance(late, ActIsHeld)
        assert HeldAct.objects.count() == 1


def test_carrying_out_where_nothing_is_held_does_nothing() -> None:
    process = submitted()
    before = everything()
    carry_out(process.case_id)
    assert everything() == before
