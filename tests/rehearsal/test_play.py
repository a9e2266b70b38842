"""A small play from the first form to the last step."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from hoaban.base.clock import now
from hoaban.rehearsal import actions, queries, rules
from hoaban.rehearsal.models import Played
from hoaban.synth.engine import facts
from tests import make

PEOPLE = 400


@pytest.fixture
def home(tmp_path: Path) -> object:
    """A house of its own for files, keys and the station."""
    with override_settings(HOABAN_HOME=tmp_path, HOABAN_FILES=tmp_path / "files", HOABAN_KEYS=tmp_path / "keys"):
        yield tmp_path


def _play(seed: int = 1) -> list[Played]:
    return actions.play(people_count=PEOPLE, seed=seed, by=make.MAKER, clock=now)


@pytest.mark.django_db(transaction=True)
def test_every_step_is_played_once_and_a_second_run_changes_nothing(home: Path) -> None:
    first = _play()

    again = _play()

    assert {one.step for one in first} == set(rules.Step)
    assert all(any(one.figures.values()) for one in first)
    assert [(one.step, one.done_at) for one in again] == [(one.step, one.done_at) for one in first]


@pytest.mark.django_db
def test_nothing_is_rehearsed_where_synthetic_people_are_not_taken() -> None:
    with override_settings(HOABAN_SYNTHETIC=False), pytest.raises(rules.NotHere):
        _play()


@pytest.mark.django_db
def test_a_register_with_people_of_its_own_is_left_alone(home: Path) -> None:
    make.person(commune_code="03316")  # wherever they live

    with pytest.raises(rules.OthersAreHere):
        _play()


@pytest.mark.django_db
def test_too_few_people_are_refused() -> None:
    with pytest.raises(rules.TooFew):
        actions.play(people_count=10, seed=1, by=make.MAKER, clock=now)


def test_an_authenticator_has_the_same_secret_in_the_same_house_only() -> None:
    assert rules.totp_secret("a", "key") == rules.totp_secret("a", "key")
    assert rules.totp_secret("a", "key") != rules.totp_secret("a", "other key")
    assert queries.totp_code("cancuoc").isdigit()


@pytest.mark.django_db
def test_a_step_cut_off_in_its_middle_is_not_played_over_its_own_half() -> None:
    Played.objects.create(step=rules.Step.PLAN, begun_at=now())

    with pytest.raises(rules.CutShort, match="make demo-reset"):
        _play()


def test_a_step_that_may_be_repeated_is() -> None:
    rules.check_whole([rules.Step.FORMS, rules.Step.REGISTER])


def test_where_so_many_people_live_is_about_as_many_as_live_there() -> None:
    truth = {c.code: c.population for c in facts.communes()}

    for people in (19_000, rules.PEOPLE):
        there = sum(truth[code] for code in rules.communes_of(people))
        assert abs(there - people) < 0.05 * people

    assert rules.communes_of(640_000) == ()
    assert len({c.district_code for c in facts.communes() if c.code in rules.THREE_DISTRICTS}) == 3
