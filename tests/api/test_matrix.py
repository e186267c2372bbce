"""Who may do what to whose: every client, every operation of the document, every kind of object."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client

from api.clients import create_client
from api.models import PortalClient
from api.openapi import document
from api.schemas import COMPONENTS
from efile.filing import write_message
from efile.kernel.clock import local_date, now, real_now
from efile.kernel.ids import uuid7
from efile.kernel.verbs import unit_of_work
from tests.api.calling import Answer, Portal, require_described, token_for
from tests.efile.cases import neighbour
from tests.factories import city, machine
from workflows.models import Occasion, ProactiveOffer, Process

HERE: Final = "bulky-waste"
ELSEWHERE: Final = "resident-parking"
EVERYTHING: Final = "submit read answer cases offers occasions"

# Bodies of the right shape where the document has no example, by schema.
BODIES: Final[dict[str, Any]] = {
    "NewAppointment": {"slot": None},
    "PlaceAnswer": {"answer": "decline"},
    "Withdrawal": {},
    "OfferSearch": {"bpk2": "AGYwTg8Xxk7ZPzZcJ8v1uA=="},
    "Rejection": {"identity": {"source": "bundid", "assurance": "substantial", "bpk2": "A=="}},
}
HEADERS: Final = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Offset": "0"}
# Operations on a service that is named in the address or the body: submit:service.
HANDING_IN: Final = {"submit", "validate", "holdSlot"}
# What is the city's own: the same for every portal of it.
PUBLIC: Final = {"key", "slot"}
OWNED: Final = {"submission", "upload", "offer"}
# What refuses a caller, and not what was sent.
REFUSED: Final = {"not_authenticated", "token_invalid", "scope_missing", "service_not_granted"}
ABSENT: Final = "01890000-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Kind:
    """A client with a token. ``owns``: the objects are its own; ``refused``: it gets nowhere."""

    name: str
    scopes: str
    token: str
    owns: bool = True
    abroad: bool = False
    refused: bool = False

    def may(self, operation: str, service: str = "") -> bool:
        given = self.scopes.split()
        if operation in given or not operation:
            return True
        wanted = f"{operation}:{service}"
        return wanted in given if service else any(one.startswith(wanted) for one in given)


@dataclass(frozen=True)
class Operation:
    """One of the document's; ``needs`` is what its scope names, "" where any token will do."""

    name: str
    method: str
    path: str
    needs: str
    body: str

    @property
    def parameters(self) -> set[str]:
        return set(re.findall(r"{(\w+)}", self.path))


def operations() -> Iterator[Operation]:
    """Every operation that asks for a token; only fetching one does not."""
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            if not told["security"]:
                assert told["operationId"] == "createToken"
                continue
            [[scopes]] = [one.values() for one in told["security"]]
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
            schema = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
            yield Operation(told["operationId"], method, path, "".join(scopes), schema)


def expected(operation: Operation, kind: Kind, whose: str) -> str:
    """The code it is refused with, or "" where the call gets through to the thing itself."""
    if kind.refused:
        return "token_invalid" if kind.token else "not_authenticated"
    if not kind.may(operation.needs):
        return "scope_missing"
    if operation.parameters & PUBLIC and (kind.abroad or whose == "absent"):
        return "not_found"
    if operation.parameters & OWNED and (whose != "own" or not kind.owns):
        return "not_found"
    if "submission" in operation.parameters and not kind.may(operation.needs, HERE):
        return "scope_missing" if kind.may("read", HERE) else "not_found"
    if "offer" in operation.parameters and not kind.may("submit", HERE):
        return "service_not_granted" if kind.may("read", HERE) else "not_found"
    if operation.name in HANDING_IN and not kind.may("submit", HERE):
        return "service_not_granted"
    return ""


def kinds(owner: str) -> Iterator[Kind]:
    other, _ = create_client(city(), "Ein anderes Portal", EVERYTHING.split())
    shut, _ = create_client(city(), "Ein gesperrtes Portal", EVERYTHING.split())
    abroad, _ = create_client(neighbour_city(), "Aus der Nachbarstadt", EVERYTHING.split())
    for name, scopes in {
        "full": EVERYTHING,
        "read only": "read",
        "submit only": "submit",
        "answers here": f"read answer:{HERE}",
        "answers elsewhere": f"read answer:{ELSEWHERE}",
        "all elsewhere": " ".join(f"{one}:{ELSEWHERE}" for one in ("submit", "read", "answer")),
    }.items():
        yield Kind(name, scopes, token_for(owner, scopes))
    yield Kind("other portal", EVERYTHING, token_for(other, EVERYTHING), owns=False)
    yield Kind("other tenant", EVERYTHING, token_for(abroad, EVERYTHING), owns=False, abroad=True)
    yield Kind("no token", "", "", refused=True)
    yield Kind("expired", EVERYTHING, token_for(owner, EVERYTHING, seconds=-1), refused=True)
    PortalClient.objects.filter(client_id=shut).update(deactivated_at=real_now())
    yield Kind("shut out", EVERYTHING, token_for(shut, EVERYTHING), refused=True)


