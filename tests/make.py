"""Makers: people, officers and the rest for tests, always through actions."""

from __future__ import annotations

import itertools
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app as jobs_app

from hoaban.base.clock import now
from hoaban.officers import actions as officers
from hoaban.officers import queries as officer_queries
from hoaban.officers.models import Officer
from hoaban.people import actions as people
from hoaban.people import rules as people_rules
from hoaban.people.models import Person
from hoaban.web.actor import Actor, job_actor

NAM_KHAN = "03174"
NAM_TIN = "03156"
_numbers = itertools.count(1)
MAKER = job_actor("test.maker")


def officer(role: str, unit: str = NAM_KHAN, level: str = "commune", name: str = "") -> Officer:
    """An officer with one role in one unit."""
    number = next(_numbers)
    made = officers.enlist(
        username=f"{role}{number}", full_name=name or f"Officer {number}", password="a-long-password",
        by=MAKER, at=now(),
    )  # fmt: skip
    officers.assign(officer=made, role=role, unit_code=unit, unit_level=level, by=MAKER, at=now())
    return made


def assign(officer: Officer, role: str, unit: str = "11", level: str = "province") -> None:
    """One more role for an officer."""
    officers.assign(officer=officer, role=role, unit_code=unit, unit_level=level, by=MAKER, at=now())


def actor(role: str, unit: str = NAM_KHAN, level: str = "commune") -> Actor:
    """An officer with one role, as an actor."""
    return officer_queries.actor_of(officer(role, unit, level))


def person(full_name: str = "Lò Pao May", *, household: str = "", **facts: Any) -> Person:
    """A person of Nam Khan, a woman of whom only the year of birth is known unless told otherwise."""
    stated: dict[str, Any] = {
        "sex": "F", "born": "1958", "commune_code": NAM_KHAN, "ethnicity": "03",
        "permanent_address": "Nam Khan", "source": f"form:TEST{next(_numbers)}", "simulated": True,
    }  # fmt: skip
    new = people_rules.NewPerson(full_name=full_name, household_code=household, **(stated | facts))
    return people.establish(person=new, by=MAKER, at=now())


def run_due_jobs(limit: int = 100) -> list[str]:
    """Run the jobs that wait, in this connection and transaction; the names of those that ran.

    What a job raises is raised here.
    """
    ran: list[str] = []
    while len(ran) < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1"
            )
            row = cursor.fetchone()
            if row is None:
                return ran
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row[0]])
        jobs_app.tasks[row[1]](**_arguments(row[2]))
        ran.append(row[1])
    raise AssertionError(f"jobs without end: {ran[-5:]}")


def _arguments(args: object) -> dict[str, object]:
    import json

    return dict(args) if isinstance(args, dict) else json.loads(str(args))
