"""What was played here, by whom, and how they sign in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import connection

from hoaban.base.errors import NotFound
from hoaban.eid import queries as eid
from hoaban.intake import queries as intake
from hoaban.people import queries as people
from hoaban.rehearsal import rules
from hoaban.rehearsal.models import Played
from hoaban.synth import queries as synth

if TYPE_CHECKING:
    from hoaban.people.models import Person

CAST = Path(__file__).parent.parent / "data" / "rehearsal" / "cast.csv"
MEGABYTE = 1_000_000
GROWN_BEFORE = "2005"  # old enough for a card in every year of a play


def folder() -> Path:
    """Where the forms, their truth and the station of the play stand."""
    return Path(settings.HOABAN_HOME) / "rehearsal"


def forms_folder() -> Path:
    """The forms and their truth."""
    return folder() / "forms"


def station_folder() -> Path:
    """The station's own folder."""
    return folder() / "station"


def cast() -> list[rules.Part]:
    """The made-up officers."""
    with CAST.open(encoding="utf-8", newline="") as lines:
        return [rules.Part(**row) for row in csv.DictReader(lines)]


def played() -> list[Played]:
    """The steps played to their end, in the order in which they were."""
    return list(Played.objects.exclude(done_at=None).order_by("done_at"))


def cut_short() -> list[str]:
    """The steps that were begun and never ended."""
    return list(Played.objects.filter(done_at=None).values_list("step", flat=True))


def totp_secret(username: str) -> str:
    """The base32 secret of a made-up officer's authenticator."""
    return rules.totp_secret(username, settings.SECRET_KEY)


def totp_code(username: str) -> str:
    """The six digits that the officer's authenticator shows now."""
    return str(hotp_value(totp_secret(username), next(iter(yield_hotp_counters_from_time())))).zfill(6)


@dataclass(frozen=True)
class Account:
    """How a made-up officer signs in: the code is what their authenticator shows now."""

    title: str
    full_name: str
    username: str
    password: str
    code: str


def accounts() -> list[Account]:
    """The accounts of a demo, for whoever tries it out; none where nothing was played."""
    if not settings.HOABAN_SYNTHETIC or not Played.objects.exclude(done_at=None).exists():
        return []
    return [Account(one.title, one.full_name, one.username, rules.PASSWORD, totp_code(one.username)) for one in cast()]


def person_of(story: str) -> Person:
    """Somebody of the story, by the form they were entered from. Raises NotFound."""
    _true_id, serial = synth.story(forms_folder())[story]
    return people.person(intake.entered_from(serial))


def entered_twice(most: int) -> list[int]:
    """People of the commune, old enough for a card, who truly stand in the register a second time elsewhere."""
    owners = synth.owners(forms_folder())
    twice = owners.filter(owners["true_id"].is_duplicated()).sort("true_id", "form_serial")
    here = []
    for serial in twice["form_serial"].to_list():
        try:
            person = people.person(intake.entered_from(serial))
        except NotFound:  # that form was returned
            continue
        if person.commune_code == rules.COMMUNE and person.born < GROWN_BEFORE:
            here.append(person.pk)
        if len(here) == most:
            break
    return here


def mistyped(serials: Sequence[str]) -> dict[str, dict[str, str]]:
    """What really stands on the papers that were typed wrong: the value by serial and field."""
    folder = forms_folder()
    right = {row["form_serial"]: row for row in synth.papers(folder, serials).iter_rows(named=True)}
    typed = {row["form_serial"]: row for row in synth.forms(folder).iter_rows(named=True)}
    return {
        serial: changed
        for serial in serials
        if (changed := {name: text for name, text in right[serial].items() if text != typed[serial][name]})
    }


def citizen() -> Person:
    """A citizen of the play whose electronic identity is in use."""
    return people.person(eid.holders(rules.COMMUNE).order_by("person_id")[:1].get())


@dataclass(frozen=True)
class Disk:
    """What stands on the disk, in MB."""

    database: float
    files: float

    @property
    def together(self) -> float:
        """Both."""
        return self.database + self.files


def disk() -> Disk:
    """How much room the database and the files take now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = cursor.fetchone()[0]
    kept = [Path(settings.HOABAN_FILES), folder()]
    files = sum(path.stat().st_size for place in kept for path in place.rglob("*") if path.is_file())
    return Disk(round(database / MEGABYTE, 1), round(files / MEGABYTE, 1))
