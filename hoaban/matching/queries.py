"""Asking about doubles: who may be one, which pairs wait for whom, what speaks for and against."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hoaban.base.errors import NotFound
from hoaban.enrolment import queries as enrolment
from hoaban.enrolment.rules import review as enrolling
from hoaban.linkage import queries as linkage
from hoaban.linkage import rules as alike
from hoaban.matching import rules
from hoaban.matching.models import Case, Look, Print, Review
from hoaban.matching.rules import Joining, State
from hoaban.people import queries as people
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.enrolment.models import Enrolment
    from hoaban.people.models import Person

Communes = Collection[str] | None  # None is every commune

SIDE_BY_SIDE = [
    "full_name", "born", "sex", "number", "number9", "mother_name", "father_name", "ethnicity", "birth_reg_place",
    "permanent_address", "village_code", "phone",
]  # fmt: skip


# --- who may be a double --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suspect:
    """Somebody in the register who may be the enrolled person, and why."""

    person: Person
    likeness: alike.Likeness
    same_prints: int


def suspects_of(one: Enrolment) -> list[Suspect]:
    """Who in the register may be the enrolled person, by their facts or by a print handed in before.

    To be asked as somebody who sees the whole register.
    """
    prints = same_prints(one)
    others = {other.pk: other for other in people.alike(person_of(one))}
    others |= {other.pk: other for other in people.many(prints.keys() - others.keys())}
    mine, *theirs = _records([people.person(person_of(one)), *others.values()])
    found = [
        Suspect(others[int(record.key)], linkage.likeness(mine, record), prints[int(record.key)]) for record in theirs
    ]
    return [suspect for suspect in found if suspect.likeness.is_suspect or suspect.same_prints]


def same_prints(one: Enrolment) -> Counter[int]:
    """How many prints of an enrolment came before under other people, by person: the very same bytes.

    Two captures of one finger never agree so; that needs a fingerprint engine.
    """
    digests = Print.objects.filter(enrolment=one.pk).values("digest")
    found = Print.objects.filter(digest__in=digests).exclude(person=one.person_id)
    return Counter(found.values_list("person_id", flat=True))


def digests_of(one: Enrolment) -> dict[int, str]:
    """The digest of each print of an enrolment, by finger: its packet is unsealed for this once."""
    return {code: hashlib.sha256(template.encode()).hexdigest() for code, template in enrolment.fingers(one.pk).items()}


def person_of(one: Enrolment) -> int:
    """Whose enrolment it is. Raises NotFound for one of nobody known."""
    if one.person_id is None:
        raise NotFound(what=one.ulid)
    return one.person_id


def _records(persons: list[Person]) -> list[alike.Record]:
    """What of these people is compared."""
    mothers = people.mothers_of(one.pk for one in persons)
    return [
        alike.Record(
            key=str(one.pk), number=one.number, number9=one.number9, name=one.full_name, born=one.born,
            sex=one.sex, mother=mothers.get(one.pk, ""), village=one.village_code,
        )
        for one in persons
    ]  # fmt: skip


def is_cleared(person_id: int) -> bool:
    """Whether somebody has an enrolment that was cleared."""
    return any(one.state == enrolling.State.CLEARED for one in enrolment.of_person(person_id))


def not_looked_at() -> list[int]:
    """Ids of enrolments that wait and whose doubles nobody looked for, oldest first."""
    waiting = enrolment.in_state(enrolling.State.RECEIVED)
    return list(waiting.exclude(pk__in=Look.objects.values("enrolment")).values_list("pk", flat=True))


# --- cases ----------------------------------------------------------------------------------------------


def case(case_id: int, communes: Communes) -> Case:
    """The case of that number. Raises NotFound."""
    found = Case.objects.filter(_in(communes), pk=case_id).select_related("enrolment", "proposal").first()
    if found is None:
        raise NotFound(what=case_id)
    return found


def cases_of(person_id: int) -> QuerySet[Case]:
    """Every pair that a person is in, oldest first."""
    return Case.objects.filter(Q(person=person_id) | Q(other=person_id)).order_by("id")


def is_joined(one: Case) -> bool:
    """Whether one of both records was joined to the other."""
    ends = {one.person_id, one.other_id}
    return any(person.joined_to_id in ends for person in people.many(ends))


def may_follow(stays_id: int, field: str) -> QuerySet[Case]:
    """Pairs whose one end may become that record: it isn't in a pair with the other end yet, nor the other end."""
    end = "other" if field == "person" else "person"
    met = {stays_id, *(one.other_of(stays_id) for one in cases_of(stays_id))}
    return Case.objects.exclude(**{f"{end}__in": met})


