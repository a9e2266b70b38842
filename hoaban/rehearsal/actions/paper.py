"""The first steps: forms are written, officers enlisted, forms read into the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoaban.base import clock
from hoaban.intake import actions as intake
from hoaban.intake import queries as intake_queries
from hoaban.officers import actions as officers
from hoaban.people import actions as people
from hoaban.people import queries as people_queries
from hoaban.places import actions as places
from hoaban.rehearsal import queries, rules
from hoaban.synth import actions as synth
from hoaban.synth import queries as written
from hoaban.synth.rules import IMAGES_PER_COMMUNE
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.rehearsal.actions.company import Company, Figures


def write_forms(*, company: Company, by: Actor) -> Figures:
    """Write the forms of the communes of so many people as of today, with their truth beside them."""
    communes = rules.communes_of(company.people_count)
    made = synth.write(
        folder=queries.forms_folder(), people=company.people_count, seed=company.seed, communes=communes,
        images=IMAGES_PER_COMMUNE if communes else rules.IMAGES_OF_ALL, on=clock.day_of(company.clock()),
    )  # fmt: skip
    return {"people": made.people, "forms": made.forms, "images": made.images, "missed": made.missed}


def enlist_officers(*, company: Company, by: Actor) -> Figures:
    """Load the places, and enlist the cast with their roles and second factors."""
    at = company.clock()
    places.load_units(by=by, at=at)
    for file in written.village_files(queries.forms_folder()):
        places.load_villages(path=file, by=by, at=at)
    for part in queries.cast():
        officer = officers.enlist(
            username=part.username, full_name=part.full_name, title=part.title, password=rules.PASSWORD,
            simulated=True, by=by, at=at,
        )  # fmt: skip
        officers.give_totp(officer=officer, secret=queries.totp_secret(part.username), by=by, at=at)
        officers.assign(
            officer=officer, role=part.role, unit_code=part.unit_code, unit_level=part.unit_level, by=by, at=at
        )
    return {"officers": len(queries.cast())}


def read_forms(*, company: Company, by: Actor) -> Figures:
    """Read the files into the register as the province officer, and keep the drawn images."""
    folder = queries.forms_folder()
    figures = dict.fromkeys(("rows", "accepted", "questioned", "returned"), 0)
    with company.acting("canbo.tinh") as officer:
        for file in written.form_files(folder):
            loaded = intake.load(path=file, by=officer, at=company.clock())
            batch = intake_queries.batch(loaded.pk)
            for name in figures:
                figures[name] += getattr(batch, name)
    images = intake.register_images(folder=folder / "images", by=by, at=company.clock())
    for story in (rules.HEROINE, rules.NEPHEW):
        person = queries.person_of(story)
        if not person.number:
            people.give_number(person_id=person.pk, by=by, at=company.clock())
    return {**figures, "images": images, "people": people_queries.living_in(rules.COMMUNE).count()}
