"""Several at one pair, and two enrolled at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.enrolment import queries as enrolments
from hoaban.matching import actions, queries
from hoaban.matching.models import Case
from hoaban.matching.rules import Standing, State, Verdict
from hoaban.people import queries as people
from hoaban.web.actor import acting_as
from tests import make
from tests.matching import world

pytestmark = pytest.mark.usefixtures("transactional_db")


def at_once(acts: Sequence[Callable[[], object]]) -> None:
    """Do these in threads of their own, beginning together."""
    begin = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> None:
        with acting_as(make.MAKER):
            begin.wait()
            act()
        connection.close()

    threads = [threading.Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_verdicts_at_once_decide_and_clear_once() -> None:
    case = world.suspected()

    def verdict() -> None:
        officer = world.adjudicator()
        actions.review(case_id=case.pk, verdict=Verdict.DIFFERENT, reason="asked both", by=officer, at=now())

    at_once([verdict, verdict])

    case.refresh_from_db()
    assert case.state == State.DIFFERENT
    assert audit.about(case.subject).filter(action="matching.decided").count() == 1
    cleared = audit.about(f"enrolment.Enrolment:{case.enrolment_id}").filter(action="matching.cleared")
    assert cleared.count() == 1


def test_two_records_of_one_woman_enrolled_at_once_become_one_case_and_neither_is_cleared() -> None:
    enrolled = [world.enrolled(world.woman()), world.enrolled(world.her_again())]

    at_once([lambda one=one: world.looked_at(one.pk) for one in enrolled])  # type: ignore[misc]

    assert Case.objects.count() == 1
    assert {enrolments.enrolment(one.pk).state for one in enrolled} == {"received"}


def test_one_capture_under_two_names_at_once_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolments, "fingers", lambda enrolment_id: {1: "AAAA"})
    enrolled = [world.enrolled(world.woman()), world.enrolled(make.person("Giàng A Chu", sex="M", born="1990"))]

    at_once([lambda one=one: world.looked_at(one.pk) for one in enrolled])  # type: ignore[misc]

    [case] = queries.open_cases()
    assert {case.person_id, case.other_id} == {one.person_id for one in enrolled}
    later = enrolments.enrolment(case.enrolment_id)
    assert world.looked_at(later.pk) is Standing.WAITS
    assert people.person(case.other_id)
