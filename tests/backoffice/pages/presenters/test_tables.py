"""Tests of backoffice.pages.presenters.tables: what a spreadsheet reads, and does not do."""

import csv
from io import StringIO

import pytest

from backoffice.pages.presenters.tables import harmless, table_text


class TestATable:
    def test_comes_back_as_it_was_written(self) -> None:
        rows = [["Straße 1", 'Ein "Wort"; noch eins'], ["Zeile\nzwei", ""]]
        text = table_text(["Wo", "Was"], rows)

        assert text.startswith("\ufeffWo;Was\r\n")
        assert list(csv.reader(StringIO(text[1:], newline=""), delimiter=";"))[1:] == rows


class TestACell:
    @pytest.mark.parametrize("cell", ["=1+1", "+49 2999", "-1", "@SUM(1)", "\t=1", "\r=1"])
    def test_that_looks_like_a_formula_is_text(self, cell: str) -> None:
        assert harmless(cell) == f"'{cell}"

    @pytest.mark.parametrize("cell", ["", "Hauptstraße 1", "1-2", "a=b"])
    def test_that_is_none_stays_as_it_is(self, cell: str) -> None:
        assert harmless(cell) == cell
