"""The impact file: what is done with personal data, why, on which ground, for how long, and what guards it.

Made from the project's own data: the list of processings, the facts of the register, the permissions of roles,
the audit's counts.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hoaban.audit import queries as audit
from hoaban.base import dated_rules
from hoaban.base.words import Said, _
from hoaban.officers import queries as officers
from hoaban.oversight import rules
from hoaban.oversight.models import Breach, Request
from hoaban.oversight.queries.protecting import roles_that_may
from hoaban.people import queries as people
from hoaban.people import rules as people_rules

FILE = Path(__file__).parent.parent.parent / "data" / "oversight" / "processing.csv"
SENSITIVE = {
    "religion": _("religion"), "blood": _("blood group"), "biometrics": _("face and fingerprints"),
}  # fmt: skip
GUARDS = (
    _("Who opens a record says why first; it is written down and the citizen reads it."),
    _("An officer sees the people of their own area alone: the database itself refuses the others."),
    _("What changes a legal fact needs a second officer."),
    _("The audit is sealed each minute; nobody can change it unseen."),
    _("Officers sign in with a second step; packets from stations are sealed and signed."),
    _("Religion is never a field of searching, planning or ranking."),
    _("There are no watch-lists and no profiles of anybody, citizen or officer."),
)


@dataclass(frozen=True)
class Processing:
    """One thing done with personal data."""

    what: Said
    why: Said
    ground: str
    sensitive: list[Any]
    kept: Said
    certainty: str
    who: str


@dataclass(frozen=True)
class Impact:
    """The whole file."""

    processings: list[Processing]
    facts: list[tuple[Any, bool]]
    guards: tuple[Any, ...]
    people: int
    officers: int
    sealed: int
    requests: int
    late_requests: int
    breaches: int
    rules: list[dated_rules.DatedRule]


def impact(at: dt.datetime, on: dt.date) -> Impact:
    """The impact file as of now."""
    asked = Request.objects.all()
    return Impact(
        processings=[_processing(row) for row in _rows()],
        facts=[(fact.label, fact.name in SENSITIVE) for fact in people_rules.FACTS],
        guards=GUARDS,
        people=people.living().count(),
        officers=officers.officers().count(),
        sealed=audit.count_sealed(),
        requests=asked.count(),
        late_requests=asked.filter(state=rules.RequestState.OPEN, due_at__lt=at).count(),
        breaches=Breach.objects.count(),
        rules=[
            one for one in dated_rules.all_rules()
            if one.code.startswith("oversight.") and one.valid_from <= on <= (one.valid_to or dt.date.max)
        ],
    )  # fmt: skip


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _processing(row: dict[str, str]) -> Processing:
    return Processing(
        what=Said(row["what_vi"], row["what_en"]), why=Said(row["why_vi"], row["why_en"]), ground=row["ground"],
        sensitive=[SENSITIVE[name] for name in row["sensitive"].split()], kept=Said(row["kept_vi"], row["kept_en"]),
        certainty=row["certainty"], who=roles_that_may(row["permission"]),
    )  # fmt: skip
