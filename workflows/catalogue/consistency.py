"""What a definition must get right beyond its schema: references, rules, texts, fees, example."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import jsonschema_rs

from efile.kernel.errors import FieldError
from workflows.catalogue import letters
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import Field, FormValidator, fields
from workflows.catalogue.kinds import expressions, lists, pointers, problems_of_kinds
from workflows.catalogue.parts import placeholders
from workflows.catalogue.pointers import join, split
from workflows.catalogue.rules import SOURCES, Condition, RuleError, Rules
from workflows.catalogue.submission import PARTY_FIELDS, errors_in
from workflows.deadlines.defined import STOPPED_BY_QUESTIONS

# What the product fills in besides the form's own fields, by the part of the definition.
PLACEHOLDERS: Final[Mapping[str, frozenset[str]]] = {
    "public_texts": frozenset(
        {"case_reference", "deadline", "matter_number", "slot_date", "slot_window", "unit"}
        | {"valid_from", "valid_until", "amount", "facility", "outcome", "offer_until", "period"}
    ),
    "decisions": letters.DECISION | letters.COMMON,
    "remedy": frozenset({"body", "address"}),
    "text_blocks": frozenset({"applicant", "case_reference", "received_on", "unit"}),
}
# A step that decides needs the words of the decision.
_DECIDING: Final = {"grant": "granted", "grant_in_part": "granted_in_part", "refuse": "refused"}

# Where a step is possible, the citizen is told in words of the service.
_TOLD: Final = {
    "grant": "granted",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "settle": "settled",
}

# The day for which amounts of examples are computed.
SAMPLE_DAY: Final = date(2026, 3, 10)

Problems = Iterator[FieldError]


def problems_in(data: Mapping[str, Any]) -> list[FieldError]:
    """All that is wrong with a definition whose shape the schema has accepted."""
    found = [*_duplicates(data), *_languages(data), *_steps(data), *_deadlines(data)]
    found += [*problems_of_kinds(data), *_placeholders(data), *_pointers(data)]
    broken_form = list(_form(data["form"]))
    found += broken_form
    if not broken_form:
        found += _rules(data)
        if not found:
            definition = Definition.from_json(data)
            found += [*_example(definition)] or [*letters.gaps(definition)]
    return found


def _duplicates(data: Mapping[str, Any]) -> Problems:
    keyed = {f"/{name}": data[name] for name in ("proofs", "checks", "steps", "deadlines")}
    yield from _repeated("/parties", data["parties"], "role")
    for pointer, items in (keyed | lists(data)).items():
        yield from _repeated(pointer, items, "key")


def _repeated(base: str, items: list[Mapping[str, Any]], name: str) -> Problems:
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item[name] in seen:
            yield FieldError(join(base, index, name), "duplicate")
        seen.add(item[name])


def _languages(data: Mapping[str, Any]) -> Problems:
    for pointer, text in _texts({k: v for k, v in data.items() if k != "example"}, ""):
        for language in data["languages"]:
            if language not in text:
                yield FieldError(pointer, "language_missing", {"language": language})


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("de"), str):
            yield pointer, value
        else:
            for name, inner in value.items():
                yield from _texts(inner, join(pointer, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, join(pointer, index))


def _steps(data: Mapping[str, Any]) -> Problems:
    steps = {step["key"]: step for step in data["steps"]}
    yield from _words_of_steps(data, steps)
    for step in data["guidance"]["steps"]:
        if step not in steps:
            yield FieldError(join("/guidance/steps", step), "step_unknown", {"allowed": [*steps]})
    alone = {"none": [], "checks": ["grant"], "full": ["grant", "refuse"]}
    for step in alone[data["automation"]["level"]]:
        if "system" not in steps.get(step, {"roles": []})["roles"]:
            yield FieldError("/steps", "automation_without_step", {"step": step, "role": "system"})
    if data["automation"]["level"] != "none" and not data["checks"]:
        yield FieldError("/checks", "automation_without_checks")


def _words_of_steps(data: Mapping[str, Any], steps: Mapping[str, Any]) -> Problems:
    for base, known, rule, needed in (
        ("/decisions", data["decisions"], "decision_text_missing", _DECIDING),
        ("/public_texts/events", data["public_texts"]["events"], "event_text_missing", _TOLD),
    ):
        for step, text in needed.items():
            if step in steps and text not in known:
                yield FieldError(join(base, text), rule, {"step": step})
    if ("settle" in steps) is not bool(data.get("outcomes")):
        yield FieldError("/outcomes", "outcomes_differ_from_steps", {"step": "settle"})


def _deadlines(data: Mapping[str, Any]) -> Problems:
    promised = [d for d in data["deadlines"] if d["key"] == "processing"]
    if not promised or "working_days" not in promised[0] or promised[0]["event"] != "received":
        needed = {"key": "processing", "event": "received", "unit": "working_days"}
        yield FieldError("/deadlines", "processing_deadline_missing", needed)
    for index, rule in enumerate(data["deadlines"]):
        if rule.get("suspended_while_waiting") and not _may_stop(rule):
            here = join("/deadlines", index, "suspended_while_waiting")
            yield FieldError(here, "clock_cannot_stop", {"key": rule["key"]})


def _may_stop(rule: Mapping[str, Any]) -> bool:
    """An office's own working days stop; of the law only what begins with complete documents."""
    if rule["kind"] == "processing":
        return "working_days" in rule and rule["event"] in ("received", "complete")
    return rule["event"] == "complete" and rule.get("rule") in STOPPED_BY_QUESTIONS


