"""Rules of the e-ID, tried with invented cases."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base.partial_date import PartialDate
from hoaban.eid import rules
from hoaban.eid.rules import Scope, State

AT = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
DAY = AT.date()


def test_a_closed_account_stays_closed() -> None:
    for state in State:
        with pytest.raises(rules.WrongStep):
            rules.check_move(State.CLOSED, state)


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_wrong_tries_never_mean_a_shorter_wait(one: int, other: int) -> None:
    few, many = sorted((one, other))

    assert rules.wait_after(few) <= rules.wait_after(many) <= dt.timedelta(hours=1)


def test_a_few_wrong_tries_cost_nothing_and_then_waiting_doubles() -> None:
    minutes = [rules.wait_after(tries).total_seconds() / 60 for tries in range(3, 13)]

    assert minutes == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_whoever_must_wait_is_told_the_minutes_left() -> None:
    with pytest.raises(rules.TooManyTries) as no:
        rules.check_may_try(AT + dt.timedelta(seconds=61), AT)

    assert no.value.facts == {"minutes": 2}
    rules.check_may_try(AT, AT)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ruong lua vang", ""),
        ("1a9z-7Q!", ""),
        ("seven77", "short"),
        ("x" * 129, "long"),
        ("aaaaaaaab", "plain"),
        ("12345678", "row"),
        ("hgfedcba", "row"),
        ("so 011185001234", "number"),
        ("85001234", "number"),
    ],
)
def test_passwords_that_are_easily_guessed_are_named(password: str, fault: str) -> None:
    assert rules.password_fault(password, "011185001234") == fault


def test_level_2_is_for_those_who_may_have_it_on_that_day() -> None:
    grown, child, small = PartialDate(1958), PartialDate(2018, 1, 1), PartialDate(2023)

    assert rules.level_for(2, grown, DAY) == 2
    assert rules.level_for(1, grown, DAY) == 1
    assert rules.level_for(2, child, DAY) == 2  # 6-13 on request since 1 July 2024
    assert rules.level_for(2, child, dt.date(2024, 6, 30)) == 1
    assert rules.level_for(2, small, DAY) == 1


def test_a_slip_is_good_for_the_days_that_the_rule_says() -> None:
    assert rules.slip_expires(AT, DAY) - AT == dt.timedelta(days=90)


def test_a_birth_date_is_told_as_far_as_it_is_known() -> None:
    told = [rules.birthdate(PartialDate.parse(text)) for text in ("1958-03-07", "1958-03", "1958")]

    assert told == ["1958-03-07", "1958", "1958"]


@given(st.binary(min_size=32, max_size=32), st.integers(1, 10**9), st.integers(1, 10**9))
def test_two_relying_parties_can_not_compare_whom_they_know(secret: bytes, one: int, other: int) -> None:
    known = {rules.subject(secret, sector, person) for sector in ("a.example", "b.example") for person in (one, other)}

    assert len(known) == (2 if one == other else 4)
    assert rules.subject(secret, "a.example", one) == rules.subject(secret, "a.example", one)


@given(st.frozensets(st.sampled_from(Scope)))
def test_scopes_are_read_as_they_are_written(scopes: frozenset[Scope]) -> None:
    assert rules.scopes_in(rules.scope_text(scopes) + " email") == scopes


def test_claims_are_only_those_of_the_scopes() -> None:
    for count in range(len(Scope) + 1):
        for scopes in itertools.combinations(Scope, count):
            claims = rules.claims_of(scopes)
            assert ("id_number" in claims) == (Scope.NUMBER in scopes)
            assert ("name" in claims) == (Scope.PROFILE in scopes)


@pytest.mark.parametrize(
    "uri",
    [
        "http://bank.example/back",
        "https://bank.example/back#part",
        "https://me@bank.example/",
        "https:///nowhere",
        "javascript:alert(1)",
        "https://bank.example/a b",
        "http://localhost.example/",
        "https://[broken",
        "",
    ],
)
def test_nobody_is_sent_to_a_doubtful_address(uri: str) -> None:
    with pytest.raises(rules.BadRedirect):
        rules.check_redirect(uri)


def test_addresses_at_several_hosts_need_one_that_stands_for_them() -> None:
    two = ["https://a.example/x", "https://b.example/x"]

    with pytest.raises(rules.ManySectors):
        rules.sector_of(two)
    assert rules.sector_of(two, "a.example") == "a.example"
    assert rules.sector_of(["http://localhost:5/x", "http://localhost:6/y"]) == "localhost"


def test_unknown_things_are_not_shared() -> None:
    with pytest.raises(rules.UnknownScope):
        rules.check_scopes(["profile", "fingers"])
    assert rules.check_scopes([]) == {Scope.OPENID}
