"""A submission is answered with every fault of its form, its parties and its proofs."""
# ruff: noqa: E501 - a row of a table stays a row

from typing import Any

import pytest

from workflows.catalogue import Definition
from workflows.catalogue.messages import MESSAGES
from workflows.catalogue.submission import applicant_of, errors_in, facts_of


def faults_of(definition: Definition, submission: dict[str, Any]) -> list[tuple[str, str]]:
    faults = errors_in(definition, submission)
    assert {fault.rule for fault in faults} <= MESSAGES.keys()
    return [(fault.pointer, fault.rule) for fault in faults]


def test_the_body_in_the_interface_s_documentation_is_accepted(permit: Definition) -> None:
    body: dict[str, Any] = {
        "service": "resident-parking",
        "language": "de",
        "form": {"plate": "D-LM 123", "zone": "A4"},
        "parties": [
            {
                "role": "applicant",
                "kind": "person",
                "given_names": "Đorđe",
                "family_name": "Yılmaz",
                "birth_date": "1981-04-02",
                "address": {
                    "street": "…",
                    "number": "1a",
                    "postcode": "40764",
                    "city": "Langenfeld",
                },
                "email": "d@example.org",
                "identity": {"source": "bundid", "assurance": "substantial", "bpk2": "…"},
            }
        ],
        "attachments": [{"upload": "…", "proof": "registration-certificate"}],
        "consents": {"electronic_delivery": True},
        "reply_channel": {"kind": "portal"},
        "on_invalid": "reject",
    }
    assert faults_of(permit, body) == []


def test_the_examples_are_accepted(shipped: dict[str, Definition]) -> None:
    for definition in shipped.values():
        assert faults_of(definition, dict(definition.example)) == []


