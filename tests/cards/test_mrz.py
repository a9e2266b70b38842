"""The machine readable zone against an implementation of its own, written from Doc 9303 part 3."""

from __future__ import annotations

import datetime as dt
import re
import string

from hypothesis import given
from hypothesis import strategies as st

from hoaban.base import names
from hoaban.base.partial_date import PartialDate
from hoaban.cards.engine import mrz

numbers = st.text(string.digits, min_size=12, max_size=12)
births = st.builds(
    lambda day, precision: PartialDate(day.year, *((day.month, day.day)[:precision])),
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31)),
    st.integers(0, 2),
)
words = st.text(string.ascii_letters + "\u0111\u0110\u01a1\u1ebf\u1ed9\u1eef", min_size=1, max_size=18)
full_names = st.lists(words, min_size=1, max_size=8).map(" ".join)


def sum_of_9303(text: str) -> int:
    """The check digit by the book: a table of values, three weights that come round."""
    table = {"<": 0} | {str(n): n for n in range(10)} | {c: 10 + n for n, c in enumerate(string.ascii_uppercase)}
    total = 0
    for start, weight in ((0, 7), (1, 3), (2, 1)):
        total += weight * sum(table[char] for char in text[start::3])
    return total % 10


@given(numbers, births, st.sampled_from("MFX"), st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2098, 12, 31)))
def test_all_five_check_digits_hold(number: str, born: PartialDate, sex: str, expires: dt.date | None) -> None:
    one, two, three = mrz.zone(number=number, full_name="Lo Van A", born=born, sex=sex, expires_on=expires)

    assert {len(line) for line in (one, two, three)} == {30}
    assert int(one[14]) == sum_of_9303(one[5:14])
    assert int(one[29]) == sum_of_9303(one[15:29])
    assert int(two[6]) == sum_of_9303(two[0:6])
    assert int(two[14]) == sum_of_9303(two[8:14])
    assert int(two[29]) == sum_of_9303(one[5:30] + two[0:7] + two[8:15] + two[18:29])


def test_the_zone_stands_as_on_public_samples() -> None:
    one, two, three = mrz.zone(
        number="011185001234", full_name="L\u00f2 Th\u1ecb \u0110\u1ecfi", born=PartialDate(1985, 3, 7), sex="F",
        expires_on=dt.date(2045, 3, 7),
    )  # fmt: skip

    assert re.fullmatch(r"IDVNM185001234\d011185001234<<\d", one)
    assert re.fullmatch(r"850307\dF450307\dVNM<{11}\d", two)
    assert three == "LO<<THI<DOI".ljust(30, "<")


def test_what_is_unknown_of_a_birth_is_filled_and_never_1_january() -> None:
    assert mrz.date_field(PartialDate(1958)) == "58<<<<"
    assert mrz.date_field(PartialDate(1958, 3)) == "5803<<"


def test_a_card_without_expiry_ends_with_the_century() -> None:
    two = mrz.zone(number="011058001234", full_name="Lo A", born=PartialDate(1958), sex="M", expires_on=None)[1]

    assert two[8:14] == "991231"


@given(full_names)
def test_a_name_line_holds_letters_and_fillers_only(name: str) -> None:
    line = mrz.name_line(name)

    assert re.fullmatch(r"[A-Z<]{30}", line)
    assert line[0] == names.mrz(name)[0]


@given(full_names)
def test_a_shortened_name_shows_it_by_a_letter_in_the_last_place(name: str) -> None:
    plain = names.mrz(name).replace("<", "<<", 1)
    line = mrz.name_line(name)

    if len(plain) > 30:
        assert line[-1].isalpha()
    else:
        assert line == plain.ljust(30, "<")


def test_middle_names_give_way_before_family_and_given_name() -> None:
    line = mrz.name_line("Nguyen Hoang Phuong Thao Vy An Binh Minh")

    assert line.startswith("NGUYEN<<")
    assert line.endswith("<MINH")
    assert len(line.split("<<")[1].split("<")) == 7
