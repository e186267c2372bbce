"""One case with everything on it, in the same few statements however much that is."""

from functools import partial
from typing import Any

import pytest

from efile.grants import bar_colleague
from efile.kernel.actors import Actor
from efile.kernel.erasure import erase_values
from efile.kernel.errors import NotFound
from efile.kernel.ids import uuid7
from tests.efile.cases import user_id
from tests.factories import (
    AT,
    DAY,
    colleague,
    drained,
    machine,
    portal,
    renewed,
    submitted,
    uploaded,
)
from tests.workflows.conftest import Clock
from tests.workflows.working import decided, statements
from workflows.correspondence import write_to_applicant, write_to_office
from workflows.decisions import decide
from workflows.dossier import HISTORY, Dossier, open_dossier
from workflows.endings import close
from workflows.machine import Step, fire
from workflows.models import Process, State
from workflows.notes import leave_note
from workflows.questions import answer, ask_applicant

pytestmark = pytest.mark.django_db

# The bound for a case page, beyond login and memberships.
MOST = 12


def opened(process: Process, by: Actor | None = None) -> Dossier:
    return open_dossier(process.case_id, by=by or colleague())


def busy(times: int) -> Process:
    """A case on which everything happened ``times`` times."""
    process, by = submitted(), colleague()
    assert process.submission
    for number in range(times):
        asked = ask_applicant(process.case_id, text="?", proofs=[], days=9, by=by, at=AT)
        said: dict[str, Any] = {
            "text": f"Antwort {number}",
            "form": None,
            "attachments": [{"upload": uploaded(portal())}],
            "key": None,
        }
        answer(process.submission, question=asked.id, by=portal(), at=AT, **said)
        write_to_office(process.submission, "Noch etwas.", key=None, by=portal(), at=AT)
        write_to_applicant(process.case_id, "Danke.", by=by, at=AT)
        leave_note(process.case_id, "Rückruf erbeten.", by=by, at=AT)
    return renewed(process)


