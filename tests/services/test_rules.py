"""What services decide: the definitions as data, the life of an application, the law on temporary residence."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hoaban.base import names
from hoaban.base.partial_date import PartialDate
from hoaban.people import rules as people_rules
from hoaban.services import queries, rules
from hoaban.services.rules import Mender, State, Who

SERVICE = queries.service("tam-tru")
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2030, 12, 31))


def test_a_service_is_found_by_code_and_by_address_and_no_other_is() -> None:
    assert queries.service("DV04") is SERVICE
    with pytest.raises(rules.NoSuchService):
        queries.service("DV99")


def test_temporary_residence_asks_three_questions_and_for_no_paper() -> None:
    assert [question.key for question in SERVICE.questions] == ["who", "period", "address"]
    assert SERVICE.to_bring == []
    assert len(SERVICE.papers) == 5
    assert all(paper.basis and paper.read_from for paper in SERVICE.papers)
    assert (SERVICE.limit.working_days, SERVICE.limit.is_assumed) == (3, False)


@pytest.mark.parametrize("service", queries.services(), ids=lambda one: one.code)
def test_every_definition_speaks_both_languages(service: rules.Definition) -> None:
    words = [service.name, service.owner, service.for_whom, *service.fields.values()]
    for said in words:
        with translation.override("en"):
            assert str(said) == said.en
        with translation.override("vi"):
            assert str(said) == said.vi
        assert said.vi != said.en


@pytest.mark.parametrize(("now", "then"), list(itertools.product(State, State)))
def test_only_open_applications_move(now: State, then: State) -> None:
    if then in rules.MOVES.get(now, set()):
        rules.check_move("ABC234", now, then)
        assert now in rules.OPEN
    else:
        with pytest.raises(rules.WrongStep):
            rules.check_move("ABC234", now, then)


def test_what_is_found_wrong_must_be_a_question_or_paper_of_the_service() -> None:
    rules.check_return(SERVICE, "period", "why", "rule", Mender.CITIZEN)
    with pytest.raises(rules.ReasonMissing):
        rules.check_return(SERVICE, "weather", "why", "rule", Mender.CITIZEN)
    with pytest.raises(rules.ReasonMissing):
        rules.check_return(SERVICE, "period", "why", "rule", "somebody")


@given(DAYS)
def test_a_decision_is_due_on_the_third_working_day(day: dt.date) -> None:
    due = rules.due_on(SERVICE, day)

    between = [day + dt.timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == 3
    assert due.weekday() < 5


@given(DAYS, st.integers(-50, 1200))
def test_a_stay_is_registered_from_30_days_to_24_months(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    fits = True
    try:
        rules.check_period(first, last, first)
    except (rules.TooShort, people_rules.TemporaryTooLong, rules.AlreadyOver):
        fits = False

    assert fits == (days >= 30 and (last.year - first.year, last.month, last.day) <= (2, first.month, first.day))


@pytest.mark.parametrize(
    ("told", "known", "right"),
    [
        (PartialDate(2009, 3, 14), "2009-03-14", True),
        (PartialDate(2009, 3, 14), "2009", True),
        (PartialDate(2009), "2009", True),
        (PartialDate(2009), "2009-03-14", False),
        (PartialDate(2009, 3, 15), "2009-03-14", False),
        (None, "2009", False),
    ],
)
def test_the_birth_is_told_as_far_as_it_is_known(told: PartialDate | None, known: str, right: bool) -> None:
    assert rules.is_meant(Who(None, "", "Lo  van NAM", told), names.fold("Lo Van Nam"), known) is right


def test_a_minor_is_who_may_be_below_18() -> None:
    assert rules.needs_guardian("2009-03-14", dt.date(2027, 3, 13))
    assert not rules.needs_guardian("2009-03-14", dt.date(2027, 3, 14))
    assert rules.needs_guardian("2009", dt.date(2027, 6, 1))
