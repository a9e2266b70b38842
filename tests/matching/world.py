"""Two records of one woman, somebody enrolled, and officers who judge."""

from __future__ import annotations

from hoaban.base.clock import now
from hoaban.enrolment.models import Enrolment
from hoaban.matching import actions, queries
from hoaban.matching.models import Case
from hoaban.matching.rules import Standing, Verdict
from hoaban.people.models import Person
from hoaban.web.actor import Actor
from tests import make
from tests.cards import world

NUMBER = "011162000001"


def woman(**facts: str) -> Person:
    """A woman of Nam Khan as her first form says."""
    stated = {"born": "1962-05-14", "number": NUMBER, "mother_name": "Quàng Thi Inh"}
    return make.person("Lò Thi Mai", **(stated | facts))


def her_again(**facts: str) -> Person:
    """The same woman as a second form says: a wrong tone mark, and only the year of birth."""
    return make.person("Lò Thi Mái", **({"born": "1962", "mother_name": "Quàng Thi Inh"} | facts))


def enrolled(person: Person) -> Enrolment:
    """An enrolment of hers that came and waits to be looked at."""
    return world.enrolled(person)


def looked_at(enrolment_id: int) -> Standing:
    """What became of an enrolment when its doubles were looked for."""
    return actions.look(enrolment_id=enrolment_id, by=make.MAKER, at=now())


def suspected() -> Case:
    """A pair that waits for its first verdict, the woman enrolled under her first record."""
    other = her_again()
    one = enrolled(woman())
    looked_at(one.pk)
    [case] = queries.open_cases().filter(other=other.pk)
    return case


def adjudicator(commune: str = make.NAM_KHAN) -> Actor:
    """An officer who judges pairs."""
    return world.actor("adjudicator", commune)


def judged(case: Case, *verdicts: Verdict) -> Case:
    """The pair after these verdicts, each by another officer."""
    for verdict in verdicts:
        actions.review(case_id=case.pk, verdict=verdict, reason="asked both", by=adjudicator(), at=now())
    case.refresh_from_db()
    return case
