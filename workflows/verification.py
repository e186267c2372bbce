"""Whether a printed permit holds: what anybody who has its code may know."""

import re
from datetime import datetime
from typing import Final

from django.db.models import Q

from efile.kernel.clock import local_date
from workflows.models import StandingMatter

_KEY: Final = re.compile(r"[0-9a-f]{32}")


def is_valid(key: str, *, at: datetime) -> bool:
    """Whether the matter with this public key holds on the day of ``at``.

    Unknown, not begun, expired and revoked are the same: no. One statement, whatever the answer.
    """
    day = local_date(at)
    standing = StandingMatter.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        # What is no key asks for one that nobody has, so that no answer comes sooner.
        public_key=key if _KEY.fullmatch(key) else "-",
        ended_on__isnull=True,
        valid_from__lte=day,
    )
    return standing.exists()
