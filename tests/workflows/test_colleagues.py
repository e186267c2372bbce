"""Tests of workflows.colleagues: whoever is offered can really be made responsible."""

import pytest

from efile.kernel.models import User
from efile.models import CaseDenial
from efile.policy import Action, may, person
from tests.factories import AT, city, colleague, submitted
from workflows.assignment import assign
from workflows.colleagues import able_colleagues

pytestmark = pytest.mark.django_db


class TestAbleColleagues:
    @pytest.mark.parametrize("service", ["resident-parking", "bulky-waste"])
    def test_are_those_whom_the_policy_lets_examine_the_case(self, service: str) -> None:
        process = submitted(service)
        able = {
            user.pk
            for user in User.objects.filter(tenant=city())
            if may(Action.EXAMINE, process.case_id, process.scope, by=person(user))
        }

        offered = able_colleagues(process.case_id, by=colleague())
        assert {one.user_id for one in offered} == able
        assert able

    def test_do_not_include_whoever_is_barred_or_gone(self) -> None:
        process = submitted()
        barred, gone = (User.objects.get(username=name) for name in ("d.yilmaz", "k.brinkmann"))
        CaseDenial.objects.create(
            tenant=city(), case_id=process.case_id, user=barred, reason="§ 20 VwVfG"
        )
        User.objects.filter(id=gone.pk).update(is_active=False)

        offered = {one.user_id for one in able_colleagues(process.case_id, by=colleague())}
        assert offered.isdisjoint({barred.pk, gone.pk})

    def test_come_with_how_much_lies_on_their_desks(self) -> None:
        process, by = submitted(), colleague()
        assign(process.case_id, by.user_id, by=by, at=AT)

        loads = {one.name: one.cases for one in able_colleagues(process.case_id, by=by)}
        assert (loads["Ana Lopes"], loads["Deniz Yılmaz"]) == (1, 0)
