"""The machine: which step leads where, who may take it, and what must hold before."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound, Refusal
from efile.kernel.ids import uuid7
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, machine, portal, renewed, submitted
from tests.workflows.working import last_values, published, recorded, told, with_every_step
from workflows.machine import (
    CaseChanged,
    Step,
    StepNotPossible,
    fire,
    possible_steps,
)
from workflows.models import Booking, Process, State

pytestmark = pytest.mark.django_db

# Which step leads from which state (rows) to which, "-" for not at all.
#
# e examine  p request proof  a receive answer  g grant     i grant in part  r refuse
# s settle   n notify         f forward         w withdraw  c close          o reopen
TABLE = """
                       e   p   a   g   i   r   s   n   f   w   c   o
received               E   W   -   D   D   D   N   -   F   X   -   -
in_examination         -   W   -   D   D   D   N   -   F   X   -   -
waiting_for_applicant  -   W   E   D   D   D   N   -   F   X   -   -
decided                -   -   -   -   -   -   -   N   -   X   -   -
notified               -   -   -   -   -   -   -   -   -   X   C   -
closed                 -   -   -   -   -   -   -   -   -   -   -   E
withdrawn              -   -   -   -   -   -   -   -   -   -   C   -
forwarded              -   -   -   -   -   -   -   -   -   -   C   -
"""
# In the order of the tables' columns.
STEPS = [
    Step.EXAMINE,
    Step.REQUEST_PROOF,
    Step.RECEIVE_ANSWER,
    Step.GRANT,
    Step.GRANT_IN_PART,
    Step.REFUSE,
    Step.SETTLE,
    Step.NOTIFY,
    Step.FORWARD,
    Step.WITHDRAW,
    Step.CLOSE,
    Step.REOPEN,
]
STATES = {
    "E": State.IN_EXAMINATION,
    "W": State.WAITING,
    "D": State.DECIDED,
    "N": State.NOTIFIED,
    "C": State.CLOSED,
    "X": State.WITHDRAWN,
    "F": State.FORWARDED,
    "-": "not possible",
}
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()[1:]}

PATHS: dict[State, list[Step]] = {
    State.RECEIVED: [],
    State.IN_EXAMINATION: [Step.EXAMINE],
    State.WAITING: [Step.REQUEST_PROOF],
    State.DECIDED: [Step.GRANT],
    State.NOTIFIED: [Step.GRANT, Step.NOTIFY],
    State.CLOSED: [Step.GRANT, Step.NOTIFY, Step.CLOSE],
    State.WITHDRAWN: [Step.WITHDRAW],
    State.FORWARDED: [Step.FORWARD],
}

# Who may take which step on a permit's case: "+" may, "-" may not, "?" sees no such case.
RIGHTS = """
                      e   p   a   g   i   r   s   n   f   w   c   o
