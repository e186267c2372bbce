"""Tests of backoffice.pages.ticked: what somebody has ticked, view by view."""

from uuid import UUID

from django.contrib.sessions.backends.signed_cookies import SessionStore

from backoffice.pages.ticked import tick, ticked, untick
from workflows.selection import MOST

A, B, C, D = (UUID(int=number) for number in range(1, 5))


class TestTicking:
    def test_says_of_what_is_shown_exactly_what_is_chosen(self) -> None:
        session = SessionStore()
        tick(session, "team", shown=[A, B], chosen=[A, B])
        tick(session, "team", shown=[B, C], chosen=[C])

        assert ticked(session, "team") == (A, C)

    def test_keeps_every_view_s_own(self) -> None:
        session = SessionStore()
        tick(session, "team", shown=[A], chosen=[A])
        tick(session, "mine", shown=[B], chosen=[B])
        untick(session, "team")

        assert (ticked(session, "team"), ticked(session, "mine")) == ((), (B,))

    def test_lets_go_of_some(self) -> None:
        session = SessionStore()
        tick(session, "team", shown=[], chosen=[A, B, C])
        untick(session, "team", [B, D])

        assert ticked(session, "team") == (A, C)

    def test_keeps_no_more_than_can_be_done_at_once(self) -> None:
        session = SessionStore()
        many = [UUID(int=number) for number in range(MOST + 1)]

        assert tick(session, "team", shown=many[:-1], chosen=many[:-1])
        assert not tick(session, "team", shown=many[-1:], chosen=many[-1:])
        assert len(ticked(session, "team")) == MOST

    def test_is_not_written_again_when_nothing_changed(self) -> None:
        session = SessionStore()
        tick(session, "team", shown=[A], chosen=[A])
        session.modified = False
        tick(session, "team", shown=[A], chosen=[A])

        assert not session.modified
