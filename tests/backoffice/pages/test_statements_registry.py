"""How many statements the registry's pages cost: the same for one row and for many."""

import pytest
from django.test import Client

from efile.filing import file_documents, write_note
from efile.models import Case, FilePlan, FilePlanPosition
from tests.backoffice.pages.test_statements import cost
from tests.efile.cases import new_document, opened
from tests.factories import AT, city, colleague, machine

pytestmark = pytest.mark.django_db


def grow(case: Case) -> None:
    """Many files, many cases in ``case``'s file, many documents and entries."""
    plan = FilePlan.objects.get(tenant=city())
    FilePlanPosition.objects.bulk_create(
        FilePlanPosition(
            tenant=city(),
            plan=plan,
            code=f"99.{number}",
            title="Weiteres",
            retention_years=1,
            disposal_code="V",
            access_class="general",
        )
        for number in range(300)
    )
    for _ in range(12):
        opened()
        same = opened(bpk2="a")
        file_documents(same.id, [new_document(), new_document(b"2")], by=machine(), at=AT)
    for number in range(40):
        write_note(case.id, f"Notiz {number}", by=colleague(), at=AT)


class TestTheRegistrysPages:
    def test_cost_at_most_seven(self, desk: Client) -> None:
        case = opened(bpk2="a")
        file_documents(case.id, [new_document()], by=machine(), at=AT)
        addresses = (
            "/file-plan?unfold=1",
            f"/file-plan/{case.case_file.position_id}",
            f"/files/{case.case_file_id}",
            f"/cases/{case.id}/journal",
        )
        with_little = [cost(desk, address) for address in addresses]
        grow(case)

        assert [cost(desk, address) for address in addresses] == with_little == [3, 3, 7, 6]
