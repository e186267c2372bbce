"""Revoking what was granted: it holds no longer at once, and a letter says why."""

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.lifecycle import CaseIsClosed
from efile.models import Document
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, drained, renewed, submitted
from tests.workflows.test_letters import read
from tests.workflows.working import decided, notified, posted, recorded
from workflows.decisions import decide
from workflows.endings import close, reopen
from workflows.machine import Step, StepNotPossible
from workflows.matters import MatterHasEnded, revoke_matter
from workflows.models import Deadline, Letter, Process, StandingMatter, State
from workflows.verification import is_valid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def matter(process: Process) -> StandingMatter:
    return StandingMatter.objects.get(case_id=process.case_id)


def revoked(process: Process, reason: str = "Sie sind aus der Zone weggezogen.") -> StandingMatter:
    revoke_matter(process.case_id, matter(process).id, reason, by=colleague(), at=AT)
    return matter(process)


class TestAPermit:
    def test_has_a_random_key_that_says_it_is_valid(self) -> None:
        keys = {matter(decided(Step.GRANT)).public_key, matter(decided(Step.GRANT)).public_key}
        assert len(keys) == 2
        for key in keys:
            assert len(bytes.fromhex(key)) == 16
            assert is_valid(key, at=AT)

    def test_is_a_document_of_its_own_with_the_address_of_its_page(self, settings: object) -> None:
        process = decided(Step.GRANT)
        document = Document.objects.get(case_id=process.case_id, kind="permit")
        text = read(document).replace(" ", "")
        for said in ("BPA-26-000001", "D-LM123", "A4", "10.03.2026", "09.03.2027"):
            assert said in text
        assert f"/v/{matter(process).public_key}" in text
        assert document.is_public

    def test_is_named_in_the_letter_that_it_comes_with(self) -> None:
        process = decided(Step.GRANT)
        letter = Document.objects.get(case_id=process.case_id, kind="decision")
        assert "Bewohnerparkausweis BPA-26-000001" in read(letter)

    def test_is_not_printed_where_the_service_has_none(self) -> None:
        process = submitted("bulky-waste")
        decide(process.case_id, Step.GRANT, by=colleague("j.kessler"), at=AT)
        drained()
        assert not Letter.objects.filter(kind="permit").exists()

    def test_is_invalid_before_it_begins_and_after_it_ends(self) -> None:
        known = matter(decided(Step.GRANT))
        assert known.valid_to
        days = (known.valid_to - known.valid_from).days
        moments = [AT - DAY, AT, AT + days * DAY, AT + (days + 1) * DAY]
        assert [is_valid(known.public_key, at=at) for at in moments] == [False, True, True, False]

    @pytest.mark.parametrize("key", ["", "0" * 32, "%", "A" * 32, "é" * 32, "0" * 5000])
    def test_that_nobody_issued_is_invalid(self, key: str) -> None:
        decided(Step.GRANT)
        assert not is_valid(key, at=AT)


class TestRevoking:
    def test_makes_the_code_invalid_at_once(self) -> None:
        known = revoked(decided(Step.GRANT))
        assert known.ended_on == AT.date()
        assert not is_valid(known.public_key, at=AT)

    def test_writes_a_decision_with_reasons_and_remedy_for_the_post(self) -> None:
        process = decided(Step.GRANT)
        revoked(process, "Sie sind weggezogen.\n<b>Am 1. März.</b>")
        drained()
        letter = Letter.objects.get(kind="revocation")
        assert (letter.channel, letter.sent_on) == ("post", None)
        assert letter.document
        document = Document.objects.get(id=letter.document)
        assert (document.title, document.is_public) == (
            "Widerruf: Bewohnerparkausweis BPA-26-000001",
            False,
        )
        text = read(document)
        for said in (
            "Widerrufsbescheid",
            "widerrufen wir mit Wirkung für die Zukunft (§ 49 VwVfG NRW)",
            "Sie sind weggezogen.",
            "<b>Am 1. März.</b>",
            "Klage beim Verwaltungsgericht Düsseldorf",
            "Ana Lopes",
        ):
            assert said in text

    def test_takes_the_permit_from_the_pile_for_the_post(self) -> None:
        process, other = (decided(Step.GRANT, electronic=False) for _ in range(2))
        revoked(process)
        left = Letter.objects.filter(kind="permit", sent_on__isnull=True)
        assert [one.case_id for one in left] == [other.case_id]
        drained()
        assert Letter.objects.filter(case_id=process.case_id, kind="permit").count() == 0
        # What was written stays on file.
        assert Document.objects.filter(case_id=process.case_id, kind="permit").exists()

    def test_leaves_alone_the_permit_that_went(self) -> None:
        process = decided(Step.GRANT, electronic=False)
        posted(process)
        revoked(process)
        assert Letter.objects.get(case_id=process.case_id, kind="permit").sent_on == AT.date()

    def test_runs_its_own_period_from_the_day_it_is_posted(self) -> None:
        process = decided(Step.GRANT)
        revoked(process)
        posted(process)
        deadline = Deadline.objects.get(case_id=process.case_id, key="revocation")
        assert deadline.ends_on.isoformat() == "2026-04-14"

    def test_is_in_the_journal(self) -> None:
        process = decided(Step.GRANT)
        revoked(process)
        assert recorded(process.case_id)[-1] == "matter.ended"

    def test_happens_once(self) -> None:
        process = decided(Step.GRANT)
        revoked(process)
        with pytest.raises(MatterHasEnded):
            revoked(process)

    def test_demands_a_reason(self) -> None:
        process = decided(Step.GRANT)
        with pytest.raises(Invalid) as refusal:
            revoked(process, " ")
        assert [error.pointer for error in refusal.value.errors] == ["/reason"]

    def test_is_for_those_who_decide(self) -> None:
        process = decided(Step.GRANT)
        by = colleague("v.nightingale")
        with pytest.raises(ActionNotGranted):
            revoke_matter(process.case_id, matter(process).id, "Umzug.", by=by, at=AT)

    def test_knows_the_matters_of_its_own_case_only(self) -> None:
        process = decided(Step.GRANT)
        other = matter(decided(Step.GRANT)).id
        for one in (other, uuid7()):
            with pytest.raises(NotFound):
                revoke_matter(process.case_id, one, "Umzug.", by=colleague(), at=AT)

    def test_of_a_closed_case_takes_its_reopening_first(self) -> None:
        process = notified(Step.GRANT)
        close(process.case_id, by=colleague(), at=AT)
        with pytest.raises(CaseIsClosed):
            revoked(process)
        reopen(process.case_id, reason="Widerruf", by=colleague("t.oyelaran"), at=AT)
        assert renewed(process).state == State.IN_EXAMINATION
        with pytest.raises(StepNotPossible):
            revoked(process)
