"""Households: made, split, moved, dissolved, and who is their head. Members' records change with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from hoaban.base.ids import public_code
from hoaban.people import queries, rules
from hoaban.people.actions.writing import Act
from hoaban.people.models import Household, Person
from hoaban.web.actor import Actor


@transaction.atomic
def make_household(
    *,
    commune_code: str,
    village_code: str,
    address: str,
    members: Mapping[int, str],
    day: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
    code: str = "",
    reason: str = "R03",
) -> Household:
    """Make a household of these people, each with what they are to the head, one of them the head.

    Whoever belonged to another household leaves it; all must live in the commune. Making the same (code)
    twice returns the first. Raises NotFound, NotLiving, HeadNotNamed, OtherCommune, HeadMovesOut.
    """
    if code and (known := queries.household_under(commune_code, code)) is not None:
        return known
    act = Act(source=source, by=by, at=at, valid_from=day, reason=reason)
    act.lock_households(queries.homes_of(members))
    locked = act.lock(members)
    if list(members.values()).count(queries.HEAD) != 1:
        raise rules.HeadNotNamed()
    act.refuse_headless(locked)
    household = Household.objects.create(
        code=code or public_code(), commune_code=commune_code, village_code=village_code, address=address,
        established_at=at,
    )  # fmt: skip
    for pk, relation in members.items():
        person = locked[pk]
        rules.check_living(person.full_name, person.life)
        if person.commune_code != commune_code:
            raise rules.OtherCommune(code=household)
        if not relation:
            raise rules.RelationNeeded(name=person.full_name)
        act.place(person, household, relation)
        if village_code and person.village_code != village_code:
            act.set(person, village_code=village_code)
    act.write_down()
    act.tell_household("people.household_made", household, list(locked))
    return household


@transaction.atomic
def split_household(
    *,
    household_id: int,
    members: Mapping[int, str],
    day: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
    address: str = "",
) -> Household:
    """Some members of a household make one of their own, at the same address unless another is said.

    The head of the old one stays. What a member is to the new head follows where "" is said. Raises what
    `make_household` does, and NotAMember.
    """
    old = queries.household(household_id)
    leaving = list(queries.many(members))
    for person in leaving:
        if person.household_id != household_id:
            raise rules.NotAMember(name=person.full_name)
    head = next((person for person in leaving if members[person.pk] == queries.HEAD), None)
    if head is not None:
        members = {person.pk: members[person.pk] or _relation_to(head, person) for person in leaving}
    return make_household(
        commune_code=old.commune_code, village_code=old.village_code, address=address or old.address,
        members=members, day=day, source=source, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def move_household(
    *,
    household_id: int,
    commune_code: str,
    village_code: str,
    address: str,
    day: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
) -> Household:
    """A whole household moves: its address and the permanent residence of each living member.

    In another commune it gets another code where its own is taken. Moving there twice is once.
    Raises NotFound, HouseholdDissolved, WrongDay.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="R01")
    household = act.lock_household(household_id)
    if (household.commune_code, household.address) == (commune_code, address):
        return household
    locked = act.lock(person.pk for person in queries.members(household))
    values = {"commune_code": commune_code, "village_code": village_code, "address": address}
    if household.commune_code != commune_code and queries.household_under(commune_code, household.code):
        values["code"] = public_code()
    for person in locked.values():
        act.settle(person, commune_code, village_code, address)
    act.set_group(household, **values)
    act.write_down()
    act.tell_household("people.household_moved", household, list(locked))
    return household


@transaction.atomic
def change_head(
    *,
    household_id: int,
    head_id: int,
    day: dt.date,
    source: str,
    by: Actor,
    at: dt.datetime,
    relations: Mapping[int, str] | None = None,
) -> Household:
    """Another member becomes the head; what the others are to the new head follows, unless it is said.

    Naming the same head twice changes nothing. Raises NotFound, NotAMember, HouseholdDissolved.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="R06")
    household = act.lock_household(household_id)
    locked = act.lock(person.pk for person in queries.members(household))
    if head_id not in locked:
        raise rules.NotAMember(name=queries.person(head_id).full_name)
    head = locked[head_id]
    if head.relation_to_head == queries.HEAD:
        return household
    for person in locked.values():
        if person.pk != head_id:
            said = (relations or {}).get(person.pk, "")
            act.set(person, relation_to_head=said or _relation_to(head, person))
    act.write_down()  # the old head first: a household has one head at every moment
    act.set(head, relation_to_head=queries.HEAD)
    act.write_down()
    act.tell_household("people.head_changed", household, list(locked))
    return household


@transaction.atomic
def enter_household(
    *, person_id: int, household_id: int, relation: str, day: dt.date, source: str, by: Actor, at: dt.datetime
) -> Person:
    """Somebody of the same commune moves into a household; they leave the one before. Twice is once.

    Raises NotFound, NotLiving, HouseholdDissolved, OtherCommune, HeadTaken, HeadMovesOut.
    """
    act = Act(source=source, by=by, at=at, valid_from=day, reason="R04")
    household = act.lock_households([household_id, *queries.homes_of([person_id])])[household_id]
    rules.check_household(household.code, household.dissolved_on)
    person = act.lock([person_id])[person_id]
    rules.check_living(person.full_name, person.life)
    if (person.household_id, person.relation_to_head) == (household_id, relation):
        return person
    if person.commune_code != household.commune_code:
        raise rules.OtherCommune(code=household)
    if relation == queries.HEAD and (head := queries.head_of(household_id)):
        raise rules.HeadTaken(name=head.full_name)
    if person.household_id != household_id:
        act.refuse_headless({person_id: person})
    act.place(person, household, relation)
    act.write_down()
    act.tell_household("people.household_entered", household, [person_id])
    return person


@transaction.atomic
def dissolve_household(*, household_id: int, day: dt.date, source: str, by: Actor, at: dt.datetime) -> Household:
    """A household in which nobody lives any more is no more. Twice is once. Raises NotFound, HouseholdNotEmpty."""
    act = Act(source=source, by=by, at=at, valid_from=day, reason="R02")
    household = queries.household(household_id)
    if household.dissolved_on is not None:
        return household
    household = act.lock_household(household_id)
    if left := len(queries.members(household)):
        raise rules.HouseholdNotEmpty(people=left)
    act.set_group(household, dissolved_on=day)
    act.tell_household("people.household_dissolved", household, [])
    return household


def _relation_to(head: Person, person: Person) -> str:
    """What somebody is to a new head, from what both are to the present one."""
    elder = person.born < head.born
    return rules.relation_under(head.relation_to_head, person.relation_to_head, person.sex, is_elder=elder)