def _placeholders(data: Mapping[str, Any]) -> Problems:
    shown = [f for f in fields(data["form"]) if f.schema["type"] not in ("array", "object")]
    own = frozenset(field.name for field in shown)
    subject = {"de": data["file"]["subject"]}
    yield from _unknown_in("/file/subject", subject, own, whole=True)
    for part, more in PLACEHOLDERS.items():
        known = more if part == "remedy" else own | more
        for pointer, text in _texts(data.get(part), f"/{part}"):
            yield from _unknown_in(pointer, text, known)
    for index, check in enumerate(data["checks"]):
        yield from _unknown_in(join("/checks", index, "reason"), check["reason"], own)
    yield from letters.unknown_placeholders(data.get("letters", {}), own)
    permit = (data["standing_matter"] or {}).get("permit", {"rows": []})
    for index, row in enumerate(permit["rows"]):
        here = join("/standing_matter/permit/rows", index, "value")
        yield from _unknown_in(here, {"de": row["value"]}, own | {"applicant"}, whole=True)


def _unknown_in(
    pointer: str, text: Mapping[str, str], known: frozenset[str], *, whole: bool = False
) -> Problems:
    for language, template in text.items():
        here = pointer if whole else join(pointer, language)
        for name in placeholders(template):
            if name not in known:
                facts = {"placeholder": name, "allowed": sorted(known)}
                yield FieldError(here, "placeholder_unknown", facts)


def _pointers(data: Mapping[str, Any]) -> Problems:
    named: dict[str, str | None] = {"/address": data["address"]}
    named["/file/object"] = data["file"].get("object")
    of_kinds = pointers(data)
    named |= {here: pointer for here, (pointer, _) in of_kinds.items()}
    for at, check in enumerate(data["checks"]):
        for index, query in enumerate(check.get("registers", [])):
            base = join("/checks", at, "registers", index, "input")
            named |= {join(base, name): pointer for name, pointer in query["input"].items()}
    types = {here: kind for here, (_, kind) in of_kinds.items() if kind} | {"/address": "object"}
    for here, pointer in named.items():
        if pointer is None:
            continue
        schema = _schema_at(data["form"], pointer)
        if schema is None:
            yield FieldError(here, "pointer_unknown", {"pointer": pointer})
        elif here in types and types[here] not in (schema.get("type"), schema.get("format")):
            yield FieldError(here, "pointer_type", {"pointer": pointer, "expected": types[here]})
    yield from _slot_kinds(data)


def _slot_kinds(data: Mapping[str, Any]) -> Problems:
    if (slots := data["slots"]) is None:
        return
    if data["address"] is None and slots.get("place") != "office":
        yield FieldError("/address", "slots_without_address")
    kinds = {kind["key"] for kind in slots["kinds"]}
    if "kind" not in slots:
        if len(kinds) > 1:
            yield FieldError("/slots/kind", "required")
        return
    offered = (_schema_at(data["form"], slots["kind"]) or {}).get("enum", [])
    if set(offered) != kinds:
        yield FieldError("/slots/kinds", "slot_kinds_differ", {"form": offered})


def _schema_at(form: Mapping[str, Any], pointer: str) -> Mapping[str, Any] | None:
    root, *path = split(pointer)
    known: Any = form if root == "form" else {"properties": PARTY_FIELDS}
    for name in path:
        known = known.get("properties", {}).get(name)
        if known is None:
            return None
    found: Mapping[str, Any] = known
    return found


