"""The words of the register: states, the facts it holds of a person, and where a fact may come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hoaban.base.dc01 import LABELS
from hoaban.base.errors import Refusal
from hoaban.base.words import _


class Sex(StrEnum):
    """As the 12-digit number knows it."""

    MAN = "M"
    WOMAN = "F"


class Life(StrEnum):
    """Whether the person lives, as far as the register knows."""

    LIVING = "living"
    DEAD = "dead"
    MISSING = "missing"
    GONE = "gone"  # settled abroad
    FORMER = "former"  # has given up Vietnamese nationality
    JOINED = "joined"  # the same person has another record, which stays


LIFE_WORDS = {
    Life.LIVING: _("living"),
    Life.DEAD: _("dead"),
    Life.MISSING: _("missing"),
    Life.GONE: _("settled abroad"),
    Life.FORMER: _("gave up Vietnamese nationality"),
    Life.JOINED: _("joined to another record of the same person"),
}
CLOSING = frozenset({Life.DEAD, Life.MISSING, Life.GONE, Life.FORMER})  # how a record may be closed


class RelationKind(StrEnum):
    """The four people whom DC01 asks for beside the head."""

    FATHER = "father"
    MOTHER = "mother"
    SPOUSE = "spouse"
    REPRESENTATIVE = "representative"


RELATION_WORDS = {
    RelationKind.FATHER: _("Father"),
    RelationKind.MOTHER: _("Mother"),
    RelationKind.SPOUSE: _("Spouse"),
    RelationKind.REPRESENTATIVE: _("Representative"),
}


class ResidenceKind(StrEnum):
    """In what standing somebody lives at an address (Law on Residence 68/2020, art. 2)."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    CURRENT = "current"
    STAY = "stay"  # under 30 days, notified
    ABSENCE = "absence"  # declared; the address is where they are meanwhile


RESIDENCE_WORDS = {
    ResidenceKind.PERMANENT: _("permanent"),
    ResidenceKind.TEMPORARY: _("temporary"),
    ResidenceKind.CURRENT: _("stays there"),
    ResidenceKind.STAY: _("short stay"),
    ResidenceKind.ABSENCE: _("temporarily absent"),
}


class OrganisationKind(StrEnum):
    """What sort of organisation has a legal representative here."""

    AGENCY = "agency"
    SCHOOL = "school"
    HEALTH = "health"
    ENTERPRISE = "enterprise"
    COOPERATIVE = "cooperative"
    ASSOCIATION = "association"
    RELIGIOUS = "religious"


ORGANISATION_WORDS = {
    OrganisationKind.AGENCY: _("state agency"),
    OrganisationKind.SCHOOL: _("school"),
    OrganisationKind.HEALTH: _("health station or hospital"),
    OrganisationKind.ENTERPRISE: _("enterprise"),
    OrganisationKind.COOPERATIVE: _("cooperative"),
    OrganisationKind.ASSOCIATION: _("association"),
    OrganisationKind.RELIGIOUS: _("religious establishment"),
}


@dataclass(frozen=True)
class Fact:
    """A fact that the register holds of a person: our name, the form's column, its label, its code list."""

    name: str
    column: str
    label: Any
    codes: str = ""


# In the order of the form DC01, which is the order in which officers read.
FACTS = (
    Fact("full_name", "full_name", LABELS["full_name"]),
    Fact("other_name", "", _("Other name")),
    Fact("born", "dob", LABELS["dob"]),
    Fact("blood", "blood", LABELS["blood"], "blood_group"),
    Fact("sex", "gender", LABELS["gender"]),
    Fact("marital", "marital", LABELS["marital"], "marital_status"),
    Fact("birth_place", "", _("Place of birth")),
    Fact("birth_reg_place", "birth_reg_place", LABELS["birth_reg_place"]),
    Fact("origin_place", "origin_place", LABELS["origin_place"]),
    Fact("ethnicity", "ethnicity", LABELS["ethnicity"], "ethnic_groups"),
    Fact("nationality", "nationality", LABELS["nationality"]),
    Fact("religion", "religion", LABELS["religion"], "religions"),
    Fact("number", "id12", LABELS["id12"]),
    Fact("number9", "id9", LABELS["id9"]),
    Fact("permanent_address", "perm_address", LABELS["perm_address"]),
    Fact("current_address", "cur_address", LABELS["cur_address"]),
    Fact("father_name", "father_name", LABELS["father_name"]),
    Fact("father_number", "father_id", LABELS["father_id"]),
    Fact("mother_name", "mother_name", LABELS["mother_name"]),
    Fact("mother_number", "mother_id", LABELS["mother_id"]),
    Fact("spouse_name", "spouse_name", LABELS["spouse_name"]),
    Fact("spouse_number", "spouse_id", LABELS["spouse_id"]),
    Fact("representative_name", "rep_name", LABELS["rep_name"]),
    Fact("representative_number", "rep_id", LABELS["rep_id"]),
    Fact("relation_to_head", "rel_to_head", LABELS["rel_to_head"], "relationship_to_head"),
    Fact("village_code", "village", LABELS["village"]),
    Fact("residence_file", "", _("Residence file no.")),
    Fact("phone", "", _("Phone")),
    Fact("email", "", _("E-mail")),
    Fact("life", "", _("Life")),
)
RELATION_FACTS = frozenset(f"{kind}_{part}" for kind in RelationKind for part in ("name", "number"))
ADDRESS_FACTS = frozenset({"permanent_address", "current_address"})
OWN_FACTS = frozenset(fact.name for fact in FACTS) - RELATION_FACTS - ADDRESS_FACTS  # held by the person's own row
# What an officer corrects by hand: the number, the head and life have ways of their own.
CORRECTABLE = tuple(fact for fact in FACTS if fact.name not in ("number", "relation_to_head", "life"))
_BY_NAME = {fact.name: fact for fact in FACTS} | {fact.column: fact for fact in FACTS if fact.column}


