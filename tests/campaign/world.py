"""A commune with villages round its seat, and people of every segment in them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from hoaban.base.clock import now, today
from hoaban.campaign import actions, queries
from hoaban.campaign.models import Plan
from hoaban.people import actions as people
from hoaban.people.rules import NewPerson
from hoaban.places import actions as places
from hoaban.places import queries as place_queries
from tests import make

VILLAGES = ("Huoi Dap", "Ho Nam", "Nam Tac", "Nam Dich")


def next_monday() -> dt.date:
    """The first Monday of which people can hear in time."""
    return today() + dt.timedelta(days=7 - today().weekday())


def villages(folder: Path, count: int = 4, apart_km: float = 6.0) -> list[str]:
    """Villages north of the seat of Nam Khan, one behind the other; their codes."""
    seat = place_queries.point_of(place_queries.unit(make.NAM_KHAN))
    codes = [f"{make.NAM_KHAN}{number + 1:02d}" for number in range(count)]
    rows = pl.DataFrame(
        {
            "code": codes,
            "commune_code": make.NAM_KHAN,
            "name": [VILLAGES[number % 4] + ("" if number < 4 else f" {number}") for number in range(count)],
            "lat": [seat.lat + (number + 0.2) * apart_km / 111.3 for number in range(count)],
            "lon": seat.lon,
            "invented": "1",
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    rows.write_csv(folder / "villages.csv")
    places.load_villages(path=folder / "villages.csv", by=make.MAKER, at=now())
    return codes


def born(age: int) -> str:
    """A day of birth of somebody that old."""
    day = today()
    return f"{day.year - age:04d}-{day.month:02d}-01"


def settle(village: str, *ages: int, current_address: str = "") -> list[int]:
    """People of these ages in a village; their ids."""
    rows = [
        {
            "full_name": f"Lo Thi {chr(65 + number % 26)}", "sex": "F", "born": born(age),
            "commune_code": make.NAM_KHAN,
            "village_code": village, "household_code": f"{village}-{number // 4}", "source": f"form:{village}{number}",
            "permanent_address": "Nam Khan", "current_address": current_address, "simulated": True,
        }
        for number, age in enumerate(ages)
    ]  # fmt: skip
    assert set(rows[0]) <= set(NewPerson.__dataclass_fields__)
    return people.establish_many(people=pl.DataFrame(rows), by=make.MAKER, at=now())


def populated(folder: Path) -> list[str]:
    """Four villages with adults, pupils, old people and a child each; their codes."""
    codes = villages(folder)
    for code in codes:
        settle(code, *[30] * 12, *[65] * 4, *[15] * 5, 85, 84, 9)
    return codes


def planned(folder: Path, teams: int = 2) -> Plan:
    """A draft for the next week of the populated commune."""
    populated(folder)
    made = actions.make_teams(commune_code=make.NAM_KHAN, count=teams, by=make.MAKER, at=now())
    return actions.plan_week(
        commune_codes=[make.NAM_KHAN], team_codes=[team.code for team in made], first_day=next_monday(),
        by=make.MAKER, at=now(),
    )  # fmt: skip


def fixed(folder: Path) -> Plan:
    """The same plan, promised to everybody."""
    return actions.fix(plan_id=planned(folder).pk, by=make.MAKER, at=now())


def sound(plan: Plan) -> bool:
    """Whether the plan as it stands holds."""
    return queries.plan_view(plan).judgement.is_sound
