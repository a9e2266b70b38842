"""Households and where people live: made, split, moved, headed, dissolved; stays and absences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hoaban.base.clock import now
from hoaban.people import actions, queries, rules
from hoaban.people.models import GroupChange, Household, Person, Residence
from hoaban.web.actor import acting_as
from tests import make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)
BEFORE = DAY - dt.timedelta(days=1)
WHO: dict[str, Any] = {"source": "residence:7", "by": make.MAKER}


def family() -> tuple[Person, Person, Person]:
    he = make.person("Lò Pao Sung", sex="M", born="1960", household="H1", relation_to_head="01")
    she = make.person("Giàng Thi Mai", born="1962", household="H1", relation_to_head="02")
    son = make.person("Lò Pao Dia", sex="M", born="1990", household="H1", relation_to_head="04")
    return he, she, son


def home(person: Person) -> Household:
    household = queries.person(person.pk).household
    assert household is not None
    return household


def relations(household: Household) -> dict[str, str]:
    return {one.full_name: one.relation_to_head for one in queries.members(household)}


def test_a_son_takes_a_household_of_his_own_and_the_old_one_remembers_him() -> None:
    he, _she, son = family()
    old = home(he)

    new = actions.split_household(household_id=old.pk, members={son.pk: "01"}, day=DAY, at=now(), **WHO)

    assert home(son) == new
    assert (new.commune_code, new.address) == (old.commune_code, old.address)
    assert son.pk in {one.person_id for one in queries.household_as_of(old.pk, BEFORE, now()).members}
    assert son.pk not in {one.person_id for one in queries.household_as_of(old.pk, DAY, now()).members}
    assert queries.household_as_of(new.pk, DAY, now()).head.person_id == son.pk  # type: ignore[union-attr]
    with pytest.raises(rules.NotAMember):
        actions.split_household(household_id=old.pk, members={son.pk: "01"}, day=DAY, at=now(), **WHO)


def test_a_household_begins_with_one_head_and_leaves_none_headless() -> None:
    he, she, son = family()
    place = {"commune_code": make.NAM_KHAN, "village_code": "", "address": "Nam Khan", "day": DAY, **WHO}

    for members, refusal in (
        ({son.pk: "04"}, rules.HeadNotNamed), ({son.pk: "01", she.pk: "01"}, rules.HeadNotNamed),
        ({he.pk: "01"}, rules.HeadMovesOut), ({son.pk: "01", she.pk: ""}, rules.RelationNeeded),
    ):  # fmt: skip
        with pytest.raises(refusal), transaction.atomic():
            actions.make_household(members=members, at=now(), **place)
    with pytest.raises(rules.OtherCommune), transaction.atomic():
        actions.make_household(members={son.pk: "01"}, at=now(), **(place | {"commune_code": make.NAM_TIN}))
    made = [actions.make_household(members={son.pk: "01"}, code="H2", at=now(), **place) for _twice in range(2)]
    assert made[0] == made[1]


def test_a_new_head_and_what_the_others_are_to_them() -> None:
    he, she, son = family()

    for _twice in range(2):
        actions.change_head(household_id=home(he).pk, head_id=son.pk, day=DAY, at=now(), **WHO)

    assert relations(home(he)) == {"Lò Pao Sung": "08", "Giàng Thi Mai": "09", "Lò Pao Dia": "01"}
    assert queries.household_as_of(home(he).pk, BEFORE, now()).head.person_id == he.pk  # type: ignore[union-attr]
    with pytest.raises(rules.NotAMember):
        actions.change_head(household_id=home(he).pk, head_id=make.person().pk, day=DAY, at=now(), **WHO)


@pytest.mark.parametrize(
    ("new_head", "relation", "sex", "elder", "then"),
    [
        ("02", "01", "M", True, "03"), ("02", "04", "M", False, "04"), ("02", "08", "M", True, "10"),
        ("04", "01", "M", True, "08"), ("04", "02", "F", True, "09"), ("04", "04", "F", True, "17"),
        ("04", "04", "M", False, "18"), ("08", "01", "M", False, "04"), ("08", "09", "F", False, "02"),
        ("08", "02", "F", False, "06"), ("08", "04", "M", False, "19"), ("26", "01", "M", True, "99"),
    ],
)  # fmt: skip
def test_relations_follow_where_they_can(new_head: str, relation: str, sex: str, elder: bool, then: str) -> None:
    assert rules.relation_under(new_head, relation, sex, is_elder=elder) == then


def test_a_household_moves_with_all_its_members_and_out_of_the_officers_sight() -> None:
    he, _she, son = family()
    household = home(he)

    for _twice in range(2):
        actions.move_household(
            household_id=household.pk, commune_code=make.NAM_TIN, village_code="", address="Nam Tin", day=DAY,
            at=now(), **WHO,
        )  # fmt: skip

    assert {queries.person(one.pk).commune_code for one in (he, son)} == {make.NAM_TIN}
    assert queries.stored(queries.person(son.pk))["permanent_address"] == "Nam Tin"
    assert GroupChange.objects.filter(household=household).count() == 2
    before, after = (queries.household_as_of(household.pk, day, now()) for day in (BEFORE, DAY))
    assert (before.commune_code, after.commune_code) == (make.NAM_KHAN, make.NAM_TIN)
    assert len(before.members) == len(after.members) == 3
    with acting_as(make.actor("commune_officer", make.NAM_TIN)) as officer:
        assert queries.find("dia", officer) == [son]
    with acting_as(make.actor("commune_officer", make.NAM_KHAN)) as officer:
        assert queries.find("dia", officer) == []


def test_somebody_moves_to_another_household_and_the_residence_before_ends_the_day_before() -> None:
    he, _she, son = family()
    other = make.person("Vàng A Chu", sex="M", born="1955", household="H9", relation_to_head="01", commune_code="03156")
    move = {
        "person_id": son.pk, "commune_code": make.NAM_TIN, "village_code": "", "address": "Nam Tin", "day": DAY,
        "household_id": other.household_id, "relation_to_head": "07", **WHO,
    }  # fmt: skip

    for _twice in range(2):
        actions.register_permanent_residence(at=now(), **move)

    lines = Residence.objects.filter(person=son, superseded_at=None).order_by("id")
    assert [(one.address, one.valid_from, one.valid_to) for one in lines] == [
        ("Nam Khan", None, BEFORE), ("Nam Tin", DAY, None),
    ]  # fmt: skip
    assert home(son) == other.household
    assert queries.as_of(son.pk, BEFORE, now()).household_id == he.household_id
    for wrong, refusal in (
        ({"person_id": he.pk}, rules.HeadMovesOut), ({"household_id": he.household_id}, rules.OtherCommune),
        ({"person_id": make.person().pk, "relation_to_head": "01"}, rules.HeadTaken),
    ):  # fmt: skip
        with pytest.raises(refusal), transaction.atomic():
            actions.register_permanent_residence(at=now(), **(move | wrong))


def test_a_household_ends_when_its_last_member_has_left() -> None:
    he, she, son = family()
    household = home(he)
    with pytest.raises(rules.HouseholdNotEmpty):
        actions.dissolve_household(household_id=household.pk, day=DAY, at=now(), **WHO)
    other = make.person(household="H2", relation_to_head="01")

    for person in (son, she, he):
        actions.enter_household(
            person_id=person.pk, household_id=other.household_id or 0, relation="26", day=DAY, at=now(), **WHO
        )
    for _twice in range(2):
        actions.dissolve_household(household_id=household.pk, day=DAY, at=now(), **WHO)

    assert queries.household(household.pk).dissolved_on == DAY
    with pytest.raises(rules.HouseholdDissolved):
        actions.enter_household(
            person_id=he.pk, household_id=household.pk, relation="01", day=DAY, at=now(), **WHO
        )  # fmt: skip
    assert len(queries.household_as_of(household.pk, BEFORE, now()).members) == 3


def test_nobody_lives_permanently_in_two_places_says_the_table() -> None:
    person = make.person()
    with pytest.raises(IntegrityError, match="one_permanent_residence_at_a_time"), transaction.atomic():
        Residence.objects.create(person=person, kind="permanent", address="x", source="t", recorded_at=now())


def test_stays_and_absences_have_their_days_and_end_early() -> None:
    person = make.person()
    place = {"person_id": person.pk, "commune_code": make.NAM_TIN, "village_code": "", "address": "Nam Tin", **WHO}

    stays = [
        actions.note_stay(valid_from=DAY, valid_to=DAY + dt.timedelta(days=9), at=now(), **place) for _twice in range(2)
    ]
    away = actions.declare_absence(
        person_id=person.pk, address="Ha Noi", valid_from=DAY, valid_to=None, at=now(), **WHO
    )

    assert stays[0] == stays[1]
    assert {one.kind for one in queries.as_of(person.pk, DAY, now()).residences} == {"permanent", "stay", "absence"}
    for _twice in range(2):
        actions.end_residence(residence_id=away.pk, last_day=DAY, at=now(), **WHO)
    assert "absence" not in {one.kind for one in queries.as_of(person.pk, DAY + dt.timedelta(1), now()).residences}
    with pytest.raises(rules.StayTooLong):
        actions.note_stay(valid_from=DAY, valid_to=DAY + dt.timedelta(days=29), at=now(), **place)
    with pytest.raises(rules.WrongAbsence):
        actions.declare_absence(person_id=person.pk, address="Ha Noi", valid_from=DAY, valid_to=BEFORE, at=now(), **WHO)


def test_a_registration_can_end_without_another() -> None:
    _he, _she, son = family()

    actions.remove_permanent_residence(person_id=son.pk, day=DAY, at=now(), **WHO)

    assert queries.person(son.pk).household is None
    assert queries.stored(queries.person(son.pk))["permanent_address"] == ""


def test_an_organisation_has_a_legal_representative_at_every_moment() -> None:
    one, other = make.person(), make.person("Lò Pao Sung", sex="M")
    facts = {
        "code": "5600100200", "name": "Truong Nam Khan", "kind": "school", "commune_code": make.NAM_KHAN,
        "address": "Nam Khan", "representative_id": one.pk, **WHO,
    }  # fmt: skip

    made = [actions.establish_organisation(at=now(), **facts) for _twice in range(2)]
    for _twice in range(2):
        actions.change_representative(organisation_id=made[0].pk, representative_id=other.pk, day=DAY, at=now(), **WHO)

    assert made[0] == made[1]
    assert list(queries.represented_by(other.pk)) == made[:1]
    [change] = queries.group_history(queries.organisation(made[0].pk))
    assert (change.old, change.new, change.valid_from) == (str(one.pk), str(other.pk), DAY)
    actions.close_organisation(organisation_id=made[0].pk, day=DAY, at=now(), **WHO)
    with pytest.raises(rules.OrganisationClosed):
        actions.change_representative(organisation_id=made[0].pk, representative_id=one.pk, day=DAY, at=now(), **WHO)
    with acting_as(make.actor("commune_officer", make.NAM_TIN)):
        assert not queries.organisations_in(make.NAM_KHAN).exists()
        assert not GroupChange.objects.exists()
