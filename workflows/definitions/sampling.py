"""Sample answers: what registers and files would have to say for the example to pass its checks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product
from typing import Any, Final

from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import Check
from workflows.catalogue.rules import FACTS, CheckOutcome
from workflows.catalogue.submission import applicant_of, facts_of

# So many combinations of answers are tried for one check; most pass at the first.
_MOST: Final = 5000
_LITERAL: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_STATED: Final = ("form.", "given.", "applicant.")


@dataclass(frozen=True, slots=True)
class Sampled:
    """A check, the answers that were tried last, and what came of it with them."""

    check: Check
    outcome: CheckOutcome

    @property
    def passes(self) -> bool:
        return self.outcome.outcome == "passed"


def sampled_checks(definition: Definition, on: date) -> tuple[Sampled, ...]:
    """Every check over the example, with answers that let it pass where there are any."""
    example = definition.as_json()["example"]
    stated = definition.rules.bind(
        form=example["form"], applicant=facts_of(applicant_of(example)), today=on
    )
    return tuple(
        Sampled(check, _outcome(definition, check, stated, on)) for check in definition.checks
    )


def _outcome(
    definition: Definition, check: Check, stated: Mapping[str, Any], on: date
) -> CheckOutcome:
    outcome = None
    for answers in islice(_answers(definition, check, stated, on), _MOST):
        found = definition.rules.evaluate(check, {**stated, **answers})
        if found.outcome == "passed":
            return found
        outcome = outcome or found
    assert outcome is not None
    return outcome


def _answers(
    definition: Definition, check: Check, stated: Mapping[str, Any], on: date
) -> Iterator[dict[str, Any]]:
    """What could be answered to what the check reads, the likeliest first."""
    reads = definition.rules.compile(check.expression, "check").reads
    asked = sorted(name for name in reads if not name.startswith(_STATED) and name != "today")
    texts = _texts(check.expression, stated, on)
    choices = [_choices(FACTS[name][0], texts) for name in asked]
    yield from (dict(zip(asked, values, strict=True)) for values in product(*choices))


def _choices(kind: str, texts: list[str]) -> list[Any]:
    if kind == "bool":
        return [True, False]
    return [0, 1, 2] if kind == "int" else texts


def _texts(expression: str, stated: Mapping[str, Any], on: date) -> list[str]:
    """Texts that a register could name here: those of the rule, of the example, and days."""
    literal = [one or other for one, other in _LITERAL.findall(expression)]
    said = [value for value in stated.values() if isinstance(value, str)]
    days = [(on + timedelta(days=days)).isoformat() for days in (365, 0, -365, 36500)]
    return list(dict.fromkeys([*said, *literal, *days, "3", ""]))
