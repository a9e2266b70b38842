"""Two officers at one form, one correction, one lot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.people import queries as register
from hoaban.verification import actions, rules
from hoaban.verification.models import Lot, Round, SampledForm
from hoaban.web.actor import Actor, acting_as
from tests import make
from tests.verification import world

pytestmark = pytest.mark.usefixtures("transactional_db")


def at_once(act: Callable[[Actor], object], officers: list[Actor]) -> list[str]:
    """Let each officer act at the same moment; the codes of what was refused."""
    ready, refused = threading.Barrier(len(officers)), []

    def run(officer: Actor) -> None:
        with acting_as(make.MAKER):
            ready.wait()
            try:
                act(officer)
            except Refusal as no:
                refused.append(no.code)
        connection.close()

    threads = [threading.Thread(target=run, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.HOABAN_FILES = tmp_path / "files"


def test_of_two_checkers_at_one_form_the_second_is_told(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()

    refused = at_once(lambda one: world.check(made, 1, one), [make.actor("checker") for _ in range(2)])

    assert refused == [rules.CheckedAlready.code]
    form = SampledForm.objects.get()
    assert audit.about(form.subject).filter(action="verification.checked").count() == 1


def test_two_checkers_who_ask_at_once_get_different_forms(tmp_path: Path) -> None:
    world.forms(tmp_path, 4)
    made = world.drawn()
    taken: list[int] = []

    def take(officer: Actor) -> None:
        form = actions.take_next(lot_id=made.pk, by=officer, at=now())
        assert form is not None
        taken.append(form.place)

    assert at_once(take, [make.actor("checker") for _ in range(4)]) == []
    assert sorted(taken) == [1, 2, 3, 4]


def test_two_second_officers_correct_once(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    one = world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())

    at_once(
        lambda second: actions.approve(form_id=one.pk, by=second, at=now()),
        [make.actor("commune_officer") for _ in range(2)],
    )

    assert register.history(one.person_id).filter(field="father_name").count() == 1
    assert audit.about(one.subject).filter(action="verification.corrected").count() == 1


def test_two_who_draw_at_once_draw_one_round(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)

    refused = at_once(
        lambda one: actions.draw_round(communes=[make.NAM_KHAN], level=1, by=one, at=now()),
        [make.actor("commune_officer") for _ in range(2)],
    )

    assert refused == [rules.NothingToDraw.code]
    assert Round.objects.count() == 1


def test_many_checkers_empty_a_lot_and_no_form_is_seen_by_two(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    lot = world.drawn()
    seen: list[int] = []

    def work(officer: Actor) -> None:
        while one := actions.take_next(lot_id=lot.pk, by=officer, at=now()):
            seen.append(one.pk)
            actions.check(form_id=one.pk, marks={}, by=officer, at=now())

    assert at_once(work, [make.actor("checker") for _ in range(6)]) == []
    assert sorted(seen) == sorted(lot.forms.values_list("pk", flat=True))
    assert set(lot.forms.values_list("outcome", flat=True)) == {"right"}


def test_two_who_decide_a_lot_at_once_decide_it_once(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    lot = world.drawn(size=4)
    world.check(lot, 1, make.actor("checker"), world.wrong())

    at_once(
        lambda one: actions.return_lot(lot_id=lot.pk, by=one, at=now()),
        [make.actor("commune_officer") for _ in range(3)],
    )

    assert Lot.objects.filter(returned_from=lot).count() == 1
    assert audit.about(lot.subject).filter(action="verification.returned").count() == 1
