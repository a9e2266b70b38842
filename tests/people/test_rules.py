"""Rules of the register: reading what is written, numbers, both times of a fact."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base.id_number import IdNumber
from hoaban.base.partial_date import PartialDate
from hoaban.people import rules

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


@given(DAYS, st.sampled_from(["day", "month", "year"]))
def test_a_date_is_kept_only_as_far_as_it_is_known(day: dt.date, precision: str) -> None:
    kept = PartialDate.parse(rules.read_born(f"{day:%d/%m/%Y}", precision))

    assert kept.precision == precision
    assert kept.earliest() <= day <= kept.latest()


@given(DAYS)
def test_a_stored_date_reads_as_itself(day: dt.date) -> None:
    for stored in (str(day), f"{day:%Y-%m}", f"{day:%Y}"):
        assert rules.read("born", stored) == stored
        assert rules.read("born", PartialDate.parse(stored).vietnamese()) == stored


@pytest.mark.parametrize("written", ["31/02/1990", "13/1990", "90", "in spring", "1990-13"])
def test_a_day_that_never_was_is_refused(written: str) -> None:
    with pytest.raises(rules.Unreadable):
        rules.read_born(written)


@pytest.mark.parametrize(
    ("name", "written", "stored"),
    [
        ("gender", "Nam", "M"),
        ("gender", "F", "F"),
        ("ethnicity", "H'Mong", "08"),
        ("ethnicity", "THAI", "03"),
        ("marital", "2", "2"),
        ("rel_to_head", "chu ho", "01"),
        ("full_name", "LÒ PAO MAY", "Lò Pao May"),
        ("full_name", "Lò  Pao May ", "Lò Pao May"),
        ("id12", "011 158 000 123", "011158000123"),
        ("father_id", "040 123 456", "040123456"),
        ("nationality", "Viet Nam", "VN"),
        ("blood", "AB", "3"),
        ("phone", "", ""),
    ],
)
def test_what_is_written_is_read(name: str, written: str, stored: str) -> None:
    assert rules.read(name, written) == stored
    assert rules.read(name, stored) == stored


@pytest.mark.parametrize(
    ("name", "written"), [("ethnicity", "Martian"), ("id12", "12345"), ("gender", "x"), ("life", "asleep")]
)
def test_what_cannot_be_read_is_refused_with_its_label(name: str, written: str) -> None:
    with pytest.raises(rules.Unreadable) as no:
        rules.read(name, written)

    assert written in str(no.value)


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(rules.NotAFact):
        rules.read("shoe_size", "42")


@given(st.sampled_from(["M", "F"]), DAYS, st.integers(0, 999_999))
def test_a_drawn_number_agrees_with_its_person(sex: str, born: dt.date, digits: int) -> None:
    number = rules.draw_number(rules.prefix("011", sex, str(born.year)), lambda _below: digits)

    rules.check_number(number, sex, str(born))
    assert IdNumber(number).province == "011"
    assert not rules.kills_the_number(number, sex, str(born))
    assert rules.kills_the_number(number, "M" if sex == "F" else "F", str(born))
    with pytest.raises(rules.NumberDisagrees):
        rules.check_number(number, sex, str(born.year + 1))


def test_the_province_of_birth_registration_is_read_from_the_end_of_the_place() -> None:
    assert rules.province_of("Nam Khan, Nam Po, tinh Dien Bien") == "011"
    assert rules.province_of("Ha Noi") == "001"
    with pytest.raises(rules.BirthPlaceUnknown):
        rules.province_of("")


@given(DAYS, st.integers(1, 30))
def test_temporary_residence_ends_after_it_begins_and_within_the_longest_time(day: dt.date, months: int) -> None:
    too_late = day + dt.timedelta(days=31 * months + 5)

    rules.check_temporary(day, day + dt.timedelta(days=1), months)
    for last in (day, day - dt.timedelta(days=1), too_late):
        with pytest.raises(rules.TemporaryTooLong):
            rules.check_temporary(day, last, months)


@given(st.lists(st.tuples(st.text("ab", min_size=1), DAYS | st.none(), MOMENTS), max_size=6), DAYS)
def test_the_latest_knowledge_of_a_far_day_is_the_present_value(
    steps: list[tuple[str, dt.date | None, dt.datetime]], day: dt.date
) -> None:
    values = ["first", *(value for value, _day, _at in steps)]
    changes = [
        rules.Known(old, value, starts, at)
        for old, (value, starts, at) in zip(values, sorted(steps, key=lambda step: step[2]), strict=False)
    ]
    present = changes[-1].new if changes else "first"

    assert rules.value_at(present, changes, dt.date(2100, 1, 1), dt.datetime(2031, 1, 1, tzinfo=dt.UTC)) == present
    before_all = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
    assert rules.value_at(present, changes, day, before_all) == (changes[0].old if changes else present)


def test_a_change_holds_from_its_day_and_was_unknown_before_it_was_recorded() -> None:
    recorded = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    changes = [rules.Known("single", "married", dt.date(2026, 3, 1), recorded)]
    later = recorded + dt.timedelta(days=1)

    assert rules.value_at("married", changes, dt.date(2026, 2, 1), later) == "single"
    assert rules.value_at("married", changes, dt.date(2026, 3, 1), later) == "married"
    assert rules.value_at("married", changes, dt.date(2026, 4, 1), recorded - dt.timedelta(days=1)) == "single"


@given(DAYS, st.sampled_from(["day", "month", "year"]), st.integers(0, 90), DAYS)
def test_who_sorts_before_the_last_writing_of_an_age_is_surely_that_old(
    day: dt.date, precision: str, years: int, on: dt.date
) -> None:
    born = rules.read_born(f"{day:%d/%m/%Y}", precision)

    sorts_before = born + rules.UNTIL_ITS_END <= rules.born_by(years, on)

    assert sorts_before == PartialDate.parse(born).is_surely_aged(years, on)


@pytest.mark.parametrize(("on", "last"), [("2026-12-31", "2012~"), ("2026-11-30", "2012-11~"), ("2026-02-28", None)])
def test_the_last_day_of_a_month_takes_in_those_of_whom_only_the_month_is_known(on: str, last: str | None) -> None:
    assert rules.born_by(14, dt.date.fromisoformat(on)) == (last or "2012-02-28~")


@pytest.mark.parametrize("kind", list(rules.CodeKind))
def test_a_households_code_is_told_in_words_and_an_officers_own_code_as_it_is(kind: rules.CodeKind) -> None:
    told = rules.called(f"{kind} 110037879")

    assert not told.startswith(f"{kind} 1")
    assert rules.called("H7K2M9") == "H7K2M9"
