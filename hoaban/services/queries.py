"""Asking about services: what can be asked for, whom a citizen means, what waits, what was decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from hoaban.base.errors import NotFound
from hoaban.base.ids import tidy_public_code
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.places import queries as places
from hoaban.services import rules
from hoaban.services.engine import definitions
from hoaban.services.models import Application
from hoaban.services.rules import Definition, Mender, State, Who
from hoaban.web.actor import acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.people.models import Person

Communes = Collection[str] | None  # None is every commune


# --- what can be asked for ------------------------------------------------------------------------------


def services() -> tuple[Definition, ...]:
    """Every service that can be asked for here."""
    return definitions.definitions()


def service(name: str) -> Definition:
    """The service of that code, or of that word in addresses. Raises NoSuchService."""
    return definitions.definition(name)


# --- whom a citizen means -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Meant:
    """Somebody whom a citizen may name in an application, and what of them is filled in."""

    id: int
    full_name: str
    number: str
    born: str
    commune_code: str
    commune: str
    guardians: str
    simulated: bool


def family_elsewhere(person_id: int) -> list[Meant]:
    """The citizen's household and relatives who live in other communes, in Vietnamese order of names.

    The program looks, since a citizen sees no record but their own; no stranger is among these.
    """
    with acting_as(job_actor("services.family")):
        citizen = people.person(person_id)
        ids = {child.pk for child in people.children_of(person_id)}
        ids |= {one.other_id for one in people.relations_of(person_id) if one.other_id}
        if citizen.household is not None:
            ids |= {one.pk for one in people.members(citizen.household)}
        return [
            _meant(one)
            for one in people.many(ids - {person_id})
            if one.commune_code != citizen.commune_code and one.life == people_rules.Life.LIVING
        ]


def meant(applicant_id: int, who: Who) -> Meant:
    """Whom the citizen means: one of their family, or whoever has this number, name and birth together.

    Raises NobodyMeant, which doesn't tell what of it is wrong.
    """
    if who.person_id is not None:
        for one in family_elsewhere(applicant_id):
            if one.id == who.person_id:
                return one
        raise rules.NobodyMeant(field="person_id")
    with acting_as(job_actor("services.meant")):
        try:
            found = people.by_number(who.number)
        except NotFound:
            raise rules.NobodyMeant(field="number") from None
        if found.life != people_rules.Life.LIVING or not rules.is_meant(who, found.name_fold, found.born):
            raise rules.NobodyMeant(field="number")
        return _meant(found)


def _meant(one: Person) -> Meant:
    kinds = (
        people_rules.RelationKind.FATHER,
        people_rules.RelationKind.MOTHER,
        people_rules.RelationKind.REPRESENTATIVE,
    )
    guardians = [relation.name for relation in people.relations_of(one.pk) if relation.kind in kinds]
    return Meant(
        one.pk, one.full_name, one.number, one.born, one.commune_code, places.name(one.commune_code),
        ", ".join(guardians), one.simulated,
    )  # fmt: skip


@dataclass(frozen=True)
class Dwelling:
    """Where a citizen lives, and who is the head there."""

    address: str
    village_code: str
    commune_code: str
    commune: str
    head: str


def dwelling_of(person_id: int) -> Dwelling:
    """Where somebody lives, as the register says."""
    with acting_as(job_actor("services.dwelling")):
        facts = people.facts_of(person_id)
    parts = [facts.current_address or facts.permanent_address or facts.village, facts.commune]
    address = parts[0] if facts.commune in parts[0] else ", ".join(part for part in parts if part)
    return Dwelling(address, facts.village_code, facts.commune_code, facts.commune, facts.head_name)


# --- applications ---------------------------------------------------------------------------------------


def of_person(person_id: int) -> QuerySet[Application]:
    """Every application that the person sent or that is about them, newest first."""
    found = Application.objects.filter(Q(applicant=person_id) | Q(about=person_id))
    return found.order_by("-submitted_at", "-pk")


def application_of(person_id: int, code: str) -> Application:
    """The person's application under that code. Raises NotFound."""
    return _one(of_person(person_id), code)


def sent_before(person_id: int, key: str) -> Application | None:
    """The application that the person's request of that key has become, if it has."""
    return Application.objects.filter(applicant=person_id, key=key).first()


def application(code: str, communes: Communes) -> Application:
    """The application under that code, for the officers who decide it. Raises NotFound."""
    return _one(Application.objects.filter(_in(communes)), code)


def waiting(communes: Communes) -> QuerySet[Application]:
    """What waits for a decision or for an officer to mend it, what is due first on top."""
    found = Application.objects.filter(_in(communes), state__in=[state.value for state in rules.OPEN])
    return found.exclude(mender=Mender.CITIZEN.value).order_by("due_on", "submitted_at", "pk")


def with_citizens(communes: Communes) -> int:
    """How many applications wait for their citizens to mend something."""
    return Application.objects.filter(_in(communes), state=State.RETURNED, mender=Mender.CITIZEN).count()


def count_by_commune() -> dict[str, int]:
    """How many people each commune has served: citizens whose application was approved, by its code."""
    found = Application.objects.filter(state=State.APPROVED).values_list("commune_code")
    return dict(found.annotate(count=Count("applicant", distinct=True)).order_by("commune_code"))


def served_in(commune_code: str | None = None) -> QuerySet[Application, int]:
    """Ids of the people whom that commune, or any, has served, each once."""
    found = Application.objects.filter(state=State.APPROVED)
    if commune_code is not None:
        found = found.filter(commune_code=commune_code)
    return found.order_by("applicant").distinct().values_list("applicant_id", flat=True)


def _one(found: QuerySet[Application], code: str) -> Application:
    one = found.filter(code=tidy_public_code(code)).first()
    if one is None:
        raise NotFound(what=code)
    return one


def _in(communes: Communes) -> Q:
    return Q() if communes is None else Q(commune_code__in=sorted(communes))
