"""The faces and the QR code: one sheet of two pages in the card's size, marked as a specimen."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hoaban.base.partial_date import PartialDate
from hoaban.cards.engine import faces, mrz, qr
from tests.cards import samples

plain = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="|"), max_size=30)


@pytest.fixture(scope="module")
def pages() -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(faces.pdf(faces.sources(samples.content()), samples.face()))).pages)


def test_both_faces_have_the_size_of_a_card_and_say_specimen(pages: list[pypdf.PageObject]) -> None:
    assert len(pages) == 2
    for page in pages:
        assert round(float(page.mediabox.width) / 72 * 25.4, 1) == 85.6
        assert round(float(page.mediabox.height) / 72 * 25.4, 1) == 54.0
        assert "M\u1eaaU" in page.extract_text()


def test_the_faces_bear_the_facts_in_words(pages: list[pypdf.PageObject]) -> None:
    front, back = (page.extract_text() for page in pages)

    assert "011185001234" in front
    assert samples.content().full_name.upper() in front
    assert "07/03/1985" in front
    assert "07/03/2045" in back
    content = samples.content()
    for line in mrz.zone(
        number=content.number, full_name=content.full_name, born=content.born, sex="F", expires_on=content.expires_on
    ):
        assert line in back


def test_a_birth_of_which_only_the_year_is_known_is_printed_so() -> None:
    pdf = faces.pdf(faces.sources(samples.content(born=PartialDate(1958))), samples.face())
    front = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()

    assert "1958" in front
    assert "01/01/1958" not in front


def test_the_faces_come_as_pictures_for_a_screen() -> None:
    for picture in faces.pictures(faces.sources(samples.content()), samples.face()):
        assert Image.open(io.BytesIO(picture)).format == "PNG"


def test_the_qr_text_has_the_seven_fields_in_order() -> None:
    assert faces.qr_text(samples.content()).split("|") == [
        "011185001234",
        "040123456",
        samples.content().full_name.upper(),
        "07031985",
        samples.content().sex_word,
        samples.content().residence,
        "24112026",
    ]


@given(plain, plain)
def test_a_scanned_qr_text_is_read_back(name: str, residence: str) -> None:
    written = qr.write(
        number="011185001234", old_number="", full_name=name, born=PartialDate(1985), sex="Nam", residence=residence,
        issued_on=dt.date(2026, 11, 24),
    )  # fmt: skip

    assert qr.read(str(written)) == written


def test_what_is_not_the_qr_of_a_card_is_not_read() -> None:
    assert qr.read("") is None
    assert qr.read("https://example.org") is None
    assert qr.read("12345|a|b|c|d|e|f") is None
