"""Parts of a document: the Range header (RFC 9110, section 14) for a single range of bytes."""

import re
from typing import Final

from django.http import HttpRequest

from api.problems import RangeNotSatisfiable

_SINGLE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


def asked_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """The bytes asked for as (start, stop), stop excluded; None: all of them.

    Several ranges, other units and what is no range at all are ignored, as the RFC permits, and
    so is a range of another state of the document (If-Range). Refuses: RangeNotSatisfiable.
    """
    found = _SINGLE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:  # the last so many bytes
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= size or start >= stop:
        raise RangeNotSatisfiable(size=size)
    return start, stop
