"""Births, marriages, divorces, deaths: what changes on each side, and what law refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hoaban.base.clock import now
from hoaban.people import actions, queries, rules
from hoaban.people.models import Change, Person, Relation, Residence
from tests import make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)
WHO: dict[str, Any] = {"source": "decision:7", "by": make.MAKER}


def man(**facts: str) -> Person:
    return make.person("Lò Pao Sung", sex="M", born=facts.pop("born", "1990"), **facts)


def woman(**facts: str) -> Person:
    return make.person("Giàng Thi Mai", born=facts.pop("born", "1992"), **facts)


def married() -> tuple[Person, Person]:
    he, she = man(), woman()
    actions.marry(one_id=he.pk, other_id=she.pk, day=DAY, at=now(), **WHO)
    return queries.person(he.pk), queries.person(she.pk)


def spouse_of(person: Person) -> Relation | None:
    return queries.relations_of(person.pk).filter(kind="spouse").first()


def test_a_marriage_stands_on_both_sides_from_its_day_and_is_registered_once() -> None:
    he, she = married()

    actions.marry(one_id=she.pk, other_id=he.pk, day=DAY, at=now(), **WHO)

    assert (he.marital, she.marital) == ("2", "2")
    assert spouse_of(he).other == she  # type: ignore[union-attr]
    assert spouse_of(she).other == he  # type: ignore[union-attr]
    assert queries.as_of(he.pk, DAY - dt.timedelta(days=1), now()).facts["spouse_name"] == ""
    assert queries.as_of(he.pk, DAY, now()).facts["spouse_name"] == she.full_name
    assert queries.person(he.pk).version == he.version


def test_law_says_who_may_marry() -> None:
    he, she = married()
    boy, girl = man(born="2008"), woman(born="2005")
    other = man(born="1991")

    for one, two, refusal in (
        (he, girl, rules.MarriedAlready), (boy, girl, rules.TooYoungToMarry), (he, other, rules.MayNotMarry),
        (he, he, rules.MayNotMarry),
    ):  # fmt: skip
        with pytest.raises(refusal):
            actions.marry(one_id=one.pk, other_id=two.pk, day=DAY, at=now(), **WHO)
    with pytest.raises(rules.WrongDay):
        actions.marry(one_id=other.pk, other_id=girl.pk, day=dt.date(2999, 1, 1), at=now(), **WHO)
    actions.close(person_id=other.pk, life="dead", day=DAY, reason="ill", at=now(), **WHO)
    with pytest.raises(rules.NotLiving):
        actions.marry(one_id=other.pk, other_id=girl.pk, day=DAY, at=now(), **WHO)


def test_a_divorce_ends_the_marriage_on_both_sides_on_its_day() -> None:
    he, she = married()
    day = dt.date(2026, 6, 1)

    for _twice in range(2):
        actions.divorce(one_id=he.pk, other_id=she.pk, day=day, at=now(), **WHO)

    assert {queries.person(one.pk).marital for one in (he, she)} == {"3"}
    assert spouse_of(he) is None
    assert queries.as_of(she.pk, day - dt.timedelta(days=1), now()).facts["spouse_name"] == he.full_name
    with pytest.raises(rules.NotMarried):
        actions.divorce(one_id=he.pk, other_id=woman().pk, day=day, at=now(), **WHO)


def test_a_death_closes_the_record_and_leaves_the_spouse_widowed() -> None:
    he, she = married()

    for _twice in range(2):
        actions.close(person_id=he.pk, life="dead", day=dt.date(2026, 9, 1), reason="old age", at=now(), **WHO)

    he, she = queries.person(he.pk), queries.person(she.pk)
    assert (he.life, he.closed_on, she.marital) == ("dead", dt.date(2026, 9, 1), "4")
    assert spouse_of(she) is None
    assert Residence.objects.get(person=he, superseded_at=None).valid_to == he.closed_on
    assert Change.objects.filter(person=he, field="life").count() == 1
    assert queries.as_of(he.pk, dt.date(2026, 8, 31), now()).facts["life"] == "living"


def test_a_record_closed_by_mistake_goes_on_as_if_it_had_not_been() -> None:
    he, she = married()
    actions.close(person_id=he.pk, life="dead", day=dt.date(2026, 9, 1), reason="mixed up", at=now(), **WHO)

    actions.reopen(person_id=he.pk, reason="he came to the office", at=now(), **WHO)

    he, she = queries.person(he.pk), queries.person(she.pk)
    assert (he.life, he.closed_on, she.marital) == ("living", None, "2")
    assert spouse_of(she).other == he  # type: ignore[union-attr]
    assert queries.stored(he)["permanent_address"] == "Nam Khan"
    assert queries.as_of(he.pk, dt.date(2026, 10, 1), now()).facts["life"] == "living"
    with pytest.raises(rules.NotClosed):
        actions.reopen(person_id=he.pk, reason="again", at=now(), **WHO)


@pytest.mark.parametrize("life", ["missing", "gone", "former"])
def test_a_record_is_closed_for_the_reasons_of_law_with_day_and_reason(life: str) -> None:
    person = man()

    actions.close(person_id=person.pk, life=life, day=DAY, reason="by decision", at=now(), **WHO)

    assert queries.person(person.pk).life == life
    assert Change.objects.get(person=person, field="closing_reason").new == "by decision"
    for wrong, refusal in (
        ({"life": "living"}, rules.NotAClosing), ({"reason": " "}, rules.ReasonNeeded),
        ({"life": "dead"}, rules.NotLiving),
    ):  # fmt: skip
        stated: dict[str, Any] = {"person_id": person.pk, "life": life, "day": DAY, "reason": "x", "at": now()}
        with pytest.raises(refusal):
            actions.close(**(stated | WHO | wrong))
    with pytest.raises(rules.WrongDay):
        actions.close(person_id=man().pk, life=life, day=dt.date(1980, 1, 1), reason="x", at=now(), **WHO)


def newborn(**facts: str) -> rules.NewPerson:
    stated: dict[str, Any] = {
        "full_name": "Lò Pao Dia",
        "sex": "M",
        "born": "2026-10-01",
        "commune_code": make.NAM_KHAN,
    }
    more = {"source": "birth:12/2026", "birth_reg_place": "Dien Bien", "relation_to_head": "04"}
    return rules.NewPerson(**(stated | more | facts))


def test_a_child_enters_with_parents_household_and_number_and_once() -> None:
    father = man(household="H1", relation_to_head="01")
    mother = woman(household="H1", relation_to_head="02", number="011192000001")

    children = [
        actions.register_birth(
            child=newborn(), mother_id=mother.pk, father_id=father.pk, household_id=father.household_id,
            by=make.MAKER, at=now(),
        )
        for _twice in range(2)
    ]  # fmt: skip

    [child, again] = children
    assert child == again
    child = queries.person(child.pk)
    rules.check_number(child.number, "M", "2026")
    assert (child.household, child.relation_to_head) == (father.household, "04")
    assert {one.kind: one.other for one in queries.relations_of(child.pk)} == {"father": father, "mother": mother}
    assert Change.objects.get(person=child, field="record").reason == "P02"
    assert list(queries.children_of(mother.pk)) == [child]


def test_a_parent_is_older_than_the_child_and_the_birth_has_been() -> None:
    mother = woman(born="2020")
    with pytest.raises(rules.ParentTooYoung):
        actions.register_birth(
            child=newborn(), mother_id=mother.pk, father_id=None, household_id=None, by=make.MAKER, at=now()
        )
    with pytest.raises(rules.WrongDay):
        actions.register_birth(
            child=newborn(born="2999-01-01"), mother_id=woman().pk, father_id=None, household_id=None,
            by=make.MAKER, at=now(),
        )  # fmt: skip
