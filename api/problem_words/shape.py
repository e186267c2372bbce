"""What the words of a problem consist of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A problem's title and what it means, each in German and English; ``{facts}`` are filled."""

    title: tuple[str, str]
    detail: tuple[str, str]
