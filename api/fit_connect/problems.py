"""What can be formally wrong with a submission, in the names of the standard.

Only what keeps an application from being one is said here. What is wrong in a formally correct
application is no reason to reject it: it is taken and handled in the procedure (§ 24 (3) VwVfG).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

TYPES: Final = "https://schema.fitko.de/fit-connect/events/problems/"

# name → (title, what it means here); details name no content of what was sent.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "invalid-event-log": (
        "Event log invalid",
        "An event of the log is not signed by who may say it, or is not of the prescribed shape.",
    ),
    "incorrect-authentication-tag": (
        "Incorrect authentication tag",
        "The authentication tag is not the one in the event submit-submission.",
    ),
    "encryption-issue": (
        "Decryption failed",
        "It could not be decrypted with any key of the destination.",
    ),
    "missing-data": ("Data missing", "There is no data document."),
    "syntax-violation": ("Syntax violation", "It is not sound JSON in UTF-8 (RFC 7493)."),
    "missing-schema": ("Schema missing", "It does not say which schema it follows."),
    "unsupported-schema": (
        "Metadata schema not supported",
        "Metadata are taken from version 1.3.0 on, and in versions 2.x.",
    ),
    "schema-violation": ("Schema violation", "It does not follow the schema that it names."),
    "unsupported-service": (
        "Service not supported",
        "The destination does not take submissions for this service.",
    ),
    "service-mismatch": (
        "Service mismatch",
        "Service or region are not the ones that were announced.",
    ),
    "unsupported-data-schema": (
        "Data schema not supported",
        "The destination does not publish this schema for the service.",
    ),
    "hash-mismatch": ("Hash mismatch", "The SHA-512 is not the one in the metadata."),
    "attachments-mismatch": (
        "Attachments mismatch",
        "The attachments in metadata, announcement and submission are not the same.",
    ),
    "missing-attachment": ("Attachment missing", "The attachment was announced but not sent."),
    "technical-error": ("Technical error", "It is larger than what can be taken."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: its ``name``, and where it is (metadata, data, attachment:<id>)."""

    name: str
    instance: str

    @property
    def told(self) -> dict[str, str]:
        """As the event reject-submission has it."""
        title, detail = WORDS[self.name]
        return {
            "type": TYPES + self.name,
            "title": title,
            "detail": detail,
            "instance": self.instance,
        }


class Faulty(Exception):
    """The submission is formally faulty for good."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(one.name for one in problems))
        self.problems = tuple(problems)


def faulty(name: str, instance: str = "metadata") -> Faulty:
    """One fault as a refusal."""
    return Faulty([Problem(name, instance)])


def rejection(problems: Sequence[Problem]) -> dict[str, Any]:
    """What the event reject-submission tells."""
    return {"problems": [one.told for one in problems]}
