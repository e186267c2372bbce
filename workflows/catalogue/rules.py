"""The rules of a service (CEL): which variables they may read, type-checked, and evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any, Final, Literal

from cel_expr_python import cel

from workflows.catalogue.evidence import Node, rests_on, tree, variables
from workflows.catalogue.forms import fields, with_defaults
from workflows.catalogue.parts import Check

# Every variable beyond the form's own fields: CEL type, meaning. A form's field is
# ``form.<name>`` (groups dotted, lists of groups as list of maps); ``given.<name>`` says whether
# an optional field was filled in. Dates are ISO strings: they compare as they should.
FACTS: Final[Mapping[str, tuple[str, str]]] = {
    "applicant.kind": ("string", "person or organisation"),
    "applicant.birth_date": ("string", "as stated, ISO date"),
    "applicant.street": ("string", "address as stated"),
    "applicant.number": ("string", "address as stated"),
    "applicant.postcode": ("string", "address as stated"),
    "applicant.city": ("string", "address as stated"),
    "applicant.assurance": ("string", "none, basic, substantial or high: how they signed in"),
    "registers.population.found": ("bool", "exactly one person was found"),
    "registers.population.blocked": ("bool", "information on the person is blocked (§ 51 BMG)"),
    "registers.population.main_residence": ("bool", "sole or main residence is in the city"),
    "registers.population.street": ("string", "registered main residence"),
    "registers.population.number": ("string", "registered main residence"),
    "registers.population.postcode": ("string", "registered main residence"),
    "registers.population.district": ("string", "district of the registered main residence"),
    "registers.population.parking_zone": ("string", "parking zone of the registered residence"),
    "registers.vehicle.found": ("bool", "the plate is known"),
    "registers.vehicle.admitted": ("bool", "the vehicle is admitted to traffic at present"),
    "registers.vehicle.is_keeper": ("bool", "the person asked about is the keeper"),
    "registers.vehicle.vehicle_class": ("string", "EU class, M1 is a passenger car"),
    "registers.benefits.found": ("bool", "the person receives a benefit at present"),
    "registers.benefits.kind": ("string", "sgb2, sgb12, asylblg, wohngeld or kinderzuschlag"),
    "registers.benefits.valid_to": ("string", "last day of the benefit, ISO date"),
    "registers.business.found": ("bool", "the business is registered (§ 14 GewO)"),
    "registers.business.trade": ("string", "its trade as registered"),
    "registers.business.craft": ("bool", "it is entered in the register of crafts"),
    "registers.civil_status.found": ("bool", "the event is recorded here"),
    "registers.civil_status.entitled": ("bool", "the applicant is named there, or next of kin"),
    "registers.civil_status.restricted": ("bool", "a bar forbids information (§ 64 PStG)"),
    "matter.found": ("bool", "the number named is a matter of this service"),
    "matter.is_running": ("bool", "and it has not ended"),
    "matter.is_holder": ("bool", "and it is the applicant's"),
    "standing.active_permits": ("int", "running matters of this service, same applicant"),
    "standing.active_for_object": ("int", "running matters of this service, same object"),
    "address.known": ("bool", "the service's address lies in the city's street directory"),
    "address.district": ("string", "its district, empty when unknown"),
    "address.parking_zone": ("string", "its parking zone, empty when in none"),
    "today": ("string", "day of the evaluation, ISO date, Europe/Berlin"),
}
# What the sender says may be lacking (``given`` tells); what the city knows has to be there.
_STATED: Final = ("form.", "given.", "applicant.")

# A register that says no speaks for nobody, except where the fact itself is against the applicant.
_ADVERSE: Final = frozenset({"registers.population.blocked", "registers.civil_status.restricted"})

# What a check is about decides which source its answer must rest on. What applicants say of
# themselves thus never fulfils a check on residence, keeper or vehicle.
SOURCES: Final[Mapping[str, str]] = {
    "residence": "registers.population.",
    "keeper": "registers.vehicle.",
    "vehicle": "registers.vehicle.",
    "benefits": "registers.benefits.",
    "business": "registers.business.",
    "civil_status": "registers.civil_status.",
    "permits": "standing.",
    "matter": "matter.",
    "address": "address.",
    "form": "",
}

_TYPES: Final = {
    "string": cel.Type.STRING,
    "integer": cel.Type.INT,
    "int": cel.Type.INT,
    "number": cel.Type.DOUBLE,
    "boolean": cel.Type.BOOL,
    "bool": cel.Type.BOOL,
}
_NOTHING: Final[Mapping[str, Any]] = {"string": "", "bool": False, "int": 0}
_GROUPS: Final = (
    "applicant",
    *dict.fromkeys(".".join(n.split(".")[:2]) for n in FACTS if n.startswith("registers.")),
    "standing",
    "matter",
    "address",
)
_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    group: {n[len(group) + 1 :]: k for n, (k, _) in FACTS.items() if n.startswith(f"{group}.")}
    for group in _GROUPS
}
_RECORD: Final = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)

Scope = Literal["form", "amount", "check"]
Returns = Literal["BOOL", "INT"]


class RuleError(Exception):
    """An expression cannot be used.

    ``rule`` is rule_syntax, rule_variable (unknown here), rule_type or rule_result.
    """

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What came of a check, as it is stored: the rule, what it read, and why it said nothing.

    ``error`` is set with "not_evaluated" alone: ``register_unavailable`` or ``fact_missing``
    (``missing`` names the variables), ``not_evaluable`` (the rule failed on these values).
    """

    outcome: Literal["passed", "failed", "not_evaluated"]
    inputs: Mapping[str, Any]
    expression: str
    error: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled expression: what it reads and the tree that shows on what it rests."""

    expression: str
    reads: frozenset[str]
    syntax: Node
    program: cel.Expression

    def rests_on(self, prefix: str) -> bool:
        """Whether it cannot hold unless a variable that starts with ``prefix`` speaks for it."""
        return rests_on(
            self.syntax,
            lambda name, holds: name.startswith(prefix) and (holds or name in _ADVERSE),
        )

    def value(self, data: Mapping[str, Any]) -> Any:
        """What it gives for ``data``; None where it fails on these values."""
        try:
            found = self.program.eval(data={name: data[name] for name in self.reads & data.keys()})
        except RuntimeError:  # a value that CEL cannot hold
            return None
        return None if found.type() == cel.Type.ERROR else found.value()


class Rules:
    """All rules over one form's schema; expressions are compiled once and kept."""

    def __init__(self, form: Mapping[str, Any]) -> None:
        self._form = form
        self._fields = list(fields(form))
        types = {f"form.{field.name}": _type(field.schema) for field in self._fields}
        stated = {name: kind for name, kind in types.items() if kind is not None}
        given = {f"given.{field.name}": cel.Type.BOOL for field in self._fields if field.optional}
        known = {name: _TYPES[kind] for name, (kind, _) in FACTS.items()}
        # Proofs, fees and terms follow from the form alone, before anybody is asked.
        said = stated | given
        self._variables: dict[Scope, dict[str, Any]] = {
            "form": said,
            # Amounts are computed for a day: ages and rates follow from it.
            "amount": said | {"today": cel.Type.STRING},
            "check": said | known,
        }
        self._environments = {
            scope: cel.NewEnv(variables=declared, functions=[_SUM, _AGE, _DAYS])
            for scope, declared in self._variables.items()
        }
        self._compiled: dict[tuple[Scope, Returns, str], Condition] = {}

    def variables(self, scope: Scope) -> frozenset[str]:
        """The names an expression of ``scope`` may use."""
        return frozenset(self._variables[scope])

    def compile(self, expression: str, scope: Scope, returns: Returns = "BOOL") -> Condition:
        """``expression`` type-checked against the form. Raises RuleError."""
        key = (scope, returns, expression)
        if key not in self._compiled:
            try:
                program = self._environments[scope].compile(expression)
            except RuntimeError as error:
                raise _explained(str(error)) from None
            if (result := program.return_type().name()) != returns:
                raise RuleError("rule_result", f"gives {result}, must give {returns}")
            syntax = tree(program.serialize())
            reads = variables(syntax, self._variables[scope])
            self._compiled[key] = Condition(expression, reads, syntax, program)
        return self._compiled[key]

    def bind(
        self,
        *,
        form: Mapping[str, Any],
        applicant: Mapping[str, Any] | None = None,
        registers: Mapping[str, Mapping[str, Any] | None] | None = None,
        standing: Mapping[str, Any] | None = None,
        matter: Mapping[str, Any] | None = None,
        address: Mapping[str, Any] | None = None,
        today: date | None = None,
    ) -> dict[str, Any]:
        """The variables' values, flat. ``form`` as sent: defaults are filled in here.

        ``registers`` maps a register's name to its answer, None where none came; an
        answer that nothing was found (``found`` false) need not name the rest.
        """
        whole = with_defaults(self._form, form)
        data: dict[str, Any] = {}
        for field in self._fields:
            value = _at(whole, field.path)
            if field.optional:
                data[f"given.{field.name}"] = value is not None
            if value is not None and field.schema.get("type") != "object":
                data[f"form.{field.name}"] = _fitted(field.schema, value)
        groups = {"applicant": applicant, "standing": standing, "address": address}
        groups["matter"] = matter
        groups |= {f"registers.{name}": answer for name, answer in (registers or {}).items()}
        for group, values in groups.items():
            data |= _facts(group, values)
        if today is not None:
            data["today"] = today.isoformat()
        return {name: value for name, value in data.items() if _holdable(value)}

    def evaluate(self, check: Check, data: Mapping[str, Any]) -> CheckOutcome:
        """The outcome of ``check`` over what ``bind`` gave; never an exception.

        A register that did not answer leaves the check open even where the rest would decide
        it: CEL's "or" forgives an error on one side, the law does not.
        """
        condition = self.compile(check.expression, "check")
        inputs = {name: data[name] for name in sorted(condition.reads & data.keys())}
        lacking = sorted(n for n in condition.reads - data.keys() if not n.startswith(_STATED))
        if lacking:
            silent = any(name.startswith("registers.") for name in lacking)
            error = "register_unavailable" if silent else "fact_missing"
            return CheckOutcome("not_evaluated", inputs, check.expression, error, tuple(lacking))
        value = condition.value(data)
        if value is None:
            return CheckOutcome("not_evaluated", inputs, check.expression, "not_evaluable")
        return CheckOutcome("passed" if value else "failed", inputs, check.expression)


