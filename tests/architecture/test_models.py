"""Foreign keys: they point down, and nobody can walk them upwards."""

import pytest
from django.db.models import Model

from tests.architecture.tree import FLOORS, is_ours, own_keys, own_models

pytestmark = pytest.mark.static


def floor(model: type[Model]) -> int:
    return FLOORS.index(model._meta.app_label)


def relations() -> list[tuple[str, type[Model], type[Model], str | None]]:
    """(name, from, to, related_name) of every foreign key that was declared here."""
    return [
        (f"{model._meta.label}.{field.name}", model, target, field.remote_field.related_name)
        for model in own_models()
        for field, target in own_keys(model)
        if field.remote_field
    ]


def test_there_are_foreign_keys_to_look_at() -> None:
    assert len(relations()) > 20


def test_foreign_keys_point_down() -> None:
    upwards = [
        f"{name} → {target._meta.label}"
        for name, model, target, _related_name in relations()
        if is_ours(target) and floor(target) > floor(model)
    ]

    assert upwards == []


def test_keys_across_apps_cannot_be_walked_upwards() -> None:
    walkable = [
        f"{name} → {target._meta.label}: related_name={related_name!r}"
        for name, model, target, related_name in relations()
        if target._meta.app_label != model._meta.app_label
        and not (related_name or "").endswith("+")
    ]

    assert walkable == []
