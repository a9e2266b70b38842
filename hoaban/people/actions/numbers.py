"""The 12-digit number: given once, never again, cancelled with its reason, the chain kept."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.base import clock
from hoaban.base.id_number import IdNumber
from hoaban.people import rules
from hoaban.people.actions.writing import Act
from hoaban.web.actor import Actor


@transaction.atomic
def give_number(*, person_id: int, by: Actor, at: dt.datetime) -> str:
    """Give a 12-digit number of the legal structure to somebody who has none. It's never given again.

    Raises NotFound, AlreadyNumbered, BirthPlaceUnknown, NoNumbersLeft.
    """
    act = Act(source=rules.source("number", ""), by=by, at=at, valid_from=clock.day_of(at))
    person = act.lock([person_id])[person_id]
    if person.number:
        raise rules.AlreadyNumbered(number=person.number)
    act.number_anew(person)
    act.write_down()
    return person.number


@transaction.atomic
def cancel_number(
    *, person_id: int, source: str, by: Actor, at: dt.datetime, anew: bool = True, reason: str = "P09"
) -> str:
    """Cancel somebody's number and establish a new one; the chain between them is kept. The new number.

    With `anew` false none is given, so that it can be written in by `correct`. Raises NotFound, NoNumber,
    BirthPlaceUnknown, NoNumbersLeft.
    """
    act = Act(source=source, by=by, at=at, valid_from=clock.day_of(at), reason=reason)
    person = act.lock([person_id])[person_id]
    if not person.number:
        raise rules.NoNumber(name=person.full_name)
    before = person.number
    act.cancel(before)
    if anew:
        act.number_anew(person, IdNumber(before).province)
    else:
        act.set(person, number="")
        act.tell("people.number_cancelled", [person.pk], cancelled=before)
    act.write_down()
    return person.number
