"""The generated proofs: readable, searchable, the same every time."""

import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from backoffice.demo.names import HARD_NAMES
from backoffice.demo.people import Organisation, Person, Resident, Vehicle, residents
from backoffice.demo.proofs import (
    certificate,
    registration_certificate,
    tenancy_confirmation,
    use_certificate,
)

ON = date(2026, 9, 1)
DRIVER = next(one for one in residents(7, 50) if one.plates)
CAR = next(car for car in DRIVER.vehicles if DRIVER.keeps(car))
COMPANY_CAR = next(
    car for one in residents(7, 200) for car in one.vehicles if isinstance(car.keeper, Organisation)
)
EVERY_HARD_NAME = [pair for pairs in HARD_NAMES.values() for pair in pairs]


def renamed(given_names: str, family_name: str) -> tuple[Resident, Vehicle]:
    """The driver and the driver's car under another name."""
    driver = replace(DRIVER, given_names=given_names, family_name=family_name)
    keeper = Person(given_names, family_name, DRIVER.birth_date, DRIVER.address)
    return driver, replace(CAR, keeper=keeper)


def text_of(content: bytes) -> str:
    """The text of all pages without spaces, in normal form."""
    pages = pypdfium2.PdfDocument(content)
    return bare("".join(page.get_textpage().get_text_range() for page in pages))


def bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def named(driver: Resident) -> dict[str, str]:
    """What any certificate says of whoever presents it."""
    return {"Vorname(n)": driver.given_names, "Familienname": driver.family_name}


KINDS: dict[str, Callable[[Resident, Vehicle], bytes]] = {
    "registration certificate": lambda _, car: registration_certificate(car),
    "tenancy confirmation": lambda driver, _: tenancy_confirmation(driver, on=ON),
    "use certificate": lambda driver, car: use_certificate(driver, car, on=ON),
    "any other": lambda driver, _: certificate("Bescheid", "Amt", named(driver), on=ON),
}


@pytest.mark.parametrize("kind", KINDS)
class TestEveryProof:
    def test_can_be_searched_for_the_hardest_names(self, kind: str) -> None:
        for names in EVERY_HARD_NAME:
            text = text_of(KINDS[kind](*renamed(*names)))
            for name in names:
                assert bare(name) in text, name

    def test_keeps_the_longest_names_on_the_page(self, kind: str) -> None:
        for names in HARD_NAMES["longest"]:
            page = pypdfium2.PdfDocument(KINDS[kind](*renamed(*names)))[0]
            text = page.get_textpage()
            right = max(text.get_rect(number)[2] for number in range(text.count_rects()))
            assert right <= page.get_width() - 50

    def test_is_the_same_to_the_byte_also_when_made_in_parallel(self, kind: str) -> None:
        wanted = [renamed(*names) for names in EVERY_HARD_NAME[:12]]
        alone = [KINDS[kind](*each) for each in wanted]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda each: KINDS[kind](*each), wanted)) == alone

    def test_is_of_ordinary_size(self, kind: str) -> None:
        content = KINDS[kind](DRIVER, CAR)
        assert 20_000 < len(content) < 120_000
        assert 1 <= len(pypdfium2.PdfDocument(content)) <= 3


class TestRegistrationCertificate:
    def test_names_plate_keeper_and_address(self) -> None:
        text = text_of(registration_certificate(CAR))
        for part in (CAR.plate, CAR.vin, DRIVER.address.street, DRIVER.family_name):
            assert bare(part) in text

    def test_names_the_company_of_a_company_car(self) -> None:
        assert isinstance(COMPANY_CAR.keeper, Organisation)
        assert bare(COMPANY_CAR.keeper.name) in text_of(registration_certificate(COMPANY_CAR))


class TestUseCertificate:
    def test_of_a_company_comes_with_its_rules(self) -> None:
        content = use_certificate(DRIVER, COMPANY_CAR, on=ON)
        assert len(pypdfium2.PdfDocument(content)) == 3
        assert bare("Anlage 2: Halterpflichten") in text_of(content)

    def test_names_driver_and_plate(self) -> None:
        text = text_of(use_certificate(DRIVER, COMPANY_CAR, on=ON))
        assert bare(DRIVER.family_name) in text
        assert bare(COMPANY_CAR.plate) in text
