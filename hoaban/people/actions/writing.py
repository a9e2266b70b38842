"""How every change of the register is written down: locked in order, kept with old, new and both dates.

An `Act` is one change in the making. Lines (relations, residences) are never overwritten: what a line
said is superseded and another line says what holds now.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db import connection

from hoaban.audit import actions as audit
from hoaban.base import clock, names
from hoaban.base.errors import NotFound
from hoaban.base.id_number import IdNumber
from hoaban.people import queries, rules
from hoaban.people.models import (
    Change,
    GroupChange,
    Household,
    NameKey,
    Number,
    Organisation,
    Person,
    Relation,
    Residence,
)
from hoaban.web.actor import Actor

Line = TypeVar("Line", Relation, Residence)
DRAWS = 12  # misses in a row that say that a prefix is nearly full
ONE_DAY = dt.timedelta(days=1)


class Act:
    """One change of the register: who answers for it, where it comes from, and since when it holds.

    `valid_from` None means that the new values have always been the true ones.
    """

    def __init__(
        self, *, source: str, by: Actor, at: dt.datetime, valid_from: dt.date | None = None, reason: str = ""
    ) -> None:
        self.source, self.by, self.at, self.valid_from, self.reason = source, by, at, valid_from, reason
        self._changes: list[Change] = []
        self._touched: dict[int, Person] = {}

    @property
    def since(self) -> dt.date:
        """The day from which the change holds, today where that is not known."""
        return self.valid_from or clock.day_of(self.at)

    def lock(self, person_ids: Iterable[int | None], *, joined: bool = False) -> dict[int, Person]:
        """These people, locked in the order of their ids. Raises NotFound, RecordJoined."""
        wanted = sorted({pk for pk in person_ids if pk is not None})
        found = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
        for pk in wanted:
            if pk not in found:
                raise NotFound(what=pk)
            if found[pk].life == rules.Life.JOINED and not joined:
                raise rules.RecordJoined(name=found[pk].full_name)
        return found

    def lock_households(self, household_ids: Iterable[int]) -> dict[int, Household]:
        """These households, locked in the order of their ids, before any person. Raises NotFound."""
        wanted = sorted(set(household_ids))
        found = {one.pk: one for one in Household.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
        for pk in wanted:
            if pk not in found:
                raise NotFound(what=pk)
        return found

    def lock_household(self, household_id: int) -> Household:
        """A household that still is one, locked. Raises NotFound, HouseholdDissolved."""
        found = self.lock_households([household_id])[household_id]
        rules.check_household(found.code, found.dissolved_on)
        return found

    def refuse_headless(self, leaving: Mapping[int, Person]) -> None:
        """Raise HeadMovesOut where a head leaves others of the household behind."""
        for person in leaving.values():
            if person.household_id is None or person.relation_to_head != rules.HEAD:
                continue
            others = Person.objects.filter(household=person.household_id, life=rules.Life.LIVING)
            if others.exclude(pk__in=leaving).exists():
                raise rules.HeadMovesOut(name=person.full_name)

    def keep(self, person: Person, field: str, old: str, new: str, valid_from: dt.date | None = None) -> None:
        """Write down that a fact changed; one that didn't is left out."""
        self._touched[person.pk] = person
        if old == new:
            return
        self._changes.append(
            Change(
                person=person, field=field, old=old[:300], new=new[:300], source=self.source,
                version=person.version + 1, by_id=self.by.id, by_name=self.by.name, reason=self.reason,
                valid_from=valid_from or self.valid_from, recorded_at=self.at,
            )
        )  # fmt: skip

    def set(self, person: Person, **values: str) -> None:
        """Give facts of the person's own row new values, and write them down."""
        for name, value in values.items():
            self.keep(person, name, str(getattr(person, name)), value)
            setattr(person, name, value)
        if "full_name" in values or "other_name" in values or "commune_code" in values:
            _rewrite_name_keys(person)

    def place(self, person: Person, household: Household | None, relation: str) -> None:
        """Put somebody into a household, or into none, and write that down."""
        new = household.pk if household else None
        self.keep(person, "household", str(person.household_id or ""), str(new or ""))
        person.household = household
        self.set(person, relation_to_head=relation)

    def set_group(self, group: Household | Organisation, **values: object) -> None:
        """Give facts of a household or an organisation new values, write them down and save."""
        of = {"household": group} if isinstance(group, Household) else {"organisation": group}
        for name, value in values.items():
            old, new = _as_text(getattr(group, name)), _as_text(value)
            setattr(group, name, value)
            if old != new:
                GroupChange.objects.create(
                    field=name, old=old, new=new, source=self.source, by_id=self.by.id, by_name=self.by.name,
                    reason=self.reason, valid_from=self.valid_from, recorded_at=self.at, **of,
                )  # fmt: skip
        group.save()

    def write_down(self) -> None:
        """Save who was touched, one version on, with the changes."""
        for _pk, person in sorted(self._touched.items()):
            person.version += 1
            person.save()
        Change.objects.bulk_create(self._changes)
        self._changes, self._touched = [], {}

    def tell(self, action: str, person_ids: Iterable[int], **facts: object) -> None:
        """Write the act's line in the audit, about the first of these people."""
        ids = list(person_ids)
        audit.record(
            action, f"people.Person:{ids[0]}", by=self.by, at=self.at, person_ids=ids,
            facts={"source": self.source, **facts},
        )  # fmt: skip

    def tell_household(self, action: str, household: Household, person_ids: Iterable[int]) -> None:
        """Write the act's line in the audit, about a household and the people in it."""
        audit.record(
            action, f"people.Household:{household.pk}", by=self.by, at=self.at, person_ids=list(person_ids),
            facts={"source": self.source, "commune": household.commune_code},
        )  # fmt: skip

    def open(self, line: Line) -> Line:
        """Add a line."""
        line.pk, line.recorded_at, line.superseded_at = None, self.at, None
        line.save(force_insert=True)
        return line

    def supersede(self, line: Line) -> None:
        """The register says no longer what this line says."""
        line.superseded_at = self.at
        line.save(update_fields=["superseded_at"])

    def end(self, line: Line, last_day: dt.date) -> None:
        """The line holds until that day; one that would begin after it never held."""
        self.supersede(line)
        if line.valid_from is None or line.valid_from <= last_day:
            line.valid_to = last_day
            self.open(line)

    def relate(
        self, person: Person, kind: rules.RelationKind, parts: Mapping[str, str], other: Person | None = None
    ) -> None:
        """Write who somebody's father, mother, spouse or representative is; no name left closes it."""
        lines = list(queries.relation_lines(person.pk).filter(kind=kind, superseded_at=None))
        present = next((line for line in lines if line.valid_to is None), None)
        before = {"name": present.name, "number": present.number} if present else {"name": "", "number": ""}
        after = {**before, **parts}
        if after["number"] and not after["name"]:
            raise rules.NamelessRelation(number=after["number"])
        for part in ("name", "number"):
            self.keep(person, f"{kind}_{part}", before[part], after[part])
        since = self._make_way(lines, present, stays=bool(after["name"]))
        if after["name"]:
            other = other or _meant(person, after, present)
            self.open(Relation(person=person, kind=kind, valid_from=since, other=other, **after))

    def house(
        self, person: Person, kind: rules.ResidenceKind, address: str, commune: str = "", village: str = ""
    ) -> None:
        """Write where somebody lives permanently or at present; no address left closes it."""
        lines = list(Residence.objects.filter(person=person, kind=kind, superseded_at=None).order_by("id"))
        present = next((line for line in lines if line.valid_to is None), None)
        self.keep(person, f"{kind}_address", present.address if present else "", address)
        since = self._make_way(lines, present, stays=bool(address))
        if address:
            self.open(
                Residence(
                    person=person, kind=kind, address=address, commune_code=commune, village_code=village,
                    valid_from=since, source=self.source,
                )
            )  # fmt: skip

    def settle(self, person: Person, commune: str, village: str, address: str) -> None:
        """Somebody lives permanently at an address: their residence, and who sees their record."""
        self.house(person, rules.ResidenceKind.PERMANENT, address, commune, village)
        self.set(person, commune_code=commune, village_code=village)

    def take(self, number: str, person_id: int) -> bool:
        """Make a number somebody's for ever; False where it is or was anybody's."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO people_number (number, person_id, given_at, reason) VALUES (%s, %s, %s, '')"
                " ON CONFLICT (number) DO NOTHING",
                [number, person_id, self.at],
            )
            return bool(cursor.rowcount)

    def draw(self, prefix: str, person_id: int) -> str:
        """A number under that prefix that nobody ever had, the person's from now on. Raises NoNumbersLeft.

        Six random digits; the primary key decides between writers. A prefix that is nearly full, where draws
        keep missing, is searched for what is left.
        """
        for _draw in range(DRAWS):
            number = rules.draw_number(prefix, secrets.randbelow)
            if self.take(number, person_id):
                return number
        left = _left_under(prefix)
        while left:
            number = left.pop(secrets.randbelow(len(left)))
            if self.take(number, person_id):
                return number
        raise rules.NoNumbersLeft(prefix=prefix)

    def cancel(self, number: str) -> None:
        """Say that a number is nobody's living number any more; it stays whose it was."""
        Number.objects.filter(number=number).update(cancelled_at=self.at, reason=self.source)

    def number_anew(self, person: Person, province: str = "") -> None:
        """Give somebody a number that nobody ever had. Raises BirthPlaceUnknown, NoNumbersLeft."""
        before, source = person.number, self.source
        prefix = rules.prefix(province or rules.province_of(person.birth_reg_place), person.sex, person.born)
        number = self.draw(prefix, person.pk)
        self.source = rules.source("number", "")
        self.keep(person, "number", before, number, clock.day_of(self.at))
        person.number = number
        self.tell("people.number_given", [person.pk], cancelled=before)
        self.source = source

    def settle_number(self, person: Person, before: str) -> None:
        """Cancel a number that was changed or that the person's facts now deny, and put one in its place.

        Law: a wrong sex or year of birth kills the number (Decree 137/2015 art. 14; Decree 70/2024).
        """
        if person.number != before:
            if before:
                self.cancel(before)
            if person.number and not self.take(person.number, person.pk):
                raise rules.NumberTaken(number=person.number)
        elif rules.kills_the_number(before, person.sex, person.born):
            self.cancel(before)
            self.number_anew(person, IdNumber(before).province)

    def _make_way(self, lines: list[Line], present: Line | None, *, stays: bool) -> dt.date | None:
        """End what the next line takes the place of; the first day of the next.

        A correction, which has no day, takes the days of the present line. What is recorded later holds
        from its own day on, whatever was known of the days after it.
        """
        if self.valid_from is None and stays:
            if present is None:
                return None
            self.supersede(present)
            return present.valid_from
        for line in lines:
            if line.valid_to is None or line.valid_to >= self.since:
                self.end(line, self.since - ONE_DAY)
        return self.valid_from


def _left_under(prefix: str) -> list[str]:
    """The numbers of a prefix that nobody ever had."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s || lpad(g::text, 6, '0') FROM generate_series(0, 999999) g EXCEPT"
            " SELECT number FROM people_number WHERE number BETWEEN %s AND %s",
            [prefix, prefix + "000000", prefix + "999999"],
        )
        return [number for (number,) in cursor.fetchall()]


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return str(value.pk) if isinstance(value, Person) else str(value)


def _meant(person: Person, named: Mapping[str, str], present: Relation | None) -> Person | None:
    """Whom a relation means: the number decides; without one the present link stays while the name does."""
    if named["number"]:
        return Person.objects.filter(number=named["number"]).exclude(pk=person.pk).first()
    if present and present.other and names.fold(present.other.full_name) == names.fold(named["name"]):
        return present.other
    return None


def _rewrite_name_keys(person: Person) -> None:
    person.name_fold, person.sort_key = names.fold(person.full_name), names.sort_key(person.full_name)
    NameKey.objects.filter(person=person).delete()
    NameKey.objects.bulk_create(
        NameKey(token=token, commune_code=person.commune_code, person=person)
        for token in sorted({*names.tokens(person.full_name), *names.tokens(person.other_name)})
    )