def to_propose() -> list[int]:
    """Ids of pairs found to be one person whose join nobody proposed or did yet, oldest first."""
    found = Case.objects.filter(state=State.SAME, proposal=None).order_by("id")
    return [one.pk for one in found if not is_joined(one)]


def open_cases(communes: Communes = None) -> QuerySet[Case]:
    """Pairs that nobody has decided, oldest first."""
    return Case.objects.filter(_in(communes), state=State.OPEN).order_by("opened_at", "id")


def count_open(communes: Communes = None) -> int:
    """How many pairs wait for a decision."""
    return open_cases(communes).count()


def waiting_for(actor: Actor) -> QuerySet[Case]:
    """Open pairs in the actor's area on which they haven't given their verdict, oldest first."""
    return open_cases(actor.communes).exclude(reviews__officer_id=actor.id)


def waiting_for_others(actor: Actor) -> QuerySet[Case]:
    """Open pairs on which the actor has given their verdict, oldest first."""
    return open_cases(actor.communes).filter(reviews__officer_id=actor.id)


def reviews_of(one: Case) -> QuerySet[Review]:
    """Who reviewed a pair and what they said, first come first."""
    return one.reviews.order_by("at", "id")


def persons_of(cases: Iterable[Case]) -> dict[int, Person]:
    """Both people of each case, by id. Who sees a case sees them, wherever they have moved meanwhile."""
    ids = {pk for one in cases for pk in (one.person_id, one.other_id)}
    with acting_as(job_actor("matching.records")):
        return {one.pk: one for one in people.many(ids)}


def joining_of(one: Case) -> Joining:
    """How far the join of a pair's records has come. It's read with the pair's proposal."""
    with acting_as(job_actor("matching.records")):
        return rules.joining(
            is_joined=is_joined(one), proposed=one.proposal is not None,
            approved=one.proposal.approved if one.proposal else None,
            expired=one.proposal.expired if one.proposal else False,
        )  # fmt: skip


def side_by_side(one: Case) -> list[people.Compared]:
    """The facts of both records of a case, in the order of the form."""
    with acting_as(job_actor("matching.records")):
        return people.side_by_side(people.person(one.person_id), people.person(one.other_id), SIDE_BY_SIDE)


@dataclass(frozen=True)
class Argument:
    """What one field says, in words, and its bits for (+) or against (-) one person."""

    field: object
    level: object
    bits: float


def arguments_of(one: Case) -> list[Argument]:
    """What speaks for and against one person, strongest first."""
    found = [
        Argument(alike.FIELD_WORDS[row["field"]], alike.LEVEL_WORDS[alike.Level(row["level"])], row["bits"])
        for row in one.evidence
    ]
    return sorted(found, key=lambda row: -abs(row.bits))


def portraits_of(one: Case) -> tuple[bytes | None, bytes | None]:
    """The newest portraits of both people of a case, None where somebody wasn't enrolled."""
    with acting_as(job_actor("matching.records")):
        left, right = (enrolment.of_person(pk).first() for pk in (one.person_id, one.other_id))
        return (enrolment.face(left.pk) if left else None, enrolment.face(right.pk) if right else None)


def operators_of(one: Case) -> set[str]:
    """Ids of the officers who enrolled either of the two."""
    with acting_as(job_actor("matching.records")):
        return {row.operator_id for pk in (one.person_id, one.other_id) for row in enrolment.of_person(pk)}


def _in(communes: Communes) -> Q:
    return Q() if communes is None else Q(commune_code__in=communes, other_commune_code__in=communes)
