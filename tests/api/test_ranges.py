"""Which part of ten bytes a Range header asks for (RFC 9110, section 14)."""

import pytest
from django.test import RequestFactory

from api.problems import RangeNotSatisfiable
from api.ranges import asked_range

ETAG = '"abc"'


def of_ten(header: str, if_range: str = ETAG) -> tuple[int, int] | None:
    headers = {"Range": header, "If-Range": if_range}
    return asked_range(RequestFactory().get("/", headers=headers), 10, ETAG)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 6)),
        ("bytes=7-", (7, 10)),
        ("bytes=7-100", (7, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-100", (0, 10)),
        ("Bytes=0-9", (0, 10)),
    ],
)
def test_a_range_is_that_part(header: str, part: tuple[int, int]) -> None:
    assert of_ten(header) == part


@pytest.mark.parametrize(
    "header", ["", "bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=٣-٤"]
)
def test_what_is_no_single_range_asks_for_all(header: str) -> None:
    assert of_ten(header) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=11-20", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        of_ten(header)


def test_a_range_of_another_state_asks_for_all() -> None:
    assert of_ten("bytes=0-0", if_range='"other"') is None
