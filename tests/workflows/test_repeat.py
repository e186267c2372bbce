"""The same call twice is one act and one answer."""

from collections import Counter
from typing import Any

import pytest

from efile.kernel.errors import Conflict, Invalid
from tests.crowd import together
from tests.factories import portal
from tests.workflows.working import answered, refused
from workflows.models import IdempotencyKey
from workflows.repeat import KeyReused, earlier_answer, fingerprint, once

pytestmark = pytest.mark.django_db

DIGEST = fingerprint("test", {"a": 1})
OTHER = fingerprint("test", {"a": 2})


class Act:
    """Something that is done, and counts how often."""

    def __init__(self, answer: str = "getan") -> None:
        self.answer = answer
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return self.answer


def refuse() -> str:
    raise Conflict


class TestOnce:
    def test_does_it_and_says_that_it_was_new(self) -> None:
        act = Act()
        assert once("key", DIGEST, by=portal(), act=act) == ("getan", False)
        assert act.times == 1

    def test_does_it_no_second_time(self) -> None:
        once("key", DIGEST, by=portal(), act=Act())
        again = Act("anders")
        assert once("key", DIGEST, by=portal(), act=again) == ("getan", True)
        assert again.times == 0

    def test_refuses_the_key_for_another_body(self) -> None:
        once("key", DIGEST, by=portal(), act=Act())
        other = Act()
        with pytest.raises(KeyReused):
            once("key", OTHER, by=portal(), act=other)
        assert other.times == 0

    def test_knows_keys_by_their_sender(self) -> None:
        once("key", DIGEST, by=portal("one"), act=Act())
        assert once("key", OTHER, by=portal("other"), act=Act("auch")) == ("auch", False)

    def test_without_a_key_does_it_every_time(self) -> None:
        act = Act()
        for _ in range(2):
            assert once(None, DIGEST, by=portal(), act=act) == ("getan", False)
        assert act.times == 2
        assert not IdempotencyKey.objects.exists()

    def test_leaves_no_key_behind_when_the_act_is_refused(self) -> None:
        with pytest.raises(Conflict):
            once("key", DIGEST, by=portal(), act=refuse)
        assert not IdempotencyKey.objects.exists()
        assert once("key", OTHER, by=portal(), act=Act()) == ("getan", False)

    def test_leaves_no_key_behind_when_the_act_fails(self) -> None:
        def fail() -> str:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            once("key", DIGEST, by=portal(), act=fail)
        assert not IdempotencyKey.objects.exists()

    def test_takes_keys_of_full_length_and_any_letters(self) -> None:
        key = "Schlüssel 🗝 " + "x" * (255 - len("Schlüssel 🗝 "))
        once(key, DIGEST, by=portal(), act=Act())
        assert once(key, DIGEST, by=portal(), act=refuse) == ("getan", True)


class TestTheEarlierAnswer:
    def test_is_none_before_there_was_one(self) -> None:
        assert earlier_answer("key", DIGEST, by=portal()) is None

    def test_is_what_was_answered(self) -> None:
        once("key", DIGEST, by=portal(), act=Act())
        assert earlier_answer("key", DIGEST, by=portal()) == "getan"
        assert earlier_answer("key", DIGEST, by=portal("other")) is None

    def test_of_another_body_is_refused(self) -> None:
        once("key", DIGEST, by=portal(), act=Act())
        with pytest.raises(KeyReused):
            earlier_answer("key", OTHER, by=portal())


class TestTheFingerprint:
    @pytest.mark.parametrize(
        "same",
        [
            {"b": [1, {"d": 4, "c": 3}], "a": "ä"},
            {"a": "\u00e4", "b": [1.0, {"c": 3, "d": 4}]},
        ],
    )
    def test_is_that_of_the_same_json(self, same: Any) -> None:
        assert fingerprint("x", same) == fingerprint("x", {"a": "ä", "b": [1, {"c": 3, "d": 4}]})

    @pytest.mark.parametrize(
        "other",
        [{"a": "1"}, {"a": 2}, {"a": True}, {"A": 1}, {"a": 1, "b": None}, [{"a": 1}], {"a": [1]}],
    )
    def test_tells_other_json_apart(self, other: Any) -> None:
        assert fingerprint("x", other) != fingerprint("x", {"a": 1})

    def test_tells_operations_apart(self) -> None:
        assert fingerprint("answer:1", {}) != fingerprint("answer:2", {})
        assert fingerprint("a", "b") != fingerprint("ab", "")

    @pytest.mark.parametrize("body", [{"a": float("inf")}, {"a": float("nan")}, {"a": 2**60}])
    def test_refuses_what_has_no_canonical_form(self, body: Any) -> None:
        with pytest.raises(Invalid) as refusal:
            fingerprint("x", body)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [("", "not_canonicalizable")]


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_of_the_same_call_are_one_act(self) -> None:
        act, by = Act(), portal()
        answers = answered(together(30, lambda _: once("key", DIGEST, by=by, act=act)))
        assert Counter(answers) == {("getan", True): 29, ("getan", False): 1}
        assert act.times == 1

    def test_of_a_refused_call_are_all_refused(self) -> None:
        by = portal()
        answers = together(10, lambda _: once("key", DIGEST, by=by, act=refuse))
        assert [type(refusal) for refusal in refused(answers)] == [Conflict] * 10

    def test_with_different_bodies_let_one_win(self) -> None:
        by = portal()
        digests = [fingerprint("test", number) for number in range(10)]
        answers = together(10, lambda n: once("key", digests[n], by=by, act=Act(f"{n}")))
        assert [type(refusal) for refusal in refused(answers)] == [KeyReused] * 9
