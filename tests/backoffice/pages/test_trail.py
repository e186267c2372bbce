"""Tests of backoffice.pages.trail: the list somebody came from."""

from uuid import UUID

from django.contrib.sessions.backends.signed_cookies import SessionStore

from backoffice.pages.trail import LONGEST, last, remember

CASES = [UUID(int=number) for number in range(1, 5)]


class TestTheTrail:
    def test_knows_a_case_s_neighbours(self) -> None:
        session = SessionStore()
        remember(session, "Meine Vorgänge", "/?view=mine", CASES[:3], goes_on=False)
        trail = last(session)

        assert trail is not None
        assert trail.around(CASES[0]) == (1, "", str(CASES[1]))
        assert trail.around(CASES[1]) == (2, str(CASES[0]), str(CASES[2]))
        assert trail.around(CASES[2]) == (3, str(CASES[1]), "")
        assert trail.around(CASES[3]) is None

    def test_goes_on_with_the_next_page_of_the_same_list(self) -> None:
        session = SessionStore()
        remember(session, "Meine Vorgänge", "/?view=mine", CASES[:2], goes_on=False)
        remember(session, "Meine Vorgänge", "/?view=mine", CASES[1:], goes_on=True)
        trail = last(session)

        assert trail is not None
        assert trail.cases == tuple(str(case) for case in CASES)

    def test_begins_anew_with_another_list(self) -> None:
        session = SessionStore()
        remember(session, "Meine Vorgänge", "/?view=mine", CASES[:2], goes_on=False)
        remember(session, "Zu prüfen", "/?view=team", CASES[2:], goes_on=True)
        trail = last(session)

        assert trail is not None
        assert trail.cases == (str(CASES[2]), str(CASES[3]))

    def test_is_not_written_again_when_nothing_changed(self) -> None:
        session = SessionStore()
        remember(session, "Meine Vorgänge", "/?view=mine", CASES, goes_on=False)
        session.modified = False
        remember(session, "Meine Vorgänge", "/?view=mine", CASES, goes_on=False)

        assert not session.modified

    def test_keeps_no_more_than_anybody_follows(self) -> None:
        session = SessionStore()
        many = [UUID(int=number) for number in range(LONGEST + 9)]
        remember(session, "Zu prüfen", "/?view=team", many, goes_on=False)
        trail = last(session)

        assert trail is not None
        assert len(trail.cases) == LONGEST