class NotAFact(Refusal):
    """The register holds no fact of that name."""

    code = "people.not_a_fact"
    message = _("The register holds nothing called %(name)s.")


def fact_of(name: str) -> Fact:
    """The fact under our name or under the form's column. Raises NotAFact."""
    if name not in _BY_NAME:
        raise NotAFact(name=name)
    return _BY_NAME[name]


def is_fact(name: str) -> bool:
    """Whether the register holds a fact of that name."""
    return name in _BY_NAME


def label_of(field: str) -> str:
    """What a recorded change is about, in words."""
    if field in _BY_NAME:
        return str(_BY_NAME[field].label)
    return str(_OTHER_CHANGES.get(field, field))


_OTHER_CHANGES = {
    "record": _("Entered in the register"),
    "temporary_residence": _("Temporary residence"),
    "stay": _("Short stay"),
    "absence": _("Absence"),
    "commune_code": _("Commune"),
    "household": _("Household"),
    "closing_reason": _("Why the record was closed or reopened"),
    "closed_on": _("Closed from"),
    "joined": _("Another record joined"),
    "joined_to": _("Joined to the record"),
    "parted": _("Joined record parted again"),
    "split_off": _("Another person's record split off"),
    "code": _("Household code"),
    "village": _("Village"),
    "address": _("Address"),
    "dissolved_on": _("Dissolved"),
    "name": _("Organisation name"),
    "representative": _("Legal representative"),
}


@dataclass(frozen=True)
class NewPerson:
    """The facts with which somebody enters the register, read: names in name case, codes, ISO dates.

    `household_code` is the commune's own key of a household; the same code joins the same household.
    `reason` is one of the codes of `change_reasons`: first collection, birth…
    """

    full_name: str
    sex: str
    born: str
    commune_code: str
    number: str = ""
    number9: str = ""
    blood: str = ""
    marital: str = ""
    ethnicity: str = ""
    religion: str = ""
    nationality: str = "VN"
    birth_reg_place: str = ""
    origin_place: str = ""
    village_code: str = ""
    permanent_address: str = ""
    current_address: str = ""
    father_name: str = ""
    father_number: str = ""
    mother_name: str = ""
    mother_number: str = ""
    spouse_name: str = ""
    spouse_number: str = ""
    representative_name: str = ""
    representative_number: str = ""
    household_code: str = ""
    relation_to_head: str = ""
    phone: str = ""
    simulated: bool = False
    source: str = ""
    other_name: str = ""
    birth_place: str = ""
    residence_file: str = ""
    email: str = ""
    reason: str = "P01"


SOURCE_KINDS = {
    "form": _("form DC01 no. %(ref)s"),
    "finding": _("check, finding %(ref)s"),
    "enrolment": _("enrolment %(ref)s"),
    "service": _("application %(ref)s"),
    "decision": _("decision %(ref)s"),
    "birth": _("birth certificate %(ref)s"),
    "death": _("death notice %(ref)s"),
    "marriage": _("marriage certificate %(ref)s"),
    "residence": _("form CT01 no. %(ref)s"),
    "update": _("form DC02 no. %(ref)s"),
    "absence": _("form CT03 no. %(ref)s"),
    "stay": _("stay notice %(ref)s"),
    "join": _("joining of two records, no. %(ref)s"),
    "pair": _("one person or two, pair %(ref)s"),
    "number": _("issue of a number"),
}


def source(kind: str, ref: object, on: dt.date | None = None) -> str:
    """How a source is stored: `form:DC-0001`, with the day of the paper `form:DC-0001@2023-05-07`.

    ValueError for a kind that isn't listed.
    """
    if kind not in SOURCE_KINDS:
        raise ValueError(f"no source of kind {kind!r}")
    return f"{kind}:{ref}@{on}" if on else f"{kind}:{ref}"


def kind_of_source(text: str) -> tuple[str, str]:
    """A stored source taken apart: its kind and what it refers to."""
    kind, _colon, ref = text.partition(":")
    return kind, ref


# Why somebody opens a record. The citizen reads these words in the list of who looked.
PURPOSES = {
    "check": _("check of the register"),
    "enrolment": _("enrolment for a card or an account"),
    "service": _("a service the citizen asked for"),
    "request": _("a question of the citizen"),
    "campaign": _("planning of the campaign"),
    "protection": _("data protection review"),
}