def _form(form: Mapping[str, Any]) -> Problems:
    try:
        FormValidator(form)
    except jsonschema_rs.ValidationError as error:
        where = join("/form", *error.instance_path)
        yield FieldError(where, "form_schema", {"detail": error.message.splitlines()[0]})
        return
    yield from _names_known("/form", form, form["properties"])
    for field, pointer in _fields_with_items(form):
        schema = {k: v for k, v in field.schema.items() if not k.startswith("x-")}
        sound = FormValidator(schema)
        for name, values in {
            "default": [schema.get("default")],
            "examples": schema.get("examples", []),
        }.items():
            if name in schema and any(sound.errors(value, "") for value in values):
                yield FieldError(join(pointer, name), f"{name.removesuffix('s')}_invalid")
        labelled = field.schema.get("x-options", {})
        for value in field.schema.get("enum", []):
            if str(value) not in labelled:
                yield FieldError(join(pointer, "x-options"), "label_missing", {"value": value})
        yield from _names_known(pointer, field.schema, field.schema.get("properties", {}))


def _fields_with_items(form: Mapping[str, Any], base: str = "/form") -> Iterator[tuple[Field, str]]:
    for field in fields(form):
        path = [token for name in field.path for token in ("properties", name)]
        pointer = join(base, *path)
        yield field, pointer
        if "items" in field.schema:
            items = field.schema["items"]
            yield Field(field.path, items, True), join(pointer, "items")
            yield from _fields_with_items(items, join(pointer, "items"))


def _names_known(base: str, schema: Any, known: Mapping[str, Any]) -> Problems:
    """Conditions of a form speak of its fields only: a misspelt name would never apply."""
    if isinstance(schema, bool):
        return
    for index, name in enumerate(schema.get("required", [])):
        if name not in known:
            yield FieldError(join(base, "required", index), "field_unknown", {"field": name})
    for name in schema.get("properties", {}):
        if name not in known:
            yield FieldError(join(base, "properties", name), "field_unknown", {"field": name})
    for keyword in ("if", "then", "else", "not"):
        if keyword in schema:
            yield from _names_known(join(base, keyword), schema[keyword], known)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, inner in enumerate(schema.get(keyword, [])):
            yield from _names_known(join(base, keyword, index), inner, known)


def _rules(data: Mapping[str, Any]) -> Problems:
    """Every expression compiles, and every check rests on what it has to rest on."""
    rules = Rules(data["form"])
    proofs = [proof["key"] for proof in data["proofs"]]
    for index, check in enumerate(data["checks"]):
        here = join("/checks", index)
        if check.get("proof") not in (None, *proofs):
            yield FieldError(join(here, "proof"), "proof_unknown", {"allowed": proofs})
        try:
            condition = rules.compile(check["expression"], "check")
        except RuleError as error:
            yield FieldError(join(here, "expression"), error.rule, {"detail": error.detail})
        else:
            yield from _evidence(here, check, condition)
    for index, rule in enumerate(data["parties"]):
        if rule.get("proof") not in (None, *proofs):
            here = join("/parties", index, "proof")
            yield FieldError(here, "proof_unknown", {"allowed": proofs})
    for pointer, expression, scope, returns in expressions(data):
        try:
            rules.compile(expression, scope, returns)
        except RuleError as error:
            yield FieldError(pointer, error.rule, {"detail": error.detail})


def _evidence(here: str, check: Mapping[str, Any], condition: Condition) -> Problems:
    """A check rests on the source its subject demands, and asks exactly the registers it reads."""
    source = SOURCES[check["about"]]
    if source and not condition.rests_on(source):
        facts = {"about": check["about"], "source": source.removesuffix(".")}
        yield FieldError(join(here, "expression"), "evidence_missing", facts)
    read = {name.split(".")[1] for name in condition.reads if name.startswith("registers.")}
    asked = [query["register"] for query in check.get("registers", [])]
    for register in sorted(read - set(asked)):
        yield FieldError(join(here, "registers"), "register_not_asked", {"register": register})
    for index, register in enumerate(asked):
        if register not in read or register in asked[:index]:
            facts = {"register": register}
            yield FieldError(join(here, "registers", index), "register_not_read", facts)


def _example(definition: Definition) -> Problems:
    """The example is accepted as it stands, and every rule gives a result for it."""
    example = definition.example
    if example["service"] != definition.key:
        yield FieldError("/example/service", "const", {"allowed": [definition.key]})
    if example["language"] not in definition.languages:
        yield FieldError("/example/language", "enum", {"allowed": list(definition.languages)})
    try:
        faults = errors_in(definition, example)
    except (AttributeError, TypeError):  # parties or attachments are not even lists of objects
        yield FieldError("/example", "shape")
        return
    if faults:
        yield from (FieldError(f"/example{f.pointer}", f.rule, f.facts) for f in faults)
        return
    values = definition.rules.bind(form=example["form"], today=SAMPLE_DAY)
    for pointer, expression, scope, returns in expressions(definition.as_json()):
        if definition.rules.compile(expression, scope, returns).value(values) is None:
            yield FieldError(pointer, "rule_fails_on_example")