a.lopes               +   +   +   +   +   +   +   +   +   +   +   -
t.oyelaran            +   +   +   +   +   +   +   +   +   +   +   +
r.sandmann            -   -   -   -   -   -   -   -   -   -   +   +
v.nightingale         -   -   -   -   -   -   -   -   -   -   -   -
o.kruse               ?   ?   ?   ?   ?   ?   ?   ?   ?   ?   ?   ?
j.kessler             ?   ?   ?   ?   ?   ?   ?   ?   ?   ?   ?   ?
portal                -   -   +   -   -   -   -   -   -   +   -   -
another-portal        ?   ?   ?   ?   ?   ?   ?   ?   ?   ?   ?   ?
system                +   -   -   +   -   -   -   +   -   -   +   -
"""


def head() -> Actor:
    """Somebody who may take every step on a collection."""
    return colleague("r.aydin")


def in_state(state: State) -> Process:
    """A collection in ``state`` whose appointment is still to come."""
    process = submitted("bulky-waste")
    for step in PATHS[state]:
        process = fire(process.case_id, step, by=head(), at=AT)
    assert process.state == state
    return process


def outcome(process: Process, step: Step, by: Actor) -> str | type[Refusal]:
    """Where ``step`` would lead, or the refusal it meets; nothing of it stays."""
    with transaction.atomic():
        try:
            return str(fire(process.case_id, step, by=by, at=AT).state)
        except Refusal as refusal:
            return type(refusal)
        finally:
            transaction.set_rollback(True)


# What the sender hears of each step when the office takes it.
HEARD = {
    Step.EXAMINE: ["examination_started"],
    Step.REQUEST_PROOF: ["question_asked"],
    # Going on without an answer.
    Step.RECEIVE_ANSWER: ["examination_started"],
    Step.GRANT: ["granted"],
    Step.GRANT_IN_PART: ["granted_in_part"],
    Step.REFUSE: ["refused"],
    Step.SETTLE: ["settled"],
    # The letter tells of itself.
    Step.NOTIFY: [],
    Step.FORWARD: ["forwarded"],
    Step.WITHDRAW: ["withdrawn"],
    Step.CLOSE: ["closed"],
    Step.REOPEN: ["reopened"],
}


class TestTheTable:
    def test_speaks_of_every_state_and_every_step(self) -> None:
        assert list(ROWS) == [state.value for state in State]
        assert {len(row) for row in ROWS.values()} == {len(Step)}
        assert list(PATHS) == list(State)

    @pytest.mark.parametrize("state", State)
    def test_is_what_the_machine_does(self, state: State) -> None:
        published("bulky-waste", with_every_step)
        process = in_state(state)
        expected = dict(zip(STEPS, (STATES[mark] for mark in ROWS[state]), strict=True))
        found = {step: outcome(process, step, head()) for step in STEPS}
        assert found == {
            step: StepNotPossible if after == "not possible" else after
            for step, after in expected.items()
        }

    @pytest.mark.parametrize("state", State)
    def test_is_what_people_are_offered(self, state: State) -> None:
        published("bulky-waste", with_every_step)
        offered = possible_steps(in_state(state), by=head())
        leads = {step for step, mark in zip(STEPS, ROWS[state], strict=True) if mark != "-"}
        # An answer comes from the applicant; after the decision only they cancel.
        hidden = {Step.RECEIVE_ANSWER}
        if state in (State.DECIDED, State.NOTIFIED):
            hidden.add(Step.WITHDRAW)
        assert set(offered) == leads - hidden


class TestTheState:
    def test_cannot_be_assigned(self) -> None:
        process = submitted()
        with pytest.raises(AttributeError):
            process.state = State.CLOSED

    def test_does_not_move_when_a_step_is_refused(self) -> None:
        process = submitted()
        before = (process.revision, recorded(process.case_id), told(process.case_id))
        with pytest.raises(StepNotPossible) as refusal:
            fire(process.case_id, Step.NOTIFY, by=machine(), at=AT)
        assert refusal.value.facts == {"step": "notify", "state": "received"}
        after = renewed(process)
        assert after.state == State.RECEIVED
        assert before == (after.revision, recorded(after.case_id), told(after.case_id))


class TestRights:
    def test_are_told_for_every_step(self) -> None:
        assert set(STEPS) == set(Step)
        rows = RIGHTS.strip().splitlines()
        assert {len(row.split()) for row in rows[1:]} == {len(Step) + 1}

    @pytest.mark.parametrize("row", RIGHTS.strip().splitlines()[1:], ids=lambda row: row.split()[0])
    def test_are_those_of_the_matrix_narrowed_by_the_definition(self, row: str) -> None:
        published("resident-parking", with_every_step)
        process = submitted()
        who, *marks = row.split()
        by = _actor(who)
        found = {step: outcome(process, step, by) for step in STEPS}
        said = {step: _as_mark(answer) for step, answer in found.items()}
        assert said == dict(zip(STEPS, marks, strict=True))

    def test_a_step_the_definition_lacks_is_nobodys(self) -> None:
        process = submitted()
        with pytest.raises(ActionNotGranted) as refusal:
            fire(process.case_id, Step.GRANT_IN_PART, by=colleague("t.oyelaran"), at=AT)
        assert refusal.value.facts == {"action": "grant_in_part"}

    def test_are_asked_before_anything_about_the_case_is_told(self) -> None:
        process = submitted()
        with pytest.raises(ActionNotGranted):
            fire(process.case_id, Step.CLOSE, by=colleague("v.nightingale"), at=AT, revision=7)

    def test_unseen_and_absent_are_answered_alike(self) -> None:
        process, stranger = submitted(), colleague("j.kessler")
        answers = []
        for case_id in (process.case_id, uuid7()):
            with pytest.raises(NotFound) as refusal:
                fire(case_id, Step.EXAMINE, by=stranger, at=AT)
            answers.append((type(refusal.value), str(refusal.value), refusal.value.facts))
        assert answers[0] == answers[1]


def _actor(who: str) -> Actor:
    if who == "system":
        return machine()
    return colleague(who) if "." in who else portal(who)


def _as_mark(answer: str | type[Refusal]) -> str:
    if answer is NotFound:
        return "?"
    return "-" if answer is ActionNotGranted else "+"


class TestARevision:
    def test_that_was_seen_lets_the_step_pass(self) -> None:
        process = submitted()
        moved = fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT, revision=0)
        assert moved.revision == renewed(process).revision == 1

    def test_that_is_older_is_refused(self) -> None:
        process = submitted()
        fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT)
        with pytest.raises(CaseChanged):
            fire(process.case_id, Step.GRANT, by=colleague(), at=AT, revision=0)
        assert renewed(process).state == State.IN_EXAMINATION


class TestAStep:
    @pytest.mark.parametrize("step", Step)
    def test_is_recorded_and_announced(self, step: Step) -> None:
        published("bulky-waste", with_every_step)
        start = next(s for s in State if ROWS[s][STEPS.index(step)] != "-")
        process = in_state(start)
        heard = told(process.case_id)
        later = AT + DAY / 2
        moved = fire(process.case_id, step, by=head(), at=later, told={"why": "asked"})

        assert recorded(process.case_id)[-1] == "process.state_changed"
        values = json.loads(last_values(process.case_id))
        assert values["changes"]["process.state"] == [start, moved.state]
        assert values["facts"] == {"step": step.value, "why": "asked"}
        assert told(process.case_id)[len(heard) :] == HEARD[step]
        after = renewed(process)
        assert (after.state, after.state_since, after.revision) == (
            moved.state,
            later,
            process.revision + 1,
        )

    def test_that_receives_an_answer_says_so_when_there_was_one(self) -> None:
        process = in_state(State.WAITING)
        fire(process.case_id, Step.RECEIVE_ANSWER, by=portal(), at=AT)
        assert told(process.case_id)[-1] == "answer_received"

    def test_is_told_to_nobody_where_nobody_sent_the_application(self) -> None:
        process = submitted()
        Process.objects.filter(case_id=process.case_id).update(submission=None, source="")
        heard = told(process.case_id)
        fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT)
        assert told(process.case_id) == heard

    @pytest.mark.parametrize(
        ("step", "kind"),
        [
            (Step.GRANT, "granted"),
            (Step.GRANT_IN_PART, "granted_in_part"),
            (Step.REFUSE, "refused"),
        ],
    )
    def test_that_decides_says_how(self, step: Step, kind: str) -> None:
        published("bulky-waste", with_every_step)
        process = in_state(State.RECEIVED)
        assert fire(process.case_id, step, by=head(), at=AT).decision == kind
        changes = json.loads(last_values(process.case_id))["changes"]
        assert changes["process.decision"] == ["", kind]

    def test_reopening_takes_the_decision_back(self) -> None:
        process = in_state(State.CLOSED)
        assert fire(process.case_id, Step.REOPEN, by=head(), at=AT).decision == ""


class TestWithdrawingAfterTheDecision:
    """An appointment can be cancelled; a permit that was granted is no application any more."""

    @pytest.mark.parametrize("state", [State.DECIDED, State.NOTIFIED])
    def test_is_possible_until_the_eve_of_the_appointment(self, state: State) -> None:
        process = in_state(state)
        slot = Booking.objects.get(case_id=process.case_id).slot
        assert slot is not None
        day = slot.day
        late = datetime(day.year, day.month, day.day, 0, 0, tzinfo=UTC) - timedelta(hours=1)
        # 23:00 UTC is past midnight in Berlin: the day itself has begun.
        with pytest.raises(StepNotPossible):
            fire(process.case_id, Step.WITHDRAW, by=head(), at=late)
        in_time = late - timedelta(minutes=1)
        assert fire(process.case_id, Step.WITHDRAW, by=head(), at=in_time).state == State.WITHDRAWN

    def test_is_refused_where_there_is_no_appointment(self) -> None:
        process = submitted()
        fire(process.case_id, Step.GRANT, by=colleague(), at=AT)
        with pytest.raises(StepNotPossible) as refusal:
            fire(process.case_id, Step.WITHDRAW, by=portal(), at=AT)
        assert refusal.value.facts == {"step": "withdraw", "state": "decided"}

    def test_is_refused_once_the_appointment_was_given_back(self) -> None:
        process = in_state(State.DECIDED)
        Booking.objects.filter(case_id=process.case_id).update(cancelled_at=AT)
        with pytest.raises(StepNotPossible):
            fire(process.case_id, Step.WITHDRAW, by=head(), at=AT)
