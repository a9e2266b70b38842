"""Households and organisations: who lives together under which head, who represents whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from hoaban.base import bulk
from hoaban.base.errors import NotFound
from hoaban.people import rules
from hoaban.people.models import GroupChange, Household, Organisation, Person
from hoaban.people.rules import HEAD
from hoaban.places import queries as places


def household(household_id: int) -> Household:
    """The household under that id. Raises NotFound."""
    found = Household.objects.filter(pk=household_id).first()
    if found is None:
        raise NotFound(what=household_id)
    return found


def said(household_id: int) -> str:
    """A household in words: the name of its head, or its code."""
    head = head_of(household_id)
    if head is not None:
        return head.full_name
    found = Household.objects.filter(pk=household_id).first()
    return str(found) if found else "…"


def household_under(commune_code: str, code: str) -> Household | None:
    """The household of a commune under its own code."""
    return Household.objects.filter(commune_code=commune_code, code=code).first()


def homes_of(person_ids: Iterable[int]) -> list[int]:
    """The ids of the households that these people belong to."""
    found = Person.objects.filter(pk__in=list(person_ids), household__isnull=False)
    return sorted(set(found.values_list("household_id", flat=True)))


def group_history(group: Household | Organisation) -> QuerySet[GroupChange]:
    """Every change of a household or an organisation, newest first."""
    return group.changes.order_by("-id")


def organisation(organisation_id: int) -> Organisation:
    """The organisation under that id. Raises NotFound."""
    found = Organisation.objects.select_related("representative").filter(pk=organisation_id).first()
    if found is None:
        raise NotFound(what=organisation_id)
    return found


def organisation_under(code: str) -> Organisation | None:
    """The organisation under its own code."""
    return Organisation.objects.filter(code=code).first()


def represented_by(person_id: int) -> QuerySet[Organisation]:
    """The open organisations that somebody represents by law, by name."""
    return Organisation.objects.filter(representative=person_id, closed_on=None).order_by("name_fold")


def organisations_in(commune_code: str) -> QuerySet[Organisation]:
    """The open organisations of a commune, by name."""
    return Organisation.objects.filter(commune_code=commune_code, closed_on=None).order_by("name_fold", "id")


def members_of(household_ids: Sequence[int]) -> list[tuple[int, int, str, str, str]]:
    """The members of these households: id, household, folded name, sex, birth."""
    columns = ["id", "household_id", "name_fold", "sex", "born"]
    return bulk.look_up("people_person", columns, "household_id", household_ids)


def households_under(communes: Sequence[str], codes: Sequence[str]) -> list[tuple[int, str, str]]:
    """The households under these pairs of commune and code: id, commune, code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.id, h.commune_code, h.code FROM people_household h"
            " JOIN unnest(%s::text[], %s::text[]) AS wanted(commune, code)"
            " ON h.commune_code = wanted.commune AND h.code = wanted.code",
            [list(communes), list(codes)],
        )
        return [(pk, commune, code) for pk, commune, code in cursor.fetchall()]


def headed_households(communes: Sequence[str], codes: Sequence[str]) -> list[tuple[str, str]]:
    """Of these pairs of commune and code, those of households that have a living head."""
    found = {pk: (commune, code) for pk, commune, code in households_under(communes, codes)}
    heads = Person.objects.filter(relation_to_head=HEAD, life=rules.Life.LIVING, household__in=found)
    return [found[pk] for pk in heads.values_list("household_id", flat=True)]


def members(household: Household | None) -> list[Person]:
    """The living members of a household, its head first, the rest by age; nobody where there is none."""
    if household is None:
        return []
    found = household.members.filter(life=rules.Life.LIVING)
    return sorted(found, key=lambda one: (one.relation_to_head != HEAD, one.born, one.pk))


@dataclass(frozen=True)
class ListedHousehold:
    """A household as a line of a list; `head_id` is None where the register has no living head."""

    id: int
    name: str
    head_id: int | None
    members: int
    village: str
    commune: str


def listed_households(found: Sequence[Household]) -> list[ListedHousehold]:
    """These households as lines of a list, in the order given."""
    living = Person.objects.filter(household__in=found, life=rules.Life.LIVING)
    heads = {one.household_id: one for one in living.filter(relation_to_head=HEAD)}
    members = dict(living.order_by().values_list("household").annotate(members=Count("pk")))
    villages = places.village_names({one.village_code for one in found})
    communes = places.names({one.commune_code for one in found})
    lines = []
    for one in found:
        head, village = heads.get(one.pk), villages.get(one.village_code, "")
        name, commune = head.full_name if head else str(one), communes.get(one.commune_code, one.commune_code)
        members_count = members.get(one.pk, 0)
        lines.append(ListedHousehold(one.pk, name, head.pk if head else None, members_count, village, commune))
    return lines


def head_of(household_id: int | None) -> Person | None:
    """The living head of a household, where there is a household and the register has its head."""
    if household_id is None:
        return None
    return Person.objects.filter(household=household_id, relation_to_head=HEAD, life=rules.Life.LIVING).first()
