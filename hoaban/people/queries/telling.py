"""Telling what the register says of somebody: facts in words, their sources, their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hoaban.base import codes
from hoaban.base.clock import VIETNAM
from hoaban.base.errors import ChangedMeanwhile
from hoaban.base.partial_date import PartialDate
from hoaban.people import rules
from hoaban.people.models import Change, GroupChange, Person, Residence
from hoaban.people.queries import finding
from hoaban.people.queries import households as homes
from hoaban.places import queries as places


def history(person_id: int) -> QuerySet[Change]:
    """Every change recorded on the person, newest first."""
    return Change.objects.filter(person=person_id).order_by("-id")


@dataclass(frozen=True)
class PersonFacts:
    """What the register says of a person, as printed: dates and codes in words, "" where unknown."""

    id: int
    version: int
    full_name: str
    other_name: str
    born: str
    sex: str
    blood: str
    marital: str
    ethnicity: str
    religion: str
    nationality: str
    birth_place: str
    birth_reg_place: str
    origin_place: str
    number: str
    number9: str
    permanent_address: str
    current_address: str
    father_name: str
    father_number: str
    mother_name: str
    mother_number: str
    spouse_name: str
    spouse_number: str
    representative_name: str
    representative_number: str
    head_name: str
    relation_to_head: str
    village_code: str
    village: str
    commune_code: str
    commune: str
    residence_file: str
    phone: str
    email: str
    life: str
    simulated: bool


def facts_of(person_id: int) -> PersonFacts:
    """Everything on the form DC01 about a person, as the register says now. Raises NotFound."""
    one = finding.person(person_id)
    values = {name: printed(name, value) for name, value in stored(one).items()}
    head = homes.head_of(one.household_id)
    return PersonFacts(
        id=one.pk, version=one.version, **(values | {"village_code": one.village_code}),
        village=values["village_code"], commune_code=one.commune_code,
        commune=places.name(one.commune_code),
        head_name=head.full_name if head else "", simulated=one.simulated,
    )  # fmt: skip


def stored(one: Person) -> dict[str, str]:
    """Every fact of the person as stored, by its name: codes, ISO dates."""
    return stored_many([one])[one.pk]


def stored_many(people: Iterable[Person]) -> dict[int, dict[str, str]]:
    """The same for many people at once, by their ids."""
    values = {one.pk: {fact.name: str(getattr(one, fact.name, "")) for fact in rules.FACTS} for one in people}
    for relation in finding.present_relations().filter(person__in=list(values)).order_by("id"):
        values[relation.person_id][f"{relation.kind}_name"] = relation.name
        values[relation.person_id][f"{relation.kind}_number"] = relation.number
    kinds = (rules.ResidenceKind.PERMANENT, rules.ResidenceKind.CURRENT)
    now = Residence.objects.filter(person__in=list(values), kind__in=kinds, valid_to=None, superseded_at=None)
    for residence in now:
        values[residence.person_id][f"{residence.kind}_address"] = residence.address
    return values


def differing(one: Person, written: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Of facts as written or as stored those that aren't so `now`, as they would be stored.

    A village may be named by its code or by its name. Raises NotAFact, Unreadable, NotFound.
    """
    wanted = {rules.fact_of(name).name: rules.read(name, value) for name, value in written.items()}
    if village := wanted.get("village_code"):
        wanted["village_code"] = places.village_named(one.commune_code, village).code
    return {name: value for name, value in wanted.items() if value != now[name]}


@dataclass(frozen=True)
class Compared:
    """One fact as two sides say it, as printed."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether both are known and not the same."""
        return bool(self.left and self.right) and self.left != self.right


def side_by_side(left: Person, right: Person, names: Iterable[str] = ()) -> list[Compared]:
    """The facts of two records, those named or all that either knows, in the order of the form."""
    both = stored_many([left, right])
    here, there = both[left.pk], both[right.pk]
    chosen = list(names) or [fact.name for fact in rules.FACTS if here[fact.name] or there[fact.name]]
    return [Compared(rules.label_of(name), printed(name, here[name]), printed(name, there[name])) for name in chosen]


def printed(name: str, value: str) -> str:
    """A stored value of a fact as people read it."""
    fact = rules.fact_of(name)
    if fact.codes:
        return codes.name(fact.codes, value) if value else ""
    if not value:
        return ""
    if fact.name == "born":
        return PartialDate.parse(value).vietnamese()
    if fact.name == "nationality":
        return codes.name("nationalities", value)
    if fact.name == "sex":
        return codes.name("gender", {"M": "1", "F": "2"}[value])
    if fact.name == "village_code":
        return places.village_names([value]).get(value, value)
    if fact.name == "life":
        return str(rules.LIFE_WORDS[rules.Life(value)])
    return value


def printed_change(field: str, value: str) -> str:
    """A recorded value as people read it, whatever the change was about."""
    if rules.is_fact(field):
        return printed(field, value)
    if value and field in ("commune_code", "household"):
        return places.name(value) if field == "commune_code" else homes.said(int(value))
    if value and field in ("joined", "joined_to", "parted", "split_off", "representative"):
        return ", ".join(one.full_name for one in finding.many([int(value)])) or value
    return value


def source_in_words(text: str) -> str:
    """A stored source as people read it: what paper, its number, its day where that is known."""
    kind, ref = rules.kind_of_source(text)
    ref, _at, day = ref.partition("@")
    words = str(rules.SOURCE_KINDS.get(kind, "%(ref)s")) % {"ref": ref}
    return f"{words}, {_('of %(day)s') % {'day': PartialDate.parse(day).vietnamese()}}" if day else words


@dataclass(frozen=True)
class SaidChange:
    """One recorded change in words."""

    label: str
    old: str
    new: str
    source: str
    officer: str
    why: str
    valid_from: dt.date | None
    recorded_at: dt.datetime


def said_changes(person_id: int) -> list[SaidChange]:
    """The person's history in words, newest first."""
    return [said(one) for one in history(person_id)]


def said(one: Change | GroupChange) -> SaidChange:
    """One recorded change in words."""
    return SaidChange(
        rules.label_of(one.field), printed_change(one.field, one.old), printed_change(one.field, one.new),
        source_in_words(one.source), one.by_name, codes.name("change_reasons", one.reason) if one.reason else "",
        one.valid_from, one.recorded_at,
    )  # fmt: skip


def changed_since(person: Person, version: int) -> ChangedMeanwhile:
    """The refusal that tells what was changed after that version of the person, and by whom."""
    since = Change.objects.filter(person=person, version__gt=version).order_by("id")
    last = since[len(since) - 1]
    return ChangedMeanwhile(
        who=last.by_name,
        when=last.recorded_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
        changes=", ".join(f"{rules.label_of(one.field)}: {printed_change(one.field, one.new)}" for one in since),
    )


@dataclass(frozen=True)
class Listed:
    """A person as a line of a list."""

    id: int
    full_name: str
    born: str
    number: str
    village: str
    commune: str
    head: str
    life: str


def listed(people: list[Person]) -> list[Listed]:
    """These people as lines of a list, in the order given."""
    villages = places.village_names({one.village_code for one in people})
    communes = places.names({one.commune_code for one in people})
    return [
        Listed(
            one.pk, one.full_name, printed("born", one.born), one.number or one.number9,
            villages.get(one.village_code, ""), communes.get(one.commune_code, one.commune_code),
            printed("relation_to_head", one.relation_to_head),
            "" if one.life == rules.Life.LIVING else printed("life", one.life),
        )
        for one in people
    ]  # fmt: skip
