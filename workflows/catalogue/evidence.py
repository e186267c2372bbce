"""What a CEL expression reads, and which source its answer rests on, from the compiler's own tree.

cel-expr-python shows no syntax tree, but serialises the checked expression as
``cel.expr.CheckedExpr`` (cel-spec, proto/cel/expr/checked.proto and syntax.proto). The few
fields that matter are read here from the protobuf wire format.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final, Literal

# Field numbers: google.protobuf.Any, CheckedExpr, its map entries, Reference ...
_ANY_VALUE, _REFERENCES, _CHECKED, _KEY, _VALUE, _NAME = 2, 2, 4, 1, 2, 1
# ... Expr: its id and the one field that says what it is ...
_ID, _CONST, _IDENT, _SELECT, _CALL, _LIST, _STRUCT, _FOLD = 2, 3, 4, 5, 6, 7, 8, 9
# ... Constant, Call and Struct, and where each kind (a Struct: each entry) keeps its parts.
_BOOL, _FUNCTION, _ENTRIES = 2, 2, 2
_PARTS: Final[Mapping[int, tuple[int, ...]]] = {
    _SELECT: (1,),
    _CALL: (1, 3),
    _LIST: (1,),
    _STRUCT: (3, 4),
    _FOLD: (2, 4, 5, 6, 7),
}

_VARINT, _LENGTH_DELIMITED = 0, 2
_FIXED: Final = {1: 8, 5: 4}

# Says of a variable whether it is a fact of the source, where it (does not) hold.
Source = Callable[[str, bool], bool]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression: a variable or a function by ``name``, or a boolean ``constant``."""

    kind: Literal["variable", "call", "fold", "constant"]
    name: str = ""
    parts: tuple["Node", ...] = ()
    constant: bool | None = None


def tree(serialized: bytes) -> Node:
    """The syntax tree of a compiled expression, as ``Expression.serialize()`` gave it."""
    checked = _bytes(serialized, _ANY_VALUE)[0]
    names: dict[int, str] = {}
    for entry in _bytes(checked, _REFERENCES):
        number = next((v for f, v in _wire(entry) if f == _KEY and isinstance(v, int)), 0)
        names[number] = _text(_bytes(entry, _VALUE)[0], _NAME)
    return _node(_bytes(checked, _CHECKED)[0], names)


def variables(node: Node, declared: Mapping[str, object]) -> frozenset[str]:
    """The declared variables that ``node`` reads."""
    here = {node.name} if node.kind == "variable" and node.name in declared else set()
    return frozenset(here.union(*(variables(part, declared) for part in node.parts)))


def rests_on(node: Node, source: Source, holds: bool = True) -> bool:
    """Whether ``node`` can be ``holds`` only by way of a variable that ``source`` accepts.

    Looks at the logic alone: "register and anything" rests on the register, "register or
    applicant" does not. So a check that must rest on a register cannot be written in such a way
    that what the applicant says fulfils it.
    """
    parts = node.parts
    match node.kind, node.name:
        case "constant", _:
            return node.constant is (not holds)
        case "variable", name:
            return source(name, holds)
        case "fold", _:  # exists, all ...: over a list which the source itself must name
            return _informed(parts[0], source)
        case "call", "!_":
            return rests_on(parts[0], source, not holds)
        case "call", "_&&_" | "_||_" as operator:
            needs_one = (operator == "_&&_") is holds
            return (any if needs_one else all)(rests_on(part, source, holds) for part in parts)
        case "call", "_?_:_":
            condition, then, otherwise = parts
            opened = rests_on(condition, source) or rests_on(then, source, holds)
            return opened and rests_on(otherwise, source, holds)
        case _:
            return any(_informed(part, source) for part in parts)


def _informed(node: Node, source: Source) -> bool:
    """Whether the value of ``node``, whatever it is, comes from the source."""
    if node.kind == "variable":
        return source(node.name, True)
    return rests_on(node, source, True) and rests_on(node, source, False)


def _node(data: bytes, names: Mapping[int, str]) -> Node:
    found = dict(_wire(data))
    name = names.get(int(found.pop(_ID, 0)), "")
    [(what, body)] = found.items()
    assert isinstance(body, bytes)
    if what == _CONST:
        return Node("constant", constant=_truth(body))
    if what == _IDENT or (what == _SELECT and name):
        return Node("variable", name)
    holders = _bytes(body, _ENTRIES) if what == _STRUCT else [body]
    parts = tuple(
        _node(part, names)
        for holder in holders
        for number in _PARTS[what]
        for part in _bytes(holder, number)
    )
    if what == _FOLD:
        return Node("fold", parts=parts)
    return Node("call", _text(body, _FUNCTION) if what == _CALL else "", parts)


def _truth(constant: bytes) -> bool | None:
    return next((bool(value) for field, value in _wire(constant) if field == _BOOL), None)


def _text(data: bytes, field: int) -> str:
    return next((value.decode() for value in _bytes(data, field)), "")


def _bytes(data: bytes, field: int) -> list[bytes]:
    return [value for f, value in _wire(data) if f == field and isinstance(value, bytes)]


def _wire(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of one protobuf message: number and value, in order."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield field, value
        else:
            length, at = (_FIXED[kind], at) if kind != _LENGTH_DELIMITED else _varint(data, at)
            yield field, data[at : at + length]
            at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    end = next(i for i in range(at, len(data)) if data[i] < 0x80) + 1
    return reduce(lambda total, byte: total << 7 | byte & 0x7F, reversed(data[at:end]), 0), end