def _type(schema: Mapping[str, Any]) -> Any:
    """The CEL type of a field; None for a group, whose fields are variables of their own."""
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return cel.Type.List(_RECORD if items.get("type") == "object" else _type(items))
    return _TYPES.get(str(schema.get("type")))


def _fitted(schema: Mapping[str, Any], value: Any) -> Any:
    """``value`` with numbers as the schema means them: JSON knows no 1.0 apart from 1."""
    kind = schema.get("type")
    if kind == "array" and isinstance(value, list):
        return [_fitted(schema.get("items", {}), item) for item in value]
    if kind == "object" and isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {name: _fitted(known.get(name, {}), inner) for name, inner in value.items()}
    if kind == "number" and type(value) is int:
        return float(value)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _facts(group: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
    if values is None:
        return {}
    kinds = _KINDS[group]
    unsaid = values.get("found") is False
    filled = {name: _NOTHING[kind] for name, kind in kinds.items()} if unsaid else {}
    filled |= {name: values[name] for name in kinds.keys() & values.keys()}
    return {f"{group}.{name}": value for name, value in filled.items() if value is not None}


def _at(form: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        form = form.get(name) if isinstance(form, Mapping) else None
    return form


def _holdable(value: Any) -> bool:
    """Whether CEL sees ``value`` as it is: it cuts text at NUL and fails on half surrogates."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, Mapping):
        return all(_holdable(inner) for inner in value.values())
    return not isinstance(value, list) or all(_holdable(item) for item in value)


def _explained(text: str) -> RuleError:
    first = text.splitlines()[0].removeprefix("INVALID_ARGUMENT: ERROR: ")
    detail = first.replace("<input>:", "").replace(" (in container '')", "")
    if "undeclared reference" in text and "found no matching overload" not in first:
        return RuleError("rule_variable", detail)
    return RuleError("rule_syntax" if "Syntax error" in text else "rule_type", detail)


# CEL has no sum; amounts come with one decimal or two, so binary dust is rounded away.
_SUM: Final = cel.FunctionDecl(
    "sum",
    [
        cel.Overload(
            "sum_list",
            return_type=cel.Type.DOUBLE,
            parameters=[cel.Type.List(cel.Type.DYN)],
            is_member=False,
            impl=lambda amounts: round(fsum(amounts), 6),
        )
    ],
)


def _age(born: str, on: str) -> int:
    """Whole years on that day; the birthday itself counts (§ 187 (2) sentence 2 BGB)."""
    first, day = date.fromisoformat(born), date.fromisoformat(on)
    return day.year - first.year - ((day.month, day.day) < (first.month, first.day))


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


_AGE: Final = cel.FunctionDecl(
    "age",
    [
        cel.Overload(
            "age_string_string",
            return_type=cel.Type.INT,
            parameters=[cel.Type.STRING, cel.Type.STRING],
            is_member=False,
            impl=_age,
        )
    ],
)
_DAYS: Final = cel.FunctionDecl(
    "days",
    [
        cel.Overload(
            "days_string_string",
            return_type=cel.Type.INT,
            parameters=[cel.Type.STRING, cel.Type.STRING],
            is_member=False,
            impl=_days,
        )
    ],
)
