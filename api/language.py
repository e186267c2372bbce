"""Which language a client wants to be answered in (RFC 9110, section 12.5.4)."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

# The languages of problems; services may speak others, too.
SPOKEN = ("de", "en")


def language_for(request: HttpRequest, known: Sequence[str] = SPOKEN) -> str:
    """The first of ``known`` that the client accepts ("de" serves "de-AT"), else the first one."""
    tags = {tag.lower(): tag for tag in known}
    for accepted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        found = tags.get(accepted) or tags.get(accepted.split("-")[0])
        if found:
            return found
    return known[0]
