"""Tests of backoffice.pages.views.post: from the letter that waits to the one that came back."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.pages.rows import BatchPage, LetterPage, PostPage
from efile.kernel.clock import local_date
from efile.kernel.ids import uuid7
from efile.kernel.models import Unit
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.efile.letters.reading import words
from tests.factories import AT, DAY, colleague, renewed
from tests.workflows.conftest import Clock, clock
from tests.workflows.working import decided, posted
from workflows.machine import Step
from workflows.matters import revoke_matter
from workflows.models import Letter, PrintBatch, Process, StandingMatter, State
from workflows.posting import make_batch, note_returned

__all__ = ["clock"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TODAY = local_date(AT).isoformat()


def shown(client: Client) -> PostPage:
    response = client.get("/post")
    assert response.status_code == 200
    page: PostPage = response.context["page"]
    return page


def waiting() -> Process:
    return decided(Step.REFUSE, electronic=False)


def batched() -> PrintBatch:
    unit = Unit.objects.get(key="buergerservice-parken")
    return make_batch(unit.pk, by=colleague(), at=AT)


class TestThePost:
    def test_shows_what_waits_and_offers_to_print_it(self, desk: Client) -> None:
        process = waiting()
        page = shown(desk)
        (unit,) = page.units
        (letter,) = unit.letters
        assert (letter.reference, letter.kind) == (process.case.reference, "Ablehnung")
        assert page.summary == "1 Schreiben wartet auf die Post"
        assert unit.make
        made = desk.post(unit.make.url)
        batch = PrintBatch.objects.get()
        assert made.headers["Location"] == reverse("post_batch", args=[batch.id])
        assert shown(desk).empty

    def test_says_that_nothing_waits(self, desk: Client) -> None:
        assert shown(desk).empty

    def test_says_that_somebody_else_was_faster(self, desk: Client) -> None:
        waiting()
        (unit,) = shown(desk).units
        assert unit.make
        batched()
        answer = desk.post(unit.make.url, follow=True)
        assert "Für diese Stelle wartet kein Schreiben" in answer.content.decode()

    def test_shows_anything_that_is_a_name_as_text(self, desk: Client) -> None:
        waiting()
        Letter.objects.update(recipient="<b>Ÿ\u202e & Co</b>")
        assert "&lt;b&gt;Ÿ" in desk.get("/post").content.decode()

    def test_is_in_the_navigation_of_those_who_handle_it(self, signed_in: SignedIn) -> None:
        def offered(username: str) -> bool:
            return 'href="/post"' in signed_in(username).get("/").content.decode()

        assert offered("a.lopes")
        assert not offered("v.nightingale")

    def test_is_not_for_others(self, signed_in: SignedIn) -> None:
        assert signed_in("v.nightingale").get("/post").status_code == 403
        assert shown(signed_in("j.kessler")).units == ()

    def test_costs_the_same_for_one_letter_and_for_many(self, desk: Client) -> None:
        waiting()
        with_one = cost(desk, "/post")
        posted(waiting())
        for _ in range(5):
            waiting()
        assert cost(desk, "/post") == with_one <= 5


class TestABatch:
    def test_shows_its_letters_and_prints_them(self, desk: Client) -> None:
        process = waiting()
        batch = batched()
        page: BatchPage = desk.get(reverse("post_batch", args=[batch.id])).context["page"]
        assert [letter.reference for letter in page.letters] == [process.case.reference]
        printed = desk.get(page.pdf_url)
        assert printed.headers["Content-Type"] == "application/pdf"
        assert printed.headers["Cache-Control"] == "private, no-store"
        assert f"Poststapel {batch.number}" in words(printed.content)

    def test_takes_the_day_it_went(self, desk: Client) -> None:
        process = waiting()
        batch = batched()
        address = reverse("post_posted", args=[batch.id])
        tomorrow = local_date(AT + DAY).isoformat()
        refused = desk.post(address, {"posted_on": tomorrow})
        assert refused.status_code == 422
        page: BatchPage = refused.context["page"]
        assert page.posted
        assert page.posted.fields[0].error
        assert desk.post(address, {"posted_on": TODAY}).status_code == 302
        assert Letter.objects.get(case_id=process.case_id).sent_on == local_date(AT)
        again = desk.post(address, {"posted_on": TODAY}, follow=True)
        assert again.status_code == 409
        assert "ist am 10.03.2026 zur Post gegeben worden" in again.content.decode()

    def test_holds_back_what_was_revoked_after_it_was_printed(self, desk: Client) -> None:
        process = decided(Step.GRANT, electronic=False)
        address = reverse("post_batch", args=[batched().id])
        assert desk.get(address).context["page"].warning == ""
        matter = StandingMatter.objects.get(case_id=process.case_id)
        revoke_matter(process.case_id, matter.id, "Umzug.", by=colleague(), at=AT)

        page: BatchPage = desk.get(address).context["page"]
        assert page.warning.startswith("Ein Ausweis in diesem Stapel gilt nicht mehr.")
        states = {one.kind: one.state.text for one in page.letters if one.state}
        assert states == {"Ausweis": "nicht absenden"}
        assert page.posted
        (option,) = page.posted.fields[0].options
        assert process.case.reference in option.label

        tries: list[tuple[dict[str, str], int]] = [
            ({"taken_out": "alle"}, 422),
            ({}, 409),
            ({"taken_out": option.value}, 302),
        ]
        for said, status in tries:
            answer = desk.post(page.posted.url, {"posted_on": TODAY, **said})
            assert answer.status_code == status
            if status == 409:
                assert f"nicht mehr gilt: {process.case.reference}" in answer.content.decode()
        assert desk.get(address).context["page"].warning == ""

    def test_of_another_unit_is_an_absent_one(self, signed_in: SignedIn) -> None:
        waiting()
        batch = batched()
        stranger = signed_in("j.kessler")
        for name in ("post_batch", "post_batch_pdf"):
            foreign = stranger.get(reverse(name, args=[batch.id]))
            absent = stranger.get(reverse(name, args=[uuid7()]))
            assert foreign.status_code == absent.status_code == 404

    def test_costs_the_same_for_one_letter_and_for_many(self, desk: Client) -> None:
        waiting()
        with_one = cost(desk, reverse("post_batch", args=[batched().id]))
        for _ in range(5):
            waiting()
        assert cost(desk, reverse("post_batch", args=[batched().id])) == with_one <= 5


class TestALetterThatCameBack:
    def test_is_noted_and_written_anew(self, desk: Client) -> None:
        process = waiting()
        batch = posted(process)
        page: BatchPage = desk.get(reverse("post_batch", args=[batch.id])).context["page"]
        (letter,) = page.letters
        form: LetterPage = desk.get(letter.return_url).context["page"]
        assert form.returned
        refused = desk.post(letter.return_url, {"returned_on": TODAY, "reason": ""})
        assert refused.status_code == 422
        told = {"returned_on": TODAY, "reason": "unbekannt verzogen"}
        assert desk.post(letter.return_url, told).headers["Location"] == "/post"
        assert renewed(process).state == State.DECIDED
        (back,) = shown(desk).returned
        assert back.detail == "unbekannt verzogen"
        assert back.again
        desk.post(back.again.url)
        assert shown(desk).returned == ()

    def test_is_not_noted_twice(self, desk: Client, clock: Clock) -> None:
        process = waiting()
        posted(process)
        letter = Letter.objects.get(case_id=process.case_id)
        note_returned(letter.id, local_date(AT), "verzogen", by=colleague(), at=AT)
        told = {"returned_on": TODAY, "reason": "verzogen"}
        refused = desk.post(reverse("post_letter", args=[letter.id]), told)
        assert refused.status_code == 409
        assert refused.context["page"].returned is None

    def test_of_another_unit_is_an_absent_one(self, signed_in: SignedIn) -> None:
        posted(waiting())
        letter = Letter.objects.get()
        stranger = signed_in("j.kessler")
        for one in (letter.id, uuid7()):
            assert stranger.get(reverse("post_letter", args=[one])).status_code == 404
            assert stranger.post(reverse("post_again", args=[one])).status_code == 404


class TestAReceipt:
    def test_is_a_pdf_for_whoever_sees_the_case(self, desk: Client, signed_in: SignedIn) -> None:
        process = waiting()
        receipt = desk.get(reverse("case_receipt", args=[process.case_id]))
        assert receipt.headers["Content-Type"] == "application/pdf"
        assert process.case.reference in words(receipt.content)
        other = signed_in("r.aydin").get(reverse("case_receipt", args=[process.case_id]))
        assert other.status_code == 404
