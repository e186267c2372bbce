"""Musterstadt's simulated registers: a real HTTP server of its own.

Run by ``python -m backoffice.demo.registers --port 8010 --people 2000 --seed 7
[--parent-pid 4711] [--allow-control]``. When it listens it prints one line of JSON on standard
output, ``{"event": "listening", "url": "http://127.0.0.1:8010"}`` (port 0 takes a free one). It
ends on SIGTERM and SIGINT, and when the process of ``--parent-pid`` is gone.

Every query is a POST with a JSON object; all values are strings, dates ISO 8601. ``purpose`` is
mandatory and not blank (§§ 34, 37 BMG, § 35 StVG: a register answers only for a purpose),
``case_reference`` optional, and so is ``given_names``: some people have one name only. Names are
compared in NFC, without regard to case and extra spaces. Further members are ignored.

``POST /population/query {purpose, case_reference, family_name, given_names, birth_date}`` → 200

    {"status": "found", "resident": true, "moved_in": "2019-05-01",
     "main_residence": {"street": "…", "number": "1a", "postcode": "40999", "city": "…"}}

or only ``{"status": "not_found" | "ambiguous" | "blocked"}``. ``resident`` says whether the main
residence lies in Musterstadt; "ambiguous": several people have this name and birthday;
"blocked": § 51 BMG, a person of the registration office must be asked.

``POST /vehicles/query {purpose, case_reference, plate}`` → 200

    {"status": "found", "plate": "MU-AB 123", "keeper": {"given_names": "…", "family_name": "…",
     "birth_date": "1981-04-02"} or {"organisation": "…"}, "admitted": true,
     "vehicle_class": "M1", "make": "…", "model": "…", "mass_kg": 1620,
     "first_registered_on": "2018-03-09"}

or only ``{"status": "not_found"}``. ``admitted`` is false for a vehicle out of service. Case of
the plate, and whether a space or a hyphen stands between its parts, do not matter.

``GET /health`` → ``{"status": "up"}``. With ``--allow-control`` also ``GET /control`` and
``POST /control {"mode": "up" | "down" | "slow", "delay_ms": 2000}``: down answers every query
with 503, slow waits before each answer.

Errors are RFC 9457 problems ``{type, title, status, code, detail, errors: [{pointer, rule}]}``.
The log (standard error, one JSON object per query) names register, purpose, case reference and
outcome, never the person or plate asked for.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from backoffice.demo.further_registers import (
    BenefitsRegister,
    BusinessRegister,
    CivilStatusRegister,
    folded,
)
from backoffice.demo.people import CITY, Organisation, Resident, Vehicle, residents

Answer = dict[str, Any]
MODES = ("up", "down", "slow")
_LONGEST_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """How the registers behave at the moment."""

    mode: str = "up"
    delay_ms: int = 0


class Refused(Exception):
    """A request that gets a problem instead of an answer."""

    def __init__(
        self, status: HTTPStatus, code: str, detail: str, errors: Sequence[Answer] = ()
    ) -> None:
        super().__init__(code)
        self.status = status
        self.problem: Answer = {
            "type": "about:blank",
            "title": status.phrase,
            "status": int(status),
            "code": code,
            "detail": detail,
            "errors": list(errors),
        }


class PopulationRegister:
    """Who is registered, by name and birthday."""

    def __init__(self, people: Iterable[Resident]) -> None:
        self._people: dict[tuple[str, str, str], list[Resident]] = defaultdict(list)
        for person in people:
            if person.registered_at is not None:
                born = person.birth_date.isoformat()
                key = folded(person.family_name), folded(person.given_names), born
                self._people[key].append(person)

    def query(self, asked: Mapping[str, str]) -> Answer:
        """The answer to one query; ``asked`` holds family_name, given_names, birth_date."""
        key = folded(asked["family_name"]), folded(asked["given_names"]), asked["birth_date"]
        match self._people.get(key, []):
            case []:
                return {"status": "not_found"}
            case [person]:
                return self._entry(person)
            case _:
                return {"status": "ambiguous"}

    def _entry(self, person: Resident) -> Answer:
        if person.blocked or person.registered_at is None:
            return {"status": "blocked"}
        return {
            "status": "found",
            "resident": person.registered_at.city == CITY,
            "main_residence": asdict(person.registered_at),
            "moved_in": person.moved_in.isoformat(),
        }


class VehicleRegister:
    """Who keeps which vehicle, by plate."""

    def __init__(self, vehicles: Iterable[Vehicle]) -> None:
        self._vehicles = {_bare_plate(vehicle.plate): vehicle for vehicle in vehicles}

    def query(self, asked: Mapping[str, str]) -> Answer:
        """The answer to one query; ``asked`` holds plate."""
        vehicle = self._vehicles.get(_bare_plate(asked["plate"]))
        if vehicle is None:
            return {"status": "not_found"}
        keeper = vehicle.keeper
        return {
            "status": "found",
            "plate": vehicle.plate,
            "keeper": {"organisation": keeper.name}
            if isinstance(keeper, Organisation)
            else {
                "given_names": keeper.given_names,
                "family_name": keeper.family_name,
                "birth_date": keeper.birth_date.isoformat(),
            },
            "admitted": vehicle.admitted,
            "vehicle_class": vehicle.vehicle_class,
            "make": vehicle.make,
            "model": vehicle.model,
            "mass_kg": vehicle.mass,
            "first_registered_on": vehicle.first_registered_on.isoformat(),
        }


def _bare_plate(plate: str) -> str:
    """District, letters and number, still apart: MU-A 1 and M-UA 1 are two vehicles."""
    return "-".join(re.findall(r"[^\W\d_]+|\d+", plate.upper()))


class RegisterServer(ThreadingHTTPServer):
    """All registers behind one address; serves in the background inside a ``with``.

    ``log`` takes one line per query; ``allow_control`` opens ``/control``.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        people: Sequence[Resident],
        *,
        port: int = 0,
        allow_control: bool = False,
        log: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
    ) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.allow_control = allow_control
        self.log = log
        self.fault = Fault()
        self.stopping = threading.Event()
        vehicles = VehicleRegister(car for person in people for car in person.vehicles)
        self.queries: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, str]], Answer]]] = {
            "/population/query": (
                ("family_name", "given_names", "birth_date"),
                PopulationRegister(people).query,
            ),
            "/vehicles/query": (("plate",), vehicles.query),
            "/benefits/query": (
                ("family_name", "given_names", "birth_date"),
                BenefitsRegister(people).query,
            ),
            "/businesses/query": ((), BusinessRegister().query),
            "/civil-status/query": (
                ("family_name", "given_names"),
                CivilStatusRegister(people).query,
            ),
        }

    @property
    def url(self) -> str:
        """The address to ask, without a trailing slash."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()


class _Exchange(BaseHTTPRequestHandler):
    """One connection: reads requests, refuses or answers."""

    server: RegisterServer
    protocol_version = "HTTP/1.1"
    # Head and body leave in two writes; with Nagle each answer would wait for the peer's ACK.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._respond(self._read)

    def do_POST(self) -> None:
        self._respond(self._write)

    def log_message(self, *_: object) -> None:
        """Silence: the access log of the standard library knows no purpose."""

    def _respond(self, work: Callable[[], Answer]) -> None:
        try:
            self._send(HTTPStatus.OK, work(), "application/json")
        except Refused as refused:
            # What was not read of the body must not be taken for the next request.
            self.close_connection = True
            self._send(refused.status, refused.problem, "application/problem+json")

    def _send(self, status: HTTPStatus, body: Answer, media_type: str) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        with contextlib.suppress(ConnectionError):  # a caller that gave up is no fault of ours
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

    def _read(self) -> Answer:
        if self.path == "/health":
            return {"status": "up"}
        if self.path == "/control" and self.server.allow_control:
            return asdict(self.server.fault)
        raise Refused(HTTPStatus.NOT_FOUND, "not_found", "No such resource.")

    def _write(self) -> Answer:
        if self.path == "/control" and self.server.allow_control:
            self.server.fault = _fault(self._body())
            return asdict(self.server.fault)
        if self.path not in self.server.queries:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found", "No such resource.")
        return self._query(*self.server.queries[self.path])

    def _query(
        self, fields: tuple[str, ...], query: Callable[[Mapping[str, str]], Answer]
    ) -> Answer:
        fault = self.server.fault
        if fault.mode == "down":
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The register is out of order."
            )
        if fault.mode == "slow":
            self.server.stopping.wait(fault.delay_ms / 1000)
        asked = _asked(self._body(), fields)
        answer = query(asked)
        entry = {
            "at": self.date_time_string(),
            "register": self.path.split("/")[1],
            "purpose": asked["purpose"],
            "case_reference": asked["case_reference"],
            "status": answer["status"],
        }
        self.server.log(json.dumps(entry, ensure_ascii=False))
        return answer

    def _body(self) -> Answer:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "length_required", "Content-Length is due.")
        if int(length) > _LONGEST_BODY:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "At most 64 KiB are read."
            )
        try:
            body = json.loads(self.rfile.read(int(length)))
        except ValueError:
            raise Refused(HTTPStatus.BAD_REQUEST, "no_json", "The body is not JSON.") from None
        if not isinstance(body, dict):
            raise _invalid([{"pointer": "", "rule": "type"}])
        return body


def _asked(body: Answer, fields: tuple[str, ...]) -> dict[str, str]:
    """The query of ``body``; refuses with every error at once."""
    errors: list[Answer] = []
    given = {name: value for name, value in body.items() if value is not None}
    asked = {"case_reference": "", "given_names": ""} | given
    for name in ("purpose", "case_reference", *fields):
        value = asked.get(name)
        if value is None:
            errors.append({"pointer": f"/{name}", "rule": "required"})
        elif not isinstance(value, str):
            errors.append({"pointer": f"/{name}", "rule": "type"})
        elif name == "purpose" and not value.strip():
            errors.append({"pointer": "/purpose", "rule": "minLength"})
        elif name.endswith("_date") and not _is_date(value):
            errors.append({"pointer": f"/{name}", "rule": "format"})
    if errors:
        raise _invalid(errors)
    return asked


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _fault(body: Answer) -> Fault:
    mode, delay = body.get("mode"), body.get("delay_ms", 0)
    if mode not in MODES:
        raise _invalid([{"pointer": "/mode", "rule": "enum"}])
    if not isinstance(delay, int) or not 0 <= delay <= 600_000:
        raise _invalid([{"pointer": "/delay_ms", "rule": "maximum"}])
    return Fault(mode, delay)


def _invalid(errors: Sequence[Answer]) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "invalid", "The query is not complete.", errors)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.demo.registers")
    parser.add_argument("--port", type=int, default=8010, help="0 takes a free port")
    parser.add_argument("--people", type=int, default=2000, help="size of the population")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    parser.add_argument("--allow-control", action="store_true", help="open /control")
    options = parser.parse_args(arguments)

    people = residents(options.seed, options.people)
    with RegisterServer(people, port=options.port, allow_control=options.allow_control) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stopping.set())
        print(json.dumps({"event": "listening", "url": server.url}), flush=True)
        while not server.stopping.wait(1):
            if options.parent_pid and not _is_alive(options.parent_pid):
                break


if __name__ == "__main__":
    main()
