"""Row of the public page behind the code on a permit."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VerificationPage:
    """Whether the permit is valid at ``at``; nothing else is revealed."""

    is_valid: bool
    at: datetime
