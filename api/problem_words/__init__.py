"""The words for each problem, German and English."""

from collections.abc import Mapping
from typing import Final

from api.problem_words.calls import CALLS
from api.problem_words.cases import CASES
from api.problem_words.kinds import KINDS
from api.problem_words.shape import Words

__all__ = ["PROBLEMS", "Words"]

# code -> words. Every refusal has its entry: tests/api/test_words.py.
PROBLEMS: Final[Mapping[str, Words]] = {**CALLS, **CASES, **KINDS}
