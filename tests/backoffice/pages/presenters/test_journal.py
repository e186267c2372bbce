"""Tests of backoffice.pages.presenters.journal: no fault and no watched field without words."""

import re
from inspect import getsource
from typing import get_args

import efile.verify
import workflows.verify
from backoffice.pages.presenters.journal import FAULTS, FIELDS, TABLES
from efile.kernel.verify import Kind


class TestEveryFault:
    def test_has_words(self) -> None:
        assert FAULTS.keys() == set(get_args(Kind))


class TestEveryWatchedField:
    def test_has_words(self) -> None:
        told = getsource(efile.verify) + getsource(workflows.verify)
        fields = re.findall(r'"([a-z]+\.[a-z_]+)"[\]:]', told)
        tables = re.findall(r'\[f"([a-z]+)\.\{', told)

        assert set(fields) == FIELDS.keys()
        assert set(tables) <= TABLES.keys()
