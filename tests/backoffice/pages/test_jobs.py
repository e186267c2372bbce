"""Tests of backoffice.pages.jobs."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from backoffice.pages.jobs import clear_sessions
from efile.kernel.clock import real_now

pytestmark = pytest.mark.django_db


def test_sessions_that_have_expired_leave_nothing_behind(desk: Client, head: Client) -> None:
    gone, stays = desk.session.session_key, head.session.session_key
    Session.objects.filter(session_key=gone).update(expire_date=real_now() - timedelta(seconds=1))
    clear_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == [stays]
