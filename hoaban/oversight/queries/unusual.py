"""Look-ups that are unusual, ranked, with the names behind each reason and what was already looked into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hoaban.audit import queries as audit
from hoaban.base import dated_rules, names
from hoaban.base.clock import VIETNAM
from hoaban.base.words import _
from hoaban.officers import queries as officers
from hoaban.oversight import rules
from hoaban.oversight.engine import unusual
from hoaban.oversight.engine.unusual import Limits, Sign, Unusual
from hoaban.oversight.models import LookedInto
from hoaban.people import queries as people
from hoaban.places import queries as places
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.people.models import Person

LONGEST_DAYS = 92
FIRST_RULES = dt.date(2022, 1, 1)  # nothing was looked at before
SIGN_WORDS = {
    Sign.KNOWN: _("of the officer's own household, or related"),
    Sign.FAMILY: _("of the officer's own family name, oftener than others look at them"),
    Sign.OUTSIDE: _("of communes outside the officer's area"),
    Sign.NIGHT: _("looked at by night"),
    Sign.QUICK: _("looked at one after the other within minutes"),
    Sign.IDLE: _("for whom the officer did nothing else that week"),
}


@dataclass(frozen=True)
class Ranked:
    """Unusual look-ups of a day, and the last note of somebody who looked into them."""

    found: Unusual
    reasons: list[tuple[Any, int]]
    note: LookedInto | None
    result: str


def ranked(first: dt.date, last: dt.date, actor: Actor, actor_id: str = "") -> list[Ranked]:
    """The unusual look-ups from a day to a day, the most unusual first; in the actor's area."""
    looks = audit.looks_between(
        _midnight(first),
        _midnight(last + dt.timedelta(days=1)),
        rules.LOOKS,
        actor_id=actor_id,
        communes=actor.communes,
    )
    who = looks["actor_id"].unique().to_list()
    families = people.families_of(looks.filter(looks["alone"])["person_id"].unique().to_list())
    found = unusual.find(
        looks, limits=limits(last), families=families, own_family=_own_families(who), kin=_kin(who),
        areas=_areas(who, last),
    )  # fmt: skip
    notes = {(one.actor_id, one.day): one for one in LookedInto.objects.filter(day__range=(first, last)).order_by("at")}
    return [
        Ranked(
            one, [(SIGN_WORDS[reason.sign], reason.count) for reason in one.reasons],
            note := notes.get((one.actor_id, one.day)),
            str(rules.RESULT_WORDS[rules.LookResult(note.result)]) if note else "",
        )
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """A reason with the people behind it."""

    words: Any
    count: int
    people: list[Person]


def behind(one: Unusual, most: int = 50) -> list[Behind]:
    """The people behind each reason, as far as the auditor sees them."""
    return [
        Behind(SIGN_WORDS[reason.sign], reason.count, list(people.many(reason.person_ids[:most])))
        for reason in one.reasons
    ]


def notes_on(actor_id: str, day: dt.date) -> list[tuple[LookedInto, str]]:
    """What was found by those who looked into the look-ups of that day, each with its result in words."""
    notes = LookedInto.objects.filter(actor_id=actor_id, day=day).order_by("-at")
    return [(one, str(rules.RESULT_WORDS[rules.LookResult(one.result)])) for one in notes]


def limits(on: dt.date) -> Limits:
    """From where on something counts as unusual on that day."""
    return Limits(
        *(
            dated_rules.number(f"oversight.{name}", max(on, FIRST_RULES))
            for name in ("night_begins", "night_ends", "quick_minutes", "quick_people", "idle_people", "namesakes")
        )
    )


def _own_families(actor_ids: Iterable[str]) -> dict[str, str]:
    return {
        f"officer:{one.pk}": names.tokens(one.full_name)[0]
        for one in officers.officers_of(actor_ids)
        if names.tokens(one.full_name)
    }


def _kin(actor_ids: Iterable[str]) -> dict[str, frozenset[int]]:
    """Household and relatives of those officers who gave their own number: they may live anywhere."""
    with acting_as(job_actor("oversight.kin")):
        return {f"officer:{one.pk}": people.kin_of(one.number) for one in officers.officers_of(actor_ids) if one.number}


def _areas(actor_ids: Iterable[str], on: dt.date) -> dict[str, frozenset[str] | None]:
    under_unit = cache(places.communes_under)
    areas: dict[str, frozenset[str] | None] = {}
    for actor_id, held in officers.assignments_of(actor_ids).items():
        area: frozenset[str] | None = frozenset()
        for one in held:
            if one.valid_from <= on and (one.valid_to is None or one.valid_to >= on - dt.timedelta(days=LONGEST_DAYS)):
                under = None if one.unit_level == "province" else under_unit(one.unit_code, one.unit_level)
                area = None if area is None or under is None else area | under
        areas[actor_id] = area
    return areas


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VIETNAM)
