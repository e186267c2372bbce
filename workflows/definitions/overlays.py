"""Overlays: what a city has of its own over a definition it inherits (merge patch, RFC 7386)."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from efile.kernel.errors import FieldError
from workflows.catalogue.pointers import join, within

Overlay = Mapping[str, Any]

# Fees, competence, texts: what every city has of its own. Form, checks, steps, deadlines of law,
# remedies in kind and everything else follow upstream.
OVERLAY: Final = (
    # Fees and what they rest on
    "/fee",
    # Competence
    "/unit",
    "/file/position",
    "/remedy/body",
    "/remedy/address",
    "/automation/legal_basis",
    "/retention",
    # Texts
    "/title",
    "/summary",
    "/file/subject",
    "/public_texts",
    "/decisions",
    "/letters",
    "/text_blocks",
    "/guidance",
    "/remedy/instruction",
    "/automation/note",
)


def merged(base: Any, overlay: Any) -> Any:
    """``base`` with ``overlay`` on top, as RFC 7386 has it: null takes away, lists are replaced."""
    if not isinstance(overlay, Mapping):
        return deepcopy(overlay)
    whole = dict(base) if isinstance(base, Mapping) else {}
    for name, value in overlay.items():
        if value is None:
            whole.pop(name, None)
        else:
            whole[name] = merged(whole.get(name), value)
    return deepcopy(whole)


def patch(base: Any, wanted: Any) -> Any:
    """The smallest overlay that makes ``wanted`` of ``base``.

    A member that is to be null cannot be said in a merge patch: it is left as ``base`` has it.
    """
    if not (isinstance(base, Mapping) and isinstance(wanted, Mapping)):
        return deepcopy(wanted)
    changed = {
        name: patch(base[name], value) if name in base else deepcopy(value)
        for name, value in wanted.items()
        if name not in base or base[name] != value
    }
    gone: dict[str, Any] = dict.fromkeys((name for name in base if name not in wanted), None)
    return changed | gone


def pointers_of(overlay: Any, base: str = "") -> Iterator[str]:
    """The places that ``overlay`` speaks of: down to what is no group."""
    if isinstance(overlay, Mapping) and overlay:
        for name, value in overlay.items():
            yield from pointers_of(value, join(base, name))
    elif base:
        yield base


def faults_of_overlay(overlay: Any) -> list[FieldError]:
    """What an overlay says where it may not (overlay_not_allowed), or that it is no group."""
    if not isinstance(overlay, Mapping):
        return [FieldError("", "type", {"expected": ["object"]})]
    facts = {"allowed": list(OVERLAY)}
    return [
        FieldError(pointer, "overlay_not_allowed", facts)
        for pointer in pointers_of(overlay)
        if not any(within(allowed, pointer) for allowed in OVERLAY)
    ]


def speaks_of(overlay: Any, pointer: str) -> bool:
    """Whether ``overlay`` has something of its own at ``pointer``, around it or inside it."""
    return any(within(own, pointer) or within(pointer, own) for own in pointers_of(overlay))
