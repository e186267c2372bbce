"""What a scope comes down to."""

import pytest

from api.scopes import is_entry, narrowed, tidied, within
from efile.kernel.actors import Actor


@pytest.mark.parametrize(
    ("entry", "known"),
    [
        ("read", True),
        ("submit:dog-tax", True),
        ("cases:dog-tax", True),
        ("occasions:dog-tax", False),
        ("everything", False),
        ("read:", False),
        ("read:Dog", False),
        ("read:dog-tax:more", False),
        (":dog-tax", False),
        ("", False),
    ],
)
def test_an_entry_is_an_operation_or_one_for_a_service(entry: str, known: bool) -> None:
    assert is_entry(entry) is known


@pytest.mark.parametrize(
    ("entry", "allowed", "comes_to"),
    [
        ("read", {"read"}, {"read"}),
        ("read", {"read:a", "read:b", "submit"}, {"read:a", "read:b"}),
        ("read:a", {"read"}, {"read:a"}),
        ("read:a", {"read:b"}, set()),
        ("read:a", {"reader"}, set()),
        ("answer", {"read"}, set()),
    ],
)
def test_what_is_asked_for_comes_to_what_is_allowed(
    entry: str, allowed: set[str], comes_to: set[str]
) -> None:
    assert within(entry, allowed) == comes_to


def test_an_older_token_is_narrowed_with_its_client() -> None:
    assert narrowed(["submit", "read:a"], {"submit:b", "read"}) == {"submit:b", "read:a"}


def test_a_wider_entry_includes_the_narrower_ones() -> None:
    assert tidied(["read:b", "submit:a", "read", "submit:a"]) == ["submit:a", "read"]


def test_an_actor_may_for_all_services_or_for_some() -> None:
    actor = Actor(
        tenant_id=1,
        kind="portal",
        key="portal:x",
        permissions=frozenset({"submit", "read:b", "read:a"}),
    )
    assert actor.may("submit", "anything")
    assert actor.may("read", "a")
    assert not actor.may("read", "c")
    assert not actor.may("answer", "a")
    assert actor.services("submit") is None
    assert actor.services("read") == ["a", "b"]
    assert actor.services("answer") == []
