"""What an expression reads and rests on is seen in the compiler's tree, not in its spelling."""

import pytest
from cel_expr_python import cel

from workflows.catalogue.evidence import rests_on, tree, variables

VARIABLES = {
    "form.own": cel.Type.BOOL,
    "form.zone": cel.Type.STRING,
    "form.items": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
    "reg.found": cel.Type.BOOL,
    "reg.blocked": cel.Type.BOOL,
    "reg.zone": cel.Type.STRING,
    "reg.zones": cel.Type.List(cel.Type.STRING),
}
ENVIRONMENT = cel.NewEnv(variables=VARIABLES)


def rests(expression: str) -> bool:
    syntax = tree(ENVIRONMENT.compile(expression).serialize())
    return rests_on(syntax, speaks)


def speaks(name: str, holds: bool) -> bool:
    """The register speaks for somebody whom it found, or whom it does not call blocked."""
    return name.startswith("reg.") and (holds or name == "reg.blocked")


@pytest.mark.parametrize(
    "expression",
    [
        "reg.found",
        "!reg.blocked",
        "reg.found && form.own",
        "form.own && (form.zone == 'A1' && reg.found)",
        "reg.zone == form.zone",
        "form.zone in reg.zones",
        "reg.zone in ['A1', form.zone]",
        "reg.zone.startsWith('A')",
        "reg.found || reg.zone == 'A1'",
        "!(reg.blocked || form.own)",
        "!(!reg.found)",
        "!(!reg.found || form.own)",
        "form.own ? reg.found : false",
        "form.own ? reg.found : reg.zone == 'A1'",
        "reg.found ? form.own : false",
        "reg.zones.exists(z, z == form.zone)",
        "{'a': reg.found}['a']",
        "false",
    ],
)
def test_a_rule_rests_on_a_register_where_it_cannot_hold_without_it(expression: str) -> None:
    assert rests(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "true",
        "form.own",
        "reg.found || form.own",
        "form.own || (reg.found && form.zone == 'A1')",
        "!(reg.found && form.own)",
        "!reg.found",
        "!reg.found && form.own",
        "form.own ? true : reg.found",
        "reg.found ? true : form.own",
        "(reg.found || form.own) == true",
        "(reg.found && form.own) == false",
        "form.zone == 'reg.found'",
        "form.items.all(i, reg.found)",
        "form.items.all(reg, reg.found == true)",
        "form.items.exists(i, i.own || reg.found)",
    ],
)
def test_a_rule_does_not_rest_on_what_it_can_do_without(expression: str) -> None:
    assert not rests(expression)


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("form.zone == 'reg.found'", {"form.zone"}),
        ("form.items.exists(i, i.zone == reg.zone)", {"form.items", "reg.zone"}),
        ("form.items.all(reg, reg.found == true)", {"form.items"}),
        ("[form.own, reg.found][0]", {"form.own", "reg.found"}),
        ("{form.zone: reg.found}['x']", {"form.zone", "reg.found"}),
        ("1 < 2", set()),
    ],
)
def test_it_is_known_which_variables_are_read(expression: str, read: set[str]) -> None:
    assert variables(tree(ENVIRONMENT.compile(expression).serialize()), VARIABLES) == read


def test_a_rule_of_many_parts_is_read_whole() -> None:
    expression = " && ".join(["form.zone != 'ä'"] * 200 + ["reg.found"])
    assert rests(expression)
    assert not rests(expression.replace("&&", "||"))
