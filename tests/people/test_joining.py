"""Two records of one person made one and parted again; one record of two people made two."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps

from hoaban.audit import actions as working
from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.people import actions, queries, rules
from hoaban.people.models import Join, Number, Person, Relation
from tests import make

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"source": "decision:7", "by": make.MAKER}
FIRST, SECOND = "011158000001", "011158000002"


def two(**goes: str) -> tuple[Person, Person]:
    one = make.person("Lò Pao May", number=FIRST, household="H1", relation_to_head="01")
    more = {"father_name": "Lò Pao Vang", "phone": "0912", "commune_code": make.NAM_TIN, "number": SECOND}
    return one, make.person("Lo Thi Mai", **(more | goes))


def joined(stays: Person, goes: Person) -> Join:
    return actions.join(stays_id=stays.pk, goes_id=goes.pk, at=now(), **WHO)


def whole(person: Person) -> tuple[object, ...]:
    """Everything that the register says of somebody now, save versions."""
    one = queries.person(person.pk)
    lines = queries.residences_of(one.pk).filter(valid_to=None).values_list("kind", "address")
    return (
        queries.stored(one),
        one.household_id,
        one.joined_to_id,
        sorted(lines),
        sorted(one.named_by.values_list("pk")),
    )


def test_the_record_that_goes_points_to_the_one_that_stays_and_one_number_is_left() -> None:
    stays, goes = two()
    child = make.person("Lò Pao Dia", born="1990", mother_name="Lo Thi Mai", mother_number=SECOND)

    again = [joined(stays, goes) for _twice in range(2)]

    assert again[0] == again[1]
    gone = queries.person(goes.pk)
    assert (gone.life, gone.joined_to, gone.number) == ("joined", stays, "")
    assert queries.holder_of(SECOND) == queries.find(SECOND, make.MAKER)[0] == stays
    assert queries.find("lo thi mai", make.MAKER) == [stays]
    assert Number.objects.filter(person__in=[stays, goes], cancelled_at=None).count() == 1
    facts = queries.stored(queries.person(stays.pk))
    assert (facts["father_name"], facts["phone"], facts["permanent_address"]) == ("Lò Pao Vang", "0912", "Nam Khan")
    assert Relation.objects.get(person=child).other == stays
    assert [entry.action for entry in audit.touching(goes.pk)][0] == "people.joined"
    with pytest.raises(rules.RecordJoined):
        actions.correct(person_id=goes.pk, changes={"phone": "1"}, at=now(), **WHO)


@pytest.mark.parametrize("number", [SECOND, ""])
@pytest.mark.parametrize("kept", [FIRST, ""])
def test_undoing_moves_back_exactly_what_moved(kept: str, number: str) -> None:
    stays, goes = two(number=number)
    if not kept:
        actions.correct(person_id=stays.pk, changes={"number": ""}, at=now(), **WHO)
    make.person("Lò Pao Dia", born="1990", mother_name="Lo Thi Mai", mother_number=number)
    actions.declare_absence(
        person_id=goes.pk, address="Ha Noi", valid_from=dt.date(2026, 1, 1), valid_to=None, at=now(), **WHO
    )
    before = whole(stays), whole(goes)

    done = joined(stays, goes)
    assert whole(stays) != before[0]
    for _twice in range(2):
        actions.part(join_id=done.pk, at=now(), **WHO)

    assert (whole(stays), whole(goes)) == before
    assert queries.find("lo thi mai", make.MAKER) == [goes]


def test_what_was_changed_since_stays_changed() -> None:
    stays, goes = two()
    done = joined(stays, goes)
    actions.correct(person_id=stays.pk, changes={"phone": "0999"}, at=now(), **WHO)

    actions.part(join_id=done.pk, at=now(), **WHO)

    assert queries.person(stays.pk).phone == "0999"
    assert queries.person(goes.pk).phone == "0912"


def test_a_number_moves_to_a_record_that_has_none_only_if_it_agrees() -> None:
    stays = make.person()
    one, other = make.person(number=FIRST), make.person("Lò Pao Sung", born="1960", number="011160000001")

    joined(stays, one)
    assert queries.person(stays.pk).number == FIRST
    elder = make.person(born="1957")
    joined(elder, other)
    assert queries.person(elder.pk).number == ""
    assert Number.objects.get(pk="011160000001").cancelled_at is not None


def test_a_join_is_of_two_records_and_no_chain() -> None:
    stays, goes = two()
    third = make.person("Lo Mai")
    joined(stays, goes)

    for one, other, refusal in (
        (stays, stays, rules.SameRecord), (third, goes, rules.JoinedElsewhere), (third, stays, rules.OthersJoined),
        (goes, third, rules.JoinedElsewhere),
    ):  # fmt: skip
        with pytest.raises(refusal):
            joined(one, other)
    with pytest.raises(rules.NotJoined):
        actions.part(join_id=0, at=now(), **WHO)


def test_a_parted_record_is_no_second_head() -> None:
    stays = make.person()
    goes = make.person("Lo Mai", household="H1", relation_to_head="01")
    done = joined(stays, goes)
    make.person("Lò Pao Sung", sex="M", household="H1", relation_to_head="01")

    with pytest.raises(rules.HeadTaken):
        actions.part(join_id=done.pk, at=now(), **WHO)


def test_a_record_of_two_people_becomes_two() -> None:
    person = make.person(number=FIRST)
    child = make.person("Lò Pao Dia", born="1990", mother_name="Lò Pao May", mother_number=FIRST)
    [line] = queries.relations_of(child.pk)
    facts: dict[str, Any] = {"sex": "F", "born": "1958", "commune_code": make.NAM_KHAN, "source": "decision:7"}
    other = rules.NewPerson(full_name="Lo Thi Mai", number=FIRST, **facts)

    made = [
        actions.split(person_id=person.pk, other=other, number=FIRST, named_by=[line.pk], at=now(), **WHO)
        for _twice in range(2)
    ]

    assert made[0] == made[1]
    assert (queries.person(person.pk).number, queries.person(made[0].pk).number) == ("", FIRST)
    assert queries.holder_of(FIRST) == made[0]
    assert queries.relations_of(child.pk)[0].other == made[0]
    with pytest.raises(rules.NotTheirNumber):
        actions.split(person_id=make.person().pk, other=other, number=FIRST, at=now(), **WHO)
    with pytest.raises(rules.NotTheirRelation):
        actions.split(person_id=make.person().pk, other=other, named_by=[line.pk], at=now(), **WHO)


def test_every_room_that_names_a_person_follows_a_join() -> None:
    people = apps.get_model("people", "Person")
    naming = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is people
    }

    followed = {action: {job.split(".")[0] for job in jobs} for action, jobs in working.followers().items()}

    assert naming - {"people"} <= followed["people.joined"]
    assert followed["people.joined"] == followed["people.parted"]
