"""Letters that somebody looks at before sending them: drawn once, kept for a moment, for them."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final
from uuid import UUID

import rfc8785

from backoffice.pages.presenters.desk import Desk
from efile.kernel.clock import local_date
from workflows.letters import preview

# Per process; a letter is about 60 KB, and a look at it is over in minutes.
_KEPT: Final = 24
_letters: OrderedDict[tuple[int | None, UUID, str, str], bytes] = OrderedDict()
_lock = Lock()


def letter(desk: Desk, action: str, said: Mapping[str, Any]) -> tuple[bytes, str]:
    """The PDF of what ``action`` would send, and its version: what it was made from, as a hash.

    Refuses: what ``preview`` refuses.
    """
    process = desk.dossier.process
    made_from: Any = {
        "said": dict(said),
        "revision": process.revision,
        "on": f"{local_date(desk.at)}",
    }
    version = hashlib.sha256(rfc8785.dumps(made_from)).hexdigest()[:24]
    pdf = known(desk.by.user_id, process.case_id, action, version)
    if pdf is None:
        pdf = preview(process.case_id, action, said, by=desk.by, at=desk.at)
        _keep((desk.by.user_id, process.case_id, action, version), pdf)
    return pdf, version


def known(user_id: int | None, case_id: UUID, action: str, version: str) -> bytes | None:
    """The letter that this person was shown under ``version``, if it is still at hand."""
    with _lock:
        return _letters.get((user_id, case_id, action, version))


def _keep(key: tuple[int | None, UUID, str, str], pdf: bytes) -> None:
    with _lock:
        _letters[key] = pdf
        while len(_letters) > _KEPT:
            _letters.popitem(last=False)
