"""When a pair is decided and what follows: whatever the order, whatever the number of reviewers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoaban.matching import rules
from hoaban.matching.rules import Given, Pair, Standing, State, Verdict

SAME, DIFFERENT, UNSURE = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE
verdicts = st.lists(st.sampled_from(Verdict), max_size=3)
pairs = st.lists(st.builds(Pair, st.sampled_from(State), st.booleans()), max_size=5)


def test_two_who_agree_decide_and_a_third_where_they_do_not() -> None:
    assert rules.decided([SAME, SAME]) is State.SAME
    assert rules.decided([DIFFERENT, DIFFERENT]) is State.DIFFERENT
    assert rules.decided([SAME, DIFFERENT]) is State.OPEN
    assert rules.decided([SAME, DIFFERENT, SAME]) is State.SAME
    assert rules.decided([SAME, DIFFERENT, DIFFERENT]) is State.DIFFERENT


def test_who_can_not_tell_decides_nothing() -> None:
    assert rules.decided([UNSURE, UNSURE]) is State.OPEN
    assert rules.decided([SAME, UNSURE]) is State.OPEN
    assert rules.decided([SAME, UNSURE, SAME]) is State.SAME


@given(verdicts, st.randoms())
def test_the_order_of_verdicts_does_not_matter(given: list[Verdict], chance: object) -> None:
    shuffled = list(given)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert rules.decided(shuffled) is rules.decided(given)


@given(verdicts)
def test_nobody_decides_alone(given: list[Verdict]) -> None:
    state = rules.decided(given)

    assert state is State.OPEN or sum(one == state.value for one in given) >= 2


def test_the_very_same_verdict_again_is_a_repeat_and_another_is_refused() -> None:
    first = Given("officer:1", SAME, "papers")

    assert rules.is_repeat(first, [first])
    assert not rules.is_repeat(Given("officer:2", SAME, "papers"), [first])
    with pytest.raises(rules.AlreadyReviewed):
        rules.is_repeat(Given("officer:1", DIFFERENT, "papers"), [first])


def test_a_verdict_needs_an_open_pair_a_stranger_and_a_reason() -> None:
    new = Given("officer:1", SAME, "papers")

    rules.check_review(new, State.OPEN, {"officer:2"})
    with pytest.raises(rules.AlreadyDecided):
        rules.check_review(new, State.SAME, set())
    with pytest.raises(rules.OwnEnrolment):
        rules.check_review(new, State.OPEN, {"officer:1"})
    with pytest.raises(rules.ReasonMissing):
        rules.check_review(Given("officer:1", SAME, ""), State.OPEN, set())


@given(pairs, st.booleans())
def test_nobody_is_cleared_while_a_pair_is_open(pairs: list[Pair], let_pass: bool) -> None:
    if any(one.state is State.OPEN for one in pairs):
        assert rules.standing(pairs, let_pass) is not Standing.CLEARED


@given(pairs, st.booleans())
def test_nobody_is_cleared_under_two_records(pairs: list[Pair], let_pass: bool) -> None:
    if any(one.state is State.SAME and one.other_is_cleared for one in pairs):
        assert rules.standing(pairs, let_pass) is Standing.HELD


@given(st.lists(st.just(Pair(State.DIFFERENT, True)), max_size=5), st.booleans())
def test_whoever_is_like_nobody_is_cleared(pairs: list[Pair], let_pass: bool) -> None:
    assert rules.standing(pairs, let_pass) is Standing.CLEARED


def test_one_person_twice_is_held_until_an_officer_lets_it_pass() -> None:
    twice = [Pair(State.SAME, other_is_cleared=False)]

    assert rules.standing(twice, let_pass=False) is Standing.HELD
    assert rules.standing(twice, let_pass=True) is Standing.CLEARED
