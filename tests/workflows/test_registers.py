"""The port to other authorities' registers: named, limited in time, and never the end of it."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from efile.kernel.clock import local_date
from tests.factories import AT, city
from workflows.catalogue.parts import RegisterQuery
from workflows.registers import Answer, ask

pytestmark = pytest.mark.django_db

PURPOSE = "Halter des Fahrzeugs, § 35 Abs. 1 StVG"
APPLICANT = {"given_names": "Zoe\u0308 Ann", "family_name": "GROSS", "birth_date": "1981-04-02"}
KEEPER = {"given_names": "zoë  ann", "family_name": "Groß", "birth_date": "1981-04-02"}
FOUND = {
    "status": "found",
    "keeper": KEEPER,
    "admitted": True,
    "vehicle_class": "M1",
}
AT_HOME = {
    "status": "found",
    "resident": True,
    "main_residence": {"street": "Lindenstr.", "number": "1a", "postcode": "40999", "city": "M"},
}


class Said:
    """What the register under test answers, and what it was asked."""

    status = 200
    body = b"{}"
    media_type = "application/json"

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def says(self, answer: Any) -> None:
        self.body = json.dumps(answer).encode()


@pytest.fixture
def said(settings: Any) -> Iterator[Said]:
    """A register that says whatever the test wants: a real server."""
    script = Said()

    class Exchange(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            script.asked.append((self.path, json.loads(body)))
            self.send_response(script.status)
            self.send_header("Content-Type", script.media_type)
            self.send_header("Content-Length", str(len(script.body)))
            self.end_headers()
            self.wfile.write(script.body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Exchange) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        settings.REGISTERS_URL = f"http://127.0.0.1:{server.server_port}"
        yield script
        server.shutdown()


def asked(register: str = "vehicle", sent: dict[str, Any] | None = None) -> Answer:
    query = RegisterQuery(register=register, purpose=PURPOSE, input={})  # type: ignore[arg-type]
    return ask(
        query,
        sent or {"plate": "D-LM 123"},
        case_reference="32.2-000001/26-01",
        tenant_id=city().pk,
        applicant=APPLICANT,
        at=AT,
    )


class TestAsking:
    @pytest.mark.parametrize(
        ("register", "path"),
        [
            ("vehicle", "/vehicles/query"),
            ("population", "/population/query"),
            ("benefits", "/benefits/query"),
            ("business", "/businesses/query"),
            ("civil_status", "/civil-status/query"),
        ],
    )
    def test_names_purpose_and_case_beside_what_is_asked(
        self, said: Said, register: str, path: str
    ) -> None:
        asked(register)
        assert said.asked == [
            (
                path,
                {
                    "purpose": PURPOSE,
                    "case_reference": "32.2-000001/26-01",
                    "plate": "D-LM 123",
                },
            )
        ]

    def test_keeps_when_it_was_and_how_long_it_took(self, said: Said) -> None:
        answer = asked()
        assert (answer.register, answer.purpose, answer.asked_at) == ("vehicle", PURPOSE, AT)
        assert answer.milliseconds >= 0
        assert local_date(answer.asked_at) == local_date(AT)


class TestTheVehicleRegister:
    def test_says_what_the_rules_may_read(self, said: Said) -> None:
        said.says(FOUND)
        answer = asked()
        assert answer.outcome == "found"
        assert answer.facts == {
            "found": True,
            "admitted": True,
            "is_keeper": True,
            "vehicle_class": "M1",
        }

    @pytest.mark.parametrize(
        "keeper",
        [
            KEEPER | {"birth_date": "1981-04-03"},
            KEEPER | {"family_name": "Gros"},
            KEEPER | {"given_names": "Zoë"},
            {name: value for name, value in KEEPER.items() if name != "birth_date"},
            {"organisation": "Groß GmbH"},
            KEEPER | {"organisation": "Groß GmbH"},
        ],
    )
    def test_names_a_keeper_who_is_somebody_else(self, said: Said, keeper: Any) -> None:
        said.says(FOUND | {"keeper": keeper})
        facts = asked().facts
        assert facts
        assert facts["is_keeper"] is False

    def test_leaves_open_what_it_was_not_told(self, said: Said) -> None:
        said.says({"status": "found"})
        facts = asked().facts
        assert facts
        assert {name: value for name, value in facts.items() if value is not None} == {
            "found": True
        }

    @pytest.mark.parametrize("status", ["not_found", "ambiguous", "blocked"])
    def test_that_found_nothing_says_only_that(self, said: Said, status: str) -> None:
        said.says({"status": status, "keeper": KEEPER})
        answer = asked()
        assert (answer.outcome, answer.facts) == (status, {"found": False})


class TestThePopulationRegister:
    def test_is_read_with_our_own_directory(self, said: Said) -> None:
        said.says(AT_HOME)
        assert asked("population").facts == {
            "found": True,
            "blocked": False,
            "main_residence": True,
            "street": "Lindenstr.",
            "number": "1a",
            "postcode": "40999",
            "district": "2",
            "parking_zone": "B2",
        }

    def test_of_somebody_elsewhere_names_no_zone(self, said: Said) -> None:
        elsewhere = {"street": "Hauptstraße", "number": "3", "postcode": "40998", "city": "B"}
        said.says(AT_HOME | {"resident": False, "main_residence": elsewhere})
        facts = asked("population").facts
        assert facts
        assert (facts["main_residence"], facts["parking_zone"], facts["district"]) == (
            False,
            "",
            "",
        )

    @pytest.mark.parametrize(
        ("status", "facts"),
        [
            ("blocked", {"found": False, "blocked": True}),
            ("not_found", {"found": False, "blocked": False}),
            ("ambiguous", {"found": False, "blocked": False}),
        ],
    )
    def test_that_names_nobody_says_why(
        self, said: Said, status: str, facts: dict[str, bool]
    ) -> None:
        said.says({"status": status})
        assert asked("population").facts == facts


class TestTheOtherRegisters:
    @pytest.mark.parametrize(
        ("register", "answer", "facts"),
        [
            (
                "benefits",
                {"status": "found", "kind": "sgb2", "valid_to": "2027-01-31"},
                {"found": True, "kind": "sgb2", "valid_to": "2027-01-31"},
            ),
            ("benefits", {"status": "not_found"}, {"found": False, "kind": None, "valid_to": None}),
            # Several people of that name and birthday: nobody can say.
            ("benefits", {"status": "ambiguous"}, None),
            (
                "business",
                {"status": "found", "trade": "Dachdeckerei", "craft": True},
                {"found": True, "trade": "Dachdeckerei", "craft": True},
            ),
            ("business", {"status": "found"}, {"found": True, "trade": None, "craft": None}),
            (
                "civil_status",
                {"status": "found", "entitled": True},
                {"found": True, "restricted": False, "entitled": True},
            ),
            (
                "civil_status",
                {"status": "blocked", "entitled": True},
                {"found": True, "restricted": True, "entitled": False},
            ),
            # What is no truth value is no answer to that.
            (
                "civil_status",
                {"status": "found", "entitled": "yes"},
                {"found": True, "restricted": False, "entitled": None},
            ),
        ],
    )
    def test_say_what_the_rules_may_read_and_leave_open_the_rest(
        self, said: Said, register: str, answer: dict[str, Any], facts: dict[str, Any] | None
    ) -> None:
        said.says(answer)
        assert asked(register).facts == facts


class TestARegisterThatDoesNotAnswer:
    @pytest.mark.parametrize("register", ["vehicle", "population"])
    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (503, b'{"status": "found"}'),
            (500, b""),
            (404, b'{"status": "not_found"}'),
            (302, b'{"status": "found"}'),
            (200, b"<html>Wartungsarbeiten</html>"),
            (200, b""),
            (200, b"[1, 2]"),
            (200, b"null"),
            (200, b'"found"'),
            (200, b"\xff\xfe"),
            (200, b"{}"),
            (200, b'{"status": "maybe"}'),
            (200, b'{"status": null}'),
            (200, b'{"status": ["found"]}'),
            (200, b'{"status": "found", "keeper": "Gross", "main_residence": "Lindenstr. 1"}'),
            (
                200,
                b'{"status": "found", "keeper": [], "main_residence": {"street": 5, "number": 1}}',
            ),
        ],
    )
    def test_gives_no_facts_and_raises_nothing(
        self, said: Said, register: str, status: int, body: bytes
    ) -> None:
        said.status, said.body = status, body
        answer = asked(register)
        assert answer.outcome == "unavailable"
        assert answer.facts is None

    def test_in_time_is_not_waited_for(self, settings: Any) -> None:
        class Silent(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(1 << 20)  # until the caller gives up

        settings.REGISTERS_TIMEOUT = 0.05
        with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
            server.daemon_threads = True
            Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            settings.REGISTERS_URL = f"http://127.0.0.1:{server.server_port}"
            assert asked().outcome == "unavailable"
            server.shutdown()

    @pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
    def test_because_it_is_not_there_or_not_configured(self, settings: Any, url: str) -> None:
        settings.REGISTERS_URL = url
        assert (asked().outcome, asked().facts) == ("unavailable", None)
