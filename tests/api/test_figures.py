"""What clients do, in figures: gathered in the process, written at once, read by administrators."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.figures import BOUNDS, GATHERED, Gathered
from api.models import PortalClient
from api.portals import figures_of, get_portal, list_portals
from efile.kernel.clock import real_now
from efile.policy import ActionNotGranted
from tests.api.calling import Portal
from tests.factories import colleague, machine

pytestmark = pytest.mark.django_db


def caller(portal: Portal) -> tuple[int, int]:
    client = PortalClient.objects.get(client_id=portal.client_id)
    return client.tenant_id, client.pk


class TestFigures:
    def test_are_of_what_was_called_how_it_went_and_nothing_else(self, portal: Portal) -> None:
        portal.get("services")
        portal.get("services")
        portal.get("submissions/01890000-0000-7000-8000-000000000001")
        portal.upload()
        GATHERED.write()
        found = get_portal(portal.client_id, by=machine(), at=real_now())
        figures = dict(figures_of(found, by=machine(), at=real_now()).by_operation)
        assert figures.keys() == {"listServices", "getSubmission", "createUpload"}
        assert (figures["listServices"].calls, figures["listServices"].refused) == (2, 0)
        assert (figures["getSubmission"].calls, figures["getSubmission"].refused) == (1, 1)
        assert figures["listServices"].bytes_out > 1000
        assert figures["createUpload"].bytes_in > 50
        assert (found.calls, found.errors) == (4, 1)
        assert found.last_at

    def test_of_several_processes_add_up_in_one_statement_each(self, portal: Portal) -> None:
        first, second = Gathered(), Gathered()
        for process, seconds in ((first, 0.004), (second, 0.2), (second, 9.0)):
            process.note(caller(portal), "submit", 201, at=real_now(), seconds=seconds)
        with CaptureQueriesContext(connection) as statements:
            first.write()
            second.write()
            second.write()
        assert len(statements) == 2
        found = get_portal(portal.client_id, by=machine(), at=real_now())
        [(_, usage)] = figures_of(found, by=machine(), at=real_now()).by_operation
        assert usage.calls == 3
        assert usage.slowest is None, "95 in 100 of three calls are all three"

    def test_tell_how_long_nearly_all_calls_take(self, portal: Portal) -> None:
        for _ in range(19):
            GATHERED.note(caller(portal), "submit", 201, at=real_now(), seconds=0.009)
        GATHERED.note(caller(portal), "submit", 201, at=real_now(), seconds=4)
        GATHERED.write()
        found = get_portal(portal.client_id, by=machine(), at=real_now())
        [(_, usage)] = figures_of(found, by=machine(), at=real_now()).by_operation
        assert usage.slowest == 10
        assert usage.slowest in BOUNDS

    def test_count_what_was_handed_in_by_service(self, portal: Portal) -> None:
        portal.submitted()
        found = get_portal(portal.client_id, by=machine(), at=real_now())
        handed_in = figures_of(found, by=machine(), at=real_now()).by_service
        assert handed_in == (("resident-parking", 1),)

    def test_are_for_administrators(self, portal: Portal) -> None:
        with pytest.raises(ActionNotGranted):
            list_portals(by=colleague(), at=real_now())
