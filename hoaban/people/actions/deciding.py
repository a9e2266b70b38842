"""Four eyes: a change of a legal fact is proposed by one officer, and happens when a second says yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hoaban.officers import actions as officers
from hoaban.officers import queries as officer_queries
from hoaban.people import queries, rules
from hoaban.people.actions.changing import correct
from hoaban.people.actions.civil import divorce, marry, register_birth
from hoaban.people.actions.closing import close, reopen
from hoaban.people.actions.households import move_household
from hoaban.people.actions.joining import join, part
from hoaban.people.actions.numbers import cancel_number
from hoaban.people.actions.residing import register_permanent_residence
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval

Facts = Mapping[str, Any]


@transaction.atomic
def propose(
    *, deed: rules.Deed, person_id: int, facts: Facts, source: str, by: Actor, at: dt.datetime
) -> Approval:  # fmt: skip
    """Propose a change of somebody's record to a second officer, with what that change needs in `facts`.

    `facts` are plain values, days as ISO text, under the names of the action's arguments. The same proposal twice
    is once; while one of a sort waits on a person, another is refused. The other side of a marriage, the other parent
    and the head of the household somebody moves to may be said by `number` and `name`, which must both fit.
    Raises NotAllowed, NotFound, NobodyMeant, AnotherWaits.
    """
    person = queries.person(person_id)
    by.must(rules.PROPOSING.get(deed, rules.CHANGE), person.commune_code)
    payload = {"facts": _resolved(deed, facts), "source": source, "person": person_id, "version": person.version}
    waiting = officers.propose(
        kind=rules.kind_of(deed), subject=f"people.Person:{person_id}", commune_code=person.commune_code,
        payload=payload, by=by, at=at,
    )  # fmt: skip
    if waiting.payload["facts"] != payload["facts"]:
        raise rules.AnotherWaits(who=waiting.proposed_by_name)
    return waiting


@transaction.atomic
def approve(*, approval_id: int, by: Actor, at: dt.datetime) -> Approval:
    """Say yes as the second officer; what was proposed happens in the same transaction.

    Raises NotAllowed, NotFound, NotWaiting, officers.SameOfficer, officers.AlreadyDecided, and what the
    change itself refuses, in which case nothing is decided.
    """
    approval = _waiting(approval_id, by)
    deed = rules.deed_of(approval.kind)
    approval = officers.approve(approval=approval, by=by, at=at)
    with acting_as(job_actor("people.approve")):  # the other side may live in another commune
        _DEEDS[deed](approval.payload, by, at)
    return approval


@transaction.atomic
def decline(*, approval_id: int, reason: str, by: Actor, at: dt.datetime) -> Approval:
    """Say no as the second officer, with the reason. Raises as `approve`, and officers.ReasonMissing."""
    return officers.decline(approval=_waiting(approval_id, by), by=by, at=at, reason=reason)


def _resolved(deed: rules.Deed, facts: Facts) -> dict[str, Any]:
    """The facts with whom a number and a name mean, wherever in the province they live."""
    plain = {name: value for name, value in facts.items() if name not in ("number", "name")}
    if not facts.get("number"):
        return plain
    with acting_as(job_actor("people.propose")):
        meant = queries.named_and_numbered(facts["number"], facts.get("name", ""))
    if deed == rules.Deed.MARRY:
        return plain | {"other_id": meant.pk}
    if deed == rules.Deed.BIRTH:
        return plain | {"father_id" if meant.sex == rules.Sex.MAN else "mother_id": meant.pk}
    return plain | {"household_id": meant.household_id}


def _waiting(approval_id: int, by: Actor) -> Approval:
    approval = officer_queries.approval(approval_id)
    rules.deed_of(approval.kind)
    by.must(rules.DECIDE, approval.commune_code)
    return approval


def _birth(payload: Facts, by: Actor, at: dt.datetime) -> None:
    facts = payload["facts"]
    register_birth(
        child=rules.NewPerson(**facts["child"], source=payload["source"]), mother_id=facts["mother_id"],
        father_id=facts["father_id"], household_id=facts["household_id"], by=by, at=at,
    )  # fmt: skip


def _close(payload: Facts, by: Actor, at: dt.datetime) -> None:
    facts = payload["facts"]
    close(
        person_id=payload["person"], life=facts["life"], day=dt.date.fromisoformat(facts["day"]),
        reason=facts["reason"], source=payload["source"], by=by, at=at,
    )  # fmt: skip


def _reopen(payload: Facts, by: Actor, at: dt.datetime) -> None:
    reopen(person_id=payload["person"], reason=payload["facts"]["reason"], source=payload["source"], by=by, at=at)


def _marry(payload: Facts, by: Actor, at: dt.datetime) -> None:
    facts = payload["facts"]
    marry(
        one_id=payload["person"], other_id=facts["other_id"], day=dt.date.fromisoformat(facts["day"]),
        source=payload["source"], by=by, at=at,
    )  # fmt: skip


def _divorce(payload: Facts, by: Actor, at: dt.datetime) -> None:
    facts = payload["facts"]
    divorce(
        one_id=payload["person"], other_id=facts["other_id"], day=dt.date.fromisoformat(facts["day"]),
        source=payload["source"], by=by, at=at,
    )  # fmt: skip


def _move(payload: Facts, by: Actor, at: dt.datetime) -> None:
    facts = payload["facts"]
    register_permanent_residence(
        person_id=payload["person"], commune_code=facts["commune_code"], village_code=facts["village_code"],
        address=facts["address"], day=dt.date.fromisoformat(facts["day"]), household_id=facts["household_id"],
        relation_to_head=facts["relation_to_head"], source=payload["source"], by=by, at=at,
    )  # fmt: skip


def _home(payload: Facts, by: Actor, at: dt.datetime) -> None:
    facts = payload["facts"]
    move_household(
        household_id=facts["household_id"], commune_code=facts["commune_code"], village_code=facts["village_code"],
        address=facts["address"], day=dt.date.fromisoformat(facts["day"]), source=payload["source"], by=by, at=at,
    )  # fmt: skip


def _join(payload: Facts, by: Actor, at: dt.datetime) -> None:
    join(stays_id=payload["person"], goes_id=payload["facts"]["goes_id"], source=payload["source"], by=by, at=at)


def _part(payload: Facts, by: Actor, at: dt.datetime) -> None:
    part(join_id=payload["facts"]["join_id"], source=payload["source"], by=by, at=at)


def _number(payload: Facts, by: Actor, at: dt.datetime) -> None:
    cancel_number(person_id=payload["person"], source=payload["source"], by=by, at=at)


def _correct(payload: Facts, by: Actor, at: dt.datetime) -> None:
    """The facts as they were when this was proposed: whoever changed them since is told of."""
    facts = payload["facts"]
    day = facts.get("valid_from")
    correct(
        person_id=payload["person"], changes=facts["changes"], source=payload["source"], by=by, at=at,
        valid_from=dt.date.fromisoformat(day) if day else None, expected_version=payload["version"],
    )  # fmt: skip


_DEEDS: dict[rules.Deed, Callable[[Facts, Actor, dt.datetime], None]] = {
    rules.Deed.BIRTH: _birth,
    rules.Deed.CLOSE: _close,
    rules.Deed.REOPEN: _reopen,
    rules.Deed.MARRY: _marry,
    rules.Deed.DIVORCE: _divorce,
    rules.Deed.MOVE: _move,
    rules.Deed.HOME: _home,
    rules.Deed.JOIN: _join,
    rules.Deed.PART: _part,
    rules.Deed.NUMBER: _number,
    rules.Deed.CORRECT: _correct,
}
