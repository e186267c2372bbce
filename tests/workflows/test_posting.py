"""The post: letters are batched once, posted on a day, and what comes back reached nobody."""

from datetime import date

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.models import Unit
from efile.lifecycle import CaseIsClosed
from efile.models import Document
from efile.policy import ActionNotGranted
from tests.crowd import together
from tests.efile.letters.reading import pages, words
from tests.factories import AT, DAY, body, colleague, drained, renewed, submitted
from tests.workflows.test_letters import read
from tests.workflows.working import decided, notified, posted, recorded, refused, statements
from workflows.endings import close, forward, withdraw
from workflows.machine import LettersAreWaiting, Step, latest_decision
from workflows.matters import revoke_matter
from workflows.models import Deadline, Letter, PrintBatch, Process, StandingMatter, State, Task
from workflows.notification import notify_by_post
from workflows.post_room import open_batch, post_letter, post_room, print_batch
from workflows.posting import (
    BatchIsPosted,
    LetterNotPosted,
    LetterNotReturned,
    NothingToPost,
    PermitHoldsNoLonger,
    make_batch,
    note_returned,
    post_batch,
    write_again,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TODAY = date(2026, 3, 10)


def unit() -> int:
    return Unit.objects.get(key="buergerservice-parken").pk


def batched() -> PrintBatch:
    return make_batch(unit(), by=colleague(), at=AT)


def the_letter(process: Process, kind: str = "refused") -> Letter:
    return Letter.objects.filter(case_id=process.case_id, kind=kind).latest("made_at", "id")


def written(process: Process, kind: str) -> Document:
    """The document of the letter, once the worker has written it."""
    document = the_letter(process, kind).document
    assert document
    return Document.objects.get(id=document)


class TestALetterForThePost:
    def test_waits_once_it_is_written(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        [here] = post_room(by=colleague()).units
        assert (here.name, here.ready, here.unwritten) == ("Amt 32.2 Bürgerservice Parken", 1, 0)
        [letter] = here.letters
        assert (letter.reference, letter.kind) == (process.case.reference, "refused")
        assert letter.recipient == "Đorđe Yılmaz"

    def test_goes_with_its_permit(self) -> None:
        decided(Step.GRANT, electronic=False)
        [here] = post_room(by=colleague()).units
        assert [letter.kind for letter in here.letters] == ["granted", "permit"]

    def test_is_none_where_the_portal_has_it(self) -> None:
        process = decided(Step.REFUSE)
        assert post_room(by=colleague()).units == []
        assert the_letter(process).sent_on == TODAY

    def test_confirms_a_withdrawal(self) -> None:
        process = submitted(consents={"electronic_delivery": False})
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        drained()
        document = written(process, "withdrawal")
        assert (document.kind, document.direction, document.is_public) == ("letter", "out", False)
        assert "Das haben wir am 10.03.2026 vermerkt" in read(document)

    def test_says_who_is_competent_instead(self) -> None:
        process = submitted(consents={"electronic_delivery": False})
        forward(process.case_id, to="Kreis <b>Mettmann</b>", by=colleague(), at=AT)
        drained()
        document = written(process, "forwarding")
        assert "Kreis <b>Mettmann</b>" in read(document)

    def test_keeps_its_case_open_until_it_is_posted(self) -> None:
        process = submitted(consents={"electronic_delivery": False})
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        with pytest.raises(LettersAreWaiting):
            close(process.case_id, by=colleague(), at=AT)
        posted(process)
        close(process.case_id, by=colleague(), at=AT)
        assert renewed(process).state == State.CLOSED


class TestMakingABatch:
    def test_takes_what_waits_in_the_unit(self) -> None:
        processes = [decided(Step.REFUSE, electronic=False) for _ in range(2)]
        batch = batched()
        assert batch.number == "2026-0001"
        letters = open_batch(batch.id, by=colleague()).letters
        assert [one.case_id for one in letters] == [process.case_id for process in processes]
        assert post_room(by=colleague()).units == []

    def test_numbers_them_without_gaps(self) -> None:
        for number in (1, 2):
            decided(Step.REFUSE, electronic=False)
            assert batched().number == f"2026-000{number}"
            with pytest.raises(NothingToPost):
                batched()

    def test_leaves_alone_what_is_not_written_yet(self) -> None:
        process = submitted(consents={"electronic_delivery": False})
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        [here] = post_room(by=colleague()).units
        assert (here.ready, here.unwritten) == (0, 1)
        with pytest.raises(NothingToPost):
            batched()

    def test_is_for_those_who_handle_the_post_there(self) -> None:
        decided(Step.REFUSE, electronic=False)
        with pytest.raises(ActionNotGranted):
            make_batch(unit(), by=colleague("v.nightingale"), at=AT)
        for place in (unit(), 987654):
            with pytest.raises(NotFound):
                make_batch(place, by=colleague("j.kessler"), at=AT)

    def test_prints_a_cover_list_and_each_letter(self) -> None:
        process = decided(Step.GRANT, electronic=False)
        pdf = print_batch(batched().id, by=colleague(), at=AT)
        first = pages(pdf)[0]
        for said in ("Poststapel 2026-0001", process.case.reference, "Đorđe Yılmaz", "Ausweis"):
            assert said in first
        assert "Sie erhalten den Bewohnerparkausweis" in words(pdf)

    def test_is_seen_by_those_who_may_see_every_letter_in_it(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        batch, letter = batched(), the_letter(process)
        stranger = colleague("j.kessler")
        for one in (batch.id, uuid7()):
            for look in (open_batch, lambda id_, by: print_batch(id_, by=by, at=AT)):
                with pytest.raises(NotFound):
                    look(one, by=stranger)
        for other in (letter.id, uuid7()):
            with pytest.raises(NotFound):
                post_letter(other, by=stranger)
            with pytest.raises(NotFound):
                note_returned(other, TODAY, "verzogen", by=stranger, at=AT)
            with pytest.raises(NotFound):
                write_again(other, by=stranger, at=AT)
        assert post_room(by=stranger).batches == []


class TestPostingABatch:
    def test_notifies_each_decision_by_the_rule_of_the_post(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        posted(process)
        decision = latest_decision(process.case_id)
        assert decision
        assert (decision.notified_on, decision.remedy_ends_on) == (
            date(2026, 3, 14),
            date(2026, 4, 14),
        )
        assert renewed(process).state == State.NOTIFIED
        assert Deadline.objects.get(case_id=process.case_id, key="remedy").event_on == TODAY
        kinds = recorded(process.case_id)
        assert kinds.index("letter.posted") < kinds.index("decision.notified")

    def test_marks_the_other_letters_as_sent(self) -> None:
        process = submitted(consents={"electronic_delivery": False})
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        posted(process)
        assert the_letter(process, "withdrawal").sent_on == TODAY

    @pytest.mark.parametrize("day", [AT + DAY, AT - DAY])
    def test_is_not_for_a_day_to_come_or_before_it_was_made(self, day: object) -> None:
        decided(Step.REFUSE, electronic=False)
        batch = batched()
        with pytest.raises(Invalid) as refusal:
            post_batch(batch.id, day.date(), by=colleague(), at=AT)  # type: ignore[attr-defined]
        assert [error.pointer for error in refusal.value.errors] == ["/posted_on"]

    def test_happens_once(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        batch = posted(process)
        with pytest.raises(BatchIsPosted):
            post_batch(batch.id, TODAY, by=colleague(), at=AT)

    def test_leaves_alone_what_somebody_posted_alone(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        batch = batched()
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        post_batch(batch.id, date(2026, 3, 11), by=colleague(), at=AT + DAY)
        drained()
        assert the_letter(process).sent_on == TODAY
        assert recorded(process.case_id).count("decision.notified") == 1

    def test_takes_as_many_statements_for_many_letters_as_for_one(self) -> None:
        def count() -> int:
            batch = batched()
            act = lambda: post_batch(batch.id, TODAY, by=colleague(), at=AT)  # noqa: E731
            return len(statements(act))

        decided(Step.REFUSE, electronic=False)
        one = count()
        for _ in range(5):
            decided(Step.REFUSE, electronic=False)
        assert count() == one


class TestAPermitRevokedInItsBatch:
    def test_is_named_and_not_printed_again(self) -> None:
        _, batch = revoked_in_its_batch()
        opened = open_batch(batch.id, by=colleague()).letters
        assert [(one.kind, one.is_void) for one in opened] == [("granted", False), ("permit", True)]
        pdf = print_batch(batch.id, by=colleague(), at=AT)
        assert "Ausweis" not in pages(pdf)[0]
        assert len(pages(pdf)) < len(pages(print_batch(granted().id, by=colleague(), at=AT)))

    def test_holds_the_batch_back_until_somebody_took_it_out(self) -> None:
        process, batch = revoked_in_its_batch()
        for taken_out in ((), (uuid7(),), (the_letter(process, "granted").id,)):
            with pytest.raises(PermitHoldsNoLonger) as refusal:
                post_batch(batch.id, TODAY, taken_out=taken_out, by=colleague(), at=AT)
            assert refusal.value.facts == {"references": process.case.reference}
        assert not Letter.objects.filter(batch=batch, sent_on__isnull=False).exists()

    def test_does_not_go_and_is_waited_for_no_longer(self) -> None:
        process, batch = revoked_in_its_batch()
        void = [the_letter(process, "permit").id]
        post_batch(batch.id, TODAY, taken_out=void, by=colleague(), at=AT)
        assert not Letter.objects.filter(case_id=process.case_id, kind="permit").exists()
        assert the_letter(process, "granted").sent_on == TODAY
        assert Document.objects.filter(case_id=process.case_id, kind="permit").exists()

    def test_does_not_go_with_its_decision_alone_either(self) -> None:
        process, _ = revoked_in_its_batch()
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        assert the_letter(process, "granted").sent_on == TODAY
        assert the_letter(process, "permit").sent_on is None

    def test_that_went_before_is_none(self) -> None:
        process = decided(Step.GRANT, electronic=False)
        batch = posted(process)
        revoke(process)
        assert not any(one.is_void for one in open_batch(batch.id, by=colleague()).letters)


def revoke(process: Process) -> None:
    matter = StandingMatter.objects.get(case_id=process.case_id)
    revoke_matter(process.case_id, matter.id, "Umzug.", by=colleague(), at=AT)


def granted() -> PrintBatch:
    decided(Step.GRANT, electronic=False)
    return batched()


def revoked_in_its_batch() -> tuple[Process, PrintBatch]:
    process = decided(Step.GRANT, electronic=False)
    batch = batched()
    revoke(process)
    return process, batch


class TestALetterThatCameBack:
    def test_was_never_notified_and_has_to_be_served_again(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        posted(process)
        letter = note_returned(
            the_letter(process).id,
            date(2026, 3, 12),
            "unbekannt verzogen",
            by=colleague(),
            at=AT + 2 * DAY,
        )
        assert (letter.returned_on, letter.returned_because) == (
            date(2026, 3, 12),
            "unbekannt verzogen",
        )
        decision = latest_decision(process.case_id)
        assert decision
        assert (decision.notified_on, decision.remedy_ends_on) == (None, None)
        assert not Deadline.objects.filter(case_id=process.case_id, key="remedy", is_running=True)
        assert Task.objects.get(kind="serve_by_post").done_at is None
        assert renewed(process).state == State.DECIDED
        assert recorded(process.case_id)[-1] == "letter.returned"

    def test_is_written_anew_and_notified_when_that_is_posted(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        posted(process)
        old = note_returned(the_letter(process).id, TODAY, "verzogen", by=colleague(), at=AT)
        [back] = post_room(by=colleague()).returned
        assert back.id == old.id
        write_again(old.id, by=colleague(), at=AT + DAY)
        posted(process, at=AT + DAY)
        decision = latest_decision(process.case_id)
        assert decision
        assert decision.notified_on == date(2026, 3, 15)
        new = the_letter(process)
        assert new.id != old.id
        assert decision.letter == new.document
        assert Task.objects.get(kind="serve_by_post").done_at is not None
        assert post_room(by=colleague()).returned == []
        with pytest.raises(LetterNotReturned):
            write_again(old.id, by=colleague(), at=AT + DAY)

    def test_takes_its_permit_along_when_it_is_written_anew(self) -> None:
        process = decided(Step.GRANT, electronic=False)
        posted(process)
        old = note_returned(
            the_letter(process, "granted").id, TODAY, "verzogen", by=colleague(), at=AT
        )
        write_again(old.id, by=colleague(), at=AT)
        drained()
        [here] = post_room(by=colleague()).units
        assert [letter.kind for letter in here.letters] == ["granted", "permit"]

    def test_was_in_the_post_and_comes_back_once(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        with pytest.raises(LetterNotPosted):
            note_returned(the_letter(process).id, TODAY, "verzogen", by=colleague(), at=AT)
        posted(process)
        note_returned(the_letter(process).id, TODAY, "verzogen", by=colleague(), at=AT)
        with pytest.raises(LetterNotPosted):
            note_returned(the_letter(process).id, TODAY, "verzogen", by=colleague(), at=AT)

    def test_of_a_closed_case_takes_its_reopening_first(self) -> None:
        process = notified(Step.GRANT)
        close(process.case_id, by=colleague(), at=AT)
        with pytest.raises(CaseIsClosed):
            note_returned(
                the_letter(process, "granted").id, TODAY, "verzogen", by=colleague(), at=AT
            )

    @pytest.mark.parametrize(
        ("day", "reason", "pointer"),
        [
            (date(2026, 3, 9), "verzogen", "/returned_on"),
            (date(2026, 3, 11), "verzogen", "/returned_on"),
            (TODAY, " ", "/reason"),
        ],
    )
    def test_has_a_day_and_a_reason(self, day: date, reason: str, pointer: str) -> None:
        process = decided(Step.REFUSE, electronic=False)
        posted(process)
        with pytest.raises(Invalid) as refusal:
            note_returned(the_letter(process).id, day, reason, by=colleague(), at=AT)
        assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_the_post_room_takes_four_statements_however_much_lies_there() -> None:
    decided(Step.REFUSE, electronic=False)
    by = colleague()
    assert len(statements(lambda: post_room(by=by))) == 4
    process = decided(Step.REFUSE, electronic=False)
    posted(process)
    note_returned(the_letter(process).id, TODAY, "verzogen", by=by, at=AT)
    decided(Step.GRANT, electronic=False)
    assert len(statements(lambda: post_room(by=by))) == 4


@pytest.mark.django_db(transaction=True)
def test_eight_who_make_a_batch_at_once_share_the_letters_out() -> None:
    for _ in range(3):
        decided(Step.REFUSE, electronic=False)
    answers = together(8, lambda _number: batched())
    made = [one for one in answers if isinstance(one, PrintBatch)]
    assert {type(refusal) for refusal in refused(answers)} <= {NothingToPost}
    in_batches = Letter.objects.filter(batch__in=[one.id for one in made])
    assert in_batches.count() == Letter.objects.count() == 3
    assert sorted(one.number for one in made) == [
        f"2026-{number:04d}" for number in range(1, len(made) + 1)
    ]


def test_a_form_that_was_filled_with_anything_prints() -> None:
    parties = body()["parties"]
    parties[0]["family_name"] = "Ÿ\u202e" + "x" * 290
    parties[0]["address"]["street"] = "<b>Straße</b> & 😀"
    process = submitted(consents={"electronic_delivery": False}, parties=parties)
    withdraw(process.case_id, reason="", by=colleague(), at=AT)
    drained()
    assert "<b>Straße</b>" in read(written(process, "withdrawal"))
