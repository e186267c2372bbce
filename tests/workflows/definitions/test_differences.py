"""What differs between two definitions, and where that stands in words."""

from tests.workflows.definitions.shipped import PERMIT
from workflows.definitions.differences import Difference, differences
from workflows.definitions.documents import REMOVE, changed, moved_item
from workflows.definitions.naming import path_in


def only(pointer: str, value: object) -> Difference:
    """The one difference that the change makes."""
    [found] = differences(PERMIT, changed(PERMIT, pointer, value))
    return found


def test_a_definition_does_not_differ_from_itself() -> None:
    assert differences(PERMIT, dict(PERMIT)) == ()


def test_a_value_is_told_with_its_path_in_words() -> None:
    found = only("/fee/periods/0/positions/0/cents", 3000)
    assert (found.kind, found.before, found.after) == ("changed", 2500, 3000)
    assert found.path[0] == "Gebühr"
    assert found.path[2] == "ab 01.01.2024"
    assert found.path[-1] == "Betrag in Cent"


def test_an_item_less_leaves_those_that_follow_as_they_were() -> None:
    found = only("/checks/0", REMOVE)
    assert (found.kind, found.pointer, found.after) == ("removed", "/checks/0", None)
    assert found.path == ("Prüfungen", "Hauptwohnsitz in der Bewohnerparkzone")


def test_an_item_more_is_told_whole() -> None:
    step = {"key": "settle", "roles": ["head"]}
    found = only("/steps/-", step)
    assert (found.kind, found.after) == ("added", step)
    assert found.path == ("Schritte", "Ohne Entscheidung beenden")


def test_a_field_in_another_place_is_told_as_moved() -> None:
    [found] = differences(PERMIT, moved_item(PERMIT, "/form/properties/zone", 0))
    assert (found.kind, found.pointer) == ("moved", "/form/properties")
    assert found.after[:2] == ["zone", "plate"]


def test_a_label_is_found_under_the_name_of_its_field() -> None:
    found = only("/form/properties/plate/x-labels/en", "Plate")
    assert found.path == ("Formular", "Kennzeichen", "Beschriftung", "Englisch")


def test_true_is_not_one() -> None:
    assert only("/automation/sample_percent", 2).kind == "added"
    before = changed(PERMIT, "/automation/sample_percent", 1)
    [found] = differences(before, changed(before, "/automation/sample_percent", True))
    assert (found.before, found.after) == (1, True)


def test_null_is_not_nothing() -> None:
    assert only("/fee", None).kind == "changed"
    assert only("/fee", REMOVE).kind == "removed"


def test_paths_can_be_had_in_english() -> None:
    assert path_in(PERMIT, "/steps/0/roles", "en") == ("steps", "examine", "roles")
