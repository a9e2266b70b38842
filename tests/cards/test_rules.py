"""How long a card is valid, when it is due, how it lives: one example per clause, and what always holds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base.partial_date import PartialDate
from hoaban.cards import rules
from hoaban.cards.rules import ApplicationState, CardState, Ending, Kind, Step

days = st.dates(dt.date(2024, 7, 1), dt.date(2040, 12, 31))
births = st.builds(
    lambda day, precision: PartialDate(day.year, *((day.month, day.day)[:precision])),
    st.dates(dt.date(1920, 1, 1), dt.date(2024, 6, 30)),
    st.integers(0, 2),
)
BORN = PartialDate(1990, 3, 7)


@pytest.mark.parametrize(
    ("age", "until"), [(14, 25), (22, 25), (23, 40), (25, 40), (37, 40), (38, 60), (57, 60), (58, None), (60, None)]
)
def test_a_card_holds_to_the_next_age_and_over_it_within_two_years(age: int, until: int | None) -> None:
    issued = dt.date(2024 + 7, 3, 7)
    born = PartialDate(issued.year - age, 3, 7)

    expires = rules.expires_on(born, issued)

    assert expires == (None if until is None else dt.date(born.year + until, 3, 7))


def test_a_child_s_card_holds_to_14_and_from_12_to_25() -> None:
    born = PartialDate(2019, 3, 7)

    assert rules.expires_on(born, dt.date(2026, 1, 1)) == dt.date(2033, 3, 7)
    assert rules.expires_on(born, dt.date(2031, 3, 6)) == dt.date(2033, 3, 7)
    assert rules.expires_on(born, dt.date(2031, 3, 7)) == dt.date(2044, 3, 7)


def test_the_law_of_the_day_of_issue_counts() -> None:
    assert rules.renewal_ages(dt.date(2024, 6, 30)) == (25, 40, 60)
    assert rules.renewal_ages(dt.date(2024, 7, 1)) == (14, 25, 40, 60)


def test_of_a_birth_in_some_month_the_last_day_counts() -> None:
    assert rules.expires_on(PartialDate(1990), dt.date(2026, 1, 1)) == dt.date(2030, 12, 31)
    assert rules.expires_on(PartialDate(1990, 2), dt.date(2026, 1, 1)) == dt.date(2030, 2, 28)


def test_who_was_born_on_29_february_reaches_an_age_on_1_march() -> None:
    assert rules.birthday(PartialDate(2004, 2, 29), 25) == dt.date(2029, 3, 1)
    assert rules.birthday(PartialDate(2004, 2, 29), 40) == dt.date(2044, 2, 29)


@given(births, days)
def test_a_card_is_good_for_at_least_two_years_and_ends_on_a_birthday(born: PartialDate, issued: dt.date) -> None:
    expires = rules.expires_on(born, issued)

    if expires is None:
        assert born.age_range(issued)[1] >= 58
    else:
        assert (expires - issued).days >= 2 * 365
        assert expires in {rules.birthday(born, age) for age in (14, 25, 40, 60)}


def test_only_a_card_in_the_hand_that_has_not_ended_proves_anything() -> None:
    day = dt.date(2026, 11, 24)

    assert rules.is_valid(CardState.HANDED_OVER, None, day)
    assert rules.is_valid(CardState.HANDED_OVER, day, day)
    assert not rules.is_valid(CardState.HANDED_OVER, day - dt.timedelta(days=1), day)
    assert not rules.is_valid(CardState.AT_COMMUNE, None, day)


def test_seven_working_days_skip_the_weekends() -> None:
    tuesday = dt.date(2026, 11, 24)

    due = rules.expected(tuesday)

    assert due.first == dt.date(2026, 12, 1)
    assert due.last == dt.date(2026, 12, 3)


def test_before_july_2024_a_first_card_in_the_mountains_had_twenty_working_days() -> None:
    assert rules.expected(dt.date(2024, 6, 3)).last == dt.date(2024, 7, 1)


@given(days, st.integers(0, 40))
def test_a_working_day_is_no_saturday_or_sunday(day: dt.date, count: int) -> None:
    due = rules.working_days_after(day, count)

    assert due == day or due.weekday() < 5
    assert sum((day + dt.timedelta(n)).weekday() < 5 for n in range(1, (due - day).days + 1)) == count


@given(days)
def test_the_last_overdue_day_parts_the_late_from_the_rest(day: dt.date) -> None:
    last = rules.last_overdue(day)

    assert rules.expected(last).last < day
    assert all(rules.expected(last + dt.timedelta(n)).last >= day for n in range(1, (day - last).days + 1))


def test_a_card_goes_from_step_to_step_and_never_back() -> None:
    for place, state in enumerate(rules.LIFE):
        for other in rules.LIFE:
            may = other in rules.CARD_MOVES[state]
            assert may == (place + 1 < len(rules.LIFE) and other is rules.LIFE[place + 1])
    for state in rules.ENDED:
        assert not rules.CARD_MOVES[state]


def test_only_a_proposed_application_can_be_approved() -> None:
    rules.check_application_move(ApplicationState.PROPOSED, ApplicationState.APPROVED, "K7MWPQ")
    for state in (ApplicationState.REQUESTED, ApplicationState.APPROVED, ApplicationState.DECLINED):
        with pytest.raises(rules.WrongStep):
            rules.check_application_move(state, ApplicationState.APPROVED, "K7MWPQ")


@pytest.mark.parametrize("shown", ["011185001234", "0111 8500 1234", "1234"])
def test_the_holder_s_number_or_its_last_four_digits_open_the_hand_over(shown: str) -> None:
    rules.check_handover("011185001234", shown, CardState.AT_COMMUNE, "K7MWPQ-1")


@pytest.mark.parametrize("shown", ["", "234", "1235", "85001234", "011185001235"])
def test_a_card_is_not_handed_to_a_neighbour(shown: str) -> None:
    with pytest.raises(rules.NotTheHolder):
        rules.check_handover("011185001234", shown, CardState.AT_COMMUNE, "K7MWPQ-1")


def test_a_card_on_the_way_can_not_be_handed_over() -> None:
    with pytest.raises(rules.WrongStep):
        rules.check_handover("011185001234", "1234", CardState.SENT, "K7MWPQ-1")


def test_who_had_no_card_asks_for_a_first_one() -> None:
    assert rules.kind_of(has_live_card=False, lost_one=False) is Kind.FIRST
    assert rules.kind_of(has_live_card=True, lost_one=True) is Kind.RENEWAL
    assert rules.kind_of(has_live_card=False, lost_one=True) is Kind.REISSUE


def _timeline(steps: int, ending: Ending | None = None) -> rules.Timeline:
    start = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
    reached = [start + dt.timedelta(days=n) if n < steps else None for n in range(6)]
    return rules.timeline(
        code="K7MWPQ", commune_code="03174", requested_on=dt.date(2026, 11, 24), reached=reached, ending=ending
    )


def test_a_timeline_tells_the_last_step_reached_and_how_late_the_card_is() -> None:
    on_the_way = _timeline(4)

    assert on_the_way.current is Step.SENT
    assert not on_the_way.is_finished
    assert on_the_way.days_late(dt.date(2026, 12, 3)) == 0
    assert on_the_way.days_late(dt.date(2026, 12, 6)) == 3


def test_a_card_in_the_hand_or_declined_is_never_late() -> None:
    for one in (_timeline(6), _timeline(1, Ending.DECLINED)):
        assert one.is_finished
        assert one.days_late(dt.date(2027, 6, 1)) == 0


def test_a_card_that_was_never_sent_can_not_be_missing() -> None:
    assert rules.check_missing(["A-1", "B-1"], ["B-1"]) == {"B-1"}
    with pytest.raises(rules.NotInThatBatch):
        rules.check_missing(["A-1"], ["B-1"])