class TestForm:
    def test_faults_point_into_the_submission(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        permit_submission["form"] = {"plate": "LM123", "colour": "red"}
        assert faults_of(permit, permit_submission) == [
            ("/form/colour", "additional_properties"),
            ("/form/plate", "pattern"),
            ("/form/zone", "required"),
        ]

    def test_is_a_fault_where_there_is_none(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        del permit_submission["form"]
        assert faults_of(permit, permit_submission) == [("/form", "type")]

    @pytest.mark.parametrize(
        ("part", "fault"),
        [
            ({"keeper": "employer"}, ("/form/keeper_name", "required")),
            ({"duration_years": 3}, ("/form/duration_years", "enum")),
            ({"valid_from": "01.02.2026"}, ("/form/valid_from", "format")),
            ({"renewal_of": "123"}, ("/form/renewal_of", "pattern")),
            ({"declaration": {}}, ("/form/declaration/complete_and_true", "required")),
            ({"declaration": {"complete_and_true": False}}, ("/form/declaration/complete_and_true", "const")),
        ],
    )  # fmt: skip
    def test_of_a_permit_is_checked_throughout(
        self,
        permit: Definition,
        permit_submission: dict[str, Any],
        part: dict[str, Any],
        fault: tuple[str, str],
    ) -> None:
        permit_submission["form"] |= part
        assert faults_of(permit, permit_submission) == [fault]

    @pytest.mark.parametrize(
        ("part", "fault"),
        [
            ({"items": []}, ("/form/items", "min_items")),
            ({"items": [{"category": "piano", "count": 1, "volume_m3": 1}]}, ("/form/items/0/category", "enum")),
            ({"items": [{"category": "metal", "count": 0, "volume_m3": 1}]}, ("/form/items/0/count", "minimum")),
            ({"items": [{"category": "metal", "count": 1, "volume_m3": 0}]}, ("/form/items/0/volume_m3", "exclusive_minimum")),
            ({"pickup": {"street": "Lindenstraße"}}, ("/form/pickup/number", "required")),
            ({"strict": True}, ("/form/wish_date", "required")),
        ],
    )  # fmt: skip
    def test_of_a_collection_is_checked_throughout(
        self,
        collection: Definition,
        collection_submission: dict[str, Any],
        part: dict[str, Any],
        fault: tuple[str, str],
    ) -> None:
        collection_submission["form"] |= part
        assert faults_of(collection, collection_submission) == [fault]

    def test_may_say_that_another_day_will_do(
        self, collection: Definition, collection_submission: dict[str, Any]
    ) -> None:
        collection_submission["form"]["strict"] = False
        assert faults_of(collection, collection_submission) == []


class TestParties:
    @pytest.mark.parametrize(
        ("party", "faults"),
        [
            ({"birth_date": None}, [("/parties/0/birth_date", "type")]),
            ({"birth_date": "2.4.1981"}, [("/parties/0/birth_date", "format")]),
            ({"family_name": " "}, [("/parties/0/family_name", "pattern")]),
            ({"role": "witness"}, [("/parties", "party_missing"), ("/parties/0/role", "enum")]),
            ({"kind": "organisation"}, [("/parties/0/kind", "enum")]),
            ({"email": "nowhere"}, [("/parties/0/email", "format")]),
            ({"address": {"street": "x"}}, [
                ("/parties/0/address/city", "required"),
                ("/parties/0/address/number", "required"),
                ("/parties/0/address/postcode", "required"),
            ]),
            ({"identity": {"assurance": "none"}}, [("/parties/0/identity/assurance", "assurance_too_low")]),
            ({"identity": {"assurance": "total"}}, [("/parties/0/identity/assurance", "assurance_too_low")]),
            ({"identity": None}, [("/parties/0/identity/assurance", "assurance_too_low")]),
            ({"identity": {"assurance": "basic"}}, []),
            ({"identity": {"assurance": "high"}}, []),
        ],
    )  # fmt: skip
    def test_must_be_known_as_the_service_needs_them(
        self,
        permit: Definition,
        permit_submission: dict[str, Any],
        party: dict[str, Any],
        faults: list[tuple[str, str]],
    ) -> None:
        permit_submission["parties"][0] |= party
        assert sorted(faults_of(permit, permit_submission)) == sorted(faults)

    def test_must_be_there(self, permit: Definition, permit_submission: dict[str, Any]) -> None:
        permit_submission["parties"] = []
        assert faults_of(permit, permit_submission) == [("/parties", "party_missing")]

    def test_may_not_be_more_than_the_service_knows(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        permit_submission["parties"] *= 2
        assert faults_of(permit, permit_submission) == [("/parties/1", "party_surplus")]

    def test_may_be_represented(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        address = permit_submission["parties"][0]["address"]
        agent = {"role": "representative", "kind": "organisation", "organisation": "Kanzlei Meyer"}
        permit_submission["parties"].append(agent | {"address": address})
        assert faults_of(permit, permit_submission) == []
        del permit_submission["parties"][1]["organisation"]
        assert faults_of(permit, permit_submission) == [("/parties/1/organisation", "required")]

    def test_are_asked_for_what_their_kind_has(
        self, collection: Definition, collection_submission: dict[str, Any]
    ) -> None:
        collection_submission["parties"] = [{"role": "applicant", "kind": "organisation"}]
        assert faults_of(collection, collection_submission) == [
            ("/parties/0/organisation", "required")
        ]

    def test_include_the_one_who_applies(self, permit_submission: dict[str, Any]) -> None:
        permit_submission["parties"].insert(0, {"role": "representative"})
        assert applicant_of(permit_submission)["family_name"] == "Yılmaz"
        assert applicant_of({}) == {}

    def test_tell_rules_what_they_stated(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        facts = facts_of(applicant_of(permit_submission))
        data = permit.rules.bind(form=permit_submission["form"], applicant=facts)
        assert {name: value for name, value in data.items() if name.startswith("applicant.")} == {
            "applicant.kind": "person",
            "applicant.birth_date": "1981-04-02",
            "applicant.street": "Lindenstraße",
            "applicant.number": "1a",
            "applicant.postcode": "40764",
            "applicant.city": "Musterstadt",
            "applicant.assurance": "substantial",
        }
        assert facts_of({}) == {"assurance": "none"}


class TestProofs:
    def test_that_the_form_calls_for_must_be_enclosed(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        permit_submission["form"] |= {"keeper": "family", "keeper_name": "Ayşe Yılmaz"}
        [fault] = errors_in(permit, permit_submission)
        assert (fault.pointer, fault.rule) == ("/attachments", "proof_missing")
        assert fault.facts == {"proof": "use-certificate"}
        permit_submission["attachments"] = [{"upload": "u", "proof": "use-certificate"}]
        assert faults_of(permit, permit_submission) == []

    def test_must_be_known_to_the_service(
        self, permit: Definition, permit_submission: dict[str, Any]
    ) -> None:
        permit_submission["attachments"] = [{"upload": "a"}, {"upload": "b", "proof": "passport"}]
        [fault] = errors_in(permit, permit_submission)
        assert (fault.pointer, fault.rule) == ("/attachments/1/proof", "proof_unknown")
        assert fault.facts == {"allowed": ["registration-certificate", "use-certificate"]}
