"""What waits for a second officer, told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from hoaban.base import codes
from hoaban.base.errors import NotFound
from hoaban.officers import queries as officers
from hoaban.people import rules
from hoaban.people.queries import finding, telling
from hoaban.people.queries import households as homes
from hoaban.places import queries as places
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval
    from hoaban.people.models import Person


@dataclass(frozen=True)
class Waiting:
    """One proposed change in words: what, about whom, said how, by whom."""

    id: int
    deed: str
    person_id: int
    name: str
    facts: list[tuple[str, str]]
    compared: list[telling.Compared]
    sides: tuple[str, str]
    about: list[int]
    source: str
    proposed_by: str
    proposed_at: dt.datetime
    is_own: bool
    commune_code: str
    decided_at: dt.datetime | None


def waiting(actor: Actor) -> list[Approval]:
    """Proposed changes of the register that this officer may decide, oldest first."""
    found = [one for deed in rules.Deed for one in officers.waiting(rules.kind_of(deed), actor)]
    return sorted(found, key=lambda one: one.proposed_at)


def waits_on(person_id: int) -> list[Approval]:
    """What is proposed on somebody's record, or to join it to another, and not yet decided."""
    join = rules.kind_of(rules.Deed.JOIN)
    found = officers.open_about(f"people.Person:{person_id}", join, "goes_id", person_id)
    return [one for one in found if one.kind in {rules.kind_of(deed) for deed in rules.Deed}]


def proposal(approval_id: int, actor: Actor) -> Waiting:
    """One proposed change in words, for whoever may see it. Raises NotFound, NotWaiting."""
    return in_words(officers.approval(approval_id), actor)


def in_words(one: Approval, actor: Actor) -> Waiting:
    """A proposal as people read it. Raises NotFound where the person isn't in sight, NotWaiting."""
    deed = rules.deed_of(one.kind)
    person = finding.person(one.payload["person"])
    with acting_as(job_actor("people.waiting")):  # the other side may live in another commune
        facts = [pair for name, value in one.payload["facts"].items() for pair in _said(name, value)]
        compared, about = _compared(deed, person, one.payload["facts"])
        changes = one.payload["facts"].get("changes", {})
    if rules.kills_the_number(person.number, changes.get("sex", person.sex), changes.get("born", person.born)):
        facts.append((rules.label_of("number"), gettext("is cancelled and established anew")))
    return Waiting(
        one.pk, str(rules.DEED_WORDS[deed]), person.pk, person.full_name, facts, compared, _sides(deed), about,
        telling.source_in_words(one.payload["source"]), one.proposed_by_name, one.proposed_at,
        one.proposed_by_id_text == actor.id, one.commune_code, one.decided_at,
    )  # fmt: skip


def _compared(deed: rules.Deed, person: Person, facts: Mapping[str, Any]) -> tuple[list[telling.Compared], list[int]]:
    """What a correction changes, or both records of a join or a parting; whose records that shows."""
    if deed == rules.Deed.CORRECT:
        now, changes = telling.stored(person), facts["changes"]
        names = [fact.name for fact in rules.FACTS if fact.name in changes]
        sides = [(name, telling.printed(name, now[name]), telling.printed(name, changes[name])) for name in names]
        return [telling.Compared(rules.label_of(name), left, right) for name, left, right in sides], [person.pk]
    if deed == rules.Deed.JOIN:
        other = finding.person(facts["goes_id"])
    elif deed == rules.Deed.PART:
        join = finding.join(facts["join_id"])
        person, other = join.stays, join.goes
    else:
        return [], [person.pk]
    return telling.side_by_side(person, other), [person.pk, other.pk]


def _sides(deed: rules.Deed) -> tuple[str, str]:
    """What stands left and right of a comparison."""
    if deed == rules.Deed.CORRECT:
        return gettext("In the register"), gettext("Proposed")
    return gettext("The record that stays"), gettext("The record that is joined to it")


def _said(name: str, value: Any) -> list[tuple[str, str]]:
    if value in (None, "", {}):
        return []
    if name == "changes":
        return []  # told side by side
    if name == "child":
        return [_fact(part, text) for part, text in _parts(value) if text]
    return [(str(rules.PROPOSED_WORDS.get(name, name)), _value(name, value))]


def _parts(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(text)) for name, text in value.items() if rules.is_fact(name) or name == "commune_code"]


def _fact(name: str, text: str) -> tuple[str, str]:
    return rules.label_of(name), telling.printed_change(name, text)


def _value(name: str, value: Any) -> str:
    if name in rules.PEOPLE_NAMED:
        try:
            found = finding.person(int(value))
        except NotFound:
            return "…"
        return f"{found.full_name}, {telling.printed('born', found.born)}, {found.number or '–'}"
    if name == "join_id":
        join = finding.join(int(value))
        return f"{join.goes.full_name} → {join.stays.full_name}, {join.joined_at:%d/%m/%Y}"
    if name == "household_id":
        return homes.said(int(value))
    if name == "life":
        return str(rules.LIFE_WORDS[rules.Life(value)])
    if name in ("day", "valid_from"):
        return dt.date.fromisoformat(value).strftime("%d/%m/%Y")
    if name == "relation_to_head":
        return codes.name("relationship_to_head", value)
    if name == "commune_code":
        return places.name(value)
    return telling.printed("village_code", value) if name == "village_code" else str(value)