class TestTheDossier:
    def test_holds_what_was_applied_for_and_by_whom(self) -> None:
        process = submitted()
        found = opened(process)
        assert found.process.case.case_file.reference == "32.2-000001/26"
        assert found.process.case.lead_unit.name == "Amt 32.2 Bürgerservice Parken"
        assert found.definition.key == "resident-parking"
        assert found.application.form == {"plate": "D-LM 123", "zone": "A4"}
        assert found.envelope["language"] == "de"
        assert [party.display_name for party in found.parties] == ["Yılmaz, Đorđe"]
        (document,) = found.documents
        assert (document.kind, document.filename, document.media_type) == (
            "proof",
            "Nachweis.pdf",
            "application/pdf",
        )
        assert [deadline.key for deadline in found.deadlines] == ["processing", "inactivity"]
        assert found.booking is None

    def test_holds_the_latest_run_of_the_checks(self, clock: Clock) -> None:
        process = submitted()
        drained()
        by = colleague()
        asked = ask_applicant(process.case_id, text="?", proofs=[], days=9, by=by, at=AT)
        said: dict[str, Any] = {"text": "!", "form": None, "attachments": [], "key": None}
        assert process.submission
        answer(process.submission, question=asked.id, by=portal(), at=AT, **said)
        drained()
        found = opened(process)
        assert {check.run for check in found.checks} == {2}
        assert [check.key for check in found.checks] == [
            check.key for check in found.definition.checks
        ]

    def test_holds_decision_matter_and_letter(self, clock: Clock) -> None:
        found = opened(decided(Step.GRANT, clauses="Nur werktags."))
        assert [(one.kind, one.clauses) for one in found.decisions] == [
            ("granted", "Nur werktags.")
        ]
        assert [matter.number for matter in found.matters] == ["BPA-26-000001"]
        assert [one.kind for one in found.documents] == ["proof", "decision", "permit"]

    def test_holds_the_appointment_that_stands(self) -> None:
        process = submitted("bulky-waste")
        by = colleague("j.kessler")
        booking = opened(process, by).booking
        assert booking
        assert booking.district == "2"
        decide(process.case_id, Step.REFUSE, reasons="Bauschutt.", by=by, at=AT)
        assert opened(process, by).booking is None

    def test_holds_what_was_said_in_order_with_names(self) -> None:
        process, by = submitted(), colleague()
        assert process.submission
        write_to_office(process.submission, "Wie lange?", key=None, by=portal(), at=AT)
        leave_note(process.case_id, "Fragt nach.", by=by, at=AT + DAY)
        write_to_applicant(process.case_id, "Morgen.", by=by, at=AT + 2 * DAY)
        assert [(line.kind, line.author, line.text) for line in opened(process).lines] == [
            ("in", "", "Wie lange?"),
            ("note", "Ana Lopes", "Fragt nach."),
            ("out", "Ana Lopes", "Morgen."),
        ]

    def test_tells_the_history_latest_first(self) -> None:
        process = submitted()
        fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT + DAY)
        history = opened(process).history
        assert [(entry.kind, entry.actor_name) for entry in history] == [
            ("process.state_changed", "Ana Lopes"),
            ("case.opened", ""),
            ("process.started", ""),
        ]
        assert history[0].changes == {"process.state": ["received", "in_examination"]}
        assert history[0].facts == {"step": "examine"}

    def test_tells_a_history_whose_values_were_lawfully_erased(self) -> None:
        process = submitted()
        erase_values(process.case_id, basis="Art. 17 DSGVO", by=machine(), at=AT)
        erased = opened(process).history[1:]
        assert [(entry.changes, entry.facts) for entry in erased] == [({}, {})] * 2

    def test_offers_the_steps_that_the_reader_may_take(self, clock: Clock) -> None:
        process = submitted()
        assert set(opened(process).steps) == {
            Step.EXAMINE,
            Step.REQUEST_PROOF,
            Step.GRANT,
            Step.REFUSE,
            Step.FORWARD,
            Step.WITHDRAW,
        }
        assert opened(process, colleague("v.nightingale")).steps == []
        fire(process.case_id, Step.GRANT, by=colleague(), at=AT)
        fire(process.case_id, Step.NOTIFY, by=colleague(), at=AT)
        assert opened(process, colleague("r.sandmann")).steps == [Step.CLOSE]
        close(process.case_id, by=colleague(), at=AT)
        assert opened(process).steps == []
        assert opened(process, colleague("t.oyelaran")).steps == [Step.REOPEN]


class TestWhoMayOpenIt:
    def test_not_a_stranger_and_not_what_is_not_there(self) -> None:
        process = submitted()
        for case_id, who in ((process.case_id, "j.kessler"), (uuid7(), "a.lopes")):
            with pytest.raises(NotFound):
                open_dossier(case_id, by=colleague(who))

    def test_not_a_colleague_who_is_barred(self) -> None:
        process = submitted()
        head = colleague("t.oyelaran")
        bar_colleague(process.case_id, user_id("a.lopes"), reason="§ 20", by=head, at=AT)
        with pytest.raises(NotFound):
            opened(process)
        assert opened(process, head).process.state == State.RECEIVED


class TestTheStatements:
    def test_are_few_and_the_same_however_much_there_is(self) -> None:
        little, much, by = busy(1), busy(6), colleague()
        opened(little)  # the definition is compiled by now
        sent = [len(statements(partial(opened, one, by))) for one in (little, much)]
        assert sent[0] == sent[1] <= MOST

    def test_of_a_collection_are_as_few(self) -> None:
        process, by = submitted("bulky-waste"), colleague("j.kessler")
        opened(process, by)
        assert len(statements(lambda: opened(process, by))) <= MOST

    def test_read_no_more_of_the_history_than_is_shown(self) -> None:
        process, by = submitted(), colleague()
        for _ in range(HISTORY + 1):
            leave_note(process.case_id, "Notiz", by=by, at=AT)
        assert len(opened(process).history) == HISTORY
