"""The simulated registers, asked over HTTP as the city asks them."""

import json
import signal
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from backoffice.demo.people import CITY, Organisation, Resident, residents
from backoffice.demo.registers import RegisterServer

PEOPLE = residents(7, 600)
PURPOSE = "resident-parking, § 45 (1b) no. 2a StVO"
REFERENCE = "32.2-000123/26-01"


def identity(one: Resident) -> tuple[str, str, str]:
    return one.given_names, one.family_name, one.birth_date.isoformat()


HOW_MANY = Counter(identity(one) for one in PEOPLE if one.registered_at)


def first(condition: Callable[[Resident], object]) -> Resident:
    """The first resident of an identity of their own who meets ``condition``."""
    return next(one for one in PEOPLE if HOW_MANY[identity(one)] <= 1 and condition(one))


RESIDENT = first(lambda one: one.registered_at == one.address and not one.blocked)


class Registers:
    """The server under test, its address and what it logged."""

    def __init__(self, server: RegisterServer, log: list[str]) -> None:
        self.log = log
        self.http = httpx.Client(base_url=server.url, timeout=30)

    def ask_for(self, one: Resident, **changed: Any) -> httpx.Response:
        given, family, born = identity(one)
        query = {"given_names": given, "family_name": family, "birth_date": born}
        return self.ask("/population/query", **query | changed)

    def ask(self, path: str, **query: Any) -> httpx.Response:
        body = {"purpose": PURPOSE, "case_reference": REFERENCE} | query
        return self.http.post(path, json=body)

    def behave(self, mode: str, delay_ms: int = 0) -> None:
        body = {"mode": mode, "delay_ms": delay_ms}
        assert self.http.post("/control", json=body).json() == body


@pytest.fixture
def registers() -> Iterator[Registers]:
    log: list[str] = []
    with RegisterServer(PEOPLE, allow_control=True, log=log.append) as server:
        started = Registers(server, log)
        with started.http:
            yield started


class TestThePopulationRegister:
    def test_confirms_a_main_residence_in_the_city(self, registers: Registers) -> None:
        said = registers.ask_for(RESIDENT).json()
        assert said == {
            "status": "found",
            "resident": True,
            "main_residence": {
                "street": RESIDENT.address.street,
                "number": RESIDENT.address.number,
                "postcode": RESIDENT.address.postcode,
                "city": CITY,
            },
            "moved_in": RESIDENT.moved_in.isoformat(),
        }

    def test_says_where_somebody_has_moved_to(self, registers: Registers) -> None:
        gone = first(lambda one: one.registered_at not in (None, one.address) and not one.blocked)
        said = registers.ask_for(gone).json()
        assert said["resident"] is False
        assert said["main_residence"]["city"] != CITY

    def test_does_not_know_those_who_never_registered(self, registers: Registers) -> None:
        unknown = first(lambda one: one.registered_at is None)
        assert registers.ask_for(unknown).json() == {"status": "not_found"}

    def test_says_nothing_of_a_blocked_person(self, registers: Registers) -> None:
        protected = first(lambda one: one.blocked)
        assert registers.ask_for(protected).json() == {"status": "blocked"}

    def test_does_not_choose_between_namesakes(self, registers: Registers) -> None:
        shared = next(one for one in PEOPLE if HOW_MANY[identity(one)] == 2)
        assert registers.ask_for(shared).json() == {"status": "ambiguous"}

    def test_finds_a_name_in_another_normal_form_and_case(self, registers: Registers) -> None:
        marked = first(lambda one: not one.full_name.isascii() and one.registered_at == one.address)
        name = unicodedata.normalize("NFD", f" {marked.family_name.upper()} ")
        assert registers.ask_for(marked, family_name=name).json()["status"] == "found"

    def test_finds_those_who_have_one_name_only(self, registers: Registers) -> None:
        single = first(lambda one: not one.given_names and one.registered_at == one.address)
        assert registers.ask_for(single, given_names=None).json()["status"] == "found"

    def test_wants_the_birthday_to_be_right(self, registers: Registers) -> None:
        assert registers.ask_for(RESIDENT, birth_date="1900-01-01").json()["status"] == "not_found"


