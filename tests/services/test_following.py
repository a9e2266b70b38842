"""Two records joined and parted: applications follow, whoever asked and whoever they are about."""

from __future__ import annotations

from typing import Any

import pytest

from hoaban.base.clock import now
from hoaban.people import actions as people
from hoaban.services.models import Application
from tests import make
from tests.services import world

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"source": "decision:7", "by": make.MAKER}


def test_an_application_follows_whoever_it_is_of_and_comes_back() -> None:
    story = world.family()
    aunt, nephew = make.person("Lo Mai"), make.person("Lo Nam", sex="M", born="2009")
    one = world.declared(story)
    before = (story.aunt.pk, story.nephew.pk)

    joins = [
        people.join(stays_id=stays.pk, goes_id=goes.pk, at=now(), **WHO)
        for stays, goes in ((aunt, story.aunt), (nephew, story.nephew))
    ]
    make.run_due_jobs()
    assert ends(one) == (aunt.pk, nephew.pk)

    for join in joins:
        people.part(join_id=join.pk, at=now(), **WHO)
    make.run_due_jobs()
    assert ends(one) == before


def ends(one: Application) -> tuple[int, int]:
    found = Application.objects.get(pk=one.pk)
    return found.applicant_id, found.about_id
