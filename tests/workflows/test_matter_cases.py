"""What cases do to a matter that exists: who may, what changes, what is paid, what is undone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from efile.kernel.errors import Conflict
from efile.kernel.verify import verify
from efile.models import Document, Party
from efile.verify import cases_without_chain, project_cases
from tests.factories import AT, DAY, colleague, machine, portal
from tests.workflows.standing import applied, granted, lived, matter_of, with_a_life
from tests.workflows.test_letters import read
from tests.workflows.working import published, recorded, told
from workflows.application import Application
from workflows.decisions import decide
from workflows.endings import close, reopen
from workflows.machine import Step
from workflows.matter_cases import MatterUnknown, NothingIsOwed
from workflows.matter_names import matter_facts
from workflows.matters import MatterHasEnded, revoke_matter
from workflows.models import (
    Assessment,
    Decision,
    MatterCase,
    MatterDuty,
    Process,
    StandingMatter,
)
from workflows.notification import notify_by_post
from workflows.public import public_status
from workflows.verify import project_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

EFFECTS = ["change", "end", "return", "review", "recover"]


def running() -> StandingMatter:
    return matter_of(granted(applied()))


def ended() -> StandingMatter:
    known = running()
    revoke_matter(known.case_id, known.id, "Umzug.", by=colleague(), at=AT)
    return matter_of(Process.objects.get(case_id=known.case_id))


def foreign() -> StandingMatter:
    return matter_of(granted(applied(bpk2="somebody-else")))


def absent() -> StandingMatter:
    return StandingMatter(number="BPA-26-999999")


class TestTheTable:
    """Effect × what is named."""

    @pytest.mark.parametrize("effect", EFFECTS)
    @pytest.mark.parametrize(
        ("named", "refused"),
        [
            (running, {}),
            (ended, dict.fromkeys(["change", "end", "review"], MatterHasEnded)),
            (foreign, dict.fromkeys(EFFECTS, MatterUnknown)),
            (absent, dict.fromkeys(EFFECTS, MatterUnknown)),
        ],
    )
    def test_holds(
        self,
        effect: str,
        named: Callable[[], StandingMatter],
        refused: dict[str, type[Conflict]],
    ) -> None:
        lived()
        matter = named()
        process = applied(effect, matter.number)
        if effect in refused:
            with pytest.raises(refused[effect]):
                granted(process)
            assert not MatterCase.objects.filter(case_id=process.case_id).exists()
            return
        granted(process)
        link = MatterCase.objects.get(case_id=process.case_id)
        assert (link.effect, link.matter_id) == (effect, matter.id)

    def test_leaves_namesakes_without_an_account_to_a_person(self) -> None:
        lived()
        matter = running()
        StandingMatter.objects.update(holder="")
        process = applied("end", matter.number)
        sent = Application.of(process)
        assert matter_facts(process, sent, AT) == {
            "found": True,
            "is_running": True,
            "is_holder": None,
        }
        with pytest.raises(MatterUnknown):
            decide(process.case_id, Step.GRANT, by=machine("checks"), at=AT)
        granted(process)

    def test_takes_a_matter_of_another_service_for_none(self) -> None:
        lived()
        matter = running()
        StandingMatter.objects.update(service_key="dog-tax")
        with pytest.raises(MatterUnknown):
            granted(applied("end", matter.number))


class TestAChange:
    def test_replaces_what_is_stated_and_keeps_the_rest(self) -> None:
        lived(duties=False)
        known = matter_of(granted(applied(make="VW")))
        granted(applied("change", known.number, zone="A5", nights=1))
        known.refresh_from_db()
        assert (known.data["zone"], known.data["make"]) == ("A5", "VW")

    def test_fixes_the_year_anew_from_its_month_on(self) -> None:
        lived(duties=False)
        known = matter_of(granted(applied(on="2026-01-01")))
        july = datetime(2026, 7, 6, 10, tzinfo=UTC)
        granted(applied("change", known.number, nights=1, on="2026-07-01", at=july), at=july)
        before, after = Assessment.objects.order_by("made_at")
        # 96 € from January on, a third of it due in May already; from July on 150 € a year.
        assert (before.total_cents, before.is_in_force) == (9600, False)
        assert (after.from_on, after.total_cents) == (date(2026, 1, 1), 4800 + 7500)
        assert [line["cents"] for line in after.lines] == [4800, 7500]
        assert sum(cents for _, cents, _ in after.instalments) == 12300
        assert after.instalments[0] == ["2026-05-15", 3200, 2026]

    def test_prints_the_permit_anew(self) -> None:
        lived(duties=False)
        known = matter_of(granted(applied(), drain=True))
        process = granted(applied("change", known.number, plate="D-LM 999"), drain=True)
        document = Document.objects.get(case_id=process.case_id, kind="permit")
        assert "D-LM999" in read(document).replace(" ", "")


class TestAnEnd:
    def test_today_ends_it_and_what_it_demands(self) -> None:
        lived()
        known = running()
        granted(applied("end", known.number, on="2026-03-10"))
        known.refresh_from_db()
        assert (known.ended_on, known.duties_from) == (AT.date(), None)

    def test_to_come_shortens_its_validity(self) -> None:
        lived()
        known = running()
        granted(applied("end", known.number, on="2026-06-30"))
        known.refresh_from_db()
        assert (known.ended_on, known.valid_to) == (None, date(2026, 6, 30))
        assert known.runs_on(date(2026, 6, 30))
        assert not known.runs_on(date(2026, 7, 1))

    def test_charges_the_months_until_then(self) -> None:
        lived(duties=False)
        known = matter_of(granted(applied(on="2026-01-01")))
        june = datetime(2026, 6, 8, 10, tzinfo=UTC)
        granted(applied("end", known.number, on="2026-04-20", at=june), at=june)
        last = Assessment.objects.order_by("made_at").last()
        assert last
        # Four of twelve months of 96 €: exactly what was due in May; nothing is left to pay.
        assert (last.total_cents, last.to_on) == (3200, date(2026, 4, 30))
        assert last.instalments == [["2026-05-15", 3200, 2026]]

    def test_is_told_to_the_portal(self) -> None:
        lived()
        known = running()
        process = granted(applied("end", known.number))
        assert "matter_ended" in told(process.case_id)


class TestAReturn:
    def test_fulfils_the_oldest_period_and_is_charged_for_it(self) -> None:
        lived(interval="once")
        known = running()
        july = datetime(2026, 7, 6, 10, tzinfo=UTC)
        for nights in (10, 21):
            granted(applied("return", known.number, nights=nights, at=july), at=july)
        duties = MatterDuty.objects.filter(kind="return").order_by("period_from")
        assert [(one.period_from.month, one.done_at is not None) for one in duties] == [
            (1, True),
            (4, True),
            (7, False),
        ]
        # 7.5 % of 100 € and 210 €, due a fortnight after the letter is known (10 July).
        found = Assessment.objects.order_by("from_on")
        assert [(one.total_cents, one.instalments) for one in found] == [
            (750, [["2026-07-24", 750, 2026]]),
            (1575, [["2026-07-24", 1575, 2026]]),
        ]

    def test_that_nobody_owes_is_refused(self) -> None:
        lived(interval="once")
        known = running()
        granted(applied("return", known.number, nights=1))
        with pytest.raises(NothingIsOwed):
            granted(applied("return", known.number, nights=1))


class TestClaimingBack:
    def test_fixes_a_sum_of_its_own(self) -> None:
        lived(duties=False)
        known = running()
        granted(applied("recover", known.number, reclaimed=12345, nights=0))
        found = Assessment.objects.get(kind="recovery")
        assert (found.total_cents, found.interval) == (9600 + 12345, "once")


class TestDecidingAnew:
    def again(self, process: Process, step: Step) -> None:
        notify_by_post(process.case_id, AT.date(), by=colleague(), at=AT)
        after = AT + 60 * DAY
        close(process.case_id, by=colleague(), at=after)
        reopen(process.case_id, reason="Fehler", by=colleague("t.oyelaran"), at=after)
        decide(process.case_id, step, reasons="Doch nicht.", by=colleague(), at=after)

    def test_undoes_its_own_effect_and_no_other(self) -> None:
        lived(duties=False)
        known = running()
        process = granted(applied("change", known.number, make="Opel", zone="A5"), drain=True)
        granted(applied("end", known.number, on="2026-12-31"))
        self.again(process, Step.REFUSE)
        known.refresh_from_db()
        assert (known.data["zone"], known.valid_to) == ("A4", date(2026, 12, 31))
        assert [one.is_in_force for one in Assessment.objects.filter(case_id=process.case_id)] == [
            False
        ]

    def test_ends_what_the_first_decision_began(self) -> None:
        lived()
        process = granted(applied(), drain=True)
        self.again(process, Step.REFUSE)
        assert matter_of(process).ended_on == (AT + 60 * DAY).date()
        assert not MatterDuty.objects.filter(done_at=None, dropped_at=None, period_from__gt=AT)


class TestTheFile:
    def test_is_that_of_the_matter_where_it_is_kept_per_object(self) -> None:
        def per_object(document: dict[str, Any]) -> None:
            with_a_life(document)
            document["file"] |= {"grouping": "per_object", "object": "/form/plate"}

        published("resident-parking", per_object)
        first = granted(applied())
        second = applied("end", matter_of(first).number, plate="D-XX 1")
        strangers = applied("end", matter_of(first).number, plate="D-XX 2", bpk2="stranger")
        assert second.case.case_file_id == first.case.case_file_id
        assert strangers.case.case_file_id != first.case.case_file_id


class TestTheLetter:
    def test_shows_the_computation_and_the_plan(self) -> None:
        lived(duties=False)
        process = granted(applied(on="2026-01-01"), drain=True)
        letter = Document.objects.get(case_id=process.case_id, kind="decision")
        text = read(letter)
        span = "01.01.2026 bis 31.12.2026"
        for said in ("Stellplatzsteuer", span, "Ein Auto", "96,00", "15.05.2026"):
            assert said in text
        assert "Klage" in text
        assert Decision.objects.get(case_id=process.case_id).fixes_amount


def faults() -> set[str]:
    report = verify([project_cases, project_work], cases_without_chain)
    return {one.kind for one in report.faults}


def test_the_journal_proves_all_of_it() -> None:
    lived()
    known = running()
    process = granted(applied("change", known.number, zone="A5"))
    granted(applied("end", known.number, on="2026-03-10"))
    assert recorded(process.case_id)[-1] == "matter.touched"
    assert recorded(known.case_id).count("matter.touched") == 2
    assert faults() == set()
    MatterDuty.objects.update(due_on=date(2030, 1, 1))
    assert faults() == {"altered_row"}


def test_the_portal_sees_the_matter_from_every_case() -> None:
    lived()
    known = running()
    process = granted(applied("change", known.number, zone="A5"))
    assert process.submission
    status = public_status(process.submission, by=portal())
    assert [one["number"] for one in status["standing_matters"]] == [known.number]
    assert Party.objects.filter(case_id=process.case_id).exists()