class TestTheVehicleRegister:
    def test_names_a_person_as_keeper(self, registers: Registers) -> None:
        owner = first(lambda one: one.plates)
        said = registers.ask("/vehicles/query", plate=owner.plates[0]).json()
        given, family, born = identity(owner)
        assert said["status"] == "found"
        assert said["keeper"] == {"given_names": given, "family_name": family, "birth_date": born}
        assert said["plate"] == owner.plates[0]
        assert {"vehicle_class", "admitted", "first_registered_on"} <= said.keys()

    def test_names_a_company_as_keeper(self, registers: Registers) -> None:
        car, company = next(
            (car, car.keeper.name)
            for one in PEOPLE
            for car in one.vehicles
            if isinstance(car.keeper, Organisation)
        )
        said = registers.ask("/vehicles/query", plate=car.plate).json()
        assert said["keeper"] == {"organisation": company}

    @pytest.mark.parametrize("spelling", ["{0}", "{0} ", "mu {1}", "MU-{2}"])
    def test_reads_a_plate_in_every_spelling(self, registers: Registers, spelling: str) -> None:
        plate = first(lambda one: one.plates).plates[0]
        rest = plate.removeprefix("MU-")
        written = spelling.format(plate, rest.lower(), rest.replace(" ", ""))
        assert registers.ask("/vehicles/query", plate=written).json()["plate"] == plate

    def test_does_not_know_other_plates(self, registers: Registers) -> None:
        said = registers.ask("/vehicles/query", plate="M-UA 1").json()
        assert said == {"status": "not_found"}


class TestAQuery:
    @pytest.mark.parametrize("path", ["/population/query", "/vehicles/query"])
    @pytest.mark.parametrize(("purpose", "rule"), [(None, "required"), (" ", "minLength")])
    def test_without_purpose_is_refused(
        self, registers: Registers, path: str, purpose: str | None, rule: str
    ) -> None:
        query = {"family_name": "Ng", "birth_date": "1981-04-02", "plate": "MU-AB 1"}
        response = registers.ask(path, **query | {"purpose": purpose})
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["errors"] == [{"pointer": "/purpose", "rule": rule}]

    def test_is_refused_with_all_its_errors(self, registers: Registers) -> None:
        query = {"purpose": None, "family_name": 7, "birth_date": "2.4.1981"}
        errors = registers.ask("/population/query", **query).json()["errors"]
        assert errors == [
            {"pointer": "/purpose", "rule": "required"},
            {"pointer": "/family_name", "rule": "type"},
            {"pointer": "/birth_date", "rule": "format"},
        ]

    @pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
    def test_that_is_no_json_object_is_refused(self, registers: Registers, content: bytes) -> None:
        response = registers.http.post("/vehicles/query", content=content)
        assert response.status_code == 400

    def test_to_an_unknown_address_is_refused(self, registers: Registers) -> None:
        assert registers.ask("/dogs/query").status_code == 404

    def test_is_logged_with_its_purpose_and_without_the_person(self, registers: Registers) -> None:
        registers.ask_for(RESIDENT)
        registers.ask("/vehicles/query", plate="MU-AB 123")
        population, vehicles = map(json.loads, registers.log)
        assert population.pop("at")
        assert population == {
            "register": "population",
            "purpose": PURPOSE,
            "case_reference": REFERENCE,
            "status": "found",
        }
        assert vehicles["register"] == "vehicles"
        everything = "".join(registers.log)
        assert RESIDENT.family_name not in everything
        assert "AB 123" not in everything


class TestAFault:
    def test_that_takes_the_registers_down_lasts_until_they_are_up_again(
        self, registers: Registers
    ) -> None:
        registers.behave("down")
        assert registers.ask_for(RESIDENT).status_code == 503
        assert registers.log == []
        registers.behave("up")
        assert registers.ask_for(RESIDENT).json()["status"] == "found"

    def test_that_makes_them_slow_outlasts_an_impatient_caller(self, registers: Registers) -> None:
        registers.behave("slow", delay_ms=600_000)
        with pytest.raises(httpx.ReadTimeout):
            registers.http.post("/vehicles/query", json={}, timeout=0.2)

    def test_that_does_not_exist_is_refused(self, registers: Registers) -> None:
        response = registers.http.post("/control", json={"mode": "moody"})
        assert response.json()["errors"] == [{"pointer": "/mode", "rule": "enum"}]

    def test_cannot_be_caused_unless_allowed(self) -> None:
        with RegisterServer(PEOPLE[:1]) as server:
            response = httpx.post(f"{server.url}/control", json={"mode": "down"})
            assert response.status_code == 404
            assert httpx.get(f"{server.url}/health").json() == {"status": "up"}


COMMAND = [sys.executable, "-m", "backoffice.demo.registers", "--port", "0", "--people", "30"]


class TestTheProgram:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_says_where_it_listens_and_ends_when_told(self, number: signal.Signals) -> None:
        with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            url = json.loads(program.stdout.readline())["url"]
            assert httpx.get(f"{url}/health").json() == {"status": "up"}
            program.send_signal(number)
            assert program.wait(60) == 0

    def test_ends_with_its_parent(self) -> None:
        with subprocess.Popen([sys.executable, "-c", ""]) as parent:
            parent.wait(60)
        ended = subprocess.run(
            [*COMMAND, "--parent-pid", str(parent.pid)], timeout=60, check=True, capture_output=True
        )
        assert b"listening" in ended.stdout