def neighbour_city() -> Any:
    return type(city()).objects.get(id=neighbour().tenant_id)


def belongings(portal: Portal) -> dict[str, str]:
    """One thing of each kind that a portal can have."""
    receipt = portal.submitted(HERE)
    process = Process.objects.select_related("version").get(submission=receipt["id"])
    portal.get(f"submissions/{receipt['id']}/receipt")
    status = portal.get(f"submissions/{receipt['id']}").json
    occasion = Occasion.objects.create(
        tenant=city(),
        kind="moved_in",
        occurred_on=local_date(now()),
        source=portal.key,
        reported_at=now(),
    )
    offer = ProactiveOffer.objects.create(
        tenant=city(),
        service_key=HERE,
        key="again",
        version=process.version,
        scope=process.scope,
        occasion="moved_in",
        reported=occasion,
        source=portal.key,
        basis="law",
        made_at=now(),
        valid_until=local_date(now()),
    )
    with unit_of_work():
        message = write_message(
            process.case_id, "Guten Tag", direction="out", by=machine(), at=now()
        )
    begun = portal.call(
        "POST", "uploads/resumable", b"", "", headers=HEADERS | {"Upload-Length": "9"}
    )
    return {
        "submission": receipt["id"],
        "document": status["documents"][0]["id"],
        "message": str(message.id),
        "offer": str(offer.id),
        "upload": portal.upload(),
        "resumable": begun.headers["Location"].rsplit("/", 1)[-1],
    }


def call(operation: Operation, kind: Kind, things: dict[str, str], body: Any) -> Answer:
    """The call as ``kind`` makes it, undone at once: the next one finds the world as it was."""
    path = operation.path.format(
        **things | ({"upload": things["resumable"]} if "resumable" in operation.path else {})
    )
    headers = HEADERS | {"Idempotency-Key": str(uuid7())}
    if kind.token:
        headers["Authorization"] = f"Bearer {kind.token}"
    raw = operation.name in {"createUpload", "createResumableUpload", "continueResumableUpload"}
    media_type = (
        "application/offset+octet-stream" if "esumable" in operation.name else "application/pdf"
    )
    content = b"%PDF-1.7" if raw else json.dumps(body).encode()
    with transaction.atomic():
        response = Client().generic(
            operation.method.upper(),
            path,
            content,
            media_type if raw else "application/json",
            headers=headers,
        )
        answer = Answer(response)
        transaction.set_rollback(True)
    require_described(operation.method.upper(), path, answer)
    return answer


def code_of(answer: Answer) -> str:
    """The code of a problem; HEAD is answered without one, which the status makes up for."""
    if answer.status < 400 or answer.bytes:
        return answer.code if answer.status >= 400 else ""
    challenge = answer.headers.get("WWW-Authenticate", "")
    if answer.status == 401:
        return "token_invalid" if "invalid_token" in challenge else "not_authenticated"
    return "scope_missing" if "insufficient_scope" in challenge else "not_found"


def body_of(operation: Operation) -> Any:
    """An example from the document, for the service that all of this is about."""
    if not operation.body:
        return {}
    examples = COMPONENTS[operation.body].get("examples") or [BODIES[operation.body]]
    found = dict(examples[0])
    return found | {"service": HERE} if "service" in found else found


@pytest.mark.django_db
@pytest.mark.usefixtures("collection_days")
def test_every_client_may_do_to_its_own_what_it_is_granted_and_sees_nothing_else() -> None:
    client_id, _ = create_client(city(), "Das Portal", EVERYTHING.split())
    owner, stranger = Portal(EVERYTHING, client_id=client_id), Portal()
    slots = owner.get(f"services/{HERE}/slots").json["slots"]
    public = {"key": HERE, "slot": slots[0]["id"]}
    things = {
        "own": belongings(owner) | public,
        "foreign": belongings(stranger) | public,
        "absent": dict.fromkeys([*belongings(stranger), "slot"], ABSENT) | {"key": "no-such"},
    }
    everybody = list(kinds(client_id))
    wrong: list[str] = []
    absences: set[bytes] = set()
    for operation in operations():
        unknown = operation.parameters - things["own"].keys()
        assert not unknown, f"{operation.name}: say in belongings() what {unknown} is"
        body = body_of(operation)
        for kind in everybody:
            for whose in ("own", "foreign", "absent"):
                wanted = expected(operation, kind, whose)
                answer = call(operation, kind, things[whose], body)
                got = code_of(answer)
                if wanted == "not_found" and answer.bytes:
                    absences.add(answer.bytes)
                if got != wanted if wanted else got in REFUSED:
                    wrong.append(f"{operation.name}, {kind.name}, {whose}: {got}, not {wanted}")
                # Whoever gets no further with its own gets nowhere with what is not its own.
                if wanted or not operation.parameters:
                    break
    assert wrong == []
    assert len(absences) == 1, "what is absent and what is another's are told apart"
